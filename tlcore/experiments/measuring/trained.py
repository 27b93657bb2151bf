"""Cells that are training runs: most claims compare several of them."""

from __future__ import annotations

from math import prod
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...architectures.catalog import has_batch_norm
from ...datasets import Split
from ...training.methods import get_method
from ..specification import Cell, ExperimentSettings, Text, Values, Watcher
from .data import data_of, load
from .probes import shared_base
from .stopping import leave_if_asked

if TYPE_CHECKING:
    from ...training import Run

#: RMSprop's rate for networks that start at random, the lecture's. At 0.001, which suits a head, the embedded network
#: does not learn from 240 drawings within 15 epochs; at 0.0003 it fits half of them, at 0.0001 nearly all.
SCRATCH_RATE = 1e-4

#: For runs of which one trains at the head's rate to its last epoch and another ends at the small rate of fine-tuning:
#: with constant rates the first would stop wherever its last large steps happened to take it, and the second would owe
#: a part of its lead to calming down. Falling rates calm both.
FALLING: dict[str, Any] = {"schedule": "cosine"}

#: What is trained from scratch beside a base with BatchNormalization, whose running means and variances need more steps
#: than a lesson has: EfficientNetLite0 fits 240 digits within 20 epochs, and says one class of all the others.
_SCRATCH_BASE = "VGG16Slim"

_HISTORY = ("epoch", "phase", "loss", "accuracy", "val_loss", "val_accuracy", "seconds")


def method_name(method: str) -> Text:
    """What a method is called on the screen."""
    return Text(get_method(method).label)


def scratch_rate(settings: ExperimentSettings) -> float:
    """The rate for what starts at random: that of the settings where it is small enough."""
    return min(settings.learning_rate, SCRATCH_RATE)


def scratch_base(settings: ExperimentSettings) -> str:
    """The network that is trained from scratch: that of the settings if few steps are enough for it."""
    return _SCRATCH_BASE if has_batch_norm(settings.base) else settings.base


def training_cell(settings: ExperimentSettings, method: str, seed: int, **changes: Any) -> Cell:
    """A cell that trains by `method`; `changes` are fields of `TrainingSpec`."""
    training = {
        "base": settings.base,
        "weights": settings.weights,
        "method": method,
        "head": [settings.head],
        "learning_rate": scratch_rate(settings) if method == "scratch" else settings.learning_rate,
        "fine_tuning_learning_rate": settings.fine_tuning_learning_rate,
        "epochs": settings.epochs,
        "fine_tuning_epochs": settings.fine_tuning_epochs,
        "seed": seed,
    }
    if method == "scratch" and scratch_base(settings) != settings.base:
        training |= {"base": scratch_base(settings), "weights": "random"}
    return {"method": method, "seed": seed, "data": data_of(settings, seed), "training": {**training, **changes}}


def measure_training(cell: Cell, watcher: Watcher) -> Values:
    """Trains as the cell says and returns what the claims compare."""
    from ...training import TrainingSpec
    from ...training.memory import check_memory_for
    from ...training.trained_network import reads_base_only
    from ...training.trainer import train_on

    data = load(cell)
    leave_if_asked(watcher)
    spec = TrainingSpec(**cell["training"])
    check_memory_for(spec, data)
    base = shared_base(spec.base, str(spec.weights), data.image_size[0], 0) if reads_base_only(spec) else None
    leave_if_asked(watcher)
    run = train_on(base, spec, data, on_event=watcher.emit, should_stop=watcher.should_stop)
    values = values_of(run, len(data.test))
    if cell.get("gap"):  # measured without dropout on both sides: the curves have it on the training side only
        values["train_accuracy"] = accuracy_of(run.model, data.train)
        values["val_accuracy"] = accuracy_of(run.model, data.validation)
        values["gap"] = values["train_accuracy"] - values["val_accuracy"]
        values["num_validation"] = len(data.validation)
    return values


def values_of(run: Run, num_test: int) -> Values:
    """The plain values of a run; the drift is that of the base, since the head starts from nothing anyway."""
    from ...architectures import describe

    of_base = {layer.name for layer in describe(run.spec.base, include_top=False).layers}
    drift = {layer: float(value) for layer, value in run.weight_drift.items() if layer in of_base}
    return {
        "accuracy": float(run.test_metrics["balanced_accuracy"]),
        "num_test": num_test,
        "chance": 1 / len(run.class_names),
        "history": [{key: row[key] for key in _HISTORY if key in row} for row in run.history],
        "drift": drift,
        "largest_drift": max(drift.values(), default=0.0),
        "timings": {phase: float(seconds) for phase, seconds in run.timings.items()},
        "epoch_s": fmean(float(row["seconds"]) for row in run.history) if run.history else 0.0,
        "trained_parameters": sum(prod(weight.shape) for weight in run.model.trainable_weights),
        "tensors": [run.trainable_tensors_before, run.trainable_tensors_after, run.trainable_tensors_fine_tuning],
    }


def accuracy_of(model: Any, split: Split) -> float:
    """Share of the images of `split` that `model` names right, without dropout."""
    return float(np.mean(labels_by(model, split.images) == split.labels))


def labels_by(model: Any, images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """What `model` says of raw images: `int64 (N,)`."""
    from ...inference import predict_probabilities

    return np.asarray(predict_probabilities(model, images).argmax(axis=1), np.int64)
