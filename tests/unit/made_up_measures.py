"""Made-up measurements of each claim: functions from a cell to what might have been measured there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Cell = dict[str, Any]
Measure = Callable[[Cell], dict[str, Any]]


def counted(**changes: int) -> Measure:
    counts = {
        "before": 30,
        "frozen": 4,
        "fine_tuning": 10,
        "parameters": 16_812_353,
        "base_parameters": 14_714_688,
        "features": 8192,
        "dense_parameters": 2_097_408,
        "classifier_parameters": 257,
    }
    return lambda cell: {**counts, **changes}


def by(key: str, **values: dict[Any, Any]) -> Measure:
    """Measures that depend on one entry of the cell; entries that are not named keep the common value."""
    return lambda cell: {measure: table[cell[key]] for measure, table in values.items() if cell[key] in table}


def depth_curve(near: int, far: int) -> Measure:
    """Probes that are best at these depths."""

    def measure(cell: Cell) -> dict[str, Any]:
        best, depths = near if cell["task"] == "near" else far, range(1, len(cell["layers"]) + 1)
        flat = cell["trained"] == "random"
        accuracies = [0.5 if flat else 0.95 - 0.05 * abs(depth - best) for depth in depths]
        return {"accuracies": accuracies, "validation_accuracies": accuracies}

    return measure


def learning_curves(few: dict[str, float]) -> Measure:
    """Accuracies at five images a class; with a hundred all are alike."""
    return lambda cell: {"accuracy": few[cell["method"]] if cell["images_per_class"] < 100 else 0.9}


def flat_curve(validation: tuple[float, float]) -> Measure:
    """Probes that are alike on the test images; on the validation images the first or the last layer is ahead."""

    def measure(cell: Cell) -> dict[str, Any]:
        count = len(cell["layers"])
        first = validation[0] if cell["task"] == "near" else validation[1]
        return {"accuracies": [0.8] * count, "validation_accuracies": [first, *[0.7] * (count - 2), 0.8]}

    return measure


def gaps(without: float, half: float, largest: float = 0.0) -> Measure:
    """Overfitting gaps by dropout; the largest head's are wider by `largest`."""
    return lambda cell: {
        "gap": (half if cell["dropout"] == 0.5 else without) + (largest if cell["units"] == 1024 else 0.0)
    }


def noisy_gaps(cell: Cell) -> dict[str, Any]:
    """Dropout helps one seed as much as it hurts the other, but for a little."""
    change = 0.13 if cell["seed"] == 0 else -0.1
    return {"gap": 0.2 - change if cell["dropout"] == 0.5 else 0.2}


def bases(random: bool, small: float, large: float) -> Measure:
    """Costs of VGG16 and VGG19 that grow with their names."""
    costs = {"VGG16": 1.0, "VGG19": 2.0}

    def measure(cell: Cell) -> dict[str, Any]:
        cell["weights"] = "random" if random else "imagenet"
        cost = costs.get(cell["base"], 0.5)
        accuracy = {"VGG16": small, "VGG19": large}.get(cell["base"], 0.6)
        return {"accuracy": accuracy, "image_s": cost / 100, "megabytes": 100 * cost}

    return measure


def zero(nearest: float | None, trained: float) -> Measure:
    accuracies = {"nearest": nearest, "dictionary": 0.5, "trained": trained}
    return lambda cell: {
        "accuracy": accuracies[cell["way"]],
        "class_name": "crash helmet" if cell["way"] == "nearest" and nearest is not None else None,
        "num_classes": 1000,
        "train_accuracy": 0.7,
        "shows": "hard hat",
    }


def covered(before: tuple[float, float], after: tuple[float, float]) -> Measure:
    """Accuracies with the thing and with the background covered, before and after fine-tuning."""
    pairs = {"frozen": before, "fine_tuning": after}
    return lambda cell: {
        "nothing": 0.9,
        "object": pairs[cell["method"]][0],
        "background": pairs[cell["method"]][1],
    }


def dense(kept: float, fresh: float) -> Measure:
    resized = {
        "fits": False,
        "layer": "fc1",
        "old_formula": "(4 + 1)·2 = 10",
        "new_formula": "(9 + 1)·2 = 20",
        "message": "shapes differ",
    }
    return lambda cell: (
        resized
        if cell["kind"] == "resized"
        else {"accuracy": {"kept": kept, "fresh": fresh}[cell["way"]], "features": 8}
    )
