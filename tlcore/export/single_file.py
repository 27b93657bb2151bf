"""A trained network as one HTML file that opens in any browser without a connection: all that it needs is inside."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from string import Template

from ..lesson_code.reading import Translate
from ..translatable import N_

SCRIPT = "single.js"
#: Of LiteRT's builds the one that every browser with WebAssembly SIMD can run.
_RUNTIME = "litert_wasm_compat_internal"
_PAGE = Path(__file__).with_suffix(".html")


def single_file(
    network: bytes, class_names: Sequence[str], runtime: Path, *, language: str = "en", translate: Translate = str
) -> bytes:
    """Puts all of it into one page; imports no tensorflow.

    Args:
        network: Content of a `.tflite` file for one image, see `tlcore.export.browser.browser_file`.
        class_names: Of its outputs.
        runtime: Folder that `scripts/frontend.py` built.
        language: Of the page, as HTML has it: "en" or "pt-BR".
        translate: Translates the texts, for example a catalog's `gettext`.

    Returns:
        The page, UTF-8. It asks nobody for anything: photos stay where it is opened.

    Raises:
        OSError: The runtime is not there.
    """
    words = _words(translate)
    texts = {
        "title": translate(N_("What is it: {names}?")).format(names=" / ".join(class_names)),
        "choose": translate(N_("Choose a photo")),
        "camera": words["camera"],
        "loading": translate(N_("The network is being loaded…")),
        "shown": translate(N_("What the network is asked about")),
        "private": translate(
            N_("The network is inside of this page. It needs no connection, and no picture leaves this device.")
        ),
    }
    parts = {name: html.escape(text) for name, text in texts.items()} | {
        "language": html.escape(language),
        "facts": json.dumps({"classes": list(class_names), "words": words}).replace("<", "\\u003c"),
        "runtime": _packed_runtime(runtime),
        "network": _packed(network),
        "factory": _inside((runtime / "wasm" / f"{_RUNTIME}.js").read_text("utf-8")),
        "script": _inside((runtime / SCRIPT).read_text("utf-8")),
    }
    return Template(_PAGE.read_text("utf-8")).substitute(parts).encode()


def _words(translate: Translate) -> dict[str, str]:
    return {
        "answer": translate(N_("The network says:")),
        "camera": translate(N_("Open the camera")),
        "stop": translate(N_("Close the camera")),
        "refused": translate(N_("There is no camera for this page: it was refused, is in use, or there is none.")),
        "unreadable": translate(N_("This browser cannot read that file as a picture. Choose another one.")),
        "cannot": translate(N_("This browser cannot run the network. A newer one can.")),
    }


def _inside(script: str) -> str:
    """A script as it may stand in a page: nothing in it ends it before its end."""
    return re.sub("</(?=script)", r"<\\/", script, flags=re.IGNORECASE)


@lru_cache(maxsize=1)
def _packed_runtime(runtime: Path) -> str:
    return _packed((runtime / "wasm" / f"{_RUNTIME}.wasm").read_bytes())


def _packed(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content, mtime=0)).decode()
