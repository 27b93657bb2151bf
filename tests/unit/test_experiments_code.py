"""What the Code panels of the experiments show runs: in English, of which Portuguese is the same with other names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.shown_code import eagerly, run_code, runs_eagerly
from tlcore.datasets import load_dataset
from tlcore.experiments import ExperimentSettings, get_experiment, list_experiments
from tlcore.experiments.claims import data_efficiency, learning_rates, regularisation, unfreeze_depth, which_base
from tlcore.store.datasets import write_dataset

__all__ = ["eagerly"]
TINY = ExperimentSettings(
    base="VGG16Slim",
    weights="random",
    image_size=32,
    num_images=20,
    epochs=1,
    fine_tuning_epochs=1,
    learning_rate=1e-3,
    head=8,
)


@pytest.fixture
def short_grids(monkeypatch: pytest.MonkeyPatch) -> None:
    """One or two rows of what is swept: each further one runs the same lines again."""
    monkeypatch.setattr(data_efficiency, "_IMAGES_PER_CLASS", (5,))
    monkeypatch.setattr(learning_rates, "_RATES", (1e-4,))
    monkeypatch.setattr(regularisation, "_UNITS", (8,))
    monkeypatch.setattr(regularisation, "_DROPOUTS", (0.0, 0.5))
    monkeypatch.setattr(unfreeze_depth, "block_starts", lambda base: ["block5_conv1"])
    monkeypatch.setattr(which_base, "_BASES", ("VGG16Slim", "MobileNet"))


def run_last_part_compiled(code: str, names: dict[str, Any]) -> str:
    """Keras lets a forgotten compile pass only where it goes on with a training step that it has compiled before."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(False)
    try:
        return run_code(code, names)[1]
    finally:
        tf.config.run_functions_eagerly(True)


@runs_eagerly
@pytest.mark.usefixtures("short_grids")
@pytest.mark.parametrize("name", list_experiments())
def test_the_code_runs(name: str) -> None:
    code = get_experiment(name).code(TINY)
    body, _, last = code.rpartition("\n\n" if name == "break_it" else "\n")
    names, printed = run_code(code if name not in ("break_it", "dense_layers") else body)
    assert printed
    if name == "break_it":
        assert run_last_part_compiled(last, names)
    if name == "dense_layers":  # its last line shows what Keras says to weights of another size
        with pytest.raises(ValueError, match="shape"):
            run_code(last, names)


def statistics_of(base_model: Any) -> list[np.ndarray[Any, Any]]:
    """Means and variances of all BatchNormalization of a base."""
    return [weight.numpy() for weight in base_model.non_trainable_weights if "moving" in weight.path]


@runs_eagerly
def test_the_code_keeps_batch_norm_as_it_is_but_where_it_is_set_free() -> None:
    """Keras's `fit` runs an unfrozen base in training mode, also where it was called with `training=False`."""
    settings = TINY.model_copy(update={"base": "EfficientNetLite0", "weights": "imagenet"})
    functions, _, rest = get_experiment("break_it").code(settings).partition("# the right way")
    names, _ = run_code(functions)
    parts = {lines[0]: "\n".join(lines[1:]) for lines in (part.split("\n") for part in rest.split("\n\n"))}
    (set_free,) = (part for title, part in parts.items() if title.startswith("# BatchNorm set free"))
    moved = {}
    for way, part in (("right", parts[""]), ("set free", set_free)):
        trained = run_code(part, names)[0]["base_model"]
        trained.trainable = False  # all of the statistics are then in one list
        before = names["new_base"]()
        before.trainable = False
        pairs = zip(statistics_of(trained), statistics_of(before), strict=True)
        moved[way] = sum(not np.array_equal(one, other) for one, other in pairs)
        assert any(layer.trainable for layer in names["model"].layers)
    assert moved["right"] == 0 < moved["set free"]


@runs_eagerly
def test_from_scratch_the_code_trains_a_network_without_batch_norm() -> None:
    code = get_experiment("three_ways").code(TINY.model_copy(update={"base": "EfficientNetLite0"}))
    names, printed = run_code(code.partition("# 2.")[0])
    assert printed
    assert not any(type(layer).__name__ == "BatchNormalization" for layer in names["model"].layers[0].layers)


@pytest.mark.parametrize("name", list_experiments())
def test_the_code_unfreezes_a_layer_that_the_chosen_base_has(name: str) -> None:
    code = get_experiment(name).code(TINY.model_copy(update={"base": "MobileNetV2"}))
    compile(code, name, "exec")
    assert "block5_conv1" not in code


def test_the_classifier_fits_the_classes_of_one_s_own_images(tmp_path: Path) -> None:
    write_dataset(load_dataset("digits", num_images=60, image_size=(32, 32)), tmp_path)
    code = get_experiment("same_result").code(TINY.model_copy(update={"stored": str(tmp_path)}))
    assert "layers.Dense(10, activation='softmax')" in code
    assert code.startswith("photos = 'photos'")
    assert "tlcore.import_dataset(photos, image_size=(32, 32), seed=0)" in code


def test_counting_tensors_asks_for_no_weights_that_do_not_exist() -> None:
    assert "weights='random'" in get_experiment("tensor_counts").code(ExperimentSettings())
