"""Cells are measured for real, at tiny sizes, with random weights."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import tlcore
from tlcore.datasets import Split, load_dataset
from tlcore.errors import InvalidArgumentError
from tlcore.experiments import ExperimentSettings, Outcome, get_experiment
from tlcore.experiments.claims.shortcuts import covered_pixels, inside_region
from tlcore.experiments.claims.zero_training import nearest_class
from tlcore.experiments.measuring.cache import cell_key, measure, recall
from tlcore.experiments.measuring.data import data_of, load, resized, with_fewer_images
from tlcore.experiments.measuring.probes import block_starts, shared_base
from tlcore.experiments.specification import Unwatched
from tlcore.inference import predict_probabilities
from tlcore.models.unfreezing import tabled_unfreeze_layer
from tlcore.store.datasets import write_dataset

TINY = ExperimentSettings(
    base="VGG16Slim", weights="random", image_size=32, num_images=30, epochs=1, fine_tuning_epochs=1, seeds=1, head=8
)


def measured(name: str, *places: int, settings: ExperimentSettings = TINY) -> list[Outcome]:
    """Real outcomes of some cells of a grid, all of them without `places`."""
    spec = get_experiment(name)
    cells = spec.grid(settings)
    return [Outcome(cells[place], spec.measure(cells[place], Unwatched())) for place in places or range(len(cells))]


def test_the_lecture_s_numbers_come_out_of_a_real_network() -> None:
    result = get_experiment("tensor_counts").summarise(measured("tensor_counts", 0))
    assert result.verdict == "holds"
    assert result.rows[0]["parameters"] == 16_812_353


def test_extraction_and_frozen_training_are_the_same_curve() -> None:
    result = get_experiment("same_result").summarise(measured("same_result"))
    assert result.verdict == "holds"


def test_breaking_it_moves_the_base_further_and_forgetting_to_compile_not_at_all() -> None:
    outcomes = measured("break_it", 0, 1, 4)
    drift = {outcome.cell["way"]: outcome.values["largest_drift"] for outcome in outcomes}
    assert drift["untrained_head"] > drift["right"] > drift["no_recompile"] == 0.0


def test_wrong_preprocessing_is_refused_by_train_and_what_comes_of_it_is_measured() -> None:
    (outcome,) = measured("break_it", 3)
    data = load(outcome.cell)
    small = {name: replace(split, images=np.float32(split.images / 255)) for name, split in data.splits.items()}
    with pytest.raises(InvalidArgumentError, match="scaled to"):
        tlcore.train(tlcore.TrainingSpec(**outcome.cell["training"]), data=replace(data, **small))
    assert 0.0 <= outcome.values["accuracy"] <= 1.0
    assert outcome.values["largest_drift"] > 0.0
    assert [row["phase"] for row in outcome.values["history"]] == ["head", "fine_tuning"]


def probe_by_hand(base: Any, layer: str, train: Split, other: Split) -> float:
    """Balanced accuracy on `other` of a straight line through what a layer sees, by the library's own pieces."""
    seen, new = (tlcore.extract_features(base, part.images, layer=layer).mean(axis=(1, 2)) for part in (train, other))
    line = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000)).fit(seen, train.labels)
    return float(balanced_accuracy_score(other.labels, line.predict(new)))


def test_probes_see_every_layer_of_both_networks() -> None:
    first, last = measured("generality", 0, -1)
    assert (first.cell["trained"], last.cell["trained"]) == ("pretrained", "random")
    for outcome in (first, last):
        cell, data = outcome.cell, load(outcome.cell)
        assert (
            len(cell["layers"])
            == len(outcome.values["validation_accuracies"])
            == len(outcome.values["accuracies"])
            == 13
        )
        base = shared_base(cell["base"], cell["weights"], cell["data"]["image_size"], cell["seed"])
        for place in (0, 7):
            probe = probe_by_hand(base, cell["layers"][place], data.train, data.test)
            assert outcome.values["accuracies"][place] == pytest.approx(probe)


