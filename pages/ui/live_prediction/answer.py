"""What a network says of a photo: probabilities, doubt, and whether it knows such photos at all."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.answer import SHOWN_CLASSES, answer_bars, truth_line
from pages.ui.common.focus import arrived
from pages.ui.common.i18n import _, number
from pages.ui.common.lesson.progress import happened
from pages.ui.common.lesson.questions import LIVE
from pages.ui.common.messages import reason_text
from pages.ui.common.museum_links import pieces_about
from pages.ui.common.pictures import show_picture
from pages.ui.common.questions import check_yourself
from pages.ui.live_prediction.familiar import familiarity_view
from pages.ui.live_prediction.question import Photo, networks, threshold_control
from pages.ui.live_prediction.state import ANSWER, THRESHOLD
from pages.ui.live_prediction.whole_photo import WIDTH
from pages.ui.live_prediction.words import network_key, words_for, words_of
from tlcore.engine.tasks.prediction import PhotoAnswer


def answer_view(answer: PhotoAnswer, photo: Photo | None) -> None:
    """The photo, the bars, and what an answer of this network can mean at all."""
    predictions = _predictions(answer)
    happened("answered", said=predictions[0][0], share=predictions[0][1])
    with st.container(key=ANSWER, gap="small"):
        arrived(ANSWER)
        left, right = st.columns([2, 3], gap="large")
        with left:
            caption = _("The test image") if photo is not None and photo.is_sample else _("Your photo")
            show_picture(answer.whole, caption=caption, alt=caption, width=WIDTH)
        with right:
            if answer.note is not None:
                st.warning(reason_text(answer.note.template, answer.note.params), icon=":material/visibility_off:")
            if photo is not None and photo.true is not None:
                truth_line(photo.true, predictions[0][0] if photo.true in words_of(answer.network) else None)
            answer_bars(predictions, threshold=THRESHOLD.get(), key="live_prediction")
            threshold_control()
            st.caption(_closed_world(answer))
            check_yourself(LIVE)
            pieces_about("class_order", "exif", "bgr")
        familiarity_view(answer)


def _predictions(answer: PhotoAnswer) -> list[tuple[str, float]]:
    """Word and probability of the likeliest classes."""
    likeliest = answer.predictions[:SHOWN_CLASSES]
    shares = [prediction.probability for prediction in likeliest]
    return list(zip(words_for(answer.network, likeliest), shares, strict=True))


def _closed_world(answer: PhotoAnswer) -> str:
    """Who answered, and that it had to choose among its own classes."""
    who = _("Answered by: {network}.").format(network=networks().get(network_key(answer.network), "–"))
    return f"{who} " + _(
        "It knows {count} classes and shares 100% out among them, whatever the photo shows: a low first bar means that "
        "several fit alike, a high one does not mean that the thing is among them."
    ).format(count=number(len(answer.predictions)))
