"""Takeaways follow from the numbers: each claim is fed measurements that bear it out and measurements that do not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.made_up_measures import (
    Cell,
    Measure,
    bases,
    by,
    counted,
    covered,
    dense,
    depth_curve,
    flat_curve,
    gaps,
    learning_curves,
    noisy_gaps,
    zero,
)
from tlcore.experiments import ExperimentSettings, Outcome, Result, get_experiment

SETTINGS = ExperimentSettings(base="VGG16Slim", seeds=2)
#: Claims about some of the cells alone: once those are measured, the others change nothing.
EARLY = {"generality", "tensor_counts", "unfreeze_depth", "which_base"}


def summarised(name: str, measure: Measure) -> Result:
    """The result of an experiment whose cells measure what `measure` says."""
    spec = get_experiment(name)
    return spec.summarise([Outcome(cell, {**_COMMON, **measure(cell)}) for cell in spec.grid(SETTINGS)])


def words(result: Result) -> str:
    return " ".join(str(text) for text in result.takeaway)


_COMMON: dict[str, Any] = {
    "num_test": 100,
    "accuracy": 0.8,
    "gap": 0.1,
    "epoch_s": 1.0,
    "cost_s": 1.0,
    "val_accuracy": 0.8,
    "num_validation": 100,
    "covered_share": 0.4,
    "chance": 0.5,
    "timings": {"fit": 1.0},
    "history": [{"epoch": 1, "loss": 0.5, "val_loss": 0.5, "accuracy": 0.8, "val_accuracy": 0.8}],
    "drift": {"block1_conv1": 0.0, "block5_conv1": 0.1},
    "largest_drift": 0.1,
}


CASES: list[tuple[str, Measure, str, str]] = [
    ("tensor_counts", counted(), "holds", "exactly as the lecture says"),
    ("tensor_counts", counted(frozen=6), "fails", "not what the lecture says"),
    ("same_result", by("method"), "holds", "no epoch's validation loss differs"),
    (
        "same_result",
        by("method", history={"frozen": [{**_COMMON["history"][0], "val_loss": 0.9}]}),
        "fails",
        "the claim does not hold",
    ),
    (
        "same_result",
        by(
            "method",
            history={
                "feature_extraction": [_COMMON["history"][0]] * 3,
                "frozen": [*[_COMMON["history"][0]] * 2, {**_COMMON["history"][0], "val_loss": 0.9}],
            },
        ),
        "unclear",
        "the same for their first 2 epochs",
    ),
    (
        "three_ways",
        by("method", accuracy={"scratch": 0.55, "feature_extraction": 0.75, "fine_tuning": 0.95}),
        "holds",
        "Fine-tuning (95.0%) did clearly better",
    ),
    (
        "three_ways",
        by("method", accuracy={"scratch": 0.95, "feature_extraction": 0.75, "fine_tuning": 0.8}),
        "fails",
        "the base has nothing to add",
    ),
    ("three_ways", by("method"), "unclear", "not confirmed on these data"),
    (
        "three_ways",
        by("method", accuracy={"scratch": 0.5, "feature_extraction": 0.75, "fine_tuning": 0.95}),
        "holds",
        "not clearly above guessing",
    ),
    (
        "break_it",
        by(
            "way",
            accuracy={"right": 0.9, "untrained_head": 0.5, "large_rate": 0.5, "wrong_preprocessing": 0.5},
            largest_drift={"right": 0.01, "untrained_head": 0.5, "large_rate": 0.4, "no_recompile": 0.0},
        ),
        "holds",
        "did not move at all",
    ),
    (
        "break_it",
        by("way", accuracy={"right": 0.9, "untrained_head": 0.5}, largest_drift={"right": 0.01, "untrained_head": 0.5}),
        "holds",
        "most of the damage was done by the rate",
    ),
    (
        "break_it",
        by(
            "way",
            accuracy={"right": 0.9, "untrained_head": 0.5},
            largest_drift={"right": 0.01, "untrained_head": 0.5, "untrained_head_small_rate": 0.4},
        ),
        "holds",
        "the untrained head does the damage by itself",
    ),
    (
        "break_it",
        by("way", largest_drift={"right": 0.5, "untrained_head": 0.1, "large_rate": 0.1, "no_recompile": 0.2}),
        "fails",
        "not as claimed",
    ),
    (
        "break_it",
        by("way", largest_drift={"right": 0.01, "untrained_head": 0.5, "large_rate": 0.4, "no_recompile": 0.0}),
        "unclear",
        "did not clearly suffer",
    ),
    ("generality", depth_curve(near=11, far=5), "holds", "moves towards the first layers"),
    ("generality", depth_curve(near=5, far=11), "fails", "does not hold"),
    ("generality", depth_curve(near=8, far=8), "unclear", "layers before it do as well on the far one"),
    ("generality", flat_curve((0.6, 0.9)), "unclear", "differ by no more than chance"),
    ("generality", flat_curve((0.9, 0.6)), "unclear", "differ by no more than chance"),
    (
        "unfreeze_depth",
        by("depth", accuracy={0: 0.8, 1: 0.9}, gap={1: 0.02, 5: 0.3}),
        "holds",
        "grew from 2.0 points",
    ),
    ("unfreeze_depth", by("depth", accuracy={0: 0.8, 1: 0.9}, gap={1: 0.3, 5: 0.02}), "fails", "gap shrank"),
    ("unfreeze_depth", by("depth", accuracy={0: 0.8, 1: 0.9}), "unclear", "next to nothing (-10.0 points)"),
    ("unfreeze_depth", by("depth", accuracy={3: 0.86}, gap={5: 0.4}), "unclear", "cannot tell from chance"),
    ("unfreeze_depth", by("depth", accuracy={0: 0.6, 1: 0.6, 5: 0.95}), "fails", "clearly better"),
    (
        "data_efficiency",
        learning_curves({"scratch": 0.5, "feature_extraction": 0.8, "fine_tuning": 0.9}),
        "holds",
        "clearly better than training from scratch with 5, 10, 20, 50 images a class, not with the others",
    ),
    (
        "data_efficiency",
        learning_curves({"scratch": 0.9, "feature_extraction": 0.9, "fine_tuning": 0.9}),
        "unclear",
        "With none of these numbers",
    ),
    (
        "data_efficiency",
        learning_curves({"scratch": 0.9, "feature_extraction": 0.5, "fine_tuning": 0.6}),
        "fails",
        "beats fine-tuning",
    ),
    ("learning_rates", by("rate", accuracy={1e-5: 0.9, 1e-3: 0.7, 1e-2: 0.5}), "holds", "as claimed"),
    ("learning_rates", by("rate", accuracy={1e-5: 0.9, 1e-3: 0.91, 1e-2: 0.5}), "holds", "how small is small enough"),
    ("learning_rates", by("rate", accuracy={1e-6: 0.5, 1e-5: 0.5, 1e-4: 0.5, 1e-3: 0.9}), "fails", "does not hold"),
    ("learning_rates", by("rate"), "unclear", "does not show here"),
    ("regularisation", gaps(0.2, 0.1), "holds", "from 20.0 to 10.0 points"),
    ("regularisation", gaps(0.1, 0.2), "fails", "even wider"),
    ("regularisation", gaps(0.1, 0.1), "unclear", "does not show"),
    ("regularisation", noisy_gaps, "unclear", "does not clearly change the gap"),
    ("regularisation", gaps(0.2, 0.1, largest=0.1), "holds", "1024 units overfits more than one of 16"),
    ("regularisation", gaps(0.2, 0.1, largest=-0.1), "holds", "1024 units overfits less than one of 16"),
    ("which_base", bases(False, 0.8, 0.8), "holds", "better use the smaller one"),
    ("which_base", bases(False, 0.6, 0.9), "fails", "they are not the same"),
    ("which_base", bases(True, 0.6, 0.9), "unclear", "say nothing about the claim"),
    ("which_base", bases(False, 0.8, 0.85), "unclear", "too few test images to say"),
    ("which_base", bases(False, 0.8, 0.8), "holds", "though not clearly before all others"),
    ("which_base", bases(False, 0.6, 0.95), "fails", "Most accurate: VGG19 (ImageNet weights) with 95.0%, in 2.0 s"),
    (
        "zero_training",
        zero(0.6, 0.95),
        "holds",
        "“hard hat”. On the training images it reaches 70.0%, on the test images 60.0%",
    ),
    ("zero_training", zero(None, 0.52), "unclear", "tasks of two classes only"),
    ("zero_training", zero(0.95, 0.6), "fails", "does not hold"),
    ("shortcuts", covered((0.8, 0.8), (0.6, 0.85)), "holds", "rely on the thing more"),
    ("shortcuts", covered((0.6, 0.8), (0.85, 0.6)), "fails", "rely on the background more"),
    ("shortcuts", covered((0.7, 0.8), (0.7, 0.8)), "unclear", "did not clearly change"),
    ("shortcuts", covered((0.8, 0.7), (0.8, 0.7)), "unclear", "Below zero means"),
    ("shortcuts", covered((0.7, 0.8), (0.7, 0.8)), "unclear", "takes up 40.0% of a picture and the background 60.0%"),
    ("dense_layers", dense(0.6, 0.95), "holds", "only 60.0%"),
    ("dense_layers", dense(0.95, 0.6), "fails", "more than 60.0%"),
]


@pytest.mark.parametrize(("name", "measure", "verdict", "sentence"), CASES, ids=lambda value: str(value)[:24])
def test_takeaway_follows_from_the_numbers(name: str, measure: Measure, verdict: str, sentence: str) -> None:
    result = summarised(name, measure)
    assert result.verdict == verdict
    assert sentence in words(result)


@pytest.mark.parametrize(("name", "measure"), [(name, measure) for name, measure, _, _ in CASES])
def test_result_has_a_table_and_charts_that_fit_it(name: str, measure: Measure) -> None:
    result = summarised(name, measure)
    assert result.rows
    assert all(column.key in row for row in result.rows for column in result.columns)
    for chart in result.charts:
        assert chart.series
        assert all(len(series.x) == len(series.y) for series in chart.series)


def test_the_best_layer_is_not_chosen_on_the_images_that_it_is_judged_by() -> None:
    """On the test images the first layer is ahead; the validation images chose the last one."""

    def measure(cell: Cell) -> dict[str, Any]:
        count = len(cell["layers"])
        return {"accuracies": [0.9, *[0.5] * (count - 1)], "validation_accuracies": [*[0.5] * (count - 1), 0.9]}

    assert "the best layer is block5_conv3 with 50.0%" in words(summarised("generality", measure))


def test_sizes_that_the_images_do_not_have_are_not_measured() -> None:
    spec = get_experiment("data_efficiency")
    digits = ExperimentSettings(dataset="digits", num_images=500)
    assert {cell["images_per_class"] for cell in spec.grid(digits)} == {5, 10, 20}
    few = ExperimentSettings(dataset="digits", num_images=60)
    assert {cell["images_per_class"] for cell in spec.grid(few)} == {3}


@pytest.mark.parametrize("name", sorted({name for name, *_ in CASES}))
def test_what_is_claimed_before_all_is_measured_has_its_sentence(name: str) -> None:
    spec = get_experiment(name)
    measure = next(measure for case, measure, _, _ in CASES if case == name)
    once, twice = (spec.grid(SETTINGS.model_copy(update={"seeds": seeds})) for seeds in (1, 2))
    for cells in [once[:count] for count in range(1, len(once))] + [twice[:count] for count in range(1, len(twice))]:
        result = spec.summarise([Outcome(cell, {**_COMMON, **measure(cell)}) for cell in cells])
        assert result.verdict == "unclear" or result.takeaway
        if name not in EARLY and len(cells) < len(once):
            assert (result.verdict, result.takeaway, result.answer) == ("unclear", (), None)


@pytest.mark.parametrize(
    ("accuracy", "sentence"),
    [
        (0.6, "is 60.0% instead of 90.0%"),
        (0.89, "did not clearly change the accuracy on these data: 89.0% against 90.0%"),
        (0.99, "even better: 99.0% against 90.0%"),
    ],
)
def test_batch_norm_is_set_free_on_bases_that_have_one(accuracy: float, sentence: str) -> None:
    spec = get_experiment("break_it")
    without, with_norm = (SETTINGS.model_copy(update={"base": base}) for base in ("VGG16", "EfficientNetLite0"))
    assert "batch_norm_free" not in {cell["way"] for cell in spec.grid(without)}
    cells = spec.grid(with_norm)
    (free,) = {cell["training"]["batch_norm"] for cell in cells if cell["way"] == "batch_norm_free"}
    assert free == "training"
    measure = by("way", accuracy={"right": 0.9, "batch_norm_free": accuracy})
    result = spec.summarise([Outcome(cell, {**_COMMON, **measure(cell)}) for cell in cells])
    assert sentence in words(result)
