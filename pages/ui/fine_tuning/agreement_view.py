"""One photo through every way to an answer: the app, the printed code, and each file that is taken along."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.class_words import task_word
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.jobs import is_running, job_of, progress_bar, start, watch
from pages.ui.common.messages import tag, takeaway_line
from pages.ui.common.photo import IMAGE_TYPES, MOST_MB
from pages.ui.fine_tuning.state import WAYS_JOB, WAYS_PHOTO
from tlcore.engine import JobView
from tlcore.engine.tasks.formats import ComparedWays
from tlcore.engine.tasks.trained_run import TrainedRun
from tlcore.export.agreement import Agreement, WayAnswer

_SAME_BELOW = 1e-3


def agreement_section(run: TrainedRun) -> None:
    """Folded away: a photo, the button, and what each way says."""
    title = ":material/compare_arrows: " + _("One photo, every way: do all say the same?")
    with st.expander(title, key="fine_tuning-ways"):
        st.file_uploader(
            _("A photo; without one, the first test image is taken"),
            type=IMAGE_TYPES,
            key=WAYS_PHOTO.name,
            max_upload_size=MOST_MB,
        )
        st.button(
            _("Compare"),
            key="fine_tuning.compare_ways",
            icon=":material/compare_arrows:",
            disabled=is_running(job_of(WAYS_JOB)) or (run.data is None and WAYS_PHOTO.get() is None),
            on_click=_compare,
            args=(run.run_id,),
        )
        watch(WAYS_JOB, lambda view: _compared(view, run))


def _compare(run_id: str) -> None:
    """Callback: a worker asks each way."""
    photo = WAYS_PHOTO.get()
    start(WAYS_JOB, "compare_ways", {"run_id": run_id, "image": None if photo is None else photo.getvalue()})


def _compared(view: JobView, run: TrainedRun) -> None:
    if is_running(view):
        progress_bar(view)
    compared: ComparedWays | None = view.result
    if compared is None or compared.run_id != run.run_id:
        return
    agreement = compared.agreement
    st.table([_row(answer, run) for answer in agreement.answers], hide_index=True)
    takeaway_line(_takeaway(agreement))
    st.markdown(tag("measured"))
    steps = {
        "upright": _(
            "The printed code reads other pixels from this file from the first step on, where it is decoded and turned "
            "upright: the app puts transparent parts on white and scales deep colours. They differ by {mean} of 255 "
            "on average."
        ),
        "fitted": _(
            "The printed code's pixels are others from the step on that scales and cuts; they differ by {mean} of 255 "
            "on average."
        ),
    }
    if agreement.first_different_step is None:
        st.caption(_("The printed code reads the very same pixels from this file as the app, at every step."))
    else:
        st.warning(steps[agreement.first_different_step].format(mean=number(agreement.pixel_difference, 2)))


def _takeaway(agreement: Agreement) -> str:
    largest = number(agreement.largest_difference, 7)
    if agreement.largest_difference <= _SAME_BELOW:
        return _("All say the same: no probability differs by more than {largest}.").format(largest=largest)
    return _("They do not all say the same: a probability differs by {largest}.").format(largest=largest)


def _row(answer: WayAnswer, run: TrainedRun) -> dict[str, str]:
    titles = {
        "app": _("these pages"),
        "predict": "tlcore.predict(run, 'photo.jpg')",
        "code": _("the printed code"),
        "keras": ".keras",
        "tflite": ".tflite (float32)",
        "browser": _("a browser (weights in float16)"),
        "onnx": ".onnx",
    }
    best = max(range(len(answer.probabilities)), key=answer.probabilities.__getitem__)
    return {
        _("way"): titles[answer.way],
        _("answer"): task_word(run.class_titles[best]),
        _("probability"): percent(answer.probabilities[best], 2),
        _("largest difference"): number(answer.difference, 7),
    }
