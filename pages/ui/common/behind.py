"""The images behind the numbers of a result: the surest mistakes, or those of a cell of the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui.common.dataset_words import class_title
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.jobs import is_running, job_of, start, watch
from pages.ui.common.pictures import MEDIUM, pictures
from pages.ui.common.state import MatrixKeys
from tlcore.engine import JobView
from tlcore.engine.tasks.image_index import ShownImage
from tlcore.engine.tasks.trained_run import TrainedRun

MISTAKES = "mistakes"


def images_behind(run: TrainedRun, keys: MatrixKeys) -> None:
    """A clicked or chosen cell of the matrix, or the surest mistakes, as images."""
    if run.data is None:
        st.caption(_("The images of this run are not here, so they cannot be shown."))
        return
    cells = _cells(run)
    _take_over_click(cells, keys)
    chosen = st.selectbox(
        _("Look at the images behind a number (or click a cell of the matrix)"),
        list(cells),
        format_func=cells.__getitem__,
        key=keys.cell.widget(cells),
    )
    if chosen is None:
        return
    cell_of_run, job = (run.run_id, chosen), job_of(keys.job)
    asks = not is_running(job) and (keys.images.get() != cell_of_run or job is None)
    if asks and start(keys.job, "show_test_images", _asked(run, chosen)):
        keys.images.set(cell_of_run)
    watch(keys.job, lambda view: _pictures(view, run))


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


def _take_over_click(cells: Mapping[str, str], keys: MatrixKeys) -> None:
    """A cell clicked in the chart becomes the chosen one."""
    event = keys.confusion.get()
    points = event["selection"]["points"] if event else []
    clicked = points[0].get("customdata") if points else None
    cell = str(clicked[0]) if isinstance(clicked, list | tuple) and clicked else None
    if cell != keys.clicked.get():
        keys.clicked.set(cell)
        if cell in cells:
            keys.cell.set(cell)


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
    pictures([image.png for image in images], captions, width=MEDIUM, key="behind", one_row=True)
