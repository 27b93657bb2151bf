"""All runs of this browser: a table to name, compare and delete them in, and their curves laid over each other."""

from __future__ import annotations

import csv
import io
from typing import Any

import streamlit as st

from pages.ui.common.bounds import bounds
from pages.ui.common.controls import choose_one
from pages.ui.common.dataset_words import title_of_any
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import is_running, job_of
from pages.ui.common.messages import show_error
from pages.ui.common.owner import owner
from pages.ui.common.remembered import recall, remember
from pages.ui.common.trained import run_label
from pages.ui.fine_tuning.curves import metric_title, overlaid_curves
from pages.ui.fine_tuning.job import forget_job, go_on_with_kept
from pages.ui.fine_tuning.settings import method_title
from pages.ui.fine_tuning.state import GO_ON, JOB, METRIC, MORE_EPOCHS, PINNED
from tlcore.engine.tasks.trained_run import KeptRun, kept_run, kept_runs
from tlcore.errors import TransferLearningError
from tlcore.store import OwnerStore

_METRICS = ("val_accuracy", "val_loss", "accuracy", "loss")
_CURVES = 6  # more cannot be told apart


def runs_section() -> None:
    """The table with its curves; nothing before the first run."""
    runs = kept_runs(OwnerStore(owner()))
    if not runs:
        return
    st.header(_("Your runs, side by side"), anchor=False)
    st.caption(
        _(
            "Tick “compare” to pin a run into the chart; click a name to change it. Runs are deleted when unused for a "
            "day, or at once with the button."
        )
    )
    recall(PINNED)
    pinned = PINNED.get() & {kept.run_id for kept in runs}
    edited = _table(runs, pinned)
    _take_over(runs, edited, pinned)
    _overlay([kept for kept in runs if not pinned or kept.run_id in pinned])
    _go_on(runs)
    st.download_button(
        _("Download the table (CSV)"),
        as_csv(runs),
        "runs.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _table(runs: list[KeptRun], pinned: frozenset[str]) -> list[dict[str, Any]]:
    rows = [{"number": kept.number, **_row(kept, kept.run_id in pinned)} for kept in runs]
    columns = {
        "number": st.column_config.NumberColumn(_("no.")),
        "pin": st.column_config.CheckboxColumn(_("compare")),
        "delete": st.column_config.CheckboxColumn(_("delete")),
        "name": st.column_config.TextColumn(_("name"), max_chars=80, required=True, width="large"),
        "accuracy": st.column_config.NumberColumn(_("test accuracy"), format="percent"),
        "balanced": st.column_config.NumberColumn(_("balanced accuracy"), format="percent"),
        "drift": st.column_config.NumberColumn(_("largest drift in the base"), format="percent"),
        "epochs": st.column_config.NumberColumn(_("epochs")),
        "seconds": st.column_config.NumberColumn(_("seconds"), format="%.1f"),
        "method": st.column_config.TextColumn(_("way of training")),
        "data": st.column_config.TextColumn(_("images")),
        "seed": st.column_config.NumberColumn(_("seed")),
    }
    locked = [name for name in columns if name not in ("pin", "delete", "name")]
    # A table of other runs is another widget: edits belong to rows by their place.
    key = "fine_tuning.runs." + "".join(kept.run_id[:4] for kept in runs)
    edited: list[dict[str, Any]] = st.data_editor(
        rows,
        column_config=columns,
        column_order=list(columns),
        disabled=locked,
        hide_index=True,
        width="stretch",
        key=key,
    )
    return edited


def _row(kept: KeptRun, pinned: bool) -> dict[str, Any]:
    run = kept.run
    drifts = [drift for layer, drift in run.weight_drift.items() if not layer.startswith("head")]
    return {
        "pin": pinned,
        "name": kept.name,
        "method": method_title(run.spec.method),
        "data": title_of_any(run.dataset),
        "epochs": len(run.history),
        "accuracy": run.test_metrics.accuracy,
        "balanced": run.test_metrics.balanced_accuracy,
        "drift": max(drifts, default=0.0),
        "seconds": sum(run.timings.values()),
        "seed": run.spec.seed,
        "delete": False,
    }


def _take_over(runs: list[KeptRun], edited: list[dict[str, Any]], pinned: frozenset[str]) -> None:
    """Writes what was edited in the table back: pins, names, deletions."""
    store = OwnerStore(owner())
    chosen = frozenset(kept.run_id for kept, row in zip(runs, edited, strict=True) if row["pin"])
    doomed = [kept for kept, row in zip(runs, edited, strict=True) if row["delete"]]
    renamed = [(kept, row["name"]) for kept, row in zip(runs, edited, strict=True) if row["name"] != kept.name]
    try:
        for kept, name in renamed:
            store.rename("runs", kept.run_id, str(name))
        if doomed and st.button(
            _("Delete the ticked runs ({count})").format(count=number(len(doomed))), icon=":material/delete:"
        ):
            _delete(doomed, store)
            st.rerun()
    except TransferLearningError as error:
        show_error(error)
    if chosen != pinned or renamed:
        PINNED.set(chosen)
        remember(PINNED)
        st.rerun()


def _delete(runs: list[KeptRun], store: OwnerStore) -> None:
    """A run that is shown above leaves the page with its files."""
    view = job_of(JOB)
    shown = view.result.run_id if view is not None and view.result is not None else None
    for kept in runs:
        store.delete("runs", kept.run_id)
        if kept.run_id == shown:
            forget_job()


def _overlay(runs: list[KeptRun]) -> None:
    metric = choose_one(_("Compare by"), {name: metric_title(name) for name in _METRICS}, METRIC)
    histories = [(kept.title, kept.run.history) for kept in runs[:_CURVES] if kept.run.history]
    if histories:
        overlaid_curves(histories, metric, key="fine_tuning-overlay")


def _go_on(runs: list[KeptRun]) -> None:
    """Any run whose state was kept can be trained on, not the last one only; what comes of it is a new run."""
    titles = {kept.run_id: run_label(kept) for kept in runs if kept.run.can_go_on}
    if not titles:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="fine_tuning-go-on"):
        st.selectbox(
            _("Go on with one of these runs"),
            list(titles),
            format_func=titles.__getitem__,
            key=GO_ON.widget(titles),
        )
        st.number_input(_("More epochs"), *bounds("epochs"), key=MORE_EPOCHS.widget(), width=140)
        st.button(
            _("Train on"),
            key="fine_tuning.go_on",
            icon=":material/resume:",
            disabled=is_running(job_of(JOB)),
            on_click=_train_on,
            help=_("From where it stopped, the optimizer's memory included. The run itself stays as it is."),
        )


def _train_on() -> None:
    """Reads the choice at the click: the page may have been drawn before it."""
    chosen = GO_ON.get()
    try:
        kept = kept_run(OwnerStore(owner()), chosen) if chosen is not None else None
        if kept is not None:
            go_on_with_kept(kept.run, int(MORE_EPOCHS.get()))
    except TransferLearningError as error:
        show_error(error)


def as_csv(runs: list[KeptRun]) -> str:
    """One line a run, with every setting."""
    out = io.StringIO()
    rows = [
        {name: value for name, value in _row(kept, False).items() if name not in ("pin", "delete")}
        | {f"setting.{name}": value for name, value in kept.run.spec.model_dump(mode="json").items()}
        for kept in runs
    ]
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
