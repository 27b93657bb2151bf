"""A setting has one range: what `TrainingSpec` takes, the link and the widget take too, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from pages.ui.architecture_explorer.state import KEYS as EXPLORER_KEYS
from pages.ui.architecture_explorer.state import ExplorerLink
from pages.ui.common.bounds import bounds, choices, default
from pages.ui.common.controls import DROPOUTS, RATES
from pages.ui.datasets.state import KEYS as DATASETS_KEYS
from pages.ui.datasets.state import DatasetsLink
from pages.ui.experiments.settings import OFFERED
from pages.ui.experiments.state import KEYS as EXPERIMENTS_KEYS
from pages.ui.experiments.state import ExperimentsLink
from pages.ui.feature_extraction.state import KEYS as FEATURE_EXTRACTION_KEYS
from pages.ui.feature_extraction.state import FeatureExtractionLink
from pages.ui.fine_tuning.state import KEYS, SETTINGS, FineTuningLink
from pages.ui.live_prediction.state import KEYS as LIVE_PREDICTION_KEYS
from pages.ui.live_prediction.state import LivePredictionLink
from tlcore.errors import InvalidArgumentError
from tlcore.experiments import ExperimentSettings
from tlcore.training import TrainingSpec, list_methods

LINKS = [
    (ExplorerLink, EXPLORER_KEYS),
    (DatasetsLink, DATASETS_KEYS),
    (FeatureExtractionLink, FEATURE_EXTRACTION_KEYS),
    (FineTuningLink, KEYS),
    (ExperimentsLink, EXPERIMENTS_KEYS),
    (LivePredictionLink, LIVE_PREDICTION_KEYS),
]
# At, and just beyond, each end of every range of the specification.
EDGES = {
    "dropout": [-0.01, 0.0, 0.99, 1.0],
    "l2": [-0.01, 0.0, 1.0, 1.01],
    "learning_rate": [0.0, 1e-9, 1.0, 1.01],
    "fine_tuning_learning_rate": [0.0, 1e-9, 1.0, 1.01],
    "epochs": [0, 1, 1000, 1001],
    "fine_tuning_epochs": [-1, 0, 1000, 1001],
    "batch_size": [0, 1, 4096, 4097],
    "seed": [-1, 0, 2**31 - 1, 2**31],
}
PARAMETERS = {setting: parameter for parameter, setting in SETTINGS.items()}


def accepts(check: Callable[[], object]) -> bool:
    try:
        check()
    except (ValidationError, InvalidArgumentError):
        return False
    return True


@pytest.mark.parametrize(("link", "keys"), LINKS)
def test_a_link_and_the_keys_of_its_page_have_the_same_names_and_take_the_usual_values(
    link: type[BaseModel], keys: dict[str, Any]
) -> None:
    assert set(link.model_fields) == set(keys)
    usual = {name: key.default for name, key in keys.items() if key.default not in (None, 0)}
    assert link.model_validate(usual).model_dump(include=set(usual)) == usual


@pytest.mark.parametrize(("setting", "value"), [(setting, value) for setting in EDGES for value in EDGES[setting]])
def test_link_and_specification_draw_the_same_line(setting: str, value: float) -> None:
    by_specification = accepts(lambda: TrainingSpec(**{setting: value}))
    assert accepts(lambda: FineTuningLink.model_validate({PARAMETERS[setting]: str(value)})) == by_specification


def test_both_sides_of_every_line_were_tried() -> None:
    for setting, values in EDGES.items():
        assert {accepts(lambda s=setting, v=value: TrainingSpec(**{s: v})) for value in values} == {True, False}


@pytest.mark.parametrize("head", ["", "1", "65536", "0", "65537", "8,8,8,8,8,8,8,8", "8,8,8,8,8,8,8,8,8"])
def test_link_and_specification_take_the_same_heads(head: str) -> None:
    units = tuple(int(part) for part in head.split(",") if part)
    by_specification = accepts(lambda: TrainingSpec(head=units))
    assert accepts(lambda: FineTuningLink.model_validate({"head": head})) == by_specification
    if len(units) == 1:
        assert accepts(lambda: FeatureExtractionLink.model_validate({"units": head})) == by_specification


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ("method", list_methods()),
        *((name, choices(name)) for name in ("pooling", "optimizer", "schedule", "precision")),
    ],
)
def test_a_link_takes_every_choice_and_no_other(setting: str, names: Sequence[str]) -> None:
    assert len(names) > 1
    for name in names:
        assert accepts(lambda name=name: FineTuningLink.model_validate({PARAMETERS[setting]: name}))
    assert not accepts(lambda: FineTuningLink.model_validate({PARAMETERS[setting]: "none of these"}))


@pytest.mark.parametrize("setting", [name for name in EDGES if isinstance(default(name), int)])
def test_a_widget_goes_as_far_as_the_specification(setting: str) -> None:
    least, most = bounds(setting)
    assert accepts(lambda: TrainingSpec(**{setting: least}))
    assert accepts(lambda: TrainingSpec(**{setting: most}))
    assert not accepts(lambda: TrainingSpec(**{setting: least - 1}))
    assert not accepts(lambda: TrainingSpec(**{setting: most + 1}))


def test_what_sliders_offer_can_be_run() -> None:
    for rate in RATES:
        TrainingSpec(learning_rate=rate, fine_tuning_learning_rate=rate)
    for dropout in DROPOUTS:
        TrainingSpec(dropout=dropout)


@pytest.mark.parametrize(("setting", "value"), [(name, value) for name, values in OFFERED.items() for value in values])
def test_what_an_experiment_offers_can_be_measured(setting: str, value: float) -> None:
    ExperimentSettings(**{setting: value})
