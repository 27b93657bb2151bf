"""What the page of live prediction remembers."""

from __future__ import annotations

from typing import Any

from pages.ui.common.state import Key

ANSWER = "live_prediction-answer"  # the part that a photo leads to
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
