"""How much sooner an experiment ends with more workers, on two machines' homes that share nothing but a store.

The cells of an experiment are independent jobs, so n workers could finish them n times sooner. Workers here are the
command `python -m tlcore.engine.worker` with one thread each, half of them in a home of its own, as on another machine;
the app has a third home. What keeps n workers from being n times as fast is said by the numbers beside: `busy` is the
share of the workers' time that was spent measuring, and `slower_cell` how much longer one cell takes beside the others
(where more workers than cores are on one machine they take the cores from each other; machines of their own do not).

What is serial, and so bounds any number of workers, is measured alone: what the engine and Dask's scheduler need for
one job, and what bringing one image from the store to a home costs. From these the last rows project a grid of `CELLS`
cells to more workers, each with a core of its own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from distributed import Client

from scripts.browsing import free_port
from tlcore.engine import Engine, JobContext, register_task
from tlcore.experiments import ExperimentSettings
from tlcore.experiments.measuring.sweep import Sweep
from tlcore.mirror.caches import fetch_folder
from tlcore.settings import Settings, get_settings
from tlcore.store.datasets import ready_dataset

EXPERIMENT = "learning_rates"
SETTINGS = ExperimentSettings(
    base="VGG16Slim", weights="random", image_size=32, num_images=200, epochs=4, fine_tuning_epochs=4, seeds=4
)
WARM_UP = SETTINGS.model_copy(update={"seeds": 1, "epochs": 1, "fine_tuning_epochs": 1, "num_images": 60})
WORKERS = (1, 2, 4)
PROJECTED = (1, 4, 16, 64)
CELLS = 640  # of the projected grid: ten for each of the most workers
JOBS = 200
IMAGES, SIDE = 600, 150
OWNER = "benchmark-experiment-scaling"
_LOOK_EVERY_S = 0.05
_START_S = 180.0


@dataclass(frozen=True)
class Sweeps:
    """What one number of workers was measured at.

    Attributes:
        seconds: From the click to the last cell.
        cell_s: That one cell took.
        busy: Share of the workers' time that went into cells.
        job_s: Serial seconds of one job that does nothing.
    """

    seconds: float
    cell_s: float
    busy: float
    job_s: float


@contextmanager
def engine_with(workers: int) -> Iterator[Engine]:
    """The engine on a cluster with this many workers of one thread, on two homes."""
    folder = Path(tempfile.mkdtemp(prefix="experiment-scaling-"))
    before = dict(os.environ)
    os.environ.update(
        {
            "TLCORE_STORE": (folder / "store").as_uri(),
            "TLCORE_HOME": str(folder / "home of the app"),
            "TF_CPP_MIN_LOG_LEVEL": "2",
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
        }
    )
    get_settings.cache_clear()
    try:
        with ExitStack() as running:
            address = f"tcp://127.0.0.1:{free_port()}"
            scheduler = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2])
            running.enter_context(_running([*scheduler, "--no-dashboard"]))
            for machine, number in enumerate((workers // 2 + workers % 2, workers // 2)):
                command = ["tlcore.engine.worker", address, "--role", "training", "--workers", str(number)]
                if number:
                    running.enter_context(_running(command, home=folder / f"home {machine}", core=machine))
            with Client(address, set_as_default=False, timeout=_START_S) as client:
                client.wait_for_workers(workers, timeout=_START_S)
            engine = Engine(Settings(scheduler=address))
            running.callback(engine.close)
            yield engine
    finally:
        os.environ.clear()
        os.environ.update(before)
        get_settings.cache_clear()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(command: list[str], home: Path | None = None, core: int | None = None) -> Iterator[None]:
    """A command of Python until the end of the block; on one core it makes workers of one thread."""
    environment = os.environ | ({} if home is None else {"TLCORE_HOME": str(home)})
    cores = sorted(os.sched_getaffinity(0))
    bind = None if core is None else (lambda: os.sched_setaffinity(0, {cores[core % len(cores)]}))
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        env=environment,
        preexec_fn=bind,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        started = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        process.wait()
        psutil.wait_procs(started, timeout=10)


def sweep_seconds(engine: Engine, settings: ExperimentSettings) -> tuple[float, Sweep]:
    """Seconds from the click to the last cell; every cell is measured, none recalled."""
    sweep = Sweep(engine, OWNER, EXPERIMENT, settings, again=True)
    pause = threading.Event()
    start = time.perf_counter()
    sweep.advance()
    while sweep.state == "running":
        pause.wait(_LOOK_EVERY_S)
        sweep.advance()
    if sweep.error is not None:
        raise sweep.error
    return time.perf_counter() - start, sweep


def do_nothing(context: JobContext) -> None:
    """A task that ends at once."""


def job_seconds(engine: Engine) -> float:
    """Serial seconds of one job: many that do nothing, one after the other as fast as they go."""
    register_task(do_nothing, kind="training")
    start = time.perf_counter()
    ids = [engine.submit(OWNER, "do_nothing", group="jobs") for _ in range(JOBS)]
    for job_id in ids:
        engine.wait(job_id, OWNER, lambda view: view.finished, _START_S)
    return (time.perf_counter() - start) / JOBS


def image_seconds() -> tuple[float, int]:
    """Seconds and bytes that one image costs on its way from the store into an empty home, here a folder beside it."""
    with tempfile.TemporaryDirectory(prefix="experiment-scaling-") as name:
        before = dict(os.environ)
        try:
            os.environ["TLCORE_STORE"] = Path(name, "store").as_uri()
            for home in ("one", "two"):
                os.environ["TLCORE_HOME"] = str(Path(name, home))
                get_settings.cache_clear()
                if home == "one":
                    ready_dataset("helmets", num_images=IMAGES, image_size=(SIDE, SIDE), seed=0)
            (kept,) = Path(name, "one", "datasets").iterdir()
            start = time.perf_counter()
            if not fetch_folder(f"datasets/{kept.name}"):
                raise RuntimeError("The store did not give what it has.")
            return (time.perf_counter() - start) / IMAGES, sum(file.stat().st_size for file in kept.iterdir()) // IMAGES
        finally:
            os.environ.clear()
            os.environ.update(before)
            get_settings.cache_clear()


def measure_with(workers: int, settings: ExperimentSettings) -> Sweeps:
    """One sweep with this many workers, after one that compiles, whose cells are more than the workers."""
    with engine_with(workers) as engine:
        sweep_seconds(engine, WARM_UP)
        seconds, sweep = sweep_seconds(engine, settings)
        cell_s = sweep.seconds / len(sweep.cells)
        return Sweeps(seconds, cell_s, sweep.seconds / (seconds * workers), job_seconds(engine))


def projected_seconds(workers: int, cell_s: float, job_s: float, transfer_s: float) -> float:
    """Of `CELLS` cells: as many at a time as there are workers, but no faster than jobs can be handed out.

    Args:
        workers: How many, each with a core of its own.
        cell_s: Of one cell, alone on a core.
        job_s: Serial, of each cell.
        transfer_s: Until the images of a cell are in the home of each; all fetch at the same time.
    """
    rounds = -(-CELLS // workers)
    return transfer_s + max(rounds * cell_s + job_s * workers, CELLS * job_s)


def add_options(parser: argparse.ArgumentParser) -> None:
    """How often each number of workers is measured, and on how many cells."""
    parser.add_argument("--rounds", type=int, default=3, help="medians of so many (%(default)s)")
    parser.add_argument("--seeds", type=int, default=4, help="repetitions of the grid's five cells (%(default)s)")


def measure(rounds: int = 3, seeds: int = 4) -> Iterator[dict[str, Any]]:
    """Alternates between the numbers of workers; medians over the rounds. Then what is serial, then the projection."""
    settings = SETTINGS.model_copy(update={"seeds": seeds})
    runs: dict[int, list[Sweeps]] = {workers: [] for workers in WORKERS}
    for _ in range(rounds):
        for workers in WORKERS:
            runs[workers].append(measure_with(workers, settings))
    one = _median(runs[1])
    for workers in WORKERS:
        found = _median(runs[workers])
        yield {
            "case": f"{EXPERIMENT}, {workers} of one thread against 1",
            "ours_s": round(found.seconds, 2),
            "theirs_s": round(one.seconds, 2),
            "ratio": round(one.seconds / found.seconds, 2),
            "busy": round(found.busy, 2),
            "slower_cell": round(found.cell_s / one.cell_s, 2),
        }
    job_s = min(run.job_s for all_runs in runs.values() for run in all_runs)
    image_s, image_bytes = image_seconds()
    yield {"case": "a job, engine and scheduler", "value": round(1000 * job_s, 1), "unit": "ms"}
    yield {"case": f"an image from the store ({image_bytes} bytes)", "value": round(1000 * image_s, 3), "unit": "ms"}
    alone_s = projected_seconds(1, one.cell_s, job_s, 0.0)
    for workers in PROJECTED:
        seconds = projected_seconds(workers, one.cell_s, job_s, SETTINGS.num_images * image_s * min(workers, 2))
        yield {
            "case": f"projected: {CELLS} cells, {workers} workers",
            "ours_s": round(seconds, 1),
            "theirs_s": round(alone_s, 1),
            "ratio": round(alone_s / seconds, 1),
        }


def _median(runs: list[Sweeps]) -> Sweeps:
    return Sweeps(*(median(getattr(run, name) for run in runs) for name in ("seconds", "cell_s", "busy", "job_s")))
