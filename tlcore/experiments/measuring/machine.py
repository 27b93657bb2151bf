"""The machine that measured something, in few words, to stand beside its numbers."""

from __future__ import annotations

import os
import platform
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ...machine import processor_name


@lru_cache(maxsize=1)
def describe_machine() -> dict[str, Any]:
    """Processor, cores, system and versions; plain values."""
    return {
        "processor": processor_name(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "tensorflow": _version("tensorflow"),
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
