"""What is told and kept of a finished run: all of it but the network, which stays in the store.

It is read back from the store's description of the run, so it is validated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from ...training.specification import TrainingSpec
from .references import DatasetReference

if TYPE_CHECKING:
    from pathlib import Path

    from ...projects.document import ProjectDocument
    from ...store import OwnerStore, StoredFile, StoredItem

Row = dict[str, Any]  # one epoch, by the names of what was measured


@dataclass(frozen=True)
class Interval:
    """Where a share lies with 95 % confidence, in [0, 1]."""

    low: float
    high: float


@dataclass(frozen=True)
class ClassMetrics:
    """One class in the test.

    Attributes:
        precision: Of what was called so, the share that was.
        recall: Of what was so, the share that was found.
        count: Test images of the class.
    """

    precision: float
    recall: float
    count: int


@dataclass(frozen=True)
class Mistake:
    """A test image that was named wrongly.

    Attributes:
        index: Of the image in the test part.
        true: Label of its class.
        predicted: Label of the class that it was taken for.
        probability: That the network gave to it, in [0, 1].
    """

    index: int
    true: int
    predicted: int
    probability: float


@dataclass(frozen=True)
class CalibrationBin:
    """Test images whose likeliest class has about the same probability.

    Attributes:
        low, high: Bounds of that probability, in [0, 1].
        confidence: Its mean.
        accuracy: Share of them that was right.
        count: How many they are.
    """

    low: float
    high: float
    confidence: float
    accuracy: float
    count: int


@dataclass(frozen=True)
class Calibration:
    """Whether a network is right as often as it says.

    Attributes:
        bins: From unsure to sure; those without an image are left out.
        expected_calibration_error: Mean distance of `confidence` and `accuracy` over the images, in [0, 1].
    """

    bins: tuple[CalibrationBin, ...]
    expected_calibration_error: float


@dataclass(frozen=True)
class RunMetrics:
    """How good the network is on the test images, see `tlcore.inference.evaluate`.

    Attributes:
        accuracy: Share that was right, in [0, 1].
        balanced_accuracy: Mean over the classes of the share that was right.
        confusion_matrix: True class -> predicted class -> images.
        wilson_interval: Of the accuracy.
        per_class: One a class.
        mistakes: The surest first.
        calibration: None of a run that an older version has kept.
    """

    accuracy: float
    balanced_accuracy: float
    confusion_matrix: tuple[tuple[int, ...], ...]
    wilson_interval: Interval
    per_class: tuple[ClassMetrics, ...]
    mistakes: tuple[Mistake, ...]
    calibration: Calibration | None = None


@dataclass(frozen=True)
class RunCosts:
    """What a run cost, and what the plain way would have cost, see `tlcore.training.ledger`.

    Attributes:
        base_forward_passes: Images that were run through frozen layers.
        base_forward_passes_plain: How many Keras's `fit` would have run.
        trained_parameters: Phase -> parameters.
        total_parameters: Of the network.
        optimizer_bytes: Memory of the optimizer.
        cached_bytes: Features on disk.
        seconds: Phase -> seconds.
        precision: Of the frozen part.
        runtime: What ran the frozen part: "tensorflow" or "litert".
        times_predict: How many times as fast as Keras's `predict` that was; None where it was not measured.
        plain_seconds_estimated: Of the plain way; None where nothing was saved.
    """

    base_forward_passes: int
    base_forward_passes_plain: int
    trained_parameters: dict[str, int]
    total_parameters: int
    optimizer_bytes: int
    cached_bytes: int
    seconds: dict[str, float]
    precision: str
    plain_seconds_estimated: float | None
    runtime: str = "tensorflow"
    times_predict: float | None = None


@dataclass(frozen=True)
class TrainedRun:
    """A finished run; fields as in `tlcore.training.Run` but for these.

    Attributes:
        run_id: In the store, kind "runs".
        data: The images that it was trained on; None where it came from a file and they are not here.
        dataset: Their name.
        class_titles: The classes as words to read.
        layer_history: The last row only: gradients and drift of the last epoch.
        can_go_on: Whether "train" may be told to go on from it.
        has_before: Whether it can be opened as it stood before fine-tuning.
    """

    run_id: str
    spec: TrainingSpec
    data: DatasetReference | None
    dataset: str
    class_names: tuple[str, ...]
    class_titles: tuple[str, ...]
    history: tuple[Row, ...]
    layer_history: tuple[Row, ...]
    trainable_tensors_before: int
    trainable_tensors_after: int
    trainable_tensors_fine_tuning: int | None
    weight_drift: dict[str, float]
    timings: dict[str, float]
    test_metrics: RunMetrics
    cost_ledger: RunCosts
    notes: tuple[tuple[str, dict[str, Any]], ...]
    stopped: bool
    can_go_on: bool
    has_before: bool = False


@dataclass(frozen=True)
class KeptRun:
    """A run in the store.

    Attributes:
        run: What came of it.
        number: Of the session's runs, the first being 1.
        name: What it is called.
        title: Number and name, since names may be alike.
        created_s: When it was kept, in seconds since the epoch.
    """

    run: TrainedRun
    number: int
    name: str
    title: str
    created_s: float

    @property
    def run_id(self) -> str:
        """Its id in the store."""
        return self.run.run_id


_TRAINED_RUN = TypeAdapter(TrainedRun)
_METRICS = TypeAdapter(RunMetrics)


def trained_run(run_id: str, facts: dict[str, Any]) -> TrainedRun:
    """The run that a description in the store tells of.

    Args:
        run_id: Of the run in the store.
        facts: The other fields, as JSON holds them.
    """
    return _TRAINED_RUN.validate_python({**facts, "run_id": run_id})


def run_metrics(values: dict[str, Any]) -> RunMetrics:
    """What `tlcore.inference.evaluate` measured."""
    return _METRICS.validate_python(values)


def kept_runs(store: OwnerStore) -> list[KeptRun]:
    """All runs that a session keeps, the newest first; what another version has kept otherwise is left out."""
    return [run for item in store.items("runs") if (run := _kept(item)) is not None]


def kept_run(store: OwnerStore, run_id: str) -> KeptRun | None:
    """A run that a session keeps; None for what another version has kept otherwise.

    Raises:
        InvalidArgumentError: The session has no such run.
    """
    return _kept(store.item("runs", run_id))


def project_file(store: OwnerStore, run_id: str) -> StoredFile:
    """The project file of a run that a session keeps.

    Raises:
        InvalidArgumentError: The session has no such run.
    """
    from ...projects import PROJECT_FILE

    return store.file("runs", run_id, PROJECT_FILE)


def project_summary(store: OwnerStore, run_id: str) -> ProjectDocument:
    """What the project file of a kept run says, without its weights.

    Raises:
        InvalidArgumentError: The session has no such run.
        ProjectError: The file is damaged.
    """
    from ...projects import read_project_summary

    return read_project_summary(project_path(store, run_id))


def project_path(store: OwnerStore, run_id: str) -> Path:
    """Where the project file of a kept run lies.

    Raises:
        InvalidArgumentError: The session has no such run.
    """
    from ...projects import PROJECT_FILE

    return store.path("runs", run_id, PROJECT_FILE)


def _kept(item: StoredItem) -> KeptRun | None:
    try:
        return KeptRun(trained_run(item.item_id, item.details), item.number, item.name, item.title, item.created_s)
    except ValidationError:
        return None
