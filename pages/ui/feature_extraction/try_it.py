"""The trained head tried at once: a press on a test image, or a photo of one's own, and there is an answer."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.answer import LEAST_SURE, answer_bars, truth_line
from pages.ui.common.class_words import task_word
from pages.ui.common.dataset_words import class_title
from pages.ui.common.focus import arrived, await_parts
from pages.ui.common.gallery import gallery
from pages.ui.common.i18n import _
from pages.ui.common.jobs import answer_to, job_of
from pages.ui.common.messages import photo_note
from pages.ui.common.photo import photo_box, still_in_use
from pages.ui.common.pictures import show_picture
from pages.ui.feature_extraction.state import ANSWER_ASKED, ANSWER_JOB, SAMPLE, SAMPLES, TRY_PHOTO, TRY_UPLOAD
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.image_index import ShownImage
from tlcore.engine.tasks.prediction import PhotoAnswer
from tlcore.engine.tasks.references import NetworkReference
from tlcore.engine.tasks.trained_run import TrainedRun

ANSWER = "feature_extraction-answer"
SIDE = 76  # four in a row on a phone
_WAIT_S = 0.6


def try_strip(run: TrainedRun, data: DatasetPreview | None) -> None:
    """Test images and a box for a photo; the answer below them, as soon as one is chosen."""
    with st.container(key="feature_extraction-try", gap="small"):
        st.subheader(_("Try it: press an image, or bring a photo"), anchor=False)
        samples = data.samples["test"] if data is not None and data.reference == run.data else ()
        left, right = st.columns(2, gap="small") if samples else (None, st.container())
        if left is not None:
            with left:
                gallery(
                    _("Test images"),
                    [sample.png for sample in samples],
                    [_("image {number}").format(number=number) for number in range(1, len(samples) + 1)],
                    side=SIDE,
                    chosen=SAMPLE.get(),
                    on_choice=_choose_sample,
                    key=SAMPLES,
                )
        with right:
            photo = photo_box(_("Your own photo"), TRY_UPLOAD, TRY_PHOTO, on_photo=_choose_own)
            still_in_use(TRY_UPLOAD, TRY_PHOTO)
            photo_note()
        place = SAMPLE.get()
        if place is not None and place < len(samples):
            _ask(run, samples[place].png, samples[place].source, samples[place])
        elif photo is not None:
            _ask(run, *photo, None)
        else:
            _last_answer(run)


def _choose_sample(place: int) -> None:
    SAMPLE.set(place)
    await_parts(ANSWER)


def _choose_own() -> None:
    SAMPLE.set(None)
    await_parts(ANSWER)


def _ask(run: TrainedRun, image: bytes, file_name: str, sample: ShownImage | None) -> None:
    question = {"network": NetworkReference(run_id=run.run_id), "image": image, "file_name": file_name}
    answer: PhotoAnswer | None = answer_to(ANSWER_JOB, ANSWER_ASKED, "predict", question, wait_s=_WAIT_S)
    if answer is not None:
        _show(answer, run, sample)


def _last_answer(run: TrainedRun) -> None:
    """Found again after a reload, which forgets the photo."""
    view = job_of(ANSWER_JOB)
    answer: PhotoAnswer | None = None if view is None else view.result
    if answer is not None and answer.network.run_id == run.run_id:
        st.caption(":material/history: " + _("The last answer, to the photo before."))
        _show(answer, run, None)


def _show(answer: PhotoAnswer, run: TrainedRun, sample: ShownImage | None) -> None:
    """The photo as the network saw it, the truth where it is known, and the bars."""
    with st.container(key=ANSWER, gap="small"):
        arrived(ANSWER)
        words = [task_word(title) for title in run.class_titles]
        named = [(words[prediction.index], prediction.probability) for prediction in answer.predictions]
        caption = _("Your photo, as the network saw it") if sample is None else _("The test image")
        left, right = st.columns([1, 3], gap="medium")
        with left:
            show_picture(answer.photo, caption=caption, alt=caption, width=2 * SIDE)
        with right:
            if sample is not None:
                truth_line(class_title(run, sample.label), named[0][0])
            answer_bars(named, threshold=LEAST_SURE, key="feature_extraction-answer-bars")
