"""Runs code that people are shown, as they would: from the first line to the last, on tiny data."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any

import pytest

from pages.ui.common.i18n import translations_of
from tlcore.lesson_code import in_language

LANGUAGES = ("en", "pt-BR")


def as_read_in(language: str, code: str) -> str:
    """Code as a page in this language shows it."""
    return in_language(code, language, translations_of(language).gettext)


def run_code(code: str, names: dict[str, Any] | None = None) -> tuple[dict[str, Any], str]:
    """Runs code; returns the names that it leaves behind, and what it prints."""
    names = {} if names is None else names
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "shown code", "exec"), names)
    return names, printed.getvalue()


@pytest.fixture(scope="module")
def eagerly() -> Iterator[None]:
    """Networks that see a dozen images once are done before they would be compiled."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def runs_eagerly(test: Any) -> Any:
    """For tests that use `eagerly`: tensorflow remarks that its input pipelines are compiled all the same."""
    ignored = pytest.mark.filterwarnings("ignore:Even though the:UserWarning")
    return ignored(pytest.mark.usefixtures("eagerly")(test))
