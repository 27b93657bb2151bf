"""Images as the engine's tasks find, keep and show them."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from ...translatable import N_
from ..job import JobContext
from .effort import SHORT_PIXELS, import_is_short
from .image_index import ImageIndex, ShownImage, full_size
from .limits import check_image_bytes, check_image_count, check_upload
from .references import DatasetReference

if TYPE_CHECKING:
    from ...datasets import Dataset, ImportNote, RejectedFile, Split
    from ...datasets.edits import DatasetEdit

SAMPLES_SHOWN = 12  # of each split
IMAGES_SHOWN = 24
COPIED_FROM, NUM_IMAGES = "copied_from", "num_images"  # of the details of a set in the store
_COPY = ":copy"  # behind the name of a ready set: no file is called so, and each language has its own words for it
CONTRADICTIONS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class ShownContradiction:
    """The same picture in two classes: each as it is shown, its index counting as in `ImageIndex`."""

    first: ShownImage
    second: ShownImage


@dataclass(frozen=True, slots=True)
class DatasetPreview:
    """What a page shows of a set of images.

    Attributes:
        name: Of the registry, or what the person called the file.
        class_names: One name a label.
        class_titles: The same as words to read.
        reference: What other tasks know the set by.
        image_size: (height, width) in pixels.
        counts: Split -> images of each class.
        samples: Split -> a few images; their index counts within the split.
        rejected: Files that were left out, and why.
        split_folders: Names of folders that were no classes.
        notes: What people should know of how the files were read.
        contradictions: Pictures in two classes, those that are so still; see `tlcore.datasets.Contradiction`.
        edits: Of a brought set: what its person has changed, the first change first.
        copied_from: The ready set that was copied to be changed, whose images have the same numbers; None for others.
    """

    name: str
    class_names: tuple[str, ...]
    class_titles: tuple[str, ...]
    reference: DatasetReference
    image_size: tuple[int, int]
    counts: dict[str, tuple[int, ...]]
    samples: dict[str, tuple[ShownImage, ...]]
    rejected: tuple[RejectedFile, ...]
    split_folders: tuple[str, ...] = ()
    notes: tuple[ImportNote, ...] = ()
    contradictions: tuple[ShownContradiction, ...] = ()
    edits: tuple[DatasetEdit, ...] = ()
    copied_from: DatasetReference | None = None

    @property
    def num_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)


def preview_dataset(context: JobContext, *, data: DatasetReference) -> DatasetPreview:
    """Prepares a ready-made set, or opens one that the session brought before.

    Args:
        context: Of the job.
        data: The set.

    Returns:
        Counts and samples.
    """
    return preview(context, read(context, data), data)


def import_dataset(
    context: JobContext,
    *,
    item: str,
    image_size: tuple[int, int] = (150, 150),
    seed: int = 0,
    keep_split: bool = False,
) -> DatasetPreview:
    """Reads an uploaded ZIP and keeps what is in it.

    The upload itself is deleted afterwards, also where it is refused: only re-encoded pixels are kept, and a person who
    tries again and again does not fill their quota.

    Args:
        context: Of the job.
        item: Id of the upload in the store, kind "uploads".
        image_size: (height, width) in pixels.
        seed: Of the split.
        keep_split: Leave images in the part of the split that their folders name.

    Returns:
        Counts and samples.
    """
    from ...datasets import import_dataset as import_images

    upload = context.store.item("uploads", item)
    if not context.may_take_minutes and not import_is_short(context.store.path("uploads", item), upload.name):
        context.take_minutes()
    try:
        check_upload(context.store.path("uploads", item), upload.name, image_size)
        dataset = import_images(
            context.store.path("uploads", item),
            image_size=image_size,
            seed=seed,
            name=upload.name,
            progress=context.progress(N_("reading images")),
            comparing=context.progress(N_("comparing images")),
            keep_split=keep_split,
        )
    finally:
        context.store.delete("uploads", item)
    return preview(context, dataset, keep_dataset(context, dataset, upload.name))


def keep_dataset(context: JobContext, dataset: Dataset, name: str, **details: Any) -> DatasetReference:
    """Puts images into the session's store.

    Args:
        context: Of the job.
        dataset: The images.
        name: What the set is called.
        details: Facts about it.

    Raises:
        InvalidArgumentError: The session would keep more images than it may, or more bytes.
    """
    from ...store.datasets import write_dataset

    kept = sum(int(item.details.get(NUM_IMAGES, 0)) for item in context.store.items("datasets"))
    check_image_count(kept + dataset.num_images)
    with context.store.draft("datasets", name=name) as draft:
        write_dataset(dataset, draft.folder)
        draft.details.update({NUM_IMAGES: dataset.num_images, **details})
    return DatasetReference(item=draft.item_id)


def show_test_images(
    context: JobContext,
    *,
    data: DatasetReference,
    indices: tuple[int, ...] | None = None,
    label: int | None = None,
    without: tuple[int, ...] = (),
) -> tuple[ShownImage, ...]:
    """Images of the test part, to look at, at most `IMAGES_SHOWN`.

    Args:
        context: Of the job.
        data: The set.
        indices: Which of the test images.
        label: Without `indices`: the first ones of this class.
        without: But not these.

    Returns:
        In full size; their index counts within the test part.
    """
    test = read(context, data).test
    if indices is None:
        indices = tuple(index for index in range(len(test)) if test.labels[index] == label and index not in without)
    known = [index for index in indices if 0 <= index < len(test)]
    return tuple(_sample(test, index) for index in known[:IMAGES_SHOWN])


def show_images(context: JobContext, *, data: DatasetReference, indices: tuple[int, ...]) -> tuple[ShownImage, ...]:
    """Images of a set, to look at: thumbnails of at most `IMAGES_SHOWN` by their index in `ImageIndex`."""
    images = ImageIndex(read(context, data))
    return tuple(images.shown(index) for index in indices[:IMAGES_SHOWN])


def read(context: JobContext, data: DatasetReference, *, mapped: bool = False) -> Dataset:
    """The images that a reference stands for.

    Args:
        context: Of the job.
        data: The set.
        mapped: As for `tlcore.store.datasets.read_dataset`: for tasks that look at few of the images.

    Raises:
        LongJobError: They are to be drawn, which may take minutes, where it may not.
        DatasetError: They would need more memory than a worker may take.
    """
    from ...datasets import get_dataset_spec
    from ...store.datasets import is_ready, read_dataset, ready_dataset
    from ...store.editions import edition_path

    if data.item is not None:
        folder = context.store.folder("datasets", data.item)
        return read_dataset(edition_path(folder, data.edition), mapped=mapped)
    num_images = data.num_images or get_dataset_spec(data.name).default_images
    check_image_bytes(num_images, data.image_size)
    if num_images * prod(data.image_size) > SHORT_PIXELS and not is_ready(**_drawn(data)):
        context.take_minutes()
    return ready_dataset(**_drawn(data), mapped=mapped, progress=context.progress(N_("reading images")))


def _drawn(data: DatasetReference) -> dict[str, Any]:
    return {"name": data.name, "num_images": data.num_images, "image_size": data.image_size, "seed": data.seed}


def class_titles(dataset: Dataset, data: DatasetReference) -> tuple[str, ...]:
    """Classes as words to read: of the registry for a ready-made set, the folders' own names otherwise."""
    from ...datasets import get_dataset_spec

    return tuple(dataset.class_names if data.is_brought else get_dataset_spec(dataset.name).class_titles)


