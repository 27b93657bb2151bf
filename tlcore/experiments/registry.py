"""The experiments in the order of the lecture."""

from __future__ import annotations

from ..errors import InvalidArgumentError
from ..translatable import N_
from .claims import (
    break_it,
    data_efficiency,
    dense_layers,
    generality,
    learning_rates,
    regularisation,
    same_result,
    shortcuts,
    tensor_counts,
    three_ways,
    unfreeze_depth,
    which_base,
    zero_training,
)
from .specification import ExperimentSpec

_EXPERIMENTS: dict[str, ExperimentSpec] = {
    module.EXPERIMENT.name: module.EXPERIMENT
    for module in (
        tensor_counts,
        same_result,
        three_ways,
        break_it,
        generality,
        unfreeze_depth,
        data_efficiency,
        learning_rates,
        regularisation,
        which_base,
        zero_training,
        shortcuts,
        dense_layers,
    )
}


def list_experiments() -> list[str]:
    """Names that `get_experiment` knows."""
    return list(_EXPERIMENTS)


def get_experiment(name: str) -> ExperimentSpec:
    """One experiment.

    Raises:
        InvalidArgumentError: If there is no such experiment.
    """
    if not isinstance(name, str) or name not in _EXPERIMENTS:
        raise InvalidArgumentError(
            N_(
                "Expected `name` of an experiment to be one of {names}. Received: {value!r}. "
                "Try tlcore.experiments.list_experiments()."
            ),
            names=list_experiments(),
            value=name,
        )
    return _EXPERIMENTS[name]
