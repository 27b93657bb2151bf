"""Imported first by the process that workers are forked from: it ends with its parent, and each worker with it.

A worker usually notices by itself that whoever started it is gone. One that is stopped (SIGSTOP) cannot, and would keep
its memory, and the lock on the run that it trained, for ever: so the kernel is asked to do it. Linux only, as forking.
"""

from __future__ import annotations

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))


_end_with_parent()
os.register_at_fork(after_in_child=_end_with_parent)  # a fork does not inherit it
