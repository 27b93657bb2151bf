"""What this program knows about the machine it runs on."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import psutil

_MMAP_THRESHOLD = -3  # glibc's M_MMAP_THRESHOLD
_LARGE_BLOCK = 1024**2
_CONTAINER_FILES = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def python_command() -> str:
    """The Python that runs this program, as one types it in the program's folder: that of the lab's own environment."""
    folder = Path(__file__).resolve().parent.parent
    if Path(sys.prefix) != folder / ".venv":
        return "python"
    return r".venv\Scripts\python" if sys.platform == "win32" else ".venv/bin/python"


@lru_cache(maxsize=1)
def processor_name() -> str:
    """The processor's model, as well as the system knows it."""
    if sys.platform == "darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(command, capture_output=True, text=True).stdout.strip() or platform.machine()
    return _processor_fact("model name") or platform.processor() or platform.machine()


def has_bfloat16() -> bool | None:
    """Whether the processor computes in bfloat16; None where the system does not say."""
    flags = _processor_fact("flags").split()
    return any(flag in flags for flag in ("avx512_bf16", "amx_bf16")) if flags else None


def _processor_fact(name: str) -> str:
    """A line of Linux's /proc/cpuinfo; "" elsewhere."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


class OthersShare:
    """How much of this machine's processors other processes have had since this was made."""

    def __init__(self) -> None:
        self._start_s = time.perf_counter()
        self._busy_s, self._own_s = _busy_seconds(), time.process_time()

    def now(self) -> float:
        """Share in [0, 1]."""
        available_s = (time.perf_counter() - self._start_s) * (os.cpu_count() or 1)
        others_s = _busy_seconds() - self._busy_s - (time.process_time() - self._own_s)
        return min(1.0, max(0.0, others_s / available_s))


def _busy_seconds() -> float:
    """Processor seconds that all processes of the machine have had since it started."""
    times = psutil.cpu_times()._asdict()
    return float(sum(times[name] for name in ("user", "system", "nice", "irq", "softirq", "steal") if name in times))


@lru_cache(maxsize=1)
def memory_bytes() -> int:
    """Memory of the whole machine, or of the container where that has a limit; in use or not."""
    return min([int(psutil.virtual_memory().total), *_container_limits()])


def _container_limits() -> list[int]:
    """What Linux's control groups allow this process; empty elsewhere and without a limit."""
    limits = []
    for path in _CONTAINER_FILES:
        with suppress(OSError, ValueError):  # no such file; "max"
            limits.append(int(Path(path).read_text("utf-8")))
    return limits


def return_large_blocks() -> None:
    """Has large blocks of memory go back to the system when they are let go, in this process from now on.

    After the first such block glibc keeps later ones of up to 32 MB for itself, in as many places as there are threads:
    an upload that nobody holds any more would count for hours. Other C libraries return them.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL("libc.so.6").mallopt(_MMAP_THRESHOLD, _LARGE_BLOCK)
