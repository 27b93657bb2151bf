"""Claim: the classes of the base are not those of the new task, so its classifier has to be replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets import Dataset
from ...lesson_code.layout import block, comment, lines, paragraphs
from ...lesson_code.statements import load_base, measure_test
from ...translatable import N_
from ..measuring.aggregate import (
    OPTION_BY_VERDICT,
    Average,
    averaged_by,
    best,
    compare,
    deciding,
    difference,
    grouped,
)
from ..measuring.curves import ACCURACY_COLUMN, TEST_ACCURACY, listed
from ..measuring.data import class_titles, data_of, load
from ..measuring.probes import balanced_accuracy, outputs_of, shared_base
from ..measuring.trained import measure_training, training_cell
from ..shown_code import KERAS_IMPORTS, base_code, head_on_features, images_code, size_of
from ..specification import (
    ONE_PHASE,
    Cell,
    Chart,
    ClassName,
    Column,
    ExperimentSettings,
    ExperimentSpec,
    Guess,
    Outcome,
    Quantity,
    Result,
    Series,
    Text,
    Values,
    Verdict,
    Watcher,
)

_WAYS = {
    "nearest": N_("the base's class that is nearest to the task"),
    "dictionary": N_("the base's most probable class, translated"),
    "trained": N_("a trained head"),
}
_STANDS_FOR = N_("“{name}” for “{shows}”")


def _grid(settings: ExperimentSettings) -> list[Cell]:
    cells = []
    for seed in range(settings.seeds):
        asked = {"base": settings.base, "weights": settings.weights, "seed": seed, "data": data_of(settings, seed)}
        cells += [{**asked, "way": way} for way in ("nearest", "dictionary")]
        cells.append({**training_cell(settings, "feature_extraction", seed), "way": "trained"})
    return cells


def _measure(cell: Cell, watcher: Watcher) -> Values:
    if cell["way"] == "trained":
        return measure_training(cell, watcher)
    data = load(cell)
    base = shared_base(cell["base"], cell["weights"], cell["data"]["image_size"], cell["seed"], include_top=True)
    names = base.tlcore_info.class_names or ()
    train, test = outputs_of(cell, "train", "test", include_top=True)
    if cell["way"] == "nearest":
        found = _by_nearest(train, test, data, names, class_titles(cell, data))
    else:
        found = _by_dictionary(train, test, data)
    return {**found, "num_test": len(data.test), "trained_parameters": 0}


def _by_nearest(
    train: NDArray[np.float32], test: NDArray[np.float32], data: Dataset, names: Sequence[str], titles: Sequence[str]
) -> dict[str, Any]:
    """A detector from one class of the base: its probability against a threshold, both chosen on the training images.

    `accuracy`, on the test images, is None where the task has not two classes.
    """
    if data.num_classes != 2:
        return {"accuracy": None, "class_name": None}
    detector = nearest_class(train, data.train.labels)
    said = np.where(test[:, detector.index] > detector.threshold, detector.label, 1 - detector.label)
    return {
        "accuracy": balanced_accuracy(said, data.test.labels),
        "class_name": names[detector.index] if names else str(detector.index),
        "num_classes": train.shape[1],
        "train_accuracy": detector.accuracy,
        "shows": titles[detector.label],
    }


@dataclass(frozen=True)
class Detector:
    """One class of the base that stands for one of two classes of the task.

    Attributes:
        index: Of the class of the base.
        label: Of the class of the task that is said where the probability is above `threshold`.
        threshold: Of the probability.
        accuracy: Balanced, on the images that it was chosen on.
    """

    index: int
    label: int
    threshold: float
    accuracy: float


def nearest_class(probabilities: NDArray[np.float32], labels: NDArray[np.int64]) -> Detector:
    """The class of the base whose probability tells two classes of the task apart best; the first of equals.

    Args:
        probabilities: `(N, classes of the base)`.
        labels: `(N,)`, 0 or 1.
    """
    detectors = [
        Detector(index, label, *_best_threshold(probabilities[:, index], labels == label))
        for index in range(probabilities.shape[1])
        for label in (0, 1)
    ]
    return max(detectors, key=lambda detector: detector.accuracy)


def _best_threshold(scores: NDArray[np.float32], is_label: NDArray[np.bool_]) -> tuple[float, float]:
    """The threshold with the best balanced accuracy on these scores, halfway between two of them; and that accuracy."""
    found = np.unique(scores).astype(np.float64)
    candidates = np.concatenate([[0.0], (found[:-1] + found[1:]) / 2])
    above = scores[np.newaxis, :] > candidates[:, np.newaxis]  # (candidates, N)
    right = (above[:, is_label].mean(axis=1) + (~above[:, ~is_label]).mean(axis=1)) / 2
    best = int(right.argmax())
    return float(candidates[best]), float(right[best])


def _by_dictionary(train: NDArray[np.float32], test: NDArray[np.float32], data: Dataset) -> dict[str, Any]:
    """Each class of the base stands for the class of the task that it was said of most often in training."""
    counts = np.zeros((train.shape[1], data.num_classes))
    np.add.at(counts, (train.argmax(axis=1), data.train.labels), 1)
    counts /= np.maximum(1, counts.sum(axis=0))  # a frequent class does not take all
    meaning = counts.argmax(axis=1)
    return {"accuracy": balanced_accuracy(meaning[test.argmax(axis=1)], data.test.labels), "class_name": None}


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    measured = [outcome for outcome in outcomes if outcome.values["accuracy"] is not None]
    accuracies = averaged_by(measured, "accuracy", "way", accuracy=True)
    asked = {key[0] for key in grouped(outcomes, "way")}
    nearest = [outcome for outcome in measured if outcome.cell["way"] == "nearest"]
    complete = asked == set(_WAYS)
    rows: tuple[dict[str, Any], ...] = tuple(
        {"way": Text(title), "accuracy": accuracies[way].mean} for way, title in _WAYS.items() if way in accuracies
    )
    series = Series(Text(N_("test images")), [row["way"] for row in rows], [row["accuracy"] for row in rows])
    return Result(
        verdict=_verdict(accuracies) if complete else "unclear",
        takeaway=_takeaway(accuracies, nearest) if complete else (),
        columns=(Column("way", N_("way")), ACCURACY_COLUMN),
        rows=rows,
        charts=(Chart("bar", N_("way"), TEST_ACCURACY, (series,)),),
        answer=_answer(accuracies) if complete else None,
        figure=difference(N_("trained head minus no training"), *_contrast(accuracies)) if complete else None,
    )


def _untrained(accuracies: dict[str, Average]) -> str:
    """The better of the ways without training."""
    return str(best({way: value for way, value in accuracies.items() if way != "trained"}))


def _contrast(accuracies: dict[str, Average]) -> tuple[Average, Average]:
    """A trained head beside the better of the ways without training."""
    return accuracies["trained"], accuracies[_untrained(accuracies)]


def _verdict(accuracies: dict[str, Average]) -> Verdict:
    return compare(*_contrast(accuracies))


def _answer(accuracies: dict[str, Average]) -> int:
    return OPTION_BY_VERDICT[_verdict(accuracies)]


def _takeaway(accuracies: dict[str, Average], nearest: Sequence[Outcome]) -> tuple[Text, ...]:
    way = _untrained(accuracies)
    params = {
        "way": Text(_WAYS[way]),
        "untrained": Quantity(accuracies[way].mean, "percent"),
        "trained": Quantity(accuracies["trained"].mean, "percent"),
    }
    templates = {
        "holds": N_("A trained head reaches {trained}; without training, the best is “{way}” with {untrained}."),
        "unclear": N_(
            "A trained head reaches {trained}, and without training “{way}” reaches {untrained}: no clear difference, "
            "so on these data the claim is not confirmed."
        ),
        "fails": N_(
            "Without training, “{way}” reaches {untrained}, more than a trained head with {trained}: the claim does "
            "not hold on these data."
        ),
    }
    undecided = deciding(_verdict(accuracies), _contrast(accuracies))
    return (Text(templates[_verdict(accuracies)], params), _about_nearest(accuracies, nearest), *undecided)


def _about_nearest(accuracies: dict[str, Average], nearest: Sequence[Outcome]) -> Text:
    """Which classes of the base were chosen, one for each draw of images, and how they did on images not chosen by."""
    if not nearest:
        return Text(N_("A single class of the base as a detector is measured for tasks of two classes only."))
    found = {(outcome.values["class_name"], outcome.values["shows"]): None for outcome in nearest}
    return Text(
        N_(
            "Of the {count} classes of this base, chosen on the training images as the one whose probability tells "
            "them apart best: {names}. On the training images it reaches {train}, on the test images {accuracy}; 50% "
            "is a coin."
        ),
        {
            "count": Quantity(nearest[0].values["num_classes"], "count"),
            "names": listed([_stands_for(name, shows) for name, shows in found]),
            "train": Quantity(fmean(outcome.values["train_accuracy"] for outcome in nearest), "percent"),
            "accuracy": Quantity(accuracies["nearest"].mean, "percent"),
        },
    )


def _stands_for(name: str, shows: str) -> Text:
    return Text(_STANDS_FOR, {"name": ClassName(name), "shows": ClassName(shows)})


def _code(settings: ExperimentSettings) -> str:
    whole = load_base(
        repr(settings.base), repr(settings.weights), size_of(settings), include_top=True, result="whole_model ="
    )
    answers = block(
        "for answer in tlcore.predict(whole_model, test_images[0], top=5):",
        "print(answer.class_name, answer.probability)",
    )
    return paragraphs(
        images_code(settings, "import numpy as np", "import tlcore", KERAS_IMPORTS),
        base_code(settings),
        lines(comment(N_("the same base with its own classifier: its classes, before any training")), whole, answers),
        lines(
            comment(N_("against a head that is trained on the features")),
            head_on_features(settings, "train", "val", "test"),
            measure_test(inputs="features", model="dense_model"),
        ),
    )


EXPERIMENT = ExperimentSpec(
    name="zero_training",
    title=N_("Without any training"),
    claim=N_(
        "“As the classes of VGG16 are specific to the problem that it was trained for, we have to take off the dense "
        "layers before using it in our problem.”"
    ),
    slide=N_("Example: helmets with VGG16"),
    guess=Guess(
        N_("Is a trained head clearly better than asking the base for its own classes?"),
        (N_("Yes"), N_("About the same"), N_("No, the base's own classes are better")),
    ),
    notice=N_(
        "Which class of the base was chosen as the nearest, and how much of what it reached on the training images it "
        "keeps on the test images: the best of a thousand classes is also the luckiest. EfficientNet-Lite0 knows "
        "ImageNet's 1,000 classes: “crash helmet” is among them, but no digit and no solar cell. VGG16 slim knows 200 "
        "classes and no helmet."
    ),
    defaults=ExperimentSettings(epochs=15, seeds=4),
    uses=ONE_PHASE,
    grid=_grid,
    measure=_measure,
    summarise=_summarise,
    code=_code,
    for_a_class=True,
)
