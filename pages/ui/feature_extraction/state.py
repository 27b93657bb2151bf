"""What the page of feature extraction remembers, and what a link may ask of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from pages.ui.common.bounds import default, each, parameters
from pages.ui.common.links import Architecture, LayerName, Weights, link
from pages.ui.common.state import Key
from tlcore.engine.tasks.references import DatasetReference

BASE: Key[str] = Key("feature_extraction.base", default("base"))
WEIGHTS: Key[str] = Key("feature_extraction.weights", default("weights"))
EPOCHS: Key[int] = Key("feature_extraction.epochs", 20)
UNITS: Key[int] = Key("feature_extraction.units", default("head")[0])
DROPOUT: Key[float] = Key("feature_extraction.dropout", default("dropout"))
RATE: Key[float] = Key("feature_extraction.learning_rate", default("learning_rate"))
SEED: Key[int] = Key("feature_extraction.seed", default("seed"))
GUESS: Key[int | None] = Key("feature_extraction.guess", None)
JOB: Key[str | None] = Key("feature_extraction.job", None)
CHOSEN, OWN = "chosen", "own"  # as images: the set of the page of datasets, and photos brought here
IMAGES: Key[str] = Key("feature_extraction.images", "helmets")
OWN_WAY: Key[str] = Key("feature_extraction.own_way", "files")  # how own photos come: "files" or "camera"
RECORDING_TAKEN_UP: Key[bool] = Key("feature_extraction.recording_taken_up", False)
STILL_MISSING: Key[tuple[str, ...]] = Key("feature_extraction.still_missing", ())  # as the page says it now
IMAGES_SEEN: Key[DatasetReference | None] = Key("feature_extraction.images_seen", None)
PHOTOS_TAKEN: Key[int] = Key("feature_extraction.photos_taken", 0)  # a box for photos is a new one after each
TRAINS_NEXT: Key[bool] = Key("feature_extraction.trains_next", False)  # as soon as the brought photos are read
STAGE: Key[bool | None] = Key("feature_extraction.stage", None)  # steps begun, as the page shows them

ANSWER_JOB: Key[str | None] = Key("feature_extraction.answer_job", None)
ANSWER_ASKED: Key[str] = Key("feature_extraction.answer_asked", "")
SAMPLE: Key[int | None] = Key("feature_extraction.sample", None)  # None: the person's own photo, if there is one
SAMPLES: Key[Any] = Key("feature_extraction.samples", None)  # what Streamlit keeps of the gallery
TRY_UPLOAD: Key[Any] = Key("feature_extraction.try_file", None)
TRY_PHOTO: Key[tuple[bytes, str] | None] = Key("feature_extraction.try_photo", None)
FEATURES_JOB: Key[str | None] = Key("feature_extraction.features_job", None)

MOST_ACTIVE = -1  # instead of a channel
SURVEY_JOB: Key[str | None] = Key("feature_extraction.survey_job", None)
VIEW: Key[str] = Key("feature_extraction.view", "channels")
LAYER: Key[str] = Key("feature_extraction.layer", "")  # "": the output of the base
SOURCE: Key[str] = Key("feature_extraction.photo_source", "set")
NUMBER: Key[int] = Key("feature_extraction.photo_number", 1)  # of an image of the set, from 1
UPLOAD: Key[Any] = Key("feature_extraction.photo_file", None)  # what Streamlit keeps of the file box
PHOTO: Key[tuple[bytes, str] | None] = Key("feature_extraction.photo", None)
WHERE: Key[bool] = Key("feature_extraction.where", True)
METHOD: Key[str] = Key("feature_extraction.method", "pca")
TOOL: Key[str] = Key("feature_extraction.map_tool", "pan")
PICKED: Key[list[int]] = Key("feature_extraction.picked", [])
MEASURE: Key[str] = Key("feature_extraction.measure", "cosine")
COUNT: Key[int] = Key("feature_extraction.neighbours", 8)

CHANNELS_JOB: Key[str | None] = Key("feature_extraction.channels_job", None)
CHANNELS_ASKED: Key[str] = Key("feature_extraction.channels_asked", "")
STRONGEST_JOB: Key[str | None] = Key("feature_extraction.strongest_job", None)
STRONGEST_ASKED: Key[str] = Key("feature_extraction.strongest_asked", "")
MAP_JOB: Key[str | None] = Key("feature_extraction.map_job", None)
MAP_ASKED: Key[str] = Key("feature_extraction.map_asked", "")
PICKED_JOB: Key[str | None] = Key("feature_extraction.images_job", None)
PICKED_ASKED: Key[str] = Key("feature_extraction.images_asked", "")
NEIGHBOURS_JOB: Key[str | None] = Key("feature_extraction.neighbours_job", None)
NEIGHBOURS_ASKED: Key[str] = Key("feature_extraction.neighbours_asked", "")

KEYS: dict[str, Key[Any]] = {
    "base": BASE,
    "weights": WEIGHTS,
    "epochs": EPOCHS,
    "units": UNITS,
    "dropout": DROPOUT,
    "rate": RATE,
    "seed": SEED,
    "view": VIEW,
    "layer": LAYER,
    "image": NUMBER,
    "sample": SAMPLE,
}


FeatureExtractionLink = link(
    "FeatureExtractionLink",
    "/feature_extraction?base=VGG16Slim&weights=embedded&epochs=20&rate=0.0001&view=map&layer=block5_pool",
    {
        **parameters({"epochs": "epochs", "dropout": "dropout", "rate": "learning_rate", "seed": "seed"}),
        "base": (Architecture, BASE.default),
        "weights": (Weights, WEIGHTS.default),
        "units": (each("head"), UNITS.default),
        "view": (Literal["channels", "map", "neighbours"], VIEW.default),
        "layer": (LayerName, LAYER.default),
        "image": (Annotated[int, Field(ge=1)], NUMBER.default),  # the page goes no further than the set's last
        "sample": (Annotated[int, Field(ge=0)], SAMPLE.default),  # the test image whose answer is shown
    },
)


def channel_key(layer: str) -> Key[int]:
    """The channel to look at closely: a number means another thing in each layer."""
    return Key(f"feature_extraction.channel.{layer}", MOST_ACTIVE)


def class_name_key(index: int) -> Key[str]:
    """The name of a class of photos that are brought to this page."""
    return Key(f"feature_extraction.class_name.{index}", "AB"[index])


def class_files_key(index: int) -> Key[Any]:
    """What Streamlit keeps of the photos of such a class; after they were taken over the box is a new one."""
    return Key(f"feature_extraction.class_files.{PHOTOS_TAKEN.get()}.{index}", None)
