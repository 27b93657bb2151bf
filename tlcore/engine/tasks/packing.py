"""What a person takes along as one ZIP: a trained network with its code, or a set of images."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import InvalidArgumentError
from ...translatable import N_
from ..job import JobContext
from .datasets import read
from .networks import open_network
from .references import DatasetReference, NetworkReference
from .trained_run import kept_run

TAKE_HOME_FILE, IMAGES_FILE = "take_home.zip", "images.zip"
_PACKED = "packed"  # of the details of an upload that is none: what the session packed to take along


@dataclass(frozen=True, slots=True)
class PackedRun:
    """A ZIP beside its run.

    Attributes:
        run_id: Of the run in the store.
        with_images: Whether its images are in it.
        file: Name of the file in the store's item.
    """

    run_id: str
    with_images: bool
    file: str


@dataclass(frozen=True, slots=True)
class PackedImages:
    """A ZIP of images.

    Attributes:
        data: The set.
        item: In the store, kind "uploads".
        file: Name of the file in that item.
    """

    data: DatasetReference
    item: str
    file: str


def pack_run(context: JobContext, *, run_id: str, with_images: bool, language: str = "en") -> PackedRun:
    """Writes a run as one ZIP that needs nothing of this package, see `tlcore.export.export_take_home`.

    Args:
        context: Of the job.
        run_id: Of a run of the session.
        with_images: Put the images in that it was trained on.
        language: Of the texts and names in it.

    Raises:
        InvalidArgumentError: There is no such run, or its images are not here.
    """
    from ...export import export_take_home
    from ...translations import translations_of

    context.take_minutes()
    kept = kept_run(context.store, run_id)
    reference = kept.run.data if kept is not None else None
    if with_images and reference is None:
        raise InvalidArgumentError(N_("The images of this run are not here. Take it along without them."))
    data = read(context, reference, mapped=True) if with_images and reference is not None else None
    context.progress(N_("building the network again"))(0, 1)
    run = open_network(context, NetworkReference(run_id=run_id))
    export_take_home(
        run,
        context.store.path("runs", run_id, TAKE_HOME_FILE),
        data=data,
        language=language,
        translate=translations_of(language).gettext,
        progress=context.progress(N_("packing images")),
    )
    return PackedRun(run_id, with_images, TAKE_HOME_FILE)


def pack_images(context: JobContext, *, data: DatasetReference) -> PackedImages:
    """Writes a set of images as a ZIP, with all changes that were made to it; the one packed before goes.

    Args:
        context: Of the job.
        data: The set.
    """
    from ...datasets.packing import pack_dataset

    dataset = read(context, data, mapped=True)
    for item in context.store.items("uploads"):
        if _PACKED in item.details:
            context.store.delete("uploads", item.item_id)
    with context.store.draft("uploads", name=dataset.name) as draft:
        draft.details[_PACKED] = True
        pack_dataset(dataset, draft.folder / IMAGES_FILE, progress=context.progress(N_("packing images")))
    return PackedImages(data, draft.item_id, IMAGES_FILE)
