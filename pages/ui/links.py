"""What a link may ask of each page: every range is checked before anything runs."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tlcore.architectures import list_architectures
from tlcore.datasets import list_datasets

_RUN = re.compile(r"run:[0-9a-f]{32}")  # a network that was trained in this browser


def _one_of(names: list[str], value: str) -> str:
    if value not in names:
        raise ValueError(", ".join(names))
    return value


def _architecture(value: str) -> str:
    return _one_of(list_architectures(), value)


def _network(value: str) -> str:
    return value if _RUN.fullmatch(value) else _architecture(value)


def _channels(value: int) -> int:
    _one_of(["1", "3"], str(value))
    return value


def _dataset_source(value: str) -> str:
    return _one_of([*list_datasets(), "upload"], value)


Name = Annotated[str, Field(min_length=1, max_length=120)]
Architecture = Annotated[Name, AfterValidator(_architecture)]
LayerName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{0,120}$")]
Side = Annotated[int, Field(ge=16, le=1024)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]


class Link(BaseModel):
    """Parameters of a page; those that are not in the URL stay as they are."""

    model_config = ConfigDict(extra="ignore")


class ExplorerLink(Link):
    """/architecture_explorer?network=VGG16&size=150&top=0&pooling=avg&layer=block5_conv1&tab=table"""

    network: Annotated[Name, AfterValidator(_network)] = "VGG16"
    size: Side = 150
    top: bool = True
    classes: Annotated[int, Field(ge=1, le=100_000)] = 1000
    pooling: Literal["none", "avg", "max"] = "none"
    channels: Annotated[int, AfterValidator(_channels)] = 3
    layer: LayerName = ""
    tab: Literal["table", "field", "weights", "activations", "graph", "volume", "compare", "all"] = "table"
    second: Architecture = "VGG19"


class DatasetLink(Link):
    """/datasets?source=helmets&images=200&size=150&seed=0"""

    source: Annotated[str, AfterValidator(_dataset_source)] = "helmets"
    images: Annotated[int, Field(ge=16, le=10_000)] = 200
    size: Side = 150
    seed: Seed = 0


class ExtractionLink(Link):
    """/feature_extraction?base=VGG16Slim&weights=embedded&epochs=20&rate=0.0001&view=map&layer=block5_pool"""

    base: Architecture = "VGG16Slim"
    weights: Literal["embedded", "imagenet", "random"] = "embedded"
    epochs: Annotated[int, Field(ge=1, le=200)] = 20
    units: Annotated[int, Field(ge=1, le=4096)] = 256
    dropout: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.5
    rate: Annotated[float, Field(gt=0.0, le=1.0)] = 1e-4
    seed: Seed = 0
    view: Literal["channels", "map", "neighbours"] = "channels"
    layer: LayerName = ""
    image: Annotated[int, Field(ge=1, le=10_000)] = 1
