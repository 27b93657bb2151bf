"""Pages run by Streamlit's own test runner, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import i18n
from tlcore.engine import Engine, get_engine
from tlcore.settings import get_settings

REPOSITORY = Path(__file__).resolve().parents[2]
OpenPage = Callable[..., AppTest]


@pytest.fixture(scope="session")
def starting_engine(session_home: Path) -> Engine:
    """The engine as the first visitor meets it: its workers may still be starting. `engine` waits for them."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TLCORE_HOME", str(session_home))
        get_settings.cache_clear()
        return get_engine()


@pytest.fixture
def open_page(starting_engine: Engine) -> OpenPage:
    """Opens a page by its file name, in a language, as a browser that was here before, with parameters in its URL."""

    def open_page(name: str, language: str = "pt-BR", owner: str | None = None, **parameters: str) -> AppTest:
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        if owner is not None:
            app.session_state["app.owner"] = owner
        app.session_state["code.page"] = True  # the Code panel is open
        app.query_params["lang"] = language
        app.run()
        for parameter, value in parameters.items():
            app.query_params[parameter] = value
        return app.switch_page(f"pages/{name}.py").run()

    return open_page


@pytest.fixture
def in_portuguese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "language", lambda: "pt-BR")


@pytest.fixture
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "language", lambda: "en")