def edits_of(context: JobContext, data: DatasetReference) -> tuple[DatasetEdit, ...]:
    """What the person has changed in a set; nothing in a ready one."""
    from ...store.editions import edits_of as edits_in

    return () if data.item is None else edits_in(context.store.folder("datasets", data.item), data.edition)


def copy_name(name: str) -> str:
    """What the store calls a copy of a ready set."""
    return name + _COPY


def copied_set(name: str) -> str | None:
    """The ready set of which something of this name is a copy; None for what is none."""
    return name.removesuffix(_COPY) if name.endswith(_COPY) else None


def _copied_from(context: JobContext, data: DatasetReference) -> DatasetReference | None:
    origin = None if data.item is None else context.store.item("datasets", data.item).details.get(COPIED_FROM)
    return None if origin is None else DatasetReference.model_validate(origin)


def preview(context: JobContext, dataset: Dataset, data: DatasetReference) -> DatasetPreview:
    """What a page shows of a set that has been read."""
    classes = range(dataset.num_classes)
    return DatasetPreview(
        name=dataset.name,
        class_names=tuple(dataset.class_names),
        class_titles=class_titles(dataset, data),
        reference=data,
        image_size=dataset.image_size,
        counts={
            name: tuple(int((split.labels == label).sum()) for label in classes)
            for name, split in dataset.splits.items()
        },
        samples={name: _samples(split) for name, split in dataset.splits.items()},
        rejected=dataset.rejected,
        split_folders=tuple(dataset.split_folders),
        notes=dataset.notes,
        contradictions=_contradictions(dataset),
        edits=edits_of(context, data),
        copied_from=_copied_from(context, data),
    )


def _contradictions(dataset: Dataset) -> tuple[ShownContradiction, ...]:
    """Those of the import of which both images are still here, and still of two classes."""
    images = ImageIndex(dataset)
    sources = [source for split in dataset.splits.values() for source in split.sources]
    index_of = {source: index for index, source in enumerate(sources)}
    pairs = [(index_of.get(pair.first), index_of.get(pair.second)) for pair in dataset.contradictions]
    return tuple(
        ShownContradiction(images.shown(first), images.shown(second))
        for first, second in pairs
        if first is not None and second is not None and images.labels[first] != images.labels[second]
    )[:CONTRADICTIONS_SHOWN]


def _samples(split: Split) -> tuple[ShownImage, ...]:
    from ...datasets.splits import spread_over_classes

    return tuple(_sample(split, index) for index in spread_over_classes(split.labels, SAMPLES_SHOWN))


def _sample(split: Split, index: int) -> ShownImage:
    return ShownImage(index, int(split.labels[index]), split.sources[index], full_size(split.images[index]))
