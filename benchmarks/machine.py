"""What a figure was measured on."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import psutil

from tlcore.machine import has_bfloat16, memory_bytes, processor_name

PACKAGES = ("tensorflow", "keras", "numpy", "streamlit", "distributed", "scikit-learn", "pillow")


def describe_machine() -> dict[str, Any]:
    """Processor, cores, memory, system, versions, and how busy the machine was before the measurement."""
    return {
        "processor": processor_name(),
        "cores": psutil.cpu_count(logical=False),
        "threads": os.cpu_count(),
        "memory_gb": round(memory_bytes() / 1e9, 1),
        "load_before": round(psutil.getloadavg()[0], 2),
        "bfloat16": has_bfloat16(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: found for name in PACKAGES if (found := package_version(name))},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def package_version(name: str) -> str | None:
    """The installed version, None without the package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
