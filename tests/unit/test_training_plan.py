"""What a run trains, told from the shipped tables."""

from __future__ import annotations

import pytest

from tlcore.architectures import list_architectures
from tlcore.architectures.catalog import catalogued
from tlcore.training import TrainingSpec
from tlcore.training.plan import TrainingPlan, feature_shape, training_plan


def trained_tensors(plan: TrainingPlan) -> int:
    return sum(layer.tensors for layer in (*plan.base, *plan.head) if plan.is_trained(layer))


def test_the_lectures_numbers() -> None:
    plan = training_plan(TrainingSpec(base="VGG16", method="fine_tuning"), (150, 150), 2)
    assert (plan.tensors_before, plan.tensors_head, plan.tensors_unfrozen) == (30, 4, 10)
    assert plan.first_trained == "block5_conv1"
    assert sum(layer.parameters for layer in (*plan.base, *plan.head)) == 16_812_353


@pytest.mark.parametrize(
    ("method", "first", "tensors"),
    [
        ("feature_extraction", None, 4),
        ("frozen", None, 4),
        ("random_frozen", None, 4),
        ("unfrozen", "block1_conv1", 30),
        ("scratch", "block1_conv1", 30),
    ],
)
def test_each_way_trains_its_part(method: str, first: str | None, tensors: int) -> None:
    plan = training_plan(TrainingSpec(base="VGG16", method=method), (150, 150), 2)  # type: ignore[arg-type]
    assert (plan.first_trained, trained_tensors(plan)) == (first, tensors)


def test_a_later_unfreeze_point_trains_less() -> None:
    spec = TrainingSpec(base="VGG16", method="fine_tuning", unfreeze_from="block5_conv3", head=(64, 32))
    plan = training_plan(spec, (150, 150), 5)
    assert trained_tensors(plan) == 2 + 6
    assert [plan.is_trained(layer) for layer in plan.blocks()["block5"]] == [False, False, True]
    assert plan.head[-1].parameters == 33 * 5


@pytest.mark.parametrize("name", list_architectures())
def test_output_size_of_each_base_is_that_of_its_table(name: str) -> None:
    summary = catalogued(name, include_top=False)
    assert summary is not None
    assert feature_shape(summary, summary.input_shape[:2]) == summary.output_shape
