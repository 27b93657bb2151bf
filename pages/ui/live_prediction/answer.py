"""What a network says of a photo: probabilities, doubt, and which parts of the photo the answer hangs on."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.answer import SHOWN_CLASSES, answer_bars, truth_line
from pages.ui.common.class_words import class_word
from pages.ui.common.controls import choose_one
from pages.ui.common.focus import arrived
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.jobs import answer_to
from pages.ui.common.lesson.progress import happened
from pages.ui.common.lesson.questions import LIVE
from pages.ui.common.messages import takeaway_line
from pages.ui.common.questions import check_yourself
from pages.ui.common.trained import TRAINED, trained_networks
from pages.ui.live_prediction.question import Photo, networks, run_words, threshold_control
from pages.ui.live_prediction.state import ANSWER, CLASS, METHOD, THRESHOLD, WHY_ASKED, WHY_JOB
from pages.ui.live_prediction.whole_photo import WIDTH, whole_photo
from tlcore.engine.tasks.prediction import PhotoAnswer, PhotoExplanation
from tlcore.engine.tasks.references import NetworkReference

ANSWER_WAIT_S = 0.6


def answer_view(answer: PhotoAnswer, photo: Photo | None) -> None:
    """The photo, the bars, and what an answer of this network can mean at all."""
    predictions = _predictions(answer)
    happened("answered", said=predictions[0][0], share=predictions[0][1])
    with st.container(key=ANSWER, gap="small"):
        arrived(ANSWER)
        left, right = st.columns([2, 3], gap="large")
        with left:
            caption = _("Your photo") if photo is None or photo.true is None else _("The test image")
            st.image(answer.whole, caption=caption, alt=caption, width=WIDTH)
        with right:
            if photo is not None and photo.true is not None:
                truth_line(photo.true, predictions[0][0] if photo.true in _words(answer) else None)
            answer_bars(
                [(name, share) for name, share, _index in predictions], threshold=THRESHOLD.get(), key="live_prediction"
            )
            threshold_control()
            st.caption(_closed_world(answer))
            check_yourself(LIVE)


def _words(answer: PhotoAnswer) -> list[str]:
    """What the classes of the network are called; those of a base are not the task's."""
    run = trained_networks().get(_network_key(answer.network))
    return [] if run is None else run_words(run.run)


def _predictions(answer: PhotoAnswer) -> list[tuple[str, float, int]]:
    """Word, probability and index of the likeliest classes."""
    words = _words(answer)
    return [
        (
            class_word(prediction.class_name) if not words else words[prediction.index],
            prediction.probability,
            prediction.index,
        )
        for prediction in answer.predictions[:SHOWN_CLASSES]
    ]


def _network_key(network: NetworkReference) -> str:
    """What the control of the networks calls it."""
    return f"{TRAINED}{network.run_id}" if network.is_trained else f"{network.base}/{network.weights}"


def _closed_world(answer: PhotoAnswer) -> str:
    """Who answered, and that it had to choose among its own classes."""
    who = _("Answered by: {network}.").format(network=networks().get(_network_key(answer.network), "–"))
    return f"{who} " + _(
        "It knows {count} classes and shares 100% out among them, whatever the photo shows: a low first bar means that "
        "several fit alike, a high one does not mean that the thing is among them."
    ).format(count=number(len(answer.predictions)))


def why_view(answer: PhotoAnswer) -> None:
    """Which parts of the photo speak for a class, seen in two ways."""
    st.header(_("Why it says so"), anchor=False)
    predictions = _predictions(answer)
    ranks = range(len(predictions))
    methods = {"grad_cam": "Grad-CAM", "occlusion": _("covering parts (occlusion)")}
    left, right = st.columns(2)
    method = choose_one(_("How to look"), methods, METHOD, container=left)
    names = [name for name, _share, _index in predictions]
    rank = right.selectbox(_("What speaks for"), ranks, format_func=names.__getitem__, key=CLASS.widget(ranks))
    name, share, index = predictions[rank]
    question = {"network": answer.network, "image": answer.photo, "class_index": index, "method": method}
    explanation: PhotoExplanation | None = answer_to(WHY_JOB, WHY_ASKED, "explain", question, wait_s=ANSWER_WAIT_S)
    if explanation is None:
        return
    caption = _("{method}. The network sees what is in the frame: the middle of the photo, as much as fits.")
    whole_photo(answer.whole, explanation.heat, caption.format(method=methods[method]))
    takeaway_line(why_sentence(explanation, name, share))
    st.caption(_method_note(method))


def why_sentence(explanation: PhotoExplanation, name: str, share: float) -> str:
    """What the map says, from its numbers."""
    if not explanation.heat.any():
        return _("No part of the photo speaks for “{name}”.").format(name=name)
    if explanation.fall is not None and explanation.fall < share / 10:
        return _(
            "Covering any one part takes at most {fall} percentage points off the {share} of “{name}”: no single part "
            "decides."
        ).format(fall=number(100 * explanation.fall, 1), share=percent(share), name=name)
    if explanation.fall is not None:
        return _(
            "Covering the brightest part takes {fall} percentage points off the {share} of “{name}”: the answer "
            "hangs on it."
        ).format(fall=number(100 * explanation.fall, 1), share=percent(share), name=name)
    strong = float((explanation.heat > 0.5).mean())
    return _("What speaks most for “{name}” lies on {share} of the photo, the bright part.").format(
        name=name, share=percent(strong)
    )


def _method_note(method: str) -> str:
    if method == "occlusion":
        return _(
            "A patch in the photo's mean colour is put on place after place, and the network is asked anew each time. "
            "Bright: where covering lowers the probability most. Nothing is assumed about the network."
        )
    return _(
        "The channels of the last feature maps, weighted by how much each raises the score of the class. Bright: what "
        "speaks for it. It is as coarse as those maps are."
    )
