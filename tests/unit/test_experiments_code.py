"""What the Code panels show runs, with every kind of images and base."""

from __future__ import annotations

from pathlib import Path

import pytest

from tlcore.datasets import load_dataset
from tlcore.experiments import ExperimentSettings, get_experiment, list_experiments
from tlcore.store.datasets import write_dataset

TINY = ExperimentSettings(
    weights="random", image_size=32, num_images=60, epochs=1, fine_tuning_epochs=1, learning_rate=1e-3, head=8
)


@pytest.mark.parametrize("name", ["three_ways", "generality", "shortcuts", "zero_training"])
def test_the_code_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(get_experiment(name).code(TINY), name, "exec"), {})
    assert capsys.readouterr().out


@pytest.mark.parametrize("name", list_experiments())
def test_the_code_unfreezes_a_layer_that_the_chosen_base_has(name: str) -> None:
    code = get_experiment(name).code(TINY.model_copy(update={"base": "MobileNetV2"}))
    compile(code, name, "exec")
    assert "block5_conv1" not in code


def test_the_classifier_fits_the_classes_of_one_s_own_images(tmp_path: Path) -> None:
    write_dataset(load_dataset("digits", num_images=60, image_size=(32, 32)), tmp_path)
    code = get_experiment("same_result").code(TINY.model_copy(update={"stored": str(tmp_path)}))
    assert "layers.Dense(10, activation='softmax')" in code
    assert "tlcore.import_dataset('photos.zip'" in code


def test_counting_tensors_asks_for_no_weights_that_do_not_exist() -> None:
    assert "weights='random'" in get_experiment("tensor_counts").code(ExperimentSettings())
