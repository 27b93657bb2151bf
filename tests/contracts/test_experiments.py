"""What holds for every experiment."""

from __future__ import annotations

import json
import string
import subprocess
import sys

import pytest

from tlcore.errors import InvalidArgumentError
from tlcore.experiments import ExperimentSettings, ExperimentSpec, get_experiment, list_experiments
from tlcore.experiments.measuring.precomputed import load_precomputed
from tlcore.experiments.measuring.seeds import cells_of_seed, cells_of_seeds

EXPERIMENTS = [get_experiment(name) for name in list_experiments()]
every_experiment = pytest.mark.parametrize("spec", EXPERIMENTS, ids=lambda spec: spec.name)


def test_all_thirteen_claims_are_there() -> None:
    assert len(list_experiments()) == 13


def test_an_unknown_experiment_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(InvalidArgumentError, match="break_it"):
        get_experiment("brake_it")


def test_grids_and_summaries_need_no_tensorflow() -> None:
    program = (
        "import sys\n"
        "from tlcore.experiments import get_experiment, list_experiments\n"
        "for name in list_experiments():\n"
        "    spec = get_experiment(name); spec.grid(spec.defaults); spec.summarise([])\n"
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


@every_experiment
def test_cells_are_plain_different_and_the_same_each_time(spec: ExperimentSpec) -> None:
    cells = spec.grid(spec.defaults)
    written = [json.dumps(cell, sort_keys=True) for cell in cells]
    assert json.loads(json.dumps(cells)) == cells
    assert len(set(written)) == len(written) > 0
    assert spec.grid(spec.defaults) == cells


@every_experiment
def test_more_seeds_make_more_cells_and_keep_the_others(spec: ExperimentSpec) -> None:
    if "seeds" not in spec.uses:
        pytest.skip("counts something that no seed changes")
    one, two = (spec.grid(spec.defaults.model_copy(update={"seeds": seeds})) for seeds in (1, 2))
    seeded = [sum("seed" in cell for cell in cells) for cells in (one, two)]
    assert seeded[1] == 2 * seeded[0] > 0
    assert all(cell in two for cell in one)


@every_experiment
def test_one_repetition_is_what_the_grid_has_of_its_seed(spec: ExperimentSpec) -> None:
    settings = spec.defaults.model_copy(update={"seeds": 3, "pool": 600})
    whole = spec.grid(settings)
    one = cells_of_seed(spec.name, settings, 2)
    assert one == [cell for cell in whole if cell.get("seed", 2) == 2]
    every = cells_of_seeds(spec.name, settings, range(3))
    assert sorted(map(repr, every)) == sorted(map(repr, whole))


@every_experiment
def test_nothing_measured_yet_adds_up_to_no_claim(spec: ExperimentSpec) -> None:
    result = spec.summarise([])
    assert (result.verdict, result.takeaway, result.answer) == ("unclear", (), None)


@every_experiment
def test_settings_that_it_uses_exist(spec: ExperimentSpec) -> None:
    assert set(spec.uses) <= set(ExperimentSettings.model_fields)


@every_experiment
def test_the_code_is_python_with_the_settings_in_it(spec: ExperimentSpec) -> None:
    code = spec.code(spec.defaults.model_copy(update={"num_images": 321}))
    compile(code, spec.name, "exec")
    if spec.name != "dense_layers":  # its code loads no images: it puts weights into layers of another size
        assert ("num_images=321" in code) == ("num_images" in spec.uses)


@every_experiment
def test_texts_are_there(spec: ExperimentSpec) -> None:
    texts = (spec.title, spec.claim, spec.slide, spec.notice, spec.guess.question, *spec.guess.options)
    assert all(text.strip() for text in texts)
    assert not any(field for text in texts for _, field, _, _ in string.Formatter().parse(text))
    assert len(spec.guess.options) >= 2


@every_experiment
def test_what_ships_was_measured_with_the_grid_of_its_settings(spec: ExperimentSpec) -> None:
    shipped = load_precomputed(spec.name)
    if shipped is None:
        pytest.skip("no results ship for this experiment")
    assert [outcome.cell for outcome in shipped.outcomes] == spec.grid(shipped.settings)
    assert shipped.result().takeaway
    assert spec.name in shipped.command
