"""What every test may use: a private home, real shared data where it is, tiny images, an engine."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from psutil import virtual_memory

from tests.plain_keras import PlainKeras
from tlcore.engine import Engine, get_engine
from tlcore.settings import get_settings

REPOSITORY = Path(__file__).resolve().parent.parent

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as in the workers: two test processes share the cores
os.environ.setdefault("TLCORE_MAX_DOWNLOAD_BYTES", "1000000")  # whoever has a network fetches no public set for a test

#: What one of the processes of the tests may take, with what it starts.
MEMORY_OF_A_PROCESS = 5 * 1024**3
ONE_ENGINE = {"engine", "pages"}


def pytest_xdist_auto_num_workers() -> int:
    """One more than cores, as far as memory goes: those with the engine and with the browser wait half their time."""
    return max(2, min((os.cpu_count() or 1) + 1, virtual_memory().total // MEMORY_OF_A_PROCESS, 4))


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups when its turn comes
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share what takes long to start, an engine or an app, go to one process, so that it is started once."""
    for item in items:
        if item.path.parent.name == "e2e":  # a running app has an engine of its own
            item.add_marker(pytest.mark.xdist_group("browser"))
        elif item.path.parent.name in ONE_ENGINE or "engine" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("engine"))
        elif "plain_keras" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("plain_keras"))


def pytest_runtest_setup() -> None:
    if "tensorflow" in sys.modules:
        freeze_once()


@cache
def freeze_once() -> None:
    """What importing tensorflow leaves, a million objects, stays: looking for garbage passes over it from now on."""
    gc.freeze()


@pytest.fixture(scope="session")
def session_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of everything that lives as long as the test session: the engine's workers."""
    return tmp_path_factory.mktemp("session-home")


@pytest.fixture(autouse=True)
def isolated_home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No test reads or writes the home of the person who runs it.

    A test that uses the `engine` shares the home of its workers, since they outlive the test.
    """
    fixture = "session_home" if "engine" in request.fixturenames else "tmp_path"
    home: Path = request.getfixturevalue(fixture)
    monkeypatch.setenv("TLCORE_HOME", str(home))
    get_settings.cache_clear()
    yield home
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """Real photographs and real weights, which are not part of the repository."""
    folder = Path(os.environ.get("TLCORE_SHARED") or REPOSITORY.parent / "shared").resolve()
    if not (folder / "data").is_dir():
        pytest.skip(f"Needs the shared data; none at {folder}. Set TLCORE_SHARED to the folder that holds it.")
    return folder


@pytest.fixture
def tiny_images() -> NDArray[np.uint8]:
    """Twelve noisy images of 32x32, raw RGB: `uint8 (12, 32, 32, 3)`; even ones are reddish, odd ones bluish."""
    images = np.random.default_rng(0).integers(0, 120, size=(12, 32, 32, 3), dtype=np.uint8)
    images[0::2, ..., 0] += 120
    images[1::2, ..., 2] += 120
    return images


@pytest.fixture
def tiny_labels() -> NDArray[np.int64]:
    """Labels of `tiny_images`: `int64 (12,)`, 0 reddish, 1 bluish."""
    return np.arange(12, dtype=np.int64) % 2


@pytest.fixture
def full_disk() -> Callable[[], AbstractContextManager[None]]:
    """Inside of it no file grows beyond 4 kB: the system itself refuses the write, as on a disk that is full."""
    resource = pytest.importorskip("resource", reason="Windows has no limit of a file's size.")

    @contextmanager
    def limited() -> Iterator[None]:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limited


@pytest.fixture
def image_folder(tmp_path: Path, tiny_images: NDArray[np.uint8], tiny_labels: NDArray[np.int64]) -> Path:
    """`tiny_images` as PNG files in one folder a class: red/ and blue/."""
    from PIL import Image

    folder = tmp_path / "photos"
    for number, (pixels, label) in enumerate(zip(tiny_images, tiny_labels, strict=True)):
        place = folder / ("red", "blue")[label]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(place / f"{number:02}.png")
    return folder


@pytest.fixture
def image_zip(tmp_path: Path, image_folder: Path) -> Path:
    """`image_folder` as a ZIP archive."""
    return Path(shutil.make_archive(str(tmp_path / "photos"), "zip", image_folder))


@pytest.fixture(scope="session")
def plain_keras(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlainKeras]:
    """A process with Keras alone that opens what is saved here."""
    started = PlainKeras(tmp_path_factory.mktemp("plain-keras"))
    yield started
    started.close()


@pytest.fixture(scope="session")
def engine(session_home: Path) -> Iterator[Engine]:
    """A running engine with real workers, the one that `get_engine()` gives; one for all tests that need it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TLCORE_HOME", str(session_home))
        get_settings.cache_clear()
        started = get_engine()
        wait_until(lambda: started.status().state == "ready", 280, lambda: started.status())
        yield started
        started.close()


def wait_until(condition: Callable[[], Any], timeout_s: float, explain: Callable[[], Any] = lambda: "") -> Any:
    """Waits until a condition is true and returns what it returned; fails after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    pause = threading.Event()
    while not (value := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"Nothing after {timeout_s} s. {explain()}")
        pause.wait(0.02)
    return value
