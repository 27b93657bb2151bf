"""Whole runs on tiny images: repeated, watched, stopped, continued, killed and resumed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.datasets import Dataset, Split
from tlcore.errors import DatasetError, InvalidArgumentError, TrainingError
from tlcore.training import Run, TrainingSpec, continue_training, inputs, train
from tlcore.training.before import before_fine_tuning

SETTINGS: dict[str, Any] = {"base": "VGG16Slim", "weights": "random", "head": (8,), "batch_size": 4, "epochs": 2}


@pytest.fixture
def tiny_data(tiny_images: NDArray[np.uint8], tiny_labels: NDArray[np.int64]) -> Dataset:
    return dataset_of(tiny_images, tiny_labels)


def dataset_of(
    images: NDArray[np.uint8], labels: NDArray[np.int64], names: tuple[str, ...] = ("red", "blue")
) -> Dataset:
    split = Split(images, labels, tuple(map(str, range(len(labels)))))
    return Dataset("tiny", names, split, Split(images[:6], labels[:6], split.sources[:6]), split)


def losses(run: Run) -> list[float]:
    return [row[name] for row in run.history for name in ("loss", "val_loss")]


def test_a_run_is_watched_evaluated_and_predicts_raw_images(tiny_data: Dataset) -> None:
    events: list[dict[str, Any]] = []
    run = train(TrainingSpec(**SETTINGS, method="fine_tuning", fine_tuning_epochs=1), tiny_data, on_event=events.append)
    kinds = [event["kind"] for event in events]
    assert kinds.count("epoch") == 3
    assert {"phase", "progress", "batch", "done"} <= set(kinds)
    assert [event["time_s"] for event in events] == sorted(event["time_s"] for event in events)
    assert [row["phase"] for row in run.history] == ["head", "head", "fine_tuning"]
    assert run.model.predict(tiny_data.test.images, verbose=0).shape == (12, 1)
    assert np.sum(run.test_metrics["confusion_matrix"]) == 12
    assert (run.trainable_tensors_before, run.trainable_tensors_after) == (30, 4)


def test_frozen_layers_drift_exactly_zero_and_trained_ones_do_not(tiny_data: Dataset) -> None:
    run = train(TrainingSpec(**SETTINGS, method="fine_tuning", unfreeze_from="block5_conv2"), tiny_data)
    assert run.weight_drift["block5_conv1"] == 0.0
    assert run.weight_drift["block5_conv2"] > 0.0
    assert run.weight_drift["head_dense_1"] > 0.0
    assert run.layer_history[-1]["gradient_norm"]["block5_conv1"] == 0.0
    last = run.layer_history[-1]["weight_drift"]
    assert last["block5_conv1"] == 0.0
    assert last["block5_conv2"] == pytest.approx(run.weight_drift["block5_conv2"], rel=1e-3)


@pytest.mark.parametrize(
    ("settings", "moves"),
    [
        ({"method": "fine_tuning"}, False),
        ({"method": "fine_tuning", "precision": "bfloat16"}, False),
        ({"method": "unfrozen"}, False),
        ({"method": "fine_tuning", "batch_norm": "training"}, True),
        ({"method": "scratch"}, True),  # without statistics of its own it would not be normalised at all
    ],
)
def test_statistics_of_an_unfrozen_base_move_only_where_that_is_asked_for(
    settings: dict[str, Any], moves: bool, tiny_data: Dataset
) -> None:
    """Keras's guide: else a few images overwrite what a million have taught."""
    short = {**SETTINGS, "base": "MobileNet025", "epochs": 1, "fine_tuning_epochs": 1, "pooling": "average"}
    spec = TrainingSpec(**short, learning_rate=1e-2, fine_tuning_learning_rate=1e-2, **settings)
    run = train(spec, tiny_data)
    last = run.model.get_layer("conv_pw_13_bn")
    moved = np.any(last.moving_mean.numpy() != 0.0), np.any(last.moving_variance.numpy() != 1.0)
    assert moved == (moves, moves)


