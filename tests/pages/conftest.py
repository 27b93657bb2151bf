"""Pages run by Streamlit's own test runner, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

REPOSITORY = Path(__file__).resolve().parents[2]
OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page() -> OpenPage:
    """Opens a page by its file name, in a language, with parameters in its URL."""

    def open_page(name: str, language: str = "pt-BR", **parameters: str) -> AppTest:
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        app.run()
        for parameter, value in parameters.items():
            app.query_params[parameter] = value
        return app.switch_page(f"pages/{name}.py").run()

    return open_page
