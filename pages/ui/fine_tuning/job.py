"""The page's job: how it is started and gone on with, and what its events say so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.ui.common.focus import await_parts
from pages.ui.common.i18n import _
from pages.ui.common.jobs import is_running, job_of, start
from pages.ui.common.state import matrix_keys
from pages.ui.fine_tuning.settings import FineTuningState, method_title, take_up_settings
from pages.ui.fine_tuning.state import ASKED, JOB, KEYS, OPEN_JOB, PROGRESS, RESULT, WARNED, AskedRun
from tlcore.architectures import get_architecture
from tlcore.engine import JobView
from tlcore.engine.tasks.references import DatasetReference
from tlcore.engine.tasks.trained_run import Row, TrainedRun
from tlcore.engine.tasks.unfinished import InterruptedRun
from tlcore.training import TrainingSpec
from tlcore.training.specification import first_phase_settings, settings_without_epochs


def find_job() -> JobView | None:
    """The job that this page shows, with what it was asked to do if a reload has forgotten it."""
    view = job_of(JOB)
    if view is not None and ASKED.get() is None:
        ASKED.set(_asked(view))
    return view


def take_up_last_run() -> None:
    """In a new session without a link, the widgets say what the browser's newest run was asked to do."""
    if ASKED.get() is not None or any(name in st.query_params for name in KEYS):
        return
    find_job()
    asked = ASKED.get()
    if asked is not None:
        take_up_settings(asked.spec)


def _asked(view: JobView) -> AskedRun | None:
    if view.result is not None:
        return AskedRun(view.result.spec, view.result.data)
    begin = next((event for event in view.events[:1] if event.get("kind") == "begin"), None)
    return AskedRun(TrainingSpec(**begin["spec"]), DatasetReference(**begin["data"])) if begin else None


def start_training(state: FineTuningState, spec: TrainingSpec) -> None:
    """Submits a run from the beginning."""
    _submit(state.asked_run(spec), {"go_on": False})


def go_on_training(spec: TrainingSpec, view: JobView | None, *, more: bool = False) -> None:
    """Takes up the run on the page, on its own images; `more` if early stopping is to be overruled."""
    asked = ASKED.get()
    if asked is not None:
        run: TrainedRun | None = view.result if view is not None else None
        kept = run.run_id if run is not None and run.can_go_on else None
        _submit(AskedRun(spec, asked.data), {"go_on": True, "from_run": kept, "more": more})


def go_on_with_kept(run: TrainedRun, epochs: int) -> None:
    """Takes up a kept run for some more epochs of its last phase."""
    asked = AskedRun(one_more(run.spec, run.history, epochs), run.data)
    _submit(asked, {"go_on": True, "from_run": run.run_id, "more": True})


def go_on_with_interrupted(run: InterruptedRun) -> None:
    """Takes up a run that something interrupted, where it stood."""
    _submit(AskedRun(run.spec, run.data), {"go_on": True, "from_run": run.item_id})


def _submit(asked: AskedRun, how: dict[str, Any]) -> None:
    if asked.data is None:
        st.warning(
            _("The images of this run are not here. Choose them on the page Datasets, then open its file again."),
            icon=":material/arrow_forward:",
        )
        return
    name = f"{method_title(asked.spec.method)} · {_(get_architecture(asked.spec.base).title)}"
    if start(JOB, "train", {"spec": asked.spec, "data": asked.data, "name": name, **how}):
        ASKED.set(asked)
        WARNED.set(False)
        await_parts(PROGRESS, RESULT)
        matrix_keys("fine_tuning").cell.set(None)


def forget_job() -> None:
    """Back to an untrained network; kept runs stay in the table."""
    JOB.set(None)
    OPEN_JOB.set(None)
    ASKED.set(None)


def rows_of(view: JobView | None) -> Sequence[Row]:
    """One row an epoch so far, those from before a pause included."""
    if view is None:
        return []
    if view.result is not None:
        history: Sequence[Row] = view.result.history
        return history
    rows: dict[int, Row] = {}
    for event in view.events:
        if event.get("kind") == "begin":
            rows |= {row["epoch"]: row for row in event["rows"]}
        elif event.get("kind") == "epoch":
            rows[event["epoch"]] = event
    return [rows[epoch] for epoch in sorted(rows)]


def asked_spec() -> TrainingSpec | None:
    """Settings of the run on the page."""
    asked = ASKED.get()
    return None if asked is None else asked.spec


def images_are_elsewhere() -> bool:
    """Whether the run on the page came from a file and its images are not here."""
    asked = ASKED.get()
    return asked is not None and asked.data is None


def is_stale(state: FineTuningState, view: JobView | None) -> bool:
    """Whether an image, a label or a setting other than the number of epochs has changed since the run.

    A run that has trained the head only does not depend on what is unfrozen after it.
    """
    spec = asked_spec()
    if view is None or spec is None:
        return False
    will_unfreeze = is_running(view) and spec.method == "fine_tuning" and spec.fine_tuning_epochs > 0
    if will_unfreeze or has_fine_tuned(view):
        return _differs(state, spec, settings_without_epochs)
    return _differs(state, spec, first_phase_settings)


def head_is_trained(state: FineTuningState, view: JobView | None) -> bool:
    """Whether the run on the page has trained the very head that is to be fine-tuned."""
    spec = asked_spec()
    if spec is None or view is None or is_running(view) or _differs(state, spec, first_phase_settings):
        return False
    return any(row["phase"] == "head" for row in rows_of(view))


def has_fine_tuned(view: JobView | None) -> bool:
    """Whether the run on the page has unfrozen layers and trained them."""
    return any(row["phase"] == "fine_tuning" for row in rows_of(view))


def one_more(spec: TrainingSpec, rows: Sequence[Row], epochs: int = 1) -> TrainingSpec:
    """The same run with one more epoch, or some, in its last phase."""
    last = rows[-1]["phase"]
    done = sum(row["phase"] == last for row in rows)
    if last == "fine_tuning":
        return spec.model_copy(update={"fine_tuning_epochs": done + epochs})
    return spec.model_copy(update={"epochs": done + epochs, "fine_tuning_epochs": 0})


def _differs(state: FineTuningState, spec: TrainingSpec, settings: Callable[[TrainingSpec], dict[str, Any]]) -> bool:
    """Whether the page's images or those settings of it are others than the run's."""
    asked = ASKED.get()
    data = None if asked is None else asked.data
    return settings(spec) != settings(state.spec) or data != state.asked_run().data
