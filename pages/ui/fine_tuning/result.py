"""After training: the test, the images behind its numbers, what it cost, and how to take it along."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _, amount_of_bytes, number
from pages.ui.common.lesson.progress import happened
from pages.ui.common.results import result_view, runtime_in_words
from pages.ui.common.trained import open_in_explorer, predict_with
from pages.ui.fine_tuning.curves import phase_title
from pages.ui.fine_tuning.export_panel import export_panel
from tlcore.engine.tasks.trained_run import RunCosts, TrainedRun


def after_training(run: TrainedRun) -> None:
    """Everything that can be asked of a finished run; first, how to use it."""
    if run.trainable_tensors_fine_tuning is not None:
        happened("fine_tuned", run=run.run_id)
    with st.container(horizontal=True):
        predict_with(run.run_id, key="fine_tuning")
        open_in_explorer(run.run_id, key="fine_tuning")
    result_view(run, key="fine_tuning")
    _cost_table(run)
    export_panel(run)


def _cost_table(run: TrainedRun) -> None:
    """What the run cost, and what the plain way would have cost."""
    costs = run.cost_ledger
    with st.expander(":material/receipt_long: " + _("What it cost")):
        rows = [{_("cost"): name, _("value"): value} for name, value in _costs(costs)]
        st.table(rows, hide_index=True)
        estimated = costs.plain_seconds_estimated
        if estimated:
            spent = sum(row["seconds"] for row in run.history)
            st.markdown(
                ":material/calculate: "
                + _(
                    "Running the frozen part in every epoch, as plain Keras does, would have taken about {plain} s for "
                    "the epochs instead of {ours} s (estimated from the speed measured here)."
                ).format(plain=number(estimated, 1), ours=number(spent, 1))
            )


def _costs(costs: RunCosts) -> list[tuple[str, str]]:
    rows = [
        (_("images run through the frozen part"), number(costs.base_forward_passes)),
        (_("the same without keeping its output"), number(costs.base_forward_passes_plain)),
        (_("parameters of the network"), number(costs.total_parameters)),
    ]
    rows += [
        (_("parameters trained: {step}").format(step=phase_title(phase)), number(count))
        for phase, count in costs.trained_parameters.items()
    ]
    rows += [
        (_("memory of the optimizer"), amount_of_bytes(costs.optimizer_bytes)),
        (_("features kept on disk"), amount_of_bytes(costs.cached_bytes)),
        (_("runtime of the frozen part"), runtime_in_words(costs.runtime, costs.precision, costs.times_predict)),
    ]
    rows += [
        (_("seconds: {step}").format(step=_timing_title(phase)), number(seconds, 2))
        for phase, seconds in costs.seconds.items()
    ]
    return rows


def _timing_title(phase: str) -> str:
    titles = {"build": _("building the network"), "evaluation": _("the test")}
    return titles.get(phase) or phase_title(phase)
