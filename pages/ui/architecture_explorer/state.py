"""What the explorer remembers, and what a link may ask of it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from pages.ui.common.links import Architecture, LayerName, Link, Name, Side, Weights, architecture_name, one_of
from pages.ui.common.state import Key
from pages.ui.common.trained import RUN
from tlcore.architectures import PROPOSED_BASE
from tlcore.architectures.build import MOST_CLASSES

NETWORK: Key[str] = Key("architecture_explorer.network", PROPOSED_BASE)
OPENED: Key[bool] = Key("architecture_explorer.opened", False)
SIZE: Key[int] = Key("architecture_explorer.size", 0)  # 0: the network's own size
SIZED_FOR: Key[str] = Key("architecture_explorer.sized_for", "")
INCLUDE_TOP: Key[bool] = Key("architecture_explorer.include_top", True)
CLASSES: Key[int | None] = Key("architecture_explorer.classes", None)  # None: the network's own
POOLING: Key[str] = Key("architecture_explorer.pooling", "none")
CHANNELS: Key[int] = Key("architecture_explorer.channels", 0)  # 0: the network's own
LAYER: Key[str] = Key("architecture_explorer.layer", "")
SECOND: Key[str] = Key("architecture_explorer.second", "VGG19")
BLOCK: Key[str] = Key("architecture_explorer.block", "")
GUESSES: Key[dict[str, int | None]] = Key("architecture_explorer.guesses", {})
GRAPH_BLOCK: Key[str] = Key("architecture_explorer.graph_block", "")
TAB: Key[str] = Key("architecture_explorer.tab", "volume")
SEARCH: Key[str] = Key("architecture_explorer.search", "")
AXIS: Key[str] = Key("architecture_explorer.axis", "macs")
LARGEST: Key[int] = Key("architecture_explorer.largest_mb", 1500)
SMALLEST_ACCURACY: Key[int] = Key("architecture_explorer.least_accuracy", 80)
ROW: Key[int] = Key("architecture_explorer.row", -1)  # -1: the middle
COLUMN: Key[int] = Key("architecture_explorer.column", -1)
SUMMARY_ASKED: Key[str] = Key("architecture_explorer.summary_asked", "")
SAMPLE_JOB: Key[str | None] = Key("architecture_explorer.sample_job", None)
SAMPLE_ASKED: Key[str] = Key("architecture_explorer.sample_asked", "")
SOURCE: Key[str] = Key("architecture_explorer.source", "embedded")
CHANNEL: Key[int | None] = Key("architecture_explorer.channel", None)  # None: the most active one
INPUT_CHANNEL: Key[int] = Key("architecture_explorer.input_channel", -1)  # -1: the strongest one
FIELD: Key[dict[str, Any] | None] = Key("architecture_explorer.field", None)
NUMBERS_JOB: Key[str | None] = Key("architecture_explorer.numbers_job", None)
NUMBERS_ASKED: Key[str] = Key("architecture_explorer.numbers_asked", "")
SEEN: Key[Any] = Key("architecture_explorer.seen", None)  # the table that was shown last
BEFORE: Key[Any] = Key("architecture_explorer.before", None)  # the table before it, of the same network
MAP: Key[dict[str, Any] | None] = Key("architecture_explorer.map", None)
PHOTO_PLACE: Key[dict[str, Any] | None] = Key("architecture_explorer.photo_place", None)
PHOTO: Key[tuple[bytes, str] | None] = Key("architecture_explorer.photo", None)
UPLOAD: Key[Any] = Key("architecture_explorer.upload", None)
INSPECT_JOB: Key[str | None] = Key("architecture_explorer.inspect_job", None)
INSPECT_ASKED: Key[str] = Key("architecture_explorer.inspect_asked", "")
SUMMARY_JOB: Key[str | None] = Key("architecture_explorer.summary_job", None)

KEYS: dict[str, Key[Any]] = {
    "network": NETWORK,
    "size": SIZE,
    "top": INCLUDE_TOP,
    "classes": CLASSES,
    "pooling": POOLING,
    "channels": CHANNELS,
    "layer": LAYER,
    "tab": TAB,
    "weights": SOURCE,
    "second": SECOND,
}


def _network(value: str) -> str:
    return value if re.fullmatch(RUN, value) else architecture_name(value)


def _channels(value: int) -> int:
    one_of(["1", "3"], str(value))
    return value


class ExplorerLink(Link):
    """/architecture_explorer?network=VGG16&size=150&top=0&pooling=avg&layer=block5_conv1&tab=table"""

    network: Annotated[Name, AfterValidator(_network)] = PROPOSED_BASE
    size: Side = 150
    top: bool = True
    classes: Annotated[int, Field(ge=1, le=MOST_CLASSES)] = 1000
    pooling: Literal["none", "avg", "max"] = "none"
    channels: Annotated[int, AfterValidator(_channels)] = 3
    layer: LayerName = ""
    tab: Literal["table", "field", "weights", "activations", "graph", "volume", "compare", "all"] = "volume"
    second: Architecture = "VGG19"
    weights: Weights = "embedded"


def guess_key(layer: str) -> Key[int | None]:
    """How many parameters the person thinks a layer has, while that is being typed."""
    return Key(f"architecture_explorer.guess.{layer}", None)
