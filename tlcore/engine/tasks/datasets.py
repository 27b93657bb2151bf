"""Images as the engine's tasks find, keep and show them.

A dataset travels as a reference, a plain dict that `preview_dataset` and `import_dataset` return under "reference":
`{"name", "num_images", "image_size", "seed"}` for a ready-made set, `{"item"}` for one in the session's store. So no
image passes through the web process unless it is shown.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from ...translatable import N_
from ..job import JobContext
from .image_index import ImageIndex

if TYPE_CHECKING:
    from ...datasets import Dataset


SAMPLES_SHOWN = 12  # of each split
IMAGES_SHOWN = 24


def preview_dataset(
    context: JobContext,
    *,
    name: str,
    num_images: int | None = None,
    image_size: tuple[int, int] = (150, 150),
    seed: int = 0,
) -> dict[str, Any]:
    """Prepares a ready-made dataset; returns counts, samples and its reference (see `_preview`)."""
    height, width = image_size
    reference = {"name": name, "num_images": num_images, "image_size": [height, width], "seed": seed}
    return _preview(read(context, reference), reference)


def sample_images(context: JobContext, **arguments: Any) -> dict[str, Any]:
    """`preview_dataset` for a page that needs a few pictures: nobody chose these images to train on."""
    return preview_dataset(context, **arguments)


def import_dataset(
    context: JobContext, *, item: str, image_size: tuple[int, int] = (150, 150), seed: int = 0
) -> dict[str, Any]:
    """Reads an uploaded ZIP (store item of kind "uploads") and keeps the result; returns the same as a preview.

    The upload itself is deleted afterwards, also where it is refused: only re-encoded pixels are kept, and a person who
    tries again and again does not fill their quota.
    """
    from ...datasets import import_dataset as import_images
    from ...store.datasets import write_dataset

    upload = context.store.item("uploads", item)
    try:
        dataset = import_images(
            context.store.path("uploads", item),
            image_size=image_size,
            seed=seed,
            name=upload.name,
            progress=context.progress(N_("reading images")),
        )
    finally:
        context.store.delete("uploads", item)
    with context.store.draft("datasets", name=upload.name) as draft:
        write_dataset(dataset, draft.folder)
    return _preview(dataset, {"item": draft.item_id})


def open_dataset(context: JobContext, *, item: str) -> dict[str, Any]:
    """Images that the session brought before (store item of kind "datasets"); returns the same as a preview."""
    reference = {"item": item}
    return _preview(read(context, reference), reference)


def show_images(
    context: JobContext,
    *,
    data: dict[str, Any],
    indices: list[int] | None = None,
    label: int | None = None,
    without: tuple[int, ...] = (),
) -> list[dict[str, Any]]:
    """Images of the test part, to look at: those of `indices`, or the first of one class but for some.

    Returns:
        Dicts of `index`, `png`, `label`, `source`; at most `IMAGES_SHOWN`.
    """
    test = read(context, data).test
    if indices is None:
        left_out = set(without)
        indices = [place for place in range(len(test)) if test.labels[place] == label and place not in left_out]
    chosen = [place for place in indices if 0 <= place < len(test)][:IMAGES_SHOWN]
    return [{"index": place, **sample(test, place)} for place in chosen]


def show_places(context: JobContext, *, data: dict[str, Any], places: list[int]) -> list[dict[str, Any]]:
    """Images of a set, to look at; at most `IMAGES_SHOWN` dicts of `place`, `label`, `source`, `png`."""
    images = ImageIndex(read(context, data))
    return [images.shown(place) for place in places[:IMAGES_SHOWN]]


def read(context: JobContext, reference: dict[str, Any]) -> Dataset:
    """The dataset that a reference stands for."""
    from ...store.datasets import read_dataset, ready_dataset

    if "item" in reference:
        return read_dataset(context.store.path("datasets", reference["item"], "dataset.json").parent)
    height, width = reference["image_size"]
    return ready_dataset(
        reference["name"], num_images=reference["num_images"], image_size=(height, width), seed=reference["seed"]
    )


def class_titles(dataset: Dataset, reference: dict[str, Any]) -> list[str]:
    """Classes as words to read: of the registry for a ready-made set, the folders' own names otherwise."""
    from ...datasets import get_dataset_spec

    return list(dataset.class_names if "item" in reference else get_dataset_spec(dataset.name).class_titles)


def _preview(dataset: Dataset, reference: dict[str, Any]) -> dict[str, Any]:
    """What a page shows of a dataset.

    Returns:
        `name`, `class_names`, `class_titles`, `image_size`, `reference`; `counts`: split -> images of each class;
        `samples`: split -> dicts of `png`, `label`, `source`; `rejected`: dicts of `name`, `reason`, `params`;
        `split_folders`: names of folders that were no classes.
    """
    return {
        "name": dataset.name,
        "class_names": list(dataset.class_names),
        "class_titles": class_titles(dataset, reference),
        "reference": reference,
        "image_size": list(dataset.image_size),
        "counts": {
            name: [int((split.labels == label).sum()) for label in range(dataset.num_classes)]
            for name, split in dataset.splits.items()
        },
        "samples": {name: _samples(split) for name, split in dataset.splits.items()},
        "rejected": [{"name": file.name, "reason": file.reason, "params": file.params} for file in dataset.rejected],
        "split_folders": list(dataset.split_folders),
    }


def _samples(split: Any) -> list[dict[str, Any]]:
    from ...datasets.splits import spread_over_classes

    return [sample(split, place) for place in spread_over_classes(split.labels, SAMPLES_SHOWN)]


def sample(split: Any, place: int) -> dict[str, Any]:
    """One image of a split as a page shows it: `png`, `label`, `source`."""
    from PIL import Image

    png = BytesIO()
    Image.fromarray(split.images[place]).save(png, "PNG")
    return {"png": png.getvalue(), "label": int(split.labels[place]), "source": split.sources[place]}
