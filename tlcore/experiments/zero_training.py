"""Claim: the classes of the base are not those of the new task, so its classifier has to be replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..datasets import Dataset
from ..translatable import N_
from .aggregate import Average, averaged, best, compare, grouped
from .code import lesson_code
from .data import data_of, load
from .probes import balanced_accuracy
from .specification import (
    Cell,
    Chart,
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
from .trained import measure_training, training_cell

_WAYS = {
    "nearest": N_("the base's class that is nearest to the task"),
    "dictionary": N_("the base's most probable class, translated"),
    "trained": N_("a trained head"),
}

#: Classes of known bases that show what a class of the task shows, the nearest first; lower case.
_NEAREST = {
    "hardhat": ("crash helmet", "football helmet", "sombrero"),
    "helmet": ("crash helmet", "football helmet", "sombrero"),
    "capacete": ("crash helmet", "football helmet", "sombrero"),
}


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
    from ..inference import predict_probabilities
    from ..models import build_base

    data = load(cell)
    base = build_base(cell["base"], input_shape=(*data.image_size, 3), weights=cell["weights"], include_top=True)
    names = base.tlcore_info.class_names or ()
    train, test = (predict_probabilities(base, split.images) for split in (data.train, data.test))
    say = _by_nearest if cell["way"] == "nearest" else _by_dictionary
    return {**say(train, test, data, names), "num_test": len(data.test)}


def _by_nearest(
    train: NDArray[np.float32], test: NDArray[np.float32], data: Dataset, names: Sequence[str]
) -> dict[str, Any]:
    """A detector from one class of the base: its probability against a threshold read off the training images.

    `accuracy` is None where no class of the base shows what one of two classes of the task shows.
    """
    found = nearest_class(names, data.class_names) if data.num_classes == 2 else None
    if found is None:
        return {"accuracy": None, "class_name": None}
    label, index = found
    is_label = data.train.labels == label
    threshold = _best_threshold(train[:, index], is_label)
    said = np.where(test[:, index] > threshold, label, 1 - label)
    return {"accuracy": balanced_accuracy(said, data.test.labels), "class_name": names[index]}


def nearest_class(names: Sequence[str], class_names: Sequence[str]) -> tuple[int, int] | None:
    """Label of the task and index of the base's class that shows the same; None without one."""
    known = {name.lower().replace("_", " "): index for index, name in enumerate(names)}
    for label, class_name in enumerate(class_names):
        word = class_name.lower()
        if word.startswith(("no", "sem")):  # the class that lacks the thing
            continue
        wanted = next((near for key, near in _NEAREST.items() if key in word), (word.replace("_", " "),))
        for name in wanted:
            if name in known:
                return label, known[name]
    return None


def _best_threshold(scores: NDArray[np.float32], is_label: NDArray[np.bool_]) -> float:
    """The threshold with the best balanced accuracy on these scores."""
    candidates = np.concatenate([[0.0], np.unique(scores)])
    above = scores[np.newaxis, :] > candidates[:, np.newaxis]  # (candidates, N)
    right = (above[:, is_label].mean(axis=1) + (~above[:, ~is_label]).mean(axis=1)) / 2
    return float(candidates[int(right.argmax())])


def _by_dictionary(
    train: NDArray[np.float32], test: NDArray[np.float32], data: Dataset, names: Sequence[str]
) -> dict[str, Any]:
    """Each class of the base stands for the class of the task that it was said of most often in training."""
    counts = np.zeros((train.shape[1], data.num_classes))
    np.add.at(counts, (train.argmax(axis=1), data.train.labels), 1)
    counts /= np.maximum(1, counts.sum(axis=0))  # a frequent class does not take all
    meaning = counts.argmax(axis=1)
    return {"accuracy": balanced_accuracy(meaning[test.argmax(axis=1)], data.test.labels), "class_name": None}


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    measured = [outcome for outcome in outcomes if outcome.values["accuracy"] is not None]
    accuracies = {key[0]: value for key, value in averaged(measured, "accuracy", "way", accuracy=True).items()}
    asked = {key[0] for key in grouped(outcomes, "way")}
    nearest = next((outcome.values["class_name"] for outcome in outcomes if outcome.cell["way"] == "nearest"), None)
    complete = asked == set(_WAYS)
    rows: tuple[dict[str, Any], ...] = tuple(
        {"way": Text(title), "accuracy": accuracies[way].mean} for way, title in _WAYS.items() if way in accuracies
    )
    series = Series(Text(N_("test images")), [row["way"] for row in rows], [row["accuracy"] for row in rows])
    return Result(
        verdict=_verdict(accuracies) if complete else "unclear",
        takeaway=_takeaway(accuracies, nearest) if complete else (),
        columns=(Column("way", N_("way")), Column("accuracy", N_("balanced accuracy on the test images"), "percent")),
        rows=rows,
        charts=(Chart("bar", N_("way"), N_("balanced accuracy on the test images"), (series,)),),
        answer=_answer(accuracies) if complete else None,
    )


def _untrained(accuracies: dict[str, Average]) -> str:
    """The better of the ways without training."""
    return str(best({way: value for way, value in accuracies.items() if way != "trained"}))


def _verdict(accuracies: dict[str, Average]) -> Verdict:
    return compare(accuracies["trained"], accuracies[_untrained(accuracies)])


def _answer(accuracies: dict[str, Average]) -> int:
    return {"holds": 0, "unclear": 1, "fails": 2}[_verdict(accuracies)]


def _takeaway(accuracies: dict[str, Average], nearest: str | None) -> tuple[Text, ...]:
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
    return Text(templates[_verdict(accuracies)], params), _about_nearest(accuracies, nearest)


def _about_nearest(accuracies: dict[str, Average], nearest: str | None) -> Text:
    if nearest is None:
        return Text(N_("No class of this base shows what one of the two classes of the task shows."))
    return Text(
        N_("The nearest class of this base is “{name}”; as a detector it reaches {accuracy}, and 50% is a coin."),
        {"name": nearest, "accuracy": Quantity(accuracies["nearest"].mean, "percent")},
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
        "What the nearest class of the base is. ImageNet has “crash helmet”; a base with fewer classes may have none."
    ),
    defaults=ExperimentSettings(num_images=400, epochs=15, seeds=2),
    uses=("base", "weights", "num_images", "image_size", "epochs", "learning_rate", "head", "seeds"),
    grid=_grid,
    measure=_measure,
    summarise=_summarise,
    code=lambda settings, translate=str: lesson_code(settings, "own_classes", translate),
)