@pytest.mark.parametrize(
    ("chosen", "tasks"),
    [
        ("helmets", {"near": "helmets", "far": "digits"}),
        ("digits", {"near": "helmets", "far": "digits"}),
        ("solar_cells", {"near": "helmets", "far": "solar_cells"}),
    ],
)
def test_beside_a_near_task_stands_a_far_one_and_the_other_way_round(chosen: str, tasks: dict[str, str]) -> None:
    cells = get_experiment("generality").grid(TINY.model_copy(update={"dataset": chosen}))
    assert {cell["task"]: cell["data"]["dataset"] for cell in cells} == tasks


def test_from_scratch_stands_a_network_that_few_steps_are_enough_for() -> None:
    for base, rival in (("VGG16", "VGG16"), ("EfficientNetLite0", "VGG16Slim")):
        cells = get_experiment("three_ways").grid(TINY.model_copy(update={"base": base}))
        trained = {cell["method"]: cell["training"]["base"] for cell in cells}
        assert trained == {"scratch": rival, "feature_extraction": base, "fine_tuning": base}


@pytest.mark.parametrize("base", ["VGG16Slim", "EfficientNetLite0", "MobileNetV2"])
def test_the_last_block_to_unfreeze_from_is_where_fine_tuning_starts(base: str) -> None:
    starts = block_starts(base)
    assert starts[-1] == tabled_unfreeze_layer(base, None)
    assert 3 <= len(starts) <= 5


def test_covering_pictures_is_measured_on_the_trained_network() -> None:
    (outcome,) = measured("shortcuts", 0)
    assert {"nothing", "object", "background"} <= set(outcome.values)
    assert 0.2 < outcome.values["covered_share"] < 0.7


def test_what_is_covered_is_the_head_in_drawings_and_the_middle_elsewhere() -> None:
    spec = get_experiment("shortcuts")
    assert {cell["thing"] for cell in spec.grid(TINY)} == {"head"}
    assert {cell["thing"] for cell in spec.grid(TINY.model_copy(update={"dataset": "digits"}))} == {"middle"}
    drawings, digits = (load_dataset(name, num_images=30, image_size=(40, 40)).test for name in ("helmets", "digits"))
    heads, middles = covered_pixels(drawings, "head"), covered_pixels(digits, "middle")
    assert heads.shape == (len(drawings), 40, 40)
    assert len({mask.tobytes() for mask in heads}) == len(drawings), "each head is elsewhere"
    assert middles.all(axis=0).sum() == middles.any(axis=0).sum() == 24 * 24


def test_dense_layers_of_another_size_are_refused_by_keras_itself() -> None:
    (outcome,) = measured("dense_layers", 0)
    assert not outcome.values["fits"]
    assert "shape" in outcome.values["message"]


def test_the_gap_is_measured_without_dropout() -> None:
    (outcome,) = measured("regularisation", 1)
    values = outcome.values
    assert values["gap"] == pytest.approx(values["train_accuracy"] - values["val_accuracy"])


def test_a_cell_is_measured_once_and_then_recalled() -> None:
    spec = get_experiment("data_efficiency")
    cell = spec.grid(TINY)[1]
    first, second = (measure(spec, cell, Unwatched()) for _ in range(2))
    assert (first["recalled"], second["recalled"]) == (False, True)
    assert second["values"] == first["values"]


class _Cancelled(Unwatched):
    def should_stop(self) -> bool:
        return True


def test_a_cancelled_cell_is_not_kept() -> None:
    spec = get_experiment("data_efficiency")
    cell = spec.grid(TINY)[1]
    assert measure(spec, cell, _Cancelled())["stopped"]
    assert recall(spec.name, cell) is None


def test_a_damaged_record_is_as_good_as_none(isolated_home: Path) -> None:
    cell = {"base": "VGG16"}
    key = cell_key("tensor_counts", cell)
    path = isolated_home / "experiments" / key[:2] / f"{key}.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"values": ')
    assert recall("tensor_counts", cell) is None


def test_fewer_images_keep_the_test_and_each_class() -> None:
    data = load_dataset("digits", num_images=200, image_size=(32, 32))
    fewer = with_fewer_images(data, 3, 1, seed=0)
    assert np.bincount(fewer.train.labels).tolist() == [3] * 10
    assert np.bincount(fewer.validation.labels).tolist() == [1] * 10
    assert fewer.test is data.test


