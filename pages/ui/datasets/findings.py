"""Jobs that look for something in the chosen images: asked for by a button, kept until the images change."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.common.i18n import _
from pages.ui.common.jobs import is_running, job_of, progress_bar, start, watch
from pages.ui.common.state import Key
from pages.ui.datasets.changes import is_busy
from pages.ui.datasets.gallery import Verdicts
from pages.ui.datasets.state import INSPECTION_JOB, SUSPECTS_JOB
from tlcore.engine import JobView
from tlcore.engine.tasks.datasets import DatasetPreview


def finding(data: DatasetPreview, job: Key[str | None], task: str, label: str, **more: Any) -> Any:
    """What a job found in the chosen images; its button where nothing was looked for, or in other labels.

    Args:
        data: The chosen set.
        job: Where the job is remembered.
        task: Of the engine; its result says by `data` which images it is about.
        label: Of the button.
        more: Arguments of the task beside the images.
    """
    known = _known(data, job)
    fresh = known is not None and known.data == data.reference
    if known is not None and not fresh:
        st.caption(":material/history: " + _("The images were changed since. Look again to see what is left."))
    if not fresh:
        st.button(
            label,
            icon=":material/search:",
            key=f"datasets.{task}",
            disabled=is_busy() or is_running(job_of(job)),
            on_click=_ask,
            args=(job, task, {"data": data.reference, **more}),
        )
    watch(job, _progress)
    return _known(data, job)


def verdicts(data: DatasetPreview) -> Verdicts:
    """What was found about images, for the gallery to show those alone."""
    found: dict[str, tuple[str, tuple[int, ...]]] = {}
    inspected, suspects = _known(data, INSPECTION_JOB), _known(data, SUSPECTS_JOB)
    if inspected is not None:
        pairs = inspected.inspection.pairs
        alike = [pair for pair in pairs if not pair.is_contradiction]
        opposed = [pair for pair in pairs if pair.is_contradiction]
        found = {
            "contradiction": (_("same photo, two classes"), _both(opposed)),
            "duplicate": (_("near-duplicates"), _both(alike)),
            "dark": (_("nearly black"), inspected.inspection.dark),
            "bright": (_("nearly white"), inspected.inspection.bright),
            "flat": (_("one colour"), inspected.inspection.flat),
        }
        files = inspected.inspection.files
        if files is not None:
            found["enlarged"] = (_("enlarged from a small file"), files.enlarged)
            found["cropped"] = (_("much was cut off"), files.cropped)
    if suspects is not None:
        found["suspect"] = (_("suspicious label"), tuple(each.index for each in suspects.suspects))
    return {name: (title, indices) for name, (title, indices) in found.items() if indices}


def is_inspected(data: DatasetPreview) -> bool:
    """Whether all images were looked through as they are now."""
    known = _known(data, INSPECTION_JOB)
    return known is not None and known.data == data.reference


def _known(data: DatasetPreview, job: Key[str | None]) -> Any:
    """The last result, also of another edition of these images."""
    view = job_of(job)
    result = None if view is None else view.result
    own = (data.reference.as_brought, data.copied_from)
    return result if result is not None and result.data.as_brought in own else None


def _ask(job: Key[str | None], task: str, arguments: dict[str, Any]) -> None:
    """Callback."""
    start(job, task, arguments)


def _both(pairs: Any) -> tuple[int, ...]:
    return tuple(dict.fromkeys(index for pair in pairs for index in (pair.first, pair.second)))


def _progress(view: JobView) -> None:
    if view.state != "done":
        progress_bar(view)