@pytest.mark.parametrize("base", ["MobileNet025", "MobileNetV2"])
def test_moving_statistics_of_a_frozen_base_stay_bit_identical(base: str, tiny_data: Dataset) -> None:
    from tlcore.training.network import build_network

    spec = TrainingSpec(**{**SETTINGS, "base": base, "epochs": 1}, method="frozen", cache=False)
    before = build_network(spec, (32, 32, 3), 2).base.get_weights()
    run = train(spec, tiny_data)
    after = run.model.get_weights()[: len(before)]
    assert all(np.array_equal(then, now) for then, now in zip(before, after, strict=True))
    assert (
        run.cost_ledger["total_parameters"]
        == run.model.count_params()
        > sum(run.cost_ledger["trained_parameters"].values())
    )
    assert run.cost_ledger["base_forward_passes"] == run.cost_ledger["base_forward_passes_plain"] == 12 + 6


@pytest.mark.parametrize("method", ["feature_extraction", "scratch", "unfrozen", "random_frozen"])
def test_same_specification_same_history(method: str, tiny_data: Dataset) -> None:
    spec = TrainingSpec(**{**SETTINGS, "epochs": 1}, method=method)
    first, second = train(spec, tiny_data), train(spec, tiny_data)
    assert losses(first) == losses(second)
    assert (first.trainable_tensors_after == 4) == (method in ("feature_extraction", "random_frozen"))


def test_with_and_without_cache_are_equal(tiny_data: Dataset) -> None:
    cached = train(TrainingSpec(**SETTINGS), tiny_data)
    plain = train(TrainingSpec(**SETTINGS, cache=False), tiny_data)
    np.testing.assert_allclose(losses(cached), losses(plain), rtol=1e-3)
    assert plain.cost_ledger["cached_bytes"] == 0
    again = train(TrainingSpec(**SETTINGS), tiny_data)
    assert again.cost_ledger["base_forward_passes"] == 0
    assert losses(again) == losses(cached)


def test_augmentation_refuses_the_cut_and_says_why(tiny_data: Dataset) -> None:
    run = train(TrainingSpec(**SETTINGS, augmentation=True), tiny_data)
    assert any("augmentation changes the images" in template for template, _ in run.notes)
    assert run.cost_ledger["cached_bytes"] == 0


