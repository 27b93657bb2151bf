"""Code that reads images: a set that comes with the program, or a learner's own."""

from __future__ import annotations

from dataclasses import dataclass

from ..translatable import N_
from .layout import assigned, call, comment, function, keywords, lines, paragraphs, remark

#: Where one's own images lie, in one place to change.
_PHOTOS = remark("photos = 'photos'", N_("your folder: in it, one folder of images for each class"))

_SPLIT_FIELDS = {"train": "train", "val": "validation", "test": "test"}


@dataclass(frozen=True)
class ReadySet:
    """A registered dataset.

    Attributes:
        name: What `tlcore.load_dataset` calls it.
        image_size: (height, width) in pixels.
        seed: Of the drawing and the split.
        num_images: Over all classes and splits; None for as many as the set has by default.
    """

    name: str
    image_size: tuple[int, int]
    seed: int = 0
    num_images: int | None = None


@dataclass(frozen=True)
class OwnImages:
    """A learner's own images, read from a folder, whatever they were once uploaded as.

    Attributes:
        image_size: (height, width) in pixels.
        seed: Of the split.
        keep_split: Leave images in the part of the split that their folders name.
        class_names: In the order of the labels, where that is not the one in which Keras numbers folders.
    """

    image_size: tuple[int, int]
    seed: int = 0
    keep_split: bool = False
    class_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImageFolders:
    """Images beside the code, in `images/<part of the split>/<class>/`; read without this package.

    Attributes:
        image_size: (height, width) in pixels.
        class_folders: In the order of the labels.
    """

    image_size: tuple[int, int]
    class_folders: tuple[str, ...]


ImageSource = ReadySet | OwnImages | ImageFolders


def image_folder(source: ImageSource) -> str:
    """Where one's own images lie, for the top of the code; empty for a ready set."""
    return _PHOTOS if isinstance(source, OwnImages) else ""


def load_data(source: ReadySet | OwnImages) -> str:
    """`data`, with all of its splits; follows `image_folder`."""
    options = keywords(image_size=source.image_size, seed=source.seed)
    if isinstance(source, OwnImages):
        kept = keywords(keep_split=True) if source.keep_split else []
        return call("data = tlcore.import_dataset", "photos", *options, *kept)
    count = keywords(num_images=source.num_images) if source.num_images is not None else []
    return call("data = tlcore.load_dataset", repr(source.name), *count, *options)


def read_images(source: ImageSource) -> str:
    """`train_images`, `train_labels`, and so on for `val` and `test`; follows `image_folder`."""
    if isinstance(source, ImageFolders):
        return _read_folders(source)
    first, *others = (
        f"{split}_images, {split}_labels = data.{field}.images, data.{field}.labels"
        for split, field in _SPLIT_FIELDS.items()
    )
    return lines(load_data(source), remark(first, N_("raw RGB, uint8 (images, height, width, 3)")), *others)


def image_imports(source: ImageSource) -> str:
    """What `read_images` needs beside numpy and this package."""
    return (
        lines("from pathlib import Path", "from PIL import Image, ImageOps") if isinstance(source, ImageFolders) else ""
    )


def _read_folders(source: ImageFolders) -> str:
    read = function(
        "read_folder(folder)",
        "files = sorted(Path('images', folder).glob('*/*'), key=lambda file: file.name)",
        "photos = [ImageOps.exif_transpose(Image.open(file)).convert('RGB') for file in files]",
        f"photos = [{fit_photo(source.image_size)} for photo in photos]",
        "labels = [class_folders.index(file.parent.name) for file in files]",
        "return np.stack([np.asarray(photo) for photo in photos]), np.array(labels)",
    )
    first, *others = (
        f"{split}_images, {split}_labels = read_folder({field!r})" for split, field in _SPLIT_FIELDS.items()
    )
    return paragraphs(
        lines(
            comment(N_("one folder of images for each class, in each of the folders train, validation and test")),
            assigned("class_folders", source.class_folders),
        ),
        read,
        lines(remark(first, N_("raw RGB, uint8 (images, height, width, 3)")), *others),
    )


def fit_photo(size: tuple[int, int]) -> str:
    """Scales `photo` until it covers the size, and cuts off what sticks out, equally on both sides; (height, width)."""
    return f"ImageOps.fit(photo, {(size[1], size[0])}, Image.Resampling.BICUBIC)"


def dataset_code(source: ReadySet | OwnImages) -> str:
    """The panel of the page on images: the same images, split and cleaned as there."""
    if isinstance(source, ReadySet):
        return paragraphs("import tlcore", read_images(source))
    height, width = source.image_size
    return paragraphs(
        lines("import tlcore", "from keras.utils import image_dataset_from_directory"),
        image_folder(source),
        lines(comment(N_("Keras's own way, in batches:")), _from_directory(height, width, source)),
        lines(comment(N_("the same images, split and cleaned as on this page:")), read_images(source)),
    )


def _from_directory(height: int, width: int, source: OwnImages) -> str:
    names = keywords(class_names=list(source.class_names)) if source.class_names else []
    return call(
        "train_set, val_set = image_dataset_from_directory",
        "photos",
        f"image_size=({height}, {width})",
        "crop_to_aspect_ratio=True",
        *names,
        *keywords(label_mode="int", validation_split=0.4, subset="both", seed=source.seed),
    )
