"""What the views of the features remember."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pages.ui.state import Key

SURVEY_JOB: Key[str | None] = Key("extraction.survey_job", None)
VIEW: Key[str] = Key("extraction.view", "channels")
LAYER: Key[str] = Key("extraction.layer", "")  # "": the output of the base
SOURCE: Key[str] = Key("extraction.photo_source", "set")
NUMBER: Key[int] = Key("extraction.photo_number", 1)  # of an image of the set, from 1
UPLOAD: Key[Any] = Key("extraction.photo_file", None)  # what Streamlit keeps of the file box
PHOTO: Key[tuple[bytes, str] | None] = Key("extraction.photo", None)
WHERE: Key[bool] = Key("extraction.where", True)
METHOD: Key[str] = Key("extraction.method", "pca")
PICKED: Key[list[int]] = Key("extraction.picked", [])
MEASURE: Key[str] = Key("extraction.measure", "cosine")
COUNT: Key[int] = Key("extraction.neighbours", 8)

CHANNELS_JOB: Key[str | None] = Key("extraction.channels_job", None)
CHANNELS_ASKED: Key[str] = Key("extraction.channels_asked", "")
STRONGEST_JOB: Key[str | None] = Key("extraction.strongest_job", None)
STRONGEST_ASKED: Key[str] = Key("extraction.strongest_asked", "")
MAP_JOB: Key[str | None] = Key("extraction.map_job", None)
MAP_ASKED: Key[str] = Key("extraction.map_asked", "")
PLACES_JOB: Key[str | None] = Key("extraction.places_job", None)
PLACES_ASKED: Key[str] = Key("extraction.places_asked", "")
NEIGHBOURS_JOB: Key[str | None] = Key("extraction.neighbours_job", None)
NEIGHBOURS_ASKED: Key[str] = Key("extraction.neighbours_asked", "")

MOST_ACTIVE = -1  # instead of a channel
ANSWER_WAIT_S = 0.6  # most answers are there by then; for others the page shows their progress
LINKED: dict[str, Key[Any]] = {"view": VIEW, "layer": LAYER, "image": NUMBER}


def channel_key(layer: str) -> Key[int]:
    """The channel to look at closely: a number means another thing in each layer."""
    return Key(f"extraction.channel.{layer}", MOST_ACTIVE)


@dataclass(frozen=True)
class Scene:
    """What the views look at.

    Attributes:
        data: The chosen images, as "preview_dataset" returned them.
        subject: `base`, `weights` and `data` as the engine's tasks take them.
        count: Images of the set.
        layer: Name of the chosen layer.
        shape: (height, width, channels) of its output.
    """

    data: Mapping[str, Any]
    subject: Mapping[str, Any]
    count: int
    layer: str
    shape: tuple[int, int, int]

    @property
    def question(self) -> dict[str, Any]:
        """Arguments that every task about the layer takes."""
        return {**self.subject, "layer": self.layer}
