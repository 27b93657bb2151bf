"""The task of the trainer, called as a worker calls it: what going on with a run costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tlcore.engine.job import JobContext
from tlcore.engine.tasks import training
from tlcore.engine.tasks.references import DatasetReference
from tlcore.errors import InvalidArgumentError
from tlcore.training import TrainingSpec, checkpoint

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
    first = training.train(context, spec=SPEC, data=DATA, go_on=False)
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
    assert longer.can_go_on


def test_a_kept_run_of_other_settings_is_refused_and_the_last_checkpoint_stays(context: JobContext) -> None:
    first = training.train(context, spec=SPEC, data=DATA, go_on=False)
    last = context.store.unfinished_file(training.CHECKPOINT_FILE)
    before = last.read_bytes()
    with pytest.raises(InvalidArgumentError, match="cannot be gone on with"):
        training.train(context, spec=ANOTHER_HEAD, data=DATA, go_on=True, from_run=first.run_id)
    assert last.read_bytes() == before


def test_beginning_anew_forgets_the_last_checkpoint(context: JobContext, events: list[dict[str, Any]]) -> None:
    training.train(context, spec=SPEC, data=DATA, go_on=False)
    again = training.train(context, spec=SPEC, data=DATA, go_on=False)
    assert [event["rows"] for event in events if event["kind"] == "begin"] == [[], []]
    assert len(again.history) == 1