def test_own_images_keep_their_split_and_take_the_size_that_is_asked_for(tmp_path: Path) -> None:
    data = load_dataset("digits", num_images=60, image_size=(40, 40))
    write_dataset(data, tmp_path)
    settings = TINY.model_copy(update={"stored": str(tmp_path)})
    assert data_of(settings, 0) == data_of(settings, 1)
    loaded = load({"data": data_of(settings, 1)})
    assert loaded.image_size == (32, 32)
    assert loaded.test.labels.tolist() == data.test.labels.tolist()
    assert resized(data, 40) is data


def test_own_images_are_told_apart_by_what_they_are_and_not_by_when_they_were_used(tmp_path: Path) -> None:
    write_dataset(load_dataset("digits", num_images=60, image_size=(32, 32)), tmp_path)
    description = tmp_path / "item.json"
    description.write_text("{}")
    cell = {"data": data_of(TINY.model_copy(update={"stored": str(tmp_path)}), 0)}
    key = cell_key("three_ways", cell)
    os.utime(description, (1, 1))
    assert cell_key("three_ways", cell) == key
    os.utime(tmp_path / "train_images.npy", (1, 1))
    assert cell_key("three_ways", cell) != key


def test_covered_regions_are_shares_of_the_sides() -> None:
    inside = inside_region((10, 20), (0.0, 0.5, 1.0, 1.0))
    assert inside.shape == (10, 20)
    assert inside[:, :10].sum() == 0
    assert inside[:, 10:].all()


def test_the_nearest_class_is_chosen_on_the_training_images_alone() -> None:
    labels = np.array([0, 0, 0, 1, 1, 1])
    guesses = np.array(
        [[0.3, 0.9, 0.1], [0.4, 0.7, 0.1], [0.3, 0.8, 0.3], [0.3, 0.2, 0.2], [0.4, 0.1, 0.1], [0.3, 0.3, 0.3]]
    )
    found = nearest_class(guesses.astype(np.float32), labels)
    assert (found.index, found.label, found.accuracy) == (1, 0, 1.0)
    assert 0.3 < found.threshold < 0.7


def test_the_nearest_class_is_tried_on_the_test_images_and_named() -> None:
    (outcome,) = measured("zero_training", 0, settings=TINY.model_copy(update={"weights": "embedded"}))
    data, values = load(outcome.cell), outcome.values
    base = tlcore.build_base("VGG16Slim", input_shape=(32, 32, 3), weights="embedded", include_top=True)
    train, test = (predict_probabilities(base, part.images) for part in (data.train, data.test))
    detector = nearest_class(train, data.train.labels)
    said = np.where(test[:, detector.index] > detector.threshold, detector.label, 1 - detector.label)
    assert values["class_name"] == base.tlcore_info.class_names[detector.index]
    assert values["shows"] == ("no hard hat", "hard hat")[detector.label]
    assert values["train_accuracy"] == detector.accuracy > 0.5
    assert values["accuracy"] == pytest.approx(balanced_accuracy_score(data.test.labels, said))


#: Changes one module after the other, and prints whose version each of them changed.
_CHANGING = """
import pathlib, sys
from tlcore.experiments.measuring.cache import code_version
for module in sys.argv[1:]:
    before = {name: code_version(name) for name in ("break_it", "tensor_counts")}
    with pathlib.Path("tlcore", module).open("a") as file:
        file.write("# changed\\n")
    code_version.cache_clear()
    print(*(name for name, version in before.items() if code_version(name) != version))
"""


def test_numbers_are_not_recalled_once_code_changes_that_they_come_from(tmp_path: Path) -> None:
    changes = {
        "experiments/measuring/forgotten_compile.py": "break_it",
        "experiments/claims/three_ways.py": "",
        "architectures/build.py": "break_it tensor_counts",
    }
    shutil.copytree(Path(tlcore.__file__).parent, tmp_path / "tlcore", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-c", _CHANGING, *changes]
    told = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert told.stdout.split("\n")[:-1] == list(changes.values())
