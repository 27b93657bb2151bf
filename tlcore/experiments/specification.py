"""What an experiment is: a claim of the lecture, the grid of measurements that tests it, and what they add up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from ..architectures import PROPOSED_BASE
from ..weights import usual_weights

#: One measurement of the grid: plain values only, since it travels as JSON and is the key of the cache.
Cell = dict[str, Any]

#: What a measurement found: plain values only.
Values = dict[str, Any]

#: How a number is shown: `percent` of a share in [0, 1], `points` for a difference of two shares, `scientific` for
#: rates, `setting` for a number that was chosen, with all its digits, `number` for anything else with decimals.
Kind = Literal["text", "count", "number", "percent", "points", "seconds", "megabytes", "ratio", "scientific", "setting"]

#: What the measurements say about the claim; "unclear" where the difference drowns in the noise.
Verdict = Literal["holds", "fails", "unclear"]


@dataclass(frozen=True)
class Quantity:
    """A number together with how it is to be shown, so that a page can write it in its own language."""

    value: float
    kind: Kind

    def __str__(self) -> str:
        return _ENGLISH[self.kind](self.value)


_ENGLISH: dict[Kind, Callable[[float], str]] = {
    "text": str,
    "count": lambda value: f"{value:,.0f}",
    "number": lambda value: f"{value:,.3g}",
    "percent": lambda value: f"{100 * value:.1f}%",
    "points": lambda value: f"{100 * value:.1f}",
    "seconds": lambda value: f"{value:.1f} s" if value >= 1 else f"{value:.2f} s",
    "megabytes": lambda value: f"{value:.1f} MB",
    "ratio": lambda value: f"{value:.1f}×",
    "setting": lambda value: f"{value:g}",
    "scientific": lambda value: f"{value:.0e}",
}


@dataclass(frozen=True)
class Text:
    """A translatable template with its values, which may be texts or quantities themselves."""

    template: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**{name: str(value) for name, value in self.params.items()})


@dataclass(frozen=True)
class ClassName:
    """Name of a class, which is a word of somebody's data and no text of this package; the page may know its word."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Column:
    """One column of the table of results: the key in each row, its title, how its numbers are shown."""

    key: str
    title: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Series:
    """One line, or one group of bars, of the chart.

    Attributes:
        name: Of the legend.
        x: Numbers, or names for bars.
        y: As many numbers; None where there is none.
        low, high: Band around `y` over the seeds, if there is more than one.
    """

    name: Text
    x: Sequence[Any]
    y: Sequence[float | None]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None


@dataclass(frozen=True)
class Chart:
    """What to draw, without drawing it. `x_title` and `y_title` are translatable.

    `takeaway` is the sentence that says what it shows; the first chart of a result has the result's own.
    """

    kind: Literal["line", "bar", "scatter"]
    x_title: str
    y_title: str
    series: tuple[Series, ...]
    y_kind: Kind = "percent"
    x_log: bool = False
    y_log: bool = False
    takeaway: Text | None = None


@dataclass(frozen=True)
class Figure:
    """The one number on which a verdict rests, for the board of all claims.

    Attributes:
        title: What it counts, translatable.
        quantity: The number.
        margin: Of a difference of two averages: `CLEARLY` standard errors of it. The verdict stays unclear as long as
            `quantity` is not farther from zero than that.
    """

    title: str
    quantity: Quantity
    margin: float | None = None


@dataclass(frozen=True)
class Result:
    """What the measurements add up to.

    Attributes:
        verdict: What they say about the claim on these data.
        takeaway: Sentences computed from the measurements.
        columns, rows: The table. Row values are numbers, strings or `Text`.
        charts: At least one.
        answer: Index of the guess that turned out right; None where none did.
        figure: The number on which the verdict rests; None before all is measured.
    """

    verdict: Verdict
    takeaway: tuple[Text, ...]
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    charts: tuple[Chart, ...]
    answer: int | None = None
    figure: Figure | None = None


@dataclass(frozen=True)
class Outcome:
    """A cell and what was measured for it."""

    cell: Cell
    values: Values


#: Settings that matter to probes of a base that is not trained, in the order in which a page shows them.
PROBES = ("base", "weights", "num_images", "image_size", "seeds")

#: To networks of which only the head is trained.
ONE_PHASE = ("base", "weights", "num_images", "image_size", "epochs", "learning_rate", "head", "seeds")

