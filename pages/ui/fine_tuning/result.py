"""After training: the test, the images behind its numbers, what it cost, and how to take it along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui.common.dataset_words import class_title
from pages.ui.common.i18n import _, amount_of_bytes, number, percent
from pages.ui.common.jobs import is_running, job_of, start, watch
from pages.ui.common.pictures import pictures
from pages.ui.common.results import result_view, runtime_in_words
from pages.ui.fine_tuning.curves import phase_title
from pages.ui.fine_tuning.export_panel import export_panel
from pages.ui.fine_tuning.state import CELL, CLICKED, CONFUSION, IMAGES, IMAGES_JOB
from tlcore.engine import JobView
from tlcore.engine.tasks.image_index import ShownImage
from tlcore.engine.tasks.trained_run import RunCosts, TrainedRun

MISTAKES = "mistakes"


def after_training(run: TrainedRun) -> None:
    """Everything that can be asked of a finished run."""
    result_view(run, key="fine_tuning")
    _images_behind(run)
    _cost_table(run)
    export_panel(run)


def _images_behind(run: TrainedRun) -> None:
    """A clicked or chosen cell of the matrix, or the surest mistakes, as images."""
    cells = _cells(run)
    _take_over_click(cells)
    chosen = st.selectbox(
        _("Look at the images behind a number (or click a cell of the matrix)"),
        list(cells),
        format_func=cells.__getitem__,
        key=CELL.widget(cells),
    )
    if chosen is None:
        return
    cell_of_run, job = (run.run_id, chosen), job_of(IMAGES_JOB)
    asks = not is_running(job) and (IMAGES.get() != cell_of_run or job is None)
    if asks and start(IMAGES_JOB, "show_test_images", _asked(run, chosen)):
        IMAGES.set(cell_of_run)
    watch(IMAGES_JOB, lambda view: _pictures(view, run))


def _cells(run: TrainedRun) -> dict[str, str]:
    """What can be opened: the mistakes first, then every cell of the matrix that has images."""
    matrix = run.test_metrics.confusion_matrix
    cells = {}
    if run.test_metrics.mistakes:
        cells[MISTAKES] = _("the worst mistakes, the surest first")
    for true, row in enumerate(matrix):
        for said, count in enumerate(row):
            if count:
                title = _("“{true}” taken for “{said}”") if true != said else _("“{true}”, recognised")
                words = title.format(true=class_title(run, true), said=class_title(run, said))
                cells[f"{true}-{said}"] = f"{words} ({number(count)})"
    return cells


def _take_over_click(cells: Mapping[str, str]) -> None:
    """A cell clicked in the chart becomes the chosen one."""
    event = CONFUSION.get()
    points = event["selection"]["points"] if event else []
    clicked = points[0].get("customdata") if points else None
    cell = str(clicked[0]) if isinstance(clicked, list | tuple) and clicked else None
    if cell != CLICKED.get():
        CLICKED.set(cell)
        if cell in cells:
            CELL.set(cell)


def _asked(run: TrainedRun, cell: str) -> dict[str, Any]:
    """Arguments of the task that fetches the images."""
    mistakes = run.test_metrics.mistakes
    if cell == MISTAKES:
        return {"data": run.data, "indices": tuple(mistake.index for mistake in mistakes)}
    true, said = map(int, cell.split("-"))
    if true == said:
        wrong = tuple(mistake.index for mistake in mistakes if mistake.true == true)
        return {"data": run.data, "label": true, "without": wrong}
    chosen = tuple(mistake.index for mistake in mistakes if (mistake.true, mistake.predicted) == (true, said))
    return {"data": run.data, "indices": chosen}


def _pictures(view: JobView, run: TrainedRun) -> None:
    images: tuple[ShownImage, ...] | None = view.result
    if images is None:
        return
    mistakes = {mistake.index: mistake for mistake in run.test_metrics.mistakes}
    captions = []
    for image in images:
        mistake = mistakes.get(image.index)
        said = class_title(run, mistake.predicted if mistake else image.label)
        caption = _("is “{true}”, said “{said}”").format(true=class_title(run, image.label), said=said)
        captions.append(caption + (f", {percent(mistake.probability)}" if mistake else ""))
    pictures([image.png for image in images], captions, width=150)


def _cost_table(run: TrainedRun) -> None:
    """What the run cost, and what the plain way would have cost."""
    costs = run.cost_ledger
    with st.expander(":material/receipt_long: " + _("What it cost"), expanded=True):
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
