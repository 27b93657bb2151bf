"""The task of the trainer, called as a worker calls it: what going on with a run costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tlcore.engine.job import JobContext, LongJobError
from tlcore.engine.tasks import features, training, unfinished
from tlcore.engine.tasks.references import DatasetReference
from tlcore.errors import InvalidArgumentError, TrainingError, TransferLearningError
from tlcore.mirror import lease
from tlcore.settings import get_settings
from tlcore.training import TrainingSpec, checkpoint
from tlcore.training.loop import divergence_error
from tlcore.training.run_in_progress import NOTE_OUT_OF_TIME

DATA = DatasetReference(name="digits", num_images=60, image_size=(32, 32))
SPEC = TrainingSpec(base="VGG16Slim", weights="random", head=(4,), epochs=1)
MORE_EPOCHS = SPEC.model_copy(update={"epochs": 2})
ANOTHER_HEAD = SPEC.model_copy(update={"head": (5,)})


@pytest.fixture
def events() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def context(isolated_home: Path, events: list[dict[str, Any]]) -> JobContext:
    return JobContext("job", "an-owner-of-a-test", events.append, lambda: False)


@pytest.mark.parametrize("from_kept_run", [True, False])
def test_going_on_reads_the_checkpoint_and_hashes_the_images_once(
    context: JobContext, events: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, from_kept_run: bool
) -> None:
    if not from_kept_run:
        monkeypatch.setattr(training, "_SHARE_FOR_STATE", 0.0)
    first = training.train(context, spec=SPEC, data=DATA, go_on=False)
    assert first.can_go_on == from_kept_run
    calls: list[str] = []
    for name in ("images_digest", "_read_checkpoint"):
        real = getattr(checkpoint, name)
        monkeypatch.setattr(checkpoint, name, lambda part, real=real, name=name: calls.append(name) or real(part))
    events.clear()
    run_id = first.run_id if from_kept_run else None

    longer = training.train(context, spec=MORE_EPOCHS, data=DATA, go_on=True, from_run=run_id, more=True)

    assert [row["epoch"] for row in longer.history] == [1, 2]
    assert longer.history[0] == first.history[0]
    assert next(event for event in events if event["kind"] == "begin")["rows"] == list(first.history)
    assert sorted(calls) == ["_read_checkpoint"] + ["images_digest"] * 6  # images and labels of three parts
    assert unfinished.interrupted_runs(context.store) == [], "neither run was interrupted"


def test_a_kept_run_of_other_settings_is_refused_and_its_state_stays(context: JobContext) -> None:
    first = training.train(context, spec=SPEC, data=DATA, go_on=False)
    state = context.store.path("runs", first.run_id, unfinished.CHECKPOINT_FILE)
    before = state.read_bytes()
    with pytest.raises(InvalidArgumentError, match="cannot be gone on with"):
        training.train(context, spec=ANOTHER_HEAD, data=DATA, go_on=True, from_run=first.run_id)
    assert state.read_bytes() == before
    assert context.store.items("unfinished") == []


def test_a_training_whose_time_is_over_is_tested_kept_and_says_so(events: list[dict[str, Any]]) -> None:
    context = JobContext("job", "an-owner-of-a-test", events.append, lambda: False, most_s=0.0)
    run = training.train(context, spec=SPEC, data=DATA, go_on=False)
    assert run.stopped
    assert (len(run.history), 0.0 <= run.test_metrics.accuracy <= 1.0) == (0, True)
    assert [note["template"] for note in events if note["kind"] == "note"] == [NOTE_OUT_OF_TIME]
    assert [item.item_id for item in context.store.items("runs")] == [run.run_id]


@pytest.mark.parametrize(
    ("name", "value", "spec", "words"),
    [
        ("MAX_EPOCHS", "1", MORE_EPOCHS, "`epochs` to be at most 1. Received: 2"),
        ("WORKER_MEMORY_BYTES", "1073741824", SPEC.model_copy(update={"head": (65536,)}), "at most 1024 MB of memory"),
    ],
)
def test_an_over_eager_training_is_told_so_before_it_begins(
    context: JobContext,
    events: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    spec: TrainingSpec,
    words: str,
) -> None:
    monkeypatch.setenv(f"TLCORE_{name}", value)
    get_settings.cache_clear()
    with pytest.raises(TransferLearningError, match=words):
        training.train(context, spec=spec, data=DATA, go_on=False)
    assert not any(event["kind"] == "begin" for event in events)


def test_beginning_anew_forgets_the_last_state(
    context: JobContext, events: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "_SHARE_FOR_STATE", 0.0)
    training.train(context, spec=SPEC, data=DATA, go_on=False)
    again = training.train(context, spec=SPEC, data=DATA, go_on=False)
    assert [event["rows"] for event in events if event["kind"] == "begin"] == [[], []]
    assert len(again.history) == 1
    assert len(context.store.items("unfinished")) == 1


class KilledError(BaseException):
    """The end of the process, as far as a test can have it without ending."""


def interrupt(context: JobContext, spec: TrainingSpec, *, at: str) -> None:
    """Trains until the first event of a kind, and is killed there."""

    def die(event: dict[str, Any]) -> None:
        if event["kind"] == at:
            raise KilledError

    doomed = JobContext("doomed", context.owner, die, lambda: False)
    with pytest.raises(KilledError):
        training.train(doomed, spec=spec, data=DATA, go_on=False, name="my run")


def test_an_interrupted_run_is_found_and_gone_on_with_to_the_same_end(context: JobContext) -> None:
    longer = SPEC.model_copy(update={"epochs": 3})
    whole = training.train(context, spec=longer, data=DATA, go_on=False)
    interrupt(context, longer, at="done")
    (interrupted,) = unfinished.interrupted_runs(context.store)
    assert (interrupted.name, interrupted.spec, interrupted.data) == ("my run", longer, DATA)
    assert [row["loss"] for row in interrupted.rows] == [row["loss"] for row in whole.history]

    training.train(context, spec=SPEC, data=DATA, go_on=False)
    run = training.train(context, spec=longer, data=DATA, go_on=True, from_run=interrupted.item_id)

    assert [row["loss"] for row in run.history] == [row["loss"] for row in whole.history], "another run did not harm it"
    assert unfinished.interrupted_runs(context.store) == []


def test_a_run_whose_worker_died_goes_on_on_a_machine_that_shares_a_store_and_no_disk(
    context: JobContext, events: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work_in(home: str) -> None:
        monkeypatch.setenv("TLCORE_HOME", str(tmp_path / home))
        get_settings.cache_clear()

    monkeypatch.setenv("TLCORE_STORE", (tmp_path / "store").as_uri())
    monkeypatch.setattr(lease, "RENEWED_EVERY_S", 0.05)
    monkeypatch.setattr(lease, "_LAPSES_AFTER_S", 0.2)
    work_in("one")
    longer = SPEC.model_copy(update={"epochs": 2})
    interrupt(context, longer, at="done")
    work_in("two")
    (interrupted,) = unfinished.interrupted_runs(context.store)
    assert [row["epoch"] for row in interrupted.rows] == [1, 2]
    assert not list((tmp_path / "two").rglob(unfinished.CHECKPOINT_FILE)), "to look at it fetches no network"
    (tmp_path / "store" / "owners").joinpath(
        context.store.mirrored.root.name, "unfinished", interrupted.item_id, ".held"
    ).write_text("by the one who is dead")

    run = training.train(context, spec=longer, data=DATA, go_on=True, from_run=interrupted.item_id)

    assert next(event for event in events if event["kind"] == "begin")["rows"] == list(interrupted.rows)
    work_in("one")
    (kept,) = context.store.items("runs")
    assert kept.item_id == run.run_id
    assert context.store.items("unfinished") == []


def test_a_run_that_never_saw_the_end_of_an_epoch_begins_again(context: JobContext) -> None:
    interrupt(context, SPEC, at="begin")
    (interrupted,) = unfinished.interrupted_runs(context.store)
    assert interrupted.rows == ()
    run = training.train(context, spec=SPEC, data=DATA, go_on=True, from_run=interrupted.item_id)
    assert len(run.history) == 1
    assert context.store.items("unfinished") == []


def test_what_goes_on_is_not_interrupted_and_is_not_gone_on_with_twice(
    context: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished, "_LOCK_TIMEOUT_S", 0.0)
    interrupt(context, SPEC, at="begin")
    (interrupted,) = unfinished.interrupted_runs(context.store)
    with unfinished.unfinished_run(context.store, interrupted.item_id, name=""):
        assert unfinished.interrupted_runs(context.store) == []
        (going_on,) = unfinished.runs_going_on(context.store)
        assert (going_on.item_id, going_on.rows) == (interrupted.item_id, interrupted.rows)
        with pytest.raises(InvalidArgumentError, match="goes on already"):
            training.train(context, spec=SPEC, data=DATA, go_on=True, from_run=interrupted.item_id)
    assert len(unfinished.interrupted_runs(context.store)) == 1


def test_who_diverged_is_not_asked_to_diverge_again(context: JobContext) -> None:
    interrupt(context, SPEC, at="done")
    (interrupted,) = unfinished.interrupted_runs(context.store)
    with (
        pytest.raises(TrainingError),
        unfinished.unfinished_run(context.store, interrupted.item_id, name=""),
    ):
        raise divergence_error(float("nan"), 1.0)
    assert context.store.items("unfinished") == []


def test_only_the_newest_interrupted_runs_are_kept(context: JobContext) -> None:
    for _ in range(unfinished._KEPT + 1):
        interrupt(context, SPEC, at="begin")
    assert len(unfinished.interrupted_runs(context.store)) == unfinished._KEPT


def test_only_a_head_on_features_that_are_known_is_trained_where_people_wait_for_answers(context: JobContext) -> None:
    head = TrainingSpec(base="VGG16Slim", weights="embedded", method="feature_extraction", head=(4,), epochs=1)
    beside = JobContext("job", context.owner, lambda event: None, lambda: False, may_take_minutes=False)
    with pytest.raises(LongJobError):
        training.train(beside, spec=head, data=DATA)
    features.extract_features(context, base=head.base, weights=head.weights, data=DATA)
    assert len(training.train(beside, spec=head, data=DATA).history) == 1
    long = {"epochs": 1000, "head": (65_536,)}
    for more in ({"method": "fine_tuning"}, {"augmentation": True}, {"weights": "random"}, long):
        with pytest.raises(LongJobError):
            training.train(beside, spec=head.model_copy(update=more), data=DATA)
