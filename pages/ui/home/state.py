"""What the home page remembers of the card with which a network is taught in a minute."""

from __future__ import annotations

from typing import Any

from pages.ui.common.state import Key

BEGUN: Key[bool] = Key("home.teach_begun", False)
TEACH: Key[Any] = Key("home.teach", None)  # what Streamlit keeps of the component
SENT: Key[Any] = Key("home.teach_sent", None)  # features that wait to be learned from
LESSON: Key[Any] = Key("home.teach_lesson", None)  # what was learned last
FAULT: Key[str] = Key("home.teach_fault", "")  # why nothing was learned, as a sentence
NETWORK_JOB: Key[str | None] = Key("home.network_job", None)
NETWORK_ASKED: Key[str] = Key("home.network_asked", "")
FILE_JOB: Key[str | None] = Key("home.file_job", None)
FILE_ASKED: Key[str] = Key("home.file_asked", "")
TEACH_TAG = "home.teach_head"
