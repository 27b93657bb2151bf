"""The epochs of one phase."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlcore.errors import TrainingError
from tlcore.translatable import N_

from .drift import norm_by_layer
from .events import RunEvents
from .phases import Phase, learning_rate_at
from .specification import TrainingSpec
from .train_step import TrainStep

Arrays = list[NDArray[Any]]


@dataclass
class PhaseState:
    """Where a phase stands after its last batch; with the weights it is all that resuming needs.

    Attributes:
        epoch: Whole epochs done in this phase.
        best_loss: Lowest validation loss so far in this phase.
        waited: Epochs since then.
        step: Batches done of the epoch that was stopped; 0 between two epochs.
        loss_sum: Loss of these batches, summed over their images.
        correct: Images of these batches that were classified right.
        seconds: That these batches took.
        best: Values of the network's variables at the best epoch; empty before the first one.
    """

    epoch: int = 0
    best_loss: float = math.inf
    waited: int = 0
    step: int = 0
    loss_sum: float = 0.0
    correct: int = 0
    seconds: float = 0.0
    best: Arrays = field(default_factory=list, repr=False)


@dataclass(frozen=True)
class Examples:
    """Inputs and labels of one split, and how much each image weighs in training."""

    inputs: Arrays
    labels: NDArray[np.int64]
    weights: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, chosen: Any) -> tuple[Arrays, NDArray[np.int64], NDArray[np.float32]]:
        """Inputs, labels `int64` and weights `float32` of the chosen images."""
        return [array[chosen] for array in self.inputs], self.labels[chosen], self.weights[chosen]


class PhaseLoop:
    """Trains one phase, epoch by epoch.

    Args:
        spec: The run.
        phase: What is trained.
        phase_number: Number of the phase; part of the seed of the order of images.
        train_step: The compiled part.
        examples: To learn from, and to judge each epoch by.
        events: Where events go.
        drift: Measures the weight drift of every layer.
    """

    def __init__(
        self,
        spec: TrainingSpec,
        phase: Phase,
        phase_number: int,
        train_step: TrainStep,
        examples: tuple[Examples, Examples],
        events: RunEvents,
        drift: Callable[[], dict[str, float]],
    ) -> None:
        self.spec, self.phase, self.phase_number = spec, phase, phase_number
        self.train_step = train_step
        self.train, self.validation = examples
        self.events = events
        self.drift = drift
        self.state = PhaseState()
        self.steps = math.ceil(len(self.train) / spec.batch_size)

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or patience is at its end."""
        patience = self.spec.early_stopping
        impatient = patience is not None and self.state.waited >= patience
        return impatient or self.state.epoch >= self.phase.epochs

    def run_epoch(self, number: int) -> dict[str, Any] | None:
        """One pass over the training images, then the validation images.

        Args:
            number: Of the epoch in the whole run, from 1.

        Returns:
            The row of the history, or None if the person stopped the run meanwhile.

        Raises:
            TrainingError: The loss became NaN or infinite.
        """
        start_s = time.perf_counter() - self.state.seconds
        norms = self._train_epoch(number)
        if norms is None:
            self.state.seconds = time.perf_counter() - start_s
            return None
        row: dict[str, Any] = {"epoch": number, "phase": self.phase.name}
        row["loss"], row["accuracy"] = (total / len(self.train) for total in (self.state.loss_sum, self.state.correct))
        row["val_loss"], row["val_accuracy"] = self.evaluate(self.validation)
        if not math.isfinite(row["val_loss"]):
            raise divergence_error(row["val_loss"], self._rate(self.steps - 1))
        row["learning_rate"] = self._rate(self.steps - 1)
        self._end_epoch(row["val_loss"])
        drift = self.drift() if self.events.measures_layers else {}
        details = {"weight_drift": drift, "gradient_norm": {**dict.fromkeys(drift, 0.0), **norms}}
        row["seconds"] = time.perf_counter() - start_s
        self.events.emit("epoch", **row, **details, epochs=self.phase.epochs)
        return {**row, **details}

    def _train_epoch(self, number: int) -> dict[str, float] | None:
        """Trains what is left of the epoch; returns the last gradient norms, or None if the person stopped it."""
        state, size, count = self.state, self.spec.batch_size, len(self.train)
        order = epoch_order(self.spec.seed, self.phase_number, state.epoch, count)
        norms: dict[str, float] = {}
        for step in range(state.step, self.steps):
            if self.events.should_stop():
                return None
            chosen = order[step * size : (step + 1) * size]
            last = self.events.measures_layers and step == self.steps - 1
            due = self.events.batch_is_due()
            loss, correct, squares = self._train_batch(chosen, step, due or last)
            state.step = step + 1
            state.loss_sum += loss * len(chosen)
            state.correct += correct
            if due or last:
                norms = norm_by_layer(self.train_step.layer_names, squares.numpy())
                self._report(number, step, loss, state.correct / min((step + 1) * size, count), norms)
        return norms

    def _train_batch(self, chosen: NDArray[np.int64], step: int, measure_norms: bool) -> tuple[float, int, Any]:
        inputs, labels, weights = self.train.batch(chosen)
        seed = np.array([self.spec.seed, self._step_of_phase(step) + 1_000_003 * self.phase_number], np.int32)
        rate = np.float32(self._rate(step))
        loss, correct, squares = self.train_step.train_batch(inputs, labels, weights, rate, seed, measure_norms)
        value = float(loss)
        if not math.isfinite(value):
            raise divergence_error(value, float(rate))
        return value, int(correct), squares

    def _report(self, number: int, step: int, loss: float, accuracy: float, norms: dict[str, float]) -> None:
        self.events.emit(
            "batch",
            phase=self.phase.name,
            epoch=number,
            batch=step + 1,
            batches=self.steps,
            loss=loss,
            accuracy=accuracy,
            learning_rate=self._rate(step),
            gradient_norm=norms,
        )

    def _step_of_phase(self, step: int) -> int:
        return self.state.epoch * self.steps + step

    def _rate(self, step: int) -> float:
        total = self.phase.epochs * self.steps
        return learning_rate_at(self.phase, self.spec.schedule, self._step_of_phase(step), total)

    def evaluate(self, examples: Examples) -> tuple[float, float]:
        """(mean loss, accuracy) in inference mode."""
        total_loss, total_correct, size = 0.0, 0, max(self.spec.batch_size, 32)
        for start in range(0, len(examples), size):
            inputs, labels, _ = examples.batch(slice(start, start + size))
            loss, correct = self.train_step.evaluate_batch(inputs, labels)
            total_loss += float(loss) * len(labels)
            total_correct += int(correct)
        return total_loss / len(examples), total_correct / len(examples)

    def _end_epoch(self, val_loss: float) -> None:
        """Ends the epoch; remembers the best weights, in case the person stops or patience runs out."""
        state = self.state
        self.state = PhaseState(state.epoch + 1, state.best_loss, state.waited + 1, best=state.best)
        if val_loss < state.best_loss:
            self.state.best_loss, self.state.waited, self.state.best = val_loss, 0, self.values()

    def values(self) -> Arrays:
        """Copies of all variables of what is trained, moving statistics and dropout's state included."""
        return [variable.numpy().copy() for variable in self.train_step.network.variables]

    def restore(self, values: Arrays) -> None:
        """Puts such copies back; an empty list leaves everything as it is."""
        for variable, value in zip(self.train_step.network.variables, values, strict=bool(values)):
            variable.assign(value)


def epoch_order(seed: int, phase_number: int, epoch: int, count: int) -> NDArray[np.int64]:
    """Order of the training images in one epoch: the same for the same seed, phase and epoch."""
    return np.random.default_rng([seed, phase_number, epoch]).permutation(count)


def divergence_error(loss: float, learning_rate: float) -> TrainingError:
    """Why a loss stops being a number, and what to do."""
    return TrainingError(
        N_(
            "Expected the loss to stay a number. Received: {loss} at a learning rate of {learning_rate:g}. Steps this "
            "large overshoot until the weights overflow: train again with a rate ten times smaller."
        ),
        loss=str(loss),
        learning_rate=learning_rate,
    )
