"""How much sooner an experiment ends with two workers than with one, over the engine on a plain Dask cluster.

The cells of an experiment are independent jobs, so n workers could finish them n times sooner. What keeps them from it
is said by the numbers beside: `busy` is the share of the workers' time that was spent measuring (the rest is handing
out jobs and waiting for the last one), and `slower_cell` is how much longer one cell takes while its neighbour runs
(cores, caches and memory are shared on one machine; on two machines it would be 1).
Each worker computes with the same number of threads: the cores divided by the larger number of workers.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from distributed import LocalCluster

from tlcore.engine import Engine
from tlcore.experiments import ExperimentSettings
from tlcore.experiments.measuring.sweep import Sweep
from tlcore.settings import Settings, get_settings

EXPERIMENT = "learning_rates"
SETTINGS = ExperimentSettings(
    base="VGG16Slim", weights="random", image_size=32, num_images=200, epochs=4, fine_tuning_epochs=4, seeds=4
)
WARM_UP = SETTINGS.model_copy(update={"seeds": 1, "epochs": 1, "fine_tuning_epochs": 1, "num_images": 60})
WORKERS = (1, 2)
ROUNDS = 3
_LOOK_EVERY_S = 0.05


@contextmanager
def engine_with(workers: int) -> Iterator[Engine]:
    """The engine on a cluster with this many workers, each in a process of its own, with an empty home."""
    threads = str(max(1, (os.cpu_count() or 1) // max(WORKERS)))
    home = tempfile.mkdtemp(prefix="experiment-scaling-")
    environment = dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), threads)
    before = dict(os.environ)
    os.environ.update(environment, TLCORE_HOME=home, TF_CPP_MIN_LOG_LEVEL="2")
    get_settings.cache_clear()
    try:
        with LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, resources={"training": 1}
        ) as cluster:
            engine = Engine(Settings(scheduler=cluster.scheduler_address))
            try:
                yield engine
            finally:
                engine.close()
    finally:
        os.environ.clear()
        os.environ.update(before)
        get_settings.cache_clear()
        shutil.rmtree(home, ignore_errors=True)


def sweep_seconds(engine: Engine, settings: ExperimentSettings) -> tuple[float, Sweep]:
    """Seconds from the click to the last cell; every cell is measured, none recalled."""
    sweep = Sweep(engine, "benchmark-experiment-scaling", EXPERIMENT, settings, again=True)
    pause = threading.Event()
    start = time.perf_counter()
    sweep.advance()
    while sweep.state == "running":
        pause.wait(_LOOK_EVERY_S)
        sweep.advance()
    if sweep.error is not None:
        raise sweep.error
    return time.perf_counter() - start, sweep


def measure_with(workers: int) -> dict[str, float]:
    """One sweep with this many workers, after one that loads tensorflow and compiles."""
    with engine_with(workers) as engine:
        sweep_seconds(engine, WARM_UP)
        seconds, sweep = sweep_seconds(engine, SETTINGS)
        return {
            "seconds": seconds,
            "cell_s": sweep.seconds / len(sweep.cells),
            "busy": sweep.seconds / (seconds * workers),
        }


def measure() -> list[dict[str, Any]]:
    """Alternates between the numbers of workers; medians over the rounds."""
    rounds: dict[int, list[dict[str, float]]] = {workers: [] for workers in WORKERS}
    for _ in range(ROUNDS):
        for workers in WORKERS:
            rounds[workers].append(measure_with(workers))
    found = {
        workers: {key: median(one[key] for one in runs) for key in ("seconds", "cell_s", "busy")}
        for workers, runs in rounds.items()
    }
    one, two = (found[workers] for workers in WORKERS)
    return [
        {
            "case": f"{EXPERIMENT}, 2 workers against 1",
            "ours_s": round(two["seconds"], 3),
            "theirs_s": round(one["seconds"], 3),
            "ratio": round(one["seconds"] / two["seconds"], 3),
            "busy_1": round(one["busy"], 3),
            "busy_2": round(two["busy"], 3),
            "slower_cell": round(two["cell_s"] / one["cell_s"], 3),
        }
    ]
