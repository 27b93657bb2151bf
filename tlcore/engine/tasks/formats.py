"""Trained networks in other formats: what each size costs in accuracy, and whether all say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import InvalidArgumentError
from ...translatable import N_
from ..job import JobContext
from .datasets import read
from .image_index import full_size
from .networks import ExportedModel, open_network
from .references import DatasetReference, NetworkReference
from .trained_run import kept_run

if TYPE_CHECKING:
    from ...export.agreement import Agreement
    from ...export.litert_sizes import LiteRTVersion

PAGE_FILE = "model_page.tflite"


@dataclass(frozen=True, slots=True)
class LiteRTVersions:
    """A trained network as `.tflite` files beside its run.

    Attributes:
        run_id: Of the run in the store.
        versions: One a size, float32 first.
    """

    run_id: str
    versions: tuple[LiteRTVersion, ...]


@dataclass(frozen=True, slots=True)
class ComparedWays:
    """What all ways say of one photo.

    Attributes:
        run_id: Of the run in the store.
        agreement: How nearly they say the same.
    """

    run_id: str
    agreement: Agreement


def export_litert(context: JobContext, *, run_id: str) -> LiteRTVersions:
    """Writes a trained network as `.tflite` in float32, float16 and 8 bits, and measures them on the test images.

    Args:
        context: Of the job.
        run_id: Of a run of the session. Where its images are not here, there are no 8 bits and no accuracy.
    """
    from ...export.litert_sizes import litert_versions

    context.take_minutes()
    reference = _images_of(context, run_id)
    data = None if reference is None else read(context, reference, mapped=True)
    context.progress(N_("building the network again"))(0, 1)
    run = open_network(context, NetworkReference(run_id=run_id))
    folder = context.store.folder("runs", run_id)
    versions = litert_versions(run, folder, data, progress=context.progress(N_("writing and testing the files")))
    return LiteRTVersions(run_id, versions)


def export_for_page(context: JobContext, *, run_id: str) -> ExportedModel:
    """Writes a trained network as the `.tflite` file that goes into one HTML page, see `tlcore.export.single_file`.

    Args:
        context: Of the job.
        run_id: Of a run of the session.

    Raises:
        ExportError: It is too large for a browser, or LiteRT has no operation for something in it.
    """
    from ...export.browser import browser_file, check_size

    context.progress(N_("building the network again"))(1, 2)
    model = open_network(context, NetworkReference(run_id=run_id)).model
    check_size(model)
    context.progress(N_("writing the file"))(2, 2)
    context.store.add_files("runs", run_id, {PAGE_FILE: browser_file(model)})
    return ExportedModel(run_id, "html", PAGE_FILE)


def compare_ways(context: JobContext, *, run_id: str, image: bytes | None = None) -> ComparedWays:
    """Sends one photo through all ways to an answer, see `tlcore.export.agreement`.

    Args:
        context: Of the job.
        run_id: Of a run of the session.
        image: An encoded picture; None for the first test image of the run.

    Raises:
        InvalidArgumentError: There is neither a photo nor a test image.
    """
    from ...export.agreement import compare_ways as compare

    context.take_minutes()
    reference = _images_of(context, run_id)
    if image is None:
        if reference is None:
            raise InvalidArgumentError(N_("The images of this run are not here. Choose a photo."))
        image = full_size(read(context, reference, mapped=True).test.images[0])
    context.progress(N_("building the network again"))(0, 1)
    run = open_network(context, NetworkReference(run_id=run_id))
    return ComparedWays(run_id, compare(run, image, progress=context.progress(N_("asking each way"))))


def _images_of(context: JobContext, run_id: str) -> DatasetReference | None:
    kept = kept_run(context.store, run_id)
    return None if kept is None else kept.run.data
