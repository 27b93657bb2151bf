"""What the engine can be asked to do: thin wrappers of the library, run inside a worker.

A dataset travels as a reference, a plain dict that `preview_dataset` and `import_dataset` return under "reference":
`{"name", "num_images", "image_size", "seed"}` for a ready-made set, `{"item"}` for one in the session's store. A
trained network travels as the id of a run in the store (kind "runs"). So no image and no weight passes through the web
process unless it is shown.
"""

from __future__ import annotations

import time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgumentError
from ..translatable import N_
from .job import JobContext, JobStoppedError
from .networks import base_with_top, trained_run

if TYPE_CHECKING:
    from ..architectures.summary import ArchitectureSummary
    from ..datasets import Dataset

SAMPLES_SHOWN = 12  # of each split
PROJECT_FILE = "project.zip"
COVERED_PART = 5  # of the side of an image, to be covered by a patch
PLACES_IN_A_ROW = 12


def describe(context: JobContext, *, name: str, **arguments: Any) -> ArchitectureSummary:
    """The table of a network, see `tlcore.describe`."""
    from ..architectures import describe as describe_architecture

    return describe_architecture(name, **arguments)


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
    from ..datasets import import_dataset as import_images
    from ..store.datasets import write_dataset

    upload = context.store.item("uploads", item)
    try:
        dataset = import_images(
            context.store.path("uploads", item),
            image_size=image_size,
            seed=seed,
            name=upload.name,
            progress=_progress(context, N_("reading images")),
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


def extract_features(
    context: JobContext, *, base: str, weights: str | None, data: dict[str, Any], precision: str = "float32"
) -> dict[str, Any]:
    """Runs a base over all images of a dataset and keeps the features in the cache, where training finds them.

    Returns:
        `shape` (height, width, channels) of one image's features, `counts` of images per split, `seconds`.
    """
    from ..features import extract_features as features_of
    from ..models import build_base

    dataset = read(context, data)
    network = build_base(base, input_shape=(*dataset.image_size, 3), weights=weights)
    total = sum(len(split) for split in dataset.splits.values())
    report = _progress(context, N_("extracting features"))
    started, before, shape = time.perf_counter(), 0, (0, 0, 0)
    for split in dataset.splits.values():
        features = features_of(
            network,
            split.images,
            precision=precision,  # type: ignore[arg-type]
            cache=True,
            progress=lambda done, _, before=before: report(before + done, total),  # type: ignore[misc]
        )
        before, shape = before + len(split), features.shape[1:]
        report(before, total)
    counts = {name: len(split) for name, split in dataset.splits.items()}
    return {"shape": shape, "counts": counts, "seconds": time.perf_counter() - started}


def predict(
    context: JobContext,
    *,
    image: bytes,
    run_id: str | None = None,
    base: str | None = None,
    weights: str | None = None,
    file_name: str = "image",
) -> dict[str, Any]:
    """Asks a trained network (`run_id`), or a base with its own classes (`base`, `weights`), what an image shows.

    Returns:
        `predictions`: [class name, probability, its index] best first; `image`: what the network saw,
        `uint8 (H, W, 3)`; `network`: who was asked, the arguments that "explain" takes.
    """
    from ..inference import predict as predict_classes

    model = _network(context, run_id, base, weights)
    pixels = _pixels(model, image, file_name)
    return {
        "predictions": [[found.class_name, found.probability, found.index] for found in predict_classes(model, pixels)],
        "image": pixels,
        "network": {"run_id": run_id, "base": base, "weights": weights},
    }


def explain(
    context: JobContext,
    *,
    image: bytes,
    class_index: int,
    method: str = "grad_cam",
    run_id: str | None = None,
    base: str | None = None,
    weights: str | None = None,
) -> dict[str, Any]:
    """Which parts of an image speak for a class: "grad_cam", or "occlusion" (parts are covered one after the other).

    Returns:
        `image`: `uint8 (H, W, 3)`; `heat`: `float32 (H, W)` in [0, 1]; `fall`: of "occlusion", by how much of the
        probability the worst place to cover lowers it, in [0, 1].
    """
    from ..explanation import grad_cam, occlusion_map

    model = _network(context, run_id, base, weights)
    pixels = _pixels(model, image, "image")
    if method == "grad_cam":
        return {"image": pixels, "heat": grad_cam(model, pixels, class_index)}
    side = min(pixels.shape[:2])
    falls = occlusion_map(
        model,
        pixels,
        class_index,
        patch=max(1, side // COVERED_PART),
        stride=max(1, side // PLACES_IN_A_ROW),
        progress=_progress(context, N_("covering parts of the photo")),
    )
    fall = max(0.0, float(falls.max()))
    return {"image": pixels, "heat": (falls / fall if fall else falls).clip(0, 1), "fall": fall}


def export(context: JobContext, *, run_id: str, format: str) -> dict[str, Any]:
    """Writes a trained network in another format beside its run, as one file.

    Returns:
        `run_id`, `format`, and the `file`'s name in the store's item.
    """
    from ..export import export_model, get_format

    file = "model" + (get_format(format).suffix or ".zip")
    run = trained_run(context.store.path("runs", run_id, PROJECT_FILE))
    export_model(run, context.store.path("runs", run_id, file), format=format)
    return {"run_id": run_id, "format": format, "file": file}


def _network(context: JobContext, run_id: str | None, base: str | None, weights: str | None) -> Any:
    if run_id is not None:
        return trained_run(context.store.path("runs", run_id, PROJECT_FILE))
    if base is not None:
        return base_with_top(base, weights)
    raise InvalidArgumentError(N_("Expected a trained network or a base to predict with. Received neither."))


def _pixels(model: Any, image: bytes, file_name: str) -> Any:
    """An image file at the size that the network takes: `uint8 (H, W, 3)`."""
    from ..datasets import decode_image

    height, width = getattr(model, "model", model).input_shape[1:3]
    return decode_image(image, image_size=(height, width), name=file_name)


def read(context: JobContext, reference: dict[str, Any]) -> Dataset:
    """The dataset that a reference stands for."""
    from ..store.datasets import read_dataset, ready_dataset

    if "item" in reference:
        return read_dataset(context.store.path("datasets", reference["item"], "dataset.json").parent)
    height, width = reference["image_size"]
    return ready_dataset(
        reference["name"], num_images=reference["num_images"], image_size=(height, width), seed=reference["seed"]
    )


def _progress(context: JobContext, phase: str) -> Any:
    def report(done: int, total: int) -> None:
        if context.should_stop():
            raise JobStoppedError
        context.emit({"kind": "progress", "phase": phase, "done": done, "total": total})

    return report


def class_titles(dataset: Dataset, reference: dict[str, Any]) -> list[str]:
    """Classes as words to read: of the registry for a ready-made set, the folders' own names otherwise."""
    from ..datasets import get_dataset_spec

    return list(dataset.class_names if "item" in reference else get_dataset_spec(dataset.name).class_titles)


def _preview(dataset: Dataset, reference: dict[str, Any]) -> dict[str, Any]:
    """What a page shows of a dataset.

    Returns:
        `name`, `class_names`, `class_titles`, `image_size`, `reference`; `counts`: split -> images of each class;
        `samples`: split -> dicts of `png`, `label`, `source`; `rejected`: dicts of `name`, `reason`, `params`.
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
    }


def _samples(split: Any) -> list[dict[str, Any]]:
    return [sample(split, place) for place in range(min(SAMPLES_SHOWN, len(split)))]


def sample(split: Any, place: int) -> dict[str, Any]:
    """One image of a split as a page shows it: `png`, `label`, `source`."""
    from PIL import Image

    png = BytesIO()
    Image.fromarray(split.images[place]).save(png, "PNG")
    return {"png": png.getvalue(), "label": int(split.labels[place]), "source": split.sources[place]}