def test_features_too_large_for_the_memory_are_not_kept(tiny_data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = TrainingSpec(**{**SETTINGS, "epochs": 1}, method="fine_tuning", unfreeze_from="block4", fine_tuning_epochs=1)
    usual = train(spec, tiny_data)
    monkeypatch.setattr(inputs, "most_feature_bytes", lambda: 64 * 1024)  # block 3 gives 4x4x144 floats an image
    small = train(spec, tiny_data)
    (note,) = [params for template, params in small.notes if template == inputs.NO_CACHE_TOO_LARGE]
    assert note == {"megabytes": 0}
    np.testing.assert_allclose(losses(small), losses(usual), rtol=1e-3)
    assert 0 < small.cost_ledger["cached_bytes"] < usual.cost_ledger["cached_bytes"]


def test_half_precision_stores_half_and_stays_near(tiny_data: Dataset) -> None:
    full = train(TrainingSpec(**SETTINGS, dropout=0.0), tiny_data)
    half = train(TrainingSpec(**SETTINGS, dropout=0.0, precision="bfloat16"), tiny_data)
    assert half.cost_ledger["cached_bytes"] * 2 == full.cost_ledger["cached_bytes"]
    np.testing.assert_allclose(losses(half), losses(full), rtol=0.2)
    assert half.model.get_layer("head_dense_1").dtype_policy.name == "float32"


def test_stopping_ends_at_the_next_batch_with_the_best_weights(tiny_data: Dataset) -> None:
    asked: list[int] = []

    def stop_in_second_epoch() -> bool:
        asked.append(1)
        return len(asked) > 10

    spec = TrainingSpec(**{**SETTINGS, "epochs": 50}, learning_rate=1e-3)
    run = train(spec, tiny_data, should_stop=stop_in_second_epoch)
    assert run.stopped
    assert len(run.history) < 5
    assert any("best weights" in template for template, _ in run.notes)


def stop_before_batch(number: int) -> Callable[[], bool]:
    asked = iter(range(number))
    return lambda: next(asked, None) is None


def test_a_run_that_was_stopped_goes_on_as_if_nothing_had_happened(tiny_data: Dataset, tmp_path: Path) -> None:
    spec = TrainingSpec(**SETTINGS, method="fine_tuning", fine_tuning_epochs=2, optimizer="adam")
    whole = train(spec, tiny_data, checkpoint=tmp_path / "whole")
    batches = 2 * 3 + 3 + 1  # in the second epoch of fine-tuning, after its first batch
    stopped = train(spec, tiny_data, checkpoint=tmp_path / "stopped", should_stop=stop_before_batch(batches))
    assert (stopped.stopped, len(stopped.history)) == (True, 3)
    resumed = train(spec, tiny_data, checkpoint=tmp_path / "stopped")
    assert losses(resumed) == losses(whole)
    for ours, theirs in zip(resumed.model.get_weights(), whole.model.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)
    same = ("base_forward_passes_plain", "trained_parameters", "cached_bytes", "optimizer_bytes")
    assert {name: resumed.cost_ledger[name] for name in same} == {name: whole.cost_ledger[name] for name in same}
    assert resumed.timings["head"] > 0
    assert all(np.array_equal(resumed.head_before[name], values) for name, values in whole.head_before.items())


def test_a_checkpoint_of_fine_tuning_is_no_beginning_of_a_run_without_it(tiny_data: Dataset, tmp_path: Path) -> None:
    spec = TrainingSpec(**SETTINGS, method="fine_tuning", fine_tuning_epochs=1)
    tuned = train(spec, tiny_data, checkpoint=tmp_path / "run")
    head_alone = spec.model_copy(update={"fine_tuning_epochs": 0})
    run = train(head_alone, tiny_data, checkpoint=tmp_path / "run")
    assert [row["phase"] for row in run.history] == ["head", "head"]

    before = before_fine_tuning(tuned)
    assert [row["phase"] for row in before.history] == ["head", "head"]
    for ours, theirs in zip(before.model.get_weights(), run.model.get_weights(), strict=True):
        assert np.array_equal(ours, theirs), "the same as a run without fine-tuning"
    with pytest.raises(InvalidArgumentError, match="fine-tuned after"):
        before_fine_tuning(run)


def test_the_model_is_compiled_as_the_run_was(tiny_data: Dataset) -> None:
    run = train(TrainingSpec(**{**SETTINGS, "epochs": 1}, optimizer="sgd", learning_rate=0.002), tiny_data)
    assert float(run.model.optimizer.learning_rate) == pytest.approx(0.002)
    assert run.model.optimizer.momentum == 0.9


def test_early_stopping_restores_the_best_epoch(tiny_data: Dataset) -> None:
    spec = TrainingSpec(**{**SETTINGS, "epochs": 30}, early_stopping=1, learning_rate=0.3, optimizer="adam")
    run = train(spec, tiny_data)
    best = min(row["val_loss"] for row in run.history)
    probabilities = run.model.predict(tiny_data.validation.images, verbose=0)[:, 0].clip(1e-7, 1 - 1e-7)
    truth = tiny_data.validation.labels
    assert -np.mean(np.where(truth, np.log(probabilities), np.log(1 - probabilities))) == pytest.approx(best, rel=1e-2)


def test_continuing_equals_having_asked_for_more_epochs(tiny_data: Dataset) -> None:
    short = train(TrainingSpec(**{**SETTINGS, "epochs": 1}), tiny_data)
    long = train(TrainingSpec(**{**SETTINGS, "epochs": 3}), tiny_data)
    continued = continue_training(short, tiny_data, 2)
    assert losses(continued) == losses(long)
    assert [row["epoch"] for row in continued.history] == [1, 2, 3]
    with pytest.raises(InvalidArgumentError, match="at least 1"):
        continue_training(short, tiny_data, 0)


KILLED = """
import os, signal, sys
import numpy as np
from tests.unit.test_training_run import SETTINGS, dataset_of
from tlcore.training import TrainingSpec, train

with np.load(sys.argv[1]) as file:
    data = dataset_of(file["images"], file["labels"])
def die(event):
    if event["kind"] == "batch" and event["epoch"] == 4:
        os.kill(os.getpid(), signal.SIGKILL)
train(TrainingSpec(**{**SETTINGS, "epochs": 2, "fine_tuning_epochs": 3}, method="fine_tuning"), data,
      on_event=die, checkpoint=sys.argv[2])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_killed_run_resumes_with_the_same_result(tiny_data: Dataset, tmp_path: Path) -> None:
    np.savez(tmp_path / "data.npz", images=tiny_data.train.images, labels=tiny_data.train.labels)
    checkpoint = tmp_path / "run.checkpoint"
    command = [sys.executable, "-c", KILLED, str(tmp_path / "data.npz"), str(checkpoint)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    killed = subprocess.run(command, env=environment, check=False, timeout=200, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    spec = TrainingSpec(**{**SETTINGS, "epochs": 2, "fine_tuning_epochs": 3}, method="fine_tuning")
    resumed = train(spec, tiny_data, checkpoint=checkpoint)
    whole = train(spec, tiny_data)
    assert any("Went on after epoch" in template for template, _ in resumed.notes)
    assert losses(resumed) == losses(whole)
    for ours, theirs in zip(resumed.model.get_weights(), whole.model.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)


def test_a_trained_head_is_fine_tuned_from_any_layer(tiny_data: Dataset, tmp_path: Path) -> None:
    """Steps 1 to 3 are the same, whatever is unfrozen after them; a fine-tuned base is bound to its layer."""
    path = tmp_path / "run.checkpoint"
    train(TrainingSpec(**SETTINGS, method="frozen"), tiny_data, checkpoint=path)
    from_block4 = TrainingSpec(**SETTINGS, method="fine_tuning", unfreeze_from="block4_conv1", fine_tuning_epochs=1)
    tuned = train(from_block4, tiny_data, checkpoint=path)
    assert any("Went on after epoch" in template for template, _ in tuned.notes)
    assert losses(tuned) == losses(train(from_block4, tiny_data))
    from_block5 = from_block4.model_copy(update={"unfreeze_from": "block5_conv1"})
    assert not train(from_block5, tiny_data, checkpoint=path).notes


def test_a_damaged_checkpoint_starts_anew(tiny_data: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint"
    path.write_bytes(b"PK\x03\x04 not really")
    (tmp_path / ".run.checkpoint.of_a_killed_process.tmp").write_bytes(b"half")
    run = train(TrainingSpec(**SETTINGS), tiny_data, checkpoint=path)
    assert len(run.history) == 2
    assert sorted(tmp_path.glob(".run.checkpoint*")) == []


def test_a_loss_that_is_no_number_says_why(tiny_data: Dataset) -> None:
    spec = TrainingSpec(**SETTINGS, method="scratch", optimizer="sgd", learning_rate=1.0)
    with pytest.raises(TrainingError, match="ten times smaller"):
        train(spec.model_copy(update={"epochs": 60, "learning_rate": 1e30}), tiny_data)


def test_data_that_cannot_be_trained_on_is_refused(tiny_data: Dataset) -> None:
    images, labels = tiny_data.train.images, tiny_data.train.labels
    spec = TrainingSpec(**SETTINGS)
    with pytest.raises(DatasetError, match="at least two classes"):
        train(spec, dataset_of(images, labels * 0, ("red",)))
    with pytest.raises(DatasetError, match="none of blue"):
        train(spec, dataset_of(images, labels * 0))
    with pytest.raises(DatasetError, match="Expected labels from 0 to 1"):
        train(spec, dataset_of(images, labels + 1))
    with pytest.raises(DatasetError, match="one training image a class"):
        train(spec, dataset_of(images, labels, tuple(map(str, range(13)))))
    with pytest.raises(InvalidArgumentError, match="uint8 or float32"):
        train(spec, dataset_of(images.astype(float), labels))
    with pytest.raises(InvalidArgumentError, match="neither"):
        train(spec)
    other = Dataset("x", ("red", "blue"), tiny_data.train, Split(images[:, :16], labels, ()), tiny_data.test)
    with pytest.raises(InvalidArgumentError, match="Resize"):
        train(spec, other)
    with pytest.raises(InvalidArgumentError, match="Nearest names"):
        train(TrainingSpec(**SETTINGS, method="fine_tuning", unfreeze_from="blok5"), tiny_data)