#: To networks that are fine-tuned after it.
TWO_PHASES = (
    "base",
    "weights",
    "num_images",
    "image_size",
    "epochs",
    "fine_tuning_epochs",
    "learning_rate",
    "fine_tuning_learning_rate",
    "head",
    "seeds",
)


class ExperimentSettings(BaseModel):
    """What a learner may change; each experiment uses some of the fields (see `ExperimentSpec.uses`).

    Attributes:
        base: Architecture whose convolutional part is reused.
        weights: As in `tlcore.build_base`; without them those that the base is usually used with.
        dataset: Registered name; ignored where `stored` is given.
        stored: A set of the learner's own, already checked by the page: its name, see `tlcore.store.own_sets`, or the
            folder that holds it.
        num_images: Over all classes and splits, of a registered dataset.
        image_size: Height and width in pixels. Fewer than the lecture's 150, and 64 in the claims that train whole
            networks again and again, so that two cores measure all claims on one dataset in less than half an hour.
        epochs: Of the head; of everything for methods that train everything at once.
        fine_tuning_epochs: After unfreezing.
        learning_rate: Of the head.
        fine_tuning_learning_rate: After unfreezing.
        head: Units of the dense layer before the classifier.
        seeds: How often each measurement is repeated, each time with other images and other initial weights.
        pool: Images that all repetitions share, each of which draws its `num_images` from them: the base looks at them
            once, so that one more repetition costs little where nothing of it is trained. Without it each repetition
            draws images of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: str = Field(PROPOSED_BASE, max_length=60)
    weights: str = Field(
        default_factory=lambda settings: usual_weights(settings.get("base", PROPOSED_BASE)), max_length=400
    )
    dataset: str = Field("helmets", max_length=60)
    stored: str | None = Field(None, max_length=400)
    num_images: int = Field(400, ge=12, le=5000)
    image_size: int = Field(96, ge=32, le=224)
    epochs: int = Field(15, ge=1, le=100)
    fine_tuning_epochs: int = Field(10, ge=1, le=100)
    learning_rate: float = Field(1e-3, gt=0.0, le=0.1)
    fine_tuning_learning_rate: float = Field(1e-5, gt=0.0, le=0.01)
    head: int = Field(256, ge=1, le=4096)
    seeds: int = Field(2, ge=1, le=100)
    pool: int | None = Field(None, ge=12, le=5000)


class Watcher(Protocol):
    """Who watches a measurement: the context of a job of the engine, or `Unwatched`."""

    def emit(self, event: dict[str, Any]) -> None:
        """Takes an event of the measurement."""

    def should_stop(self) -> bool:
        """Whether the measurement was cancelled."""


class Unwatched:
    """Nobody watches, nobody cancels."""

    def emit(self, event: dict[str, Any]) -> None:
        """Lets the event go."""

    def should_stop(self) -> bool:
        """Never: nobody waits."""
        return False


@dataclass(frozen=True)
class Guess:
    """A question to commit to before the result is shown; texts are translatable."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class ExperimentSpec:
    """One claim of the lecture and how it is measured. All texts are translatable.

    Attributes:
        name: What `get_experiment` is called with; also the name of its file.
        title: Name on the screen.
        claim: In the lecture's words.
        slide: Heading of the slides that make the claim.
        guess: Question before the result.
        notice: What to look at in the result.
        defaults: Settings for a few minutes on two cores.
        uses: Names of the settings that matter here, in the order in which a page shows them.
        grid: Settings -> independent cells.
        measure: Cell -> values, through the public API; runs in a worker.
        summarise: Outcomes (in any order, possibly not all yet) -> what they add up to.
        code: Settings -> Keras code of the comparison, in English (see `tlcore.lesson_code.in_language`).
        excluded: Registered datasets on which the claim makes no sense, each with the reason.
        for_a_class: Whether thirty people can measure it at once on two cores: a repetition takes seconds where all
            share one pool of images.
    """

    name: str
    title: str
    claim: str
    slide: str
    guess: Guess
    notice: str
    defaults: ExperimentSettings
    uses: tuple[str, ...]
    grid: Callable[[ExperimentSettings], list[Cell]] = field(repr=False)
    measure: Callable[[Cell, Watcher], Values] = field(repr=False)
    summarise: Callable[[Sequence[Outcome]], Result] = field(repr=False)
    code: Callable[[ExperimentSettings], str] = field(repr=False)
    excluded: Mapping[str, str] = field(default_factory=dict, hash=False)
    for_a_class: bool = False

    @property
    def needs_images(self) -> bool:
        """Whether the claim is measured on images, and so on one dataset or another."""
        return "num_images" in self.uses
