"""What the session remembers of the camera; what was recorded is in the store."""

from __future__ import annotations

from typing import Any

from pages.ui.common.state import Key

RECORDER: Key[Any] = Key("camera.recorder", None)  # what Streamlit keeps of the component
ACKNOWLEDGED: Key[str | None] = Key("camera.acknowledged", None)  # id of the last message that was carried out
FAULT: Key[str] = Key("camera.fault", "")  # why the last one could not be, as a sentence
SHOWS: Key[bool] = Key("camera.shows", False)  # the component has asked for pictures of what was recorded before
ONE_CLASS: Key[str | None] = Key("camera.one_class", None)  # that a single photo is of
ONE_PHOTO: Key[Any] = Key("camera.one_photo", None)
ONE_BY_ONE: Key[bool] = Key("camera.one_by_one", False)
