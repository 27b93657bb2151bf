"""What a worker does before its first job (a Dask preload): set tensorflow up, then import it.

The order matters: thread counts and memory growth can be set only before anything touches tensorflow's runtime.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import locket
import psutil

from ..logs import configure_log
from ..mirror import get_mirror
from ..settings import get_settings
from .scratch import Scratch

_NICE = 10  #: of 19; a worker so nice gets a tenth of a core that another one wants, and all of one that nobody wants

_PATIENCE_S = 60.0  #: a finished job waits this long for a store that does not answer

_scratch: list[Scratch] = []  # of this process


def thread_count(resources: dict[str, float], cores: int) -> int:
    """Threads that tensorflow may use in a worker.

    Training gets every core. A worker that only does interactive work gets half, so that a prediction during a
    training run does not fight it for all of them.
    """
    return cores if "training" in resources else max(1, cores // 2)


def dask_setup(worker: Any) -> None:
    """Called by Dask when the worker process starts."""
    resources = dict(worker.state.total_resources)
    import_module("tlcore.engine.template")  # it sets tensorflow's environment
    _own_scratch()
    if (mirror := get_mirror()) is not None:
        mirror.patience_s = _PATIENCE_S
    import tensorflow as tf
    from dask.system import CPU_COUNT

    threads = thread_count(resources, CPU_COUNT)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(min(2, threads))
    for device in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(device, True)
    _warm_up()
    configure_log()  # not before: the imports have brought loggers of their own
    if "interactive" not in resources:
        _give_way()  # not before: who waits for a worker that starts waits for an answer


def dask_teardown(worker: Any) -> None:
    """Called by Dask when the worker process ends in order."""
    if _scratch:
        _scratch.pop().close()


def _give_way() -> None:
    """Lets go first who waits for an answer: trainings and experiments take what pages and interactive work leave."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        return
    # On Linux each thread has a priority of its own, at first that of the thread which started it.
    threads = [thread.id for thread in psutil.Process().threads()] if sys.platform == "linux" else [0]
    for thread in threads:
        with suppress(ProcessLookupError):  # it has ended
            os.setpriority(os.PRIO_PROCESS, thread, _NICE)


def _own_scratch() -> None:
    """A folder of its own for temporary files; a full or read-only home leaves them where the system has them."""
    with suppress(OSError, locket.LockError):
        _scratch.append(Scratch(get_settings().home.absolute() / "scratch"))


def _warm_up() -> None:
    """Pays for what is paid once a process, so that the first job starts at once: a training step of a tiny network."""
    import keras
    import numpy as np

    network = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    network.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
    network.fit(np.zeros((1, 1)), np.zeros((1, 1)), verbose=0)
