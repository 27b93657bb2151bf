"""What a person does in a lesson: look at networks, prepare images, run a base over them, train a head.

Everything is addressed by the keys of the widgets, never by what is written on them.
"""

from __future__ import annotations

import asyncio
import time
from random import Random

from benchmarks.load.page import Page
from benchmarks.load.person import Person
from benchmarks.load.widgets import options
from pages.ui.architecture_explorer.state import INCLUDE_TOP, NETWORK, TAB
from pages.ui.common.state import DATASETS_JOB
from pages.ui.feature_extraction.state import FEATURES_JOB, JOB
from tlcore.architectures import get_architecture

LANGUAGE = "lang=en"
IMAGES = f"{LANGUAGE}&source=helmets&images=60&size=64"
NETWORKS = ("ResNet50", "MobileNetV2", "VGG19")
VIEWS = (4, 5, 0)  # the graph, the volumes, and back to the table: what needs no engine
EXTRACT, TRAIN, CURVE, RESULT = (
    "feature_extraction.extract",
    "feature_extraction.train",
    "curve-accuracy-",
    "feature_extraction-confusion",
)
EXPERIMENT = "data_efficiency"
#: Interactions that wait for a job of the engine: from the click to what came of it.
JOBS = ("images are there", "features are there", "first point of the curve", "the head is trained")


class Pace:
    """How long a person reads between two clicks: seconds between half and one and a half of `mean_s`."""

    def __init__(self, mean_s: float, seed: int) -> None:
        self._mean_s, self._random = mean_s, Random(seed)

    async def read(self) -> None:
        await asyncio.sleep(self._mean_s * self._random.uniform(0.5, 1.5))


async def lesson(person: Person, pace: Pace) -> None:
    """From the first page to a trained head."""
    await explore(person, pace)
    await prepare(person, pace)
    await extract(person, pace)
    await train(person)


async def explore(person: Person, pace: Pace) -> None:
    """The first page and the explorer."""
    await person.follow("first page", "", LANGUAGE)
    await pace.read()
    await person.go("explorer", "architecture_explorer")
    for name in NETWORKS:
        await pace.read()
        await person.choose("another network", NETWORK.name, _option(person.page, NETWORK.name, name))
    await pace.read()
    await person.choose("dense layers off", INCLUDE_TOP.name, False)
    for number in VIEWS:
        await pace.read()
        await person.choose("another view", TAB.name, _option_number(person.page, TAB.name, number))


async def prepare(person: Person, pace: Pace) -> None:
    """The lecturer's link to the images, and the button below them."""
    await pace.read()
    await person.follow("images", "datasets", IMAGES)
    await pace.read()
    began = time.perf_counter()
    await person.press("prepare", "datasets.prepare")
    await person.until(lambda page: page.find("datasets-counts") and not runs(page, DATASETS_JOB.name), "prepare")
    person.note(JOBS[0], time.perf_counter() - began)


async def extract(person: Person, pace: Pace) -> None:
    """The base runs over the images."""
    await pace.read()
    await person.go("feature extraction", "feature_extraction")
    await pace.read()
    await run_base(person)


async def run_base(person: Person) -> None:
    """On the page of the features; nothing where one button does both."""
    if person.page.find(EXTRACT) is None:
        return
    began = time.perf_counter()
    await person.press("extract", EXTRACT)
    await person.until(lambda page: can_press(page, TRAIN), "extract")
    person.note(JOBS[1], time.perf_counter() - began)


async def prepare_to_train(person: Person) -> None:
    """Up to the button that trains, without reading anything."""
    pace = Pace(0.0, 0)
    await prepare(person, pace)
    await extract(person, pace)


async def measure_experiment(person: Person) -> None:
    """Starts an experiment that takes minutes; returns when it measures."""
    await person.follow("experiment", "experiments", f"{LANGUAGE}&experiment={EXPERIMENT}")
    await person.press("measure", f"experiments.{EXPERIMENT}.run")
    await person.until(lambda page: page.find(f"experiments.{EXPERIMENT}.cancel"), "measure")


async def train(person: Person) -> float:
    """The head learns; returns the seconds to the first point of its curve."""
    await person.until(lambda page: page.idle and can_press(page, TRAIN), "train")
    known = _curves(person.page)
    began = time.perf_counter()
    points: list[float] = []

    def drawn(page: Page) -> bool:
        if not points and _curves(page) - known:
            points.append(time.perf_counter() - began)
        return bool(points) and page.idle and page.find(RESULT) is not None and can_press(page, TRAIN)

    pressing = asyncio.create_task(person.press("train", TRAIN))
    watching = asyncio.create_task(person.until(drawn, "train"))
    await asyncio.gather(pressing, watching)
    person.note(JOBS[2], points[0])
    person.note(JOBS[3], time.perf_counter() - began)
    return points[0]


def runs(page: Page, job: str) -> bool:
    """Whether the page offers to stop a job."""
    return page.find(f"{job}.stop") is not None


def can_press(page: Page, key: str) -> bool:
    """Whether a button is there and on, and none of the page's jobs runs."""
    part = page.find(key)
    return (
        part is not None
        and not part.content.disabled
        and not runs(page, JOB.name)
        and not runs(page, FEATURES_JOB.name)
    )


def _curves(page: Page) -> set[str]:
    return {part.key for part in page.parts() if part.key.startswith(CURVE) and not part.key.endswith("-table")}


def _option(page: Page, key: str, network: str) -> str:
    part = page.find(key)
    title = get_architecture(network).title
    return next(option for option in options(part.content) if option.startswith(title)) if part else ""


def _option_number(page: Page, key: str, number: int) -> str:
    part = page.find(key)
    return options(part.content)[number] if part else ""
