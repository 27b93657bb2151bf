"""What a figure was measured on."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from tlcore.machine import memory_bytes, processor_name

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


def has_bfloat16() -> bool | None:
    """Whether the processor computes in bfloat16; None where the system does not say."""
    flags = cpu_fact("flags").split()
    return any(flag in flags for flag in ("avx512_bf16", "amx_bf16")) if flags else None


def cpu_fact(name: str) -> str:
    """A line of Linux's /proc/cpuinfo; "" elsewhere."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def package_version(name: str) -> str | None:
    """The installed version, None without the package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
