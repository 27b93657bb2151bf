"""What a network says of many photos at once, and how often it is right where their folders say what they show."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...errors import DatasetError, TransferLearningError
from ...store.owner_store import CONTENT
from ...translatable import N_
from ..job import JobContext
from .effort import forward_is_short, import_is_short
from .familiarity import KnownImages, known_images
from .image_index import full_size
from .networks import open_network
from .references import NetworkReference
from .trained_run import RunMetrics, run_metrics

if TYPE_CHECKING:
    from pathlib import Path

    from ...datasets import RejectedFile
    from ...datasets.photo_files import ReadPhotos
    from ...inference import Prediction
    from ...store import OwnerStore

TOP = 3
_SEEN = "seen_photos"  # among the details of an upload: what a network saw, and no upload of a person's
_THUMBNAIL_SIDE = 96
_JPEG_QUALITY = 80


@dataclass(frozen=True, slots=True)
class BatchPhoto:
    """One photo of many.

    Attributes:
        name: Of its file.
        folder: That may name its class; None without one.
        label: Of the network's class that the folder names; None where it names none.
        predictions: The likeliest classes.
        distance: To what the network has learned from, see `PhotoFamiliarity`; None where that is not known.
        is_strange: Whether that is beyond the threshold.
        thumbnail: What the network saw, as a small JPEG file.
    """

    name: str
    folder: str | None
    label: int | None
    predictions: tuple[Prediction, ...]
    distance: float | None
    is_strange: bool
    thumbnail: bytes


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What a network says of many photos.

    Attributes:
        network: Who was asked.
        photos: In the order of their files.
        rejected: Files that could not be read, and why.
        metrics: Of the photos whose folder names a class; None where none does.
        threshold: Of the distances; None where they are not known.
        item: In the store, kind "uploads", with what the network saw of each, see `seen_photo`; None where it was not
            to be kept, or the session has no room.
    """

    network: NetworkReference
    photos: tuple[BatchPhoto, ...]
    rejected: tuple[RejectedFile, ...]
    metrics: RunMetrics | None
    threshold: float | None
    item: str | None = None


def predict_batch(
    context: JobContext,
    *,
    network: NetworkReference,
    item: str,
    class_words: tuple[str, ...] = (),
    keep: bool = False,
) -> BatchAnswer:
    """Asks a network what each photo of an uploaded ZIP shows.

    The upload is deleted as soon as it has been read, also where it is refused.

    Args:
        context: Of the job.
        network: A trained one, or a base with its own classes.
        item: Id of the upload in the store, kind "uploads".
        class_words: What the person's language calls the classes, if not by their names.
        keep: Keep what the network saw of each, so that each can be looked into; what was kept before goes.
    """
    from ...datasets.photo_files import read_photos

    model = open_network(context, network)
    height, width = getattr(model, "model", model).input_shape[1:3]
    upload = context.store.item("uploads", item)
    path = context.store.path("uploads", item)
    base = model.spec.base if network.is_trained else network.base or ""
    if not context.may_take_minutes and not _is_short(path, upload.name, base, (height, width)):
        context.take_minutes()
    known = _known(context, network)
    try:
        photos = read_photos(
            path, image_size=(height, width), name=upload.name, progress=context.progress(N_("reading images"))
        )
    finally:
        context.store.delete("uploads", item)
    answer = _answer(context, _Asked(network, model, class_words, known), photos)
    return replace(answer, item=_keep_seen(context, upload.name, photos.images)) if keep else answer


def seen_photo(store: OwnerStore, item: str, place: int) -> bytes:
    """What the network saw of one of many photos, as a PNG file.

    Args:
        store: Of the session.
        item: Of the answer, see `BatchAnswer`.
        place: Of the photo in the answer.

    Raises:
        InvalidArgumentError: They are deleted.
    """
    with zipfile.ZipFile(store.path("uploads", item)) as archive:
        return archive.read(f"{place:04}.png")


def _keep_seen(context: JobContext, name: str, images: NDArray[np.uint8]) -> str | None:
    for item in context.store.items("uploads"):
        if _SEEN in item.details:
            context.store.delete("uploads", item.item_id)
    try:
        with context.store.draft("uploads", name=name) as draft:
            draft.details[_SEEN] = True
            with zipfile.ZipFile(draft.folder / CONTENT, "w") as archive:
                for place, pixels in enumerate(images):
                    archive.writestr(f"{place:04}.png", full_size(pixels))
    except (TransferLearningError, OSError):  # no room: the answers are there all the same
        return None
    return draft.item_id


def _is_short(path: Path, name: str, base: str, image_size: tuple[int, int]) -> bool:
    """Whether reading and looking take seconds; a file that is refused is, with its reason."""
    from ...datasets.archive import Archive

    try:
        with Archive(path, name) as archive:
            count = len(archive)
    except DatasetError:
        return True
    return import_is_short(path, name) and forward_is_short(base, image_size, 2 * count)


@dataclass(frozen=True, eq=False)
class _Asked:
    """The network, what its classes are called, and what it learned from."""

    network: NetworkReference
    model: Any
    class_words: tuple[str, ...]
    known: KnownImages | None

    @property
    def class_names(self) -> tuple[str, ...]:
        names = getattr(self.model, "class_names", None) or self.model.tlcore_info.class_names
        return tuple(names)


def _known(context: JobContext, network: NetworkReference) -> KnownImages | None:
    """What the network learned from; None where that is not here."""
    try:
        return known_images(context, network) if network.is_trained else None
    except TransferLearningError:
        return None


def _answer(context: JobContext, asked: _Asked, photos: ReadPhotos) -> BatchAnswer:
    from ...datasets.photo_files import label_of_folder
    from ...inference import predict_probabilities

    names, known = asked.class_names, asked.known
    model = getattr(asked.model, "model", asked.model)
    report = context.progress(N_("looking at the photos"))
    probabilities = predict_probabilities(model, photos.images, progress=report)  # (N, classes)
    labels = [label_of_folder(folder, (names, asked.class_words)) for folder in photos.folders]
    distances = None if known is None else known.meter.distances(known.features(photos.images)).tolist()
    threshold = None if known is None else known.meter.threshold
    rows = range(len(photos.names))
    answers = tuple(
        BatchPhoto(
            name=photos.names[row],
            folder=photos.folders[row],
            label=labels[row],
            predictions=_likeliest(probabilities[row], names),
            distance=None if distances is None else distances[row],
            is_strange=distances is not None and threshold is not None and distances[row] > threshold,
            thumbnail=_thumbnail(photos.images[row]),
        )
        for row in rows
    )
    return BatchAnswer(asked.network, answers, photos.rejected, _metrics(probabilities, labels, list(names)), threshold)


def _likeliest(row: NDArray[np.float32], names: tuple[str, ...]) -> tuple[Prediction, ...]:
    from ...inference import Prediction

    best = np.argsort(-row, kind="stable")[:TOP].tolist()
    return tuple(Prediction(names[index], float(row[index]), index) for index in best)


def _metrics(probabilities: NDArray[np.float32], labels: list[int | None], names: list[str]) -> RunMetrics | None:
    from ...inference import evaluate

    known = {row: label for row, label in enumerate(labels) if label is not None}
    if not known:
        return None
    return run_metrics(evaluate(probabilities[list(known)], list(known.values()), names))


def _thumbnail(pixels: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    picture, file = Image.fromarray(pixels), BytesIO()
    picture.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
    picture.save(file, "JPEG", quality=_JPEG_QUALITY)
    return file.getvalue()
