"""What the page of live prediction remembers."""

from __future__ import annotations

from pages.ui.common.state import Key

SOURCE: Key[str] = Key("live_prediction.source", "upload")
MODEL: Key[str | None] = Key("live_prediction.model", None)
THRESHOLD: Key[int] = Key("live_prediction.threshold", 60)  # percent
PHOTO: Key[tuple[str, bytes] | None] = Key("live_prediction.photo", None)  # of which job, and the photo
SAMPLE: Key[int] = Key("live_prediction.sample", 0)
JOB: Key[str | None] = Key("live_prediction.job", None)
METHOD: Key[str] = Key("live_prediction.method", "grad_cam")
CLASS: Key[int] = Key("live_prediction.class", 0)  # index among the likeliest
WHY_JOB: Key[str | None] = Key("live_prediction.why_job", None)
WHY_ASKED: Key[str] = Key("live_prediction.why_asked", "")
