"""What the page of the images remembers, and what a link may ask of it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from pages.ui.common.links import Link, Seed, Side, one_of
from pages.ui.common.state import Key
from tlcore.datasets import list_datasets

UPLOAD = "upload"  # as a source: one's own images
SOURCE: Key[str] = Key("datasets.source", "helmets")
NUM_IMAGES: Key[int] = Key("datasets.num_images", 200)
SIZE: Key[int] = Key("datasets.size", 150)
SEED: Key[int] = Key("datasets.seed", 0)
NUM_CLASSES: Key[int] = Key("datasets.num_classes", 2)
BROUGHT: Key[str | None] = Key("datasets.brought", None)
UPLOAD_KIND: Key[str] = Key("datasets.upload_kind", "zip")
SPLIT: Key[str] = Key("datasets.split", "train")

KEYS: dict[str, Key[Any]] = {
    "source": SOURCE,
    "images": NUM_IMAGES,
    "size": SIZE,
    "seed": SEED,
}


def _source(value: str) -> str:
    return one_of([*list_datasets(), UPLOAD], value)


class DatasetsLink(Link):
    """/datasets?source=helmets&images=200&size=150&seed=0"""

    source: Annotated[str, AfterValidator(_source)] = "helmets"
    images: Annotated[int, Field(ge=16, le=10_000)] = 200
    size: Side = 150
    seed: Seed = 0


def class_name_key(index: int) -> Key[str]:
    """The name of a class of one's own images."""
    return Key(f"datasets.class_name.{index}", "")
