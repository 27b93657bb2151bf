"""The phases of each method: which layers are trained, how long, at which rate."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tlcore.models.head import Network
from tlcore.models.unfreezing import find_unfreeze_layer

from .specification import TrainingSpec


@dataclass(frozen=True)
class Phase:
    """One stretch of training with the same layers frozen.

    Attributes:
        name: "head", "fine_tuning", or the method's name where everything is trained at once.
        first_trained: First layer of the base that is trained, None if only the head is.
        epochs: At most so many; early stopping may end it before.
        learning_rate: At its start.
    """

    name: str
    first_trained: str | None
    epochs: int
    learning_rate: float


def phases_of(spec: TrainingSpec, network: Network) -> list[Phase]:
    """What `spec.method` does, in order.

    feature_extraction, frozen, random_frozen: the head alone. fine_tuning: the head, then the base from
    `unfreeze_from` on together with the head (the five steps of slide 43). unfrozen, scratch: everything at once.

    Raises:
        InvalidArgumentError: `unfreeze_from` is no layer of the base.
    """
    if spec.method in ("unfrozen", "scratch"):
        return [Phase(spec.method, network.base.layers[0].name, spec.epochs, spec.learning_rate)]
    phases = [Phase("head", None, spec.epochs, spec.learning_rate)]
    if count_phases(spec) > 1:
        first = find_unfreeze_layer(network.base, spec.unfreeze_from)
        phases.append(Phase("fine_tuning", first, spec.fine_tuning_epochs, spec.fine_tuning_learning_rate))
    return phases


def count_phases(spec: TrainingSpec) -> int:
    """How many `phases_of` gives; needs no network."""
    return 2 if spec.method == "fine_tuning" and spec.fine_tuning_epochs else 1


def learning_rate_at(phase: Phase, schedule: str, step: int, total_steps: int) -> float:
    """The rate of one batch: constant, or half a cosine from the phase's rate down to zero."""
    if schedule == "constant":
        return phase.learning_rate
    return phase.learning_rate * 0.5 * (1.0 + math.cos(math.pi * step / max(total_steps, 1)))
