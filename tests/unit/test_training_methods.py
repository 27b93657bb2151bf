"""The ways to train: facts that the plan, the phases and the network agree with."""

from __future__ import annotations

import pytest

from tlcore.errors import InvalidArgumentError
from tlcore.training import TrainingSpec, get_method, list_methods
from tlcore.training.network import build_network
from tlcore.training.phases import phases_of
from tlcore.training.plan import training_plan

SHAPE = (32, 32, 3)


@pytest.mark.parametrize("name", list_methods())
def test_phases_and_plan_do_what_the_registry_says(name: str) -> None:
    method = get_method(name)
    spec = TrainingSpec(base="VGG16Slim", method=name, weights="random", fine_tuning_epochs=1)
    network = build_network(spec, SHAPE, 2)

    phases = phases_of(spec, network.base)
    assert tuple(phase.name for phase in phases) == method.phases
    assert (phases[0].first_trained is not None) == method.trains_everything_at_once
    plan = training_plan(spec, SHAPE[:2], 2)
    assert (plan.first_trained is None) == (phases[-1].first_trained is None)
    trained = [layer.tensors for layer in (*plan.base, *plan.head) if plan.is_trained(layer)]
    assert sum(trained) == {"head": 4, "fine_tuning": 10}.get(phases[-1].name, 30)


@pytest.mark.parametrize("name", list_methods())
def test_a_base_starts_at_random_where_the_registry_says(name: str) -> None:
    base = build_network(TrainingSpec(method=name), SHAPE, 2).base
    assert (base.tlcore_info.weights_source == "random") == get_method(name).starts_at_random


def test_an_unknown_way_is_refused_with_all_names() -> None:
    with pytest.raises(InvalidArgumentError, match=r"'feature_extraction'.*'random_frozen'"):
        get_method("transfer")
    with pytest.raises(InvalidArgumentError) as refused:
        TrainingSpec(method="transfer")
    assert str(refused.value).startswith("Expected `method` to be one of 'feature_extraction', 'frozen'")
    with pytest.raises(InvalidArgumentError, match="one of"):
        TrainingSpec(method=["scratch"])
