"""What every browser gets alike: the runtime, built of `frontend/`, and networks that nobody here has trained.

Streamlit serves the folder `static`. Files in it never change under the same name and look as if they were old, so that
browsers keep them.
"""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from tlcore.files import delete_oldest, write_atomically

STATIC = Path(__file__).resolve().parents[4] / "static"
_MOST_BYTES = 300 * 1024**2  # of networks; Streamlit serves nothing of a folder with more than 1 GB
_LONG_AGO_S = 1577836800.0  # 2020: browsers keep a file for a tenth of its age


def runtime_folder() -> Path | None:
    """Where the runtime lies; None where it could not be built."""
    built = (STATIC / "frontend").glob("*/network.js")
    return next((script.parent for script in built if script.is_file()), None)


def runtime_address() -> str | None:
    """Where a browser finds the runtime, with a slash at its end; None where it could not be built."""
    folder = runtime_folder()
    return None if folder is None else _address(f"frontend/{folder.name}/")


def network_address(file: str) -> str | None:
    """Where a browser finds a network; None before it was put there."""
    path = _networks() / file
    if not path.is_file():
        return None
    os.utime(path, (path.stat().st_ctime, _LONG_AGO_S))
    return _address(f"networks/{file}")


def keep_network(file: str, content: bytes) -> None:
    """Puts a network where browsers find it.

    Raises:
        OSError: The folder cannot be written, or the disk is full.
    """
    target = _networks() / file
    write_atomically(target, content)
    kept = [(path.stat().st_ctime, path.stat().st_size, path) for path in _networks().glob("*.tflite")]
    delete_oldest(kept, _MOST_BYTES, keep=target, delete=Path.unlink)


def _networks() -> Path:
    return STATIC / "networks"


def _address(path: str) -> str:
    prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{prefix}/app/static/{path}" if prefix else f"/app/static/{path}"
