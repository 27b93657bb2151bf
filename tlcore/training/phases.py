"""The phases of each method: which layers are trained, how long, at which rate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tlcore.models.unfreezing import find_unfreeze_layer

from .methods import get_method
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


def phases_of(spec: TrainingSpec, base: Any) -> list[Phase]:
    """The phases of `spec.method`, in order: the head, the head with the unfrozen layers, or everything at once.

    Raises:
        InvalidArgumentError: `unfreeze_from` is no layer of the base.
    """
    return [_phase(name, spec, base) for name in phase_names(spec)]


def phase_names(spec: TrainingSpec) -> tuple[str, ...]:
    """Names of what `phases_of` gives; needs no network."""
    return tuple(name for name in get_method(spec.method).phases if name != "fine_tuning" or spec.fine_tuning_epochs)


def _phase(name: str, spec: TrainingSpec, base: Any) -> Phase:
    if name == "fine_tuning":
        first = find_unfreeze_layer(base, spec.unfreeze_from)
        return Phase(name, first, spec.fine_tuning_epochs, spec.fine_tuning_learning_rate)
    return Phase(name, None if name == "head" else base.layers[0].name, spec.epochs, spec.learning_rate)


def learning_rate_at(phase: Phase, schedule: str, step: int, total_steps: int) -> float:
    """The rate of one batch: constant, or half a cosine from the phase's rate down to zero."""
    if schedule == "constant":
        return phase.learning_rate
    return phase.learning_rate * 0.5 * (1.0 + math.cos(math.pi * step / max(total_steps, 1)))
