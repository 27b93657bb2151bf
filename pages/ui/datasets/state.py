"""What the page of the images remembers, and what a link may ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from pages.ui.common.bounds import default, parameters
from pages.ui.common.links import Side, link, one_of
from pages.ui.common.state import Key
from tlcore.datasets import get_dataset_spec, list_datasets
from tlcore.datasets.splits import MIN_IMAGES_PER_CLASS
from tlcore.engine.tasks.references import DatasetReference
from tlcore.translatable import N_

SHOWN = "datasets-shown"  # the part that a preparation leads to
UPLOAD = "upload"  # as a source: one's own images
MORE = "more"  # in the row of sources: the sets behind it
SOURCE: Key[str] = Key("datasets.source", "helmets")
SOURCE_ROW: Key[str] = Key("datasets.source_row", "helmets")
CHECK_ASKED: Key[str] = Key("datasets.check_asked", "")
NUM_IMAGES: Key[int] = Key("datasets.num_images", 200)
SIZE: Key[int] = Key("datasets.size", 150)
SEED: Key[int] = Key("datasets.seed", default("seed"))
NUM_CLASSES: Key[int] = Key("datasets.num_classes", 2)
BROUGHT: Key[str | None] = Key("datasets.brought", None)
#: Ways to bring images.
UPLOAD_KINDS = {
    "camera": N_("By camera"),
    "zip": N_("A ZIP with one folder per class"),
    "folder": N_("A folder"),
    "classes": N_("Files, class by class"),
}
UPLOAD_KIND: Key[str] = Key("datasets.upload_kind", "zip")
SPLIT: Key[str] = Key("datasets.split", "train")
KEEP_SPLIT: Key[bool] = Key("datasets.keep_split", False)
UPLOADS_TAKEN: Key[int] = Key("datasets.uploads_taken", 0)  # a box for files is a new one after each

# Looking at the chosen images.
#: Ways to look at them.
LOOKS = {"images": N_("Images"), "faults": N_("What is wrong with them?"), "seen": N_("What the network sees")}
LOOK: Key[str] = Key("datasets.look", "images")
ALL_IMAGES: Key[bool] = Key("datasets.all_images", False)
GALLERY_CLASS: Key[str] = Key("datasets.gallery_class", "")
GALLERY_SPLIT: Key[str] = Key("datasets.gallery_split", "")
GALLERY_VERDICT: Key[str] = Key("datasets.gallery_verdict", "")
GALLERY_SIDE: Key[int] = Key("datasets.gallery_side", 88)
RENAMED: Key[str | None] = Key("datasets.renamed", None)
NEW_NAME: Key[str] = Key("datasets.new_name", "")
PACK_JOB: Key[str | None] = Key("datasets.pack_job", None)
INSPECTION_JOB: Key[str | None] = Key("datasets.inspection_job", None)
SUSPECTS_JOB: Key[str | None] = Key("datasets.suspects_job", None)
PHOTO_SOURCE: Key[str] = Key("datasets.photo_source", "sample")
PHOTO_NUMBER: Key[int] = Key("datasets.photo_number", 0)
PHOTO_ROW: Key[Any] = Key("datasets.photo_row", None)
PHOTO_FILE: Key[Any] = Key("datasets.photo_file", None)
PHOTO: Key[tuple[bytes, str] | None] = Key("datasets.photo", None)
PREPARATION_JOB: Key[str | None] = Key("datasets.preparation_job", None)
PREPARATION_ASKED: Key[str] = Key("datasets.preparation_asked", "")
AUGMENTATION_JOB: Key[str | None] = Key("datasets.augmentation_job", None)
AUGMENTATION_ASKED: Key[str] = Key("datasets.augmentation_asked", "")
AUGMENTATION_SEED: Key[int] = Key("datasets.augmentation_seed", 0)


@dataclass(frozen=True)
class SheetKeys:
    """What the page remembers of one sheet of images: its page, what Streamlit keeps of it, and who fetches it."""

    page: Key[int]
    sheet: Key[Any]
    job: Key[str | None]
    asked: Key[str]


def sheet_keys(name: str, question: str = "") -> SheetKeys:
    """Of the gallery, of the near-duplicates, or of the suspicious labels; each question begins at its first page."""
    return SheetKeys(
        Key(f"datasets.{name}_page.{question}", 1),
        Key(f"datasets.{name}_sheet", None),
        Key(f"datasets.{name}_sheet_job", None),
        Key(f"datasets.{name}_sheet_asked", ""),
    )


KEYS: dict[str, Key[Any]] = {
    "source": SOURCE,
    "images": NUM_IMAGES,
    "size": SIZE,
    "seed": SEED,
    "bring": UPLOAD_KIND,
    "look": LOOK,
}


def _source(value: str) -> str:
    return one_of([*list_datasets(), UPLOAD], value)


def _way(value: str) -> str:
    return one_of(list(UPLOAD_KINDS), value)


def _look(value: str) -> str:
    return one_of(list(LOOKS), value)


_SETS = [get_dataset_spec(name) for name in list_datasets()]
_FEWEST = min(MIN_IMAGES_PER_CLASS * spec.num_classes for spec in _SETS)
_MOST = max(spec.max_images for spec in _SETS)


DatasetsLink = link(
    "DatasetsLink",
    "/datasets?source=helmets&images=200&size=150&seed=0",
    {
        **parameters({"seed": "seed"}),
        "source": (Annotated[str, AfterValidator(_source)], SOURCE.default),
        "images": (Annotated[int, Field(ge=_FEWEST, le=_MOST)], NUM_IMAGES.default),
        "size": (Side, SIZE.default),
        "bring": (Annotated[str, AfterValidator(_way)], UPLOAD_KIND.default),
        "look": (Annotated[str, AfterValidator(_look)], LOOK.default),
    },
)


def ready_reference(name: str) -> DatasetReference:
    """The ready set of this name as the widgets ask for it."""
    side = SIZE.get()
    return DatasetReference(name=name, num_images=NUM_IMAGES.get(), image_size=(side, side), seed=SEED.get())


def box_key(name: str) -> str:
    """The key of a box for files: another one once its files are stored, so that this process lets go of them."""
    taken = UPLOADS_TAKEN.get()
    return f"datasets.{name}.{taken}" if taken else f"datasets.{name}"


def fetch_key(name: str) -> Key[str | None]:
    """The job that fetches a public set."""
    return Key(f"datasets.fetch.{name}", None)


def check_key(name: str) -> Key[str | None]:
    """The job that finds out whether a public set can be had."""
    return Key(f"datasets.check.{name}", None)


def class_name_key(index: int) -> Key[str]:
    """The name of a class of one's own images."""
    return Key(f"datasets.class_name.{index}", "")
