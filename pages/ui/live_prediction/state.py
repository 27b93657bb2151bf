"""What the page of live prediction remembers, and what a link may ask of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from pages.ui.common.links import LayerName, Link, Name, architecture_name, one_of
from pages.ui.common.state import Key
from pages.ui.common.trained import RUN

ANSWER = "live_prediction-answer"  # the part that a photo leads to
BATCH = "live_prediction-batch"  # the part that many photos lead to
SOURCE: Key[str] = Key("live_prediction.source", "upload")
MODEL: Key[str | None] = Key("live_prediction.model", None)
THRESHOLD: Key[int] = Key("live_prediction.threshold", 60)  # percent
SAMPLE: Key[int] = Key("live_prediction.sample", 0)
SAMPLES: Key[Any] = Key("live_prediction.samples", None)  # what Streamlit keeps of the gallery
JOB: Key[str | None] = Key("live_prediction.job", None)
ASKED: Key[str] = Key("live_prediction.asked", "")
METHOD: Key[str] = Key("live_prediction.method", "grad_cam")
CLASS: Key[int] = Key("live_prediction.class", 0)  # index among the likeliest
WHY_JOB: Key[str | None] = Key("live_prediction.why_job", None)
WHY_ASKED: Key[str] = Key("live_prediction.why_asked", "")
LAYER: Key[str] = Key("live_prediction.layer", "")  # of Grad-CAM; "" for the last
OTHER: Key[str] = Key("live_prediction.other", "")  # the other network, whose map is shown too
OTHER_JOB: Key[str | None] = Key("live_prediction.other_job", None)
OTHER_ASKED: Key[str] = Key("live_prediction.other_asked", "")
CHECKED: Key[str] = Key("live_prediction.checked", "")  # the map that was asked to be checked
CHECK_JOB: Key[str | None] = Key("live_prediction.check_job", None)
CHECK_ASKED: Key[str] = Key("live_prediction.check_asked", "")
FAMILIAR_JOB: Key[str | None] = Key("live_prediction.familiar_job", None)
FAMILIAR_ASKED: Key[str] = Key("live_prediction.familiar_asked", "")


@dataclass(frozen=True)
class BroughtPhoto:
    """A photo that a person has brought, encoded as it came; `mark` tells it from all others."""

    name: str
    mark: str
    data: bytes = field(repr=False)


# Several photos.
UPLOAD: Key[Any] = Key("live_prediction.upload", None)  # what Streamlit keeps of the box
UPLOADED: Key[int] = Key("live_prediction.uploaded", 0)  # which of the uploaded photos is looked at
UPLOADS_KNOWN: Key[frozenset[str]] = Key("live_prediction.uploads_known", frozenset())
PASTE: Key[Any] = Key("live_prediction.paste", None)  # what Streamlit keeps of the component
PASTED: Key[tuple[BroughtPhoto, ...]] = Key("live_prediction.pasted", ())
UPLOADS_ROW: Key[Any] = Key("live_prediction.uploads_row", None)  # what Streamlit keeps of the gallery
BATCH_KIND: Key[str] = Key("live_prediction.batch_kind", "zip")
BATCHES_TAKEN: Key[int] = Key("live_prediction.batches_taken", 0)  # a box for files is a new one after each
BATCH_CLASS: Key[str] = Key("live_prediction.batch_class", "")
BATCH_RANGE: Key[tuple[int, int]] = Key("live_prediction.batch_range", (0, 100))  # percent
BATCH_ONLY: Key[str] = Key("live_prediction.batch_only", "")
BATCH_TABLE: Key[Any] = Key("live_prediction-batch-table", None)  # what Streamlit keeps of the table
BATCH_OPENED: Key[tuple[str, int] | None] = Key("live_prediction.batch_opened", None)  # item, place of the photo


@dataclass(frozen=True)
class BatchKeys:
    """Where many photos are remembered: the job that looks at them, and what it was asked."""

    job: Key[str | None]
    asked: Key[str]


UPLOADED_PHOTOS = BatchKeys(Key("live_prediction.uploads_job", None), Key("live_prediction.uploads_asked", ""))
BATCH_PHOTOS = BatchKeys(Key("live_prediction.batch_job", None), Key("live_prediction.batch_asked", ""))

WHERE: Key[str] = Key("live_prediction.where", "browser")
LIVE: Key[Any] = Key("live_prediction.live", None)  # what Streamlit keeps of the component
HELD: Key[str | None] = Key("live_prediction.held", None)  # the network that the browser has whole
FRAME: Key[Any] = Key("live_prediction.frame", None)  # that waits for an answer
FRAME_TAG = "live_prediction.frame_job"
FROZEN: Key[bytes | None] = Key("live_prediction.frozen", None)
FROZEN_NOW: Key[bool] = Key("live_prediction.frozen_now", False)  # the page has not been drawn with it yet
NETWORK_JOB: Key[str | None] = Key("live_prediction.network_job", None)
NETWORK_ASKED: Key[str] = Key("live_prediction.network_asked", "")
FILE_JOB: Key[str | None] = Key("live_prediction.file_job", None)
FILE_ASKED: Key[str] = Key("live_prediction.file_asked", "")
BESIDE: Key[str] = Key("live_prediction.beside", "")  # the network that answers to the same frames; "" for none
BESIDE_HELD: Key[str | None] = Key("live_prediction.beside_held", None)
BESIDE_JOB: Key[str | None] = Key("live_prediction.beside_job", None)
BESIDE_ASKED: Key[str] = Key("live_prediction.beside_asked", "")
BESIDE_FILE_JOB: Key[str | None] = Key("live_prediction.beside_file_job", None)
BESIDE_FILE_ASKED: Key[str] = Key("live_prediction.beside_file_asked", "")

KEYS: dict[str, Key[Any]] = {
    "model": MODEL,
    "source": SOURCE,
    "where": WHERE,
    "beside": BESIDE,
    "sample": SAMPLE,
    "threshold": THRESHOLD,
    "method": METHOD,
    "layer": LAYER,
}


def _model(value: str) -> str:
    """A network that was trained in this browser, or a base with its weights."""
    if not re.fullmatch(RUN, value):
        base, _slash, weights = value.partition("/")
        architecture_name(base)
        one_of(["embedded", "imagenet"], weights)
    return value


class LivePredictionLink(Link):
    """/live_prediction?model=VGG16Slim/embedded&source=sample&sample=3&threshold=80&method=occlusion"""

    model: Annotated[Name, AfterValidator(_model)] = ""
    source: Literal["upload", "sample", "camera", "live", "batch"] = "upload"
    where: Literal["browser", "server"] = "browser"
    beside: Annotated[str, Field(pattern=rf"^(before|base|{RUN})?$")] = ""
    sample: Annotated[int, Field(ge=0)] = 0
    threshold: Annotated[int, Field(ge=0, le=100, multiple_of=5)] = 60
    method: Literal["grad_cam", "occlusion", "smooth_gradients"] = "grad_cam"
    layer: LayerName = ""
