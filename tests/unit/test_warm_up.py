"""What the web server fetches before the first page is asked for."""

from __future__ import annotations

import gc
import logging
import sys
from pathlib import Path

import pytest

from pages.ui.common.warm_up import imported_by, warm_up
from tests.conftest import REPOSITORY


def test_all_is_there_that_the_first_page_imports(caplog: pytest.LogCaptureFixture) -> None:
    usual_s = sys.getswitchinterval()
    with caplog.at_level(logging.ERROR):
        warm_up(REPOSITORY)
    needed = {*imported_by(REPOSITORY / "app.py"), *imported_by(REPOSITORY / "pages" / "home.py"), "streamlit.emojis"}
    assert {"pages.ui.common.navigation", "pages.ui.home.teach", "tlcore.lesson_code"} < needed <= set(sys.modules)
    assert not caplog.records
    assert (sys.getswitchinterval(), gc.isenabled()) == (usual_s, True)


def test_what_fails_is_told_and_leaves_nothing_changed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    usual_s = sys.getswitchinterval()
    (tmp_path / "app.py").write_text("from pages.ui.no_such_thing import anything\n", "utf-8")
    warm_up(tmp_path)
    (record,) = caplog.records
    assert "no_such_thing" in caplog.text
    assert record.levelno == logging.ERROR
    assert (sys.getswitchinterval(), gc.isenabled()) == (usual_s, True)
