"""What the first page needs, fetched while the browser fetches Streamlit's own program, a second that nobody uses.

The first visitor's script would do all of this before the heading stands: import 300 modules, draw eight workers, read
the translations, have Streamlit compile an expression for every emoji there is.
"""

from __future__ import annotations

import ast
import gc
import importlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

logger = logging.getLogger(__name__)

_SCRIPTS = ("app.py", "pages/home.py")
# The server answers the browser meanwhile. At Python's usual 5 ms it would wait that long for each step of each of the
# 60 files that Streamlit's program consists of.
_SWITCH_S = 0.0001


def warm_up(repository: Path) -> None:
    """Does it, in the thread that calls; what fails here fails again where it is needed, and is said there.

    Args:
        repository: The folder with `app.py`.
    """
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_S)
    gc.disable()  # modules stay; looking through them for garbage takes a tenth of the time that importing them does
    try:
        for script in _SCRIPTS:
            for module in imported_by(repository / script):
                importlib.import_module(module)
        _draw_and_compile()
    except Exception:
        logger.exception("The first page could not be prepared")
    finally:
        gc.enable()
        sys.setswitchinterval(usual_s)


def imported_by(script: Path) -> Iterator[str]:
    """Names of the modules that a script imports, in its order; their packages are imported with them."""
    for node in ast.walk(ast.parse(script.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module != "__future__":
            yield node.module


def _draw_and_compile() -> None:
    from streamlit import env_util

    from pages.ui.common.drawn import drawn_workers
    from pages.ui.common.i18n import LECTURE, translations_of

    env_util.is_repl()  # at the first element Streamlit asks, and looks for the file of each module that there is
    drawn_workers()
    translations_of(LECTURE)
    importlib.import_module("streamlit.emojis")  # asked for by the first label that is not plain ASCII
