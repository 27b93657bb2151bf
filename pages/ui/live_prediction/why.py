"""Why a network says so: maps of what speaks for a class, beside those of another network, and a check of them."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.ui.common.controls import choose_one, select_one
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.jobs import answer_to
from pages.ui.common.messages import takeaway_line
from pages.ui.common.state import Key
from pages.ui.live_prediction.beside import Beside, networks_beside
from pages.ui.live_prediction.state import (
    CHECK_ASKED,
    CHECK_JOB,
    CHECKED,
    CLASS,
    LAYER,
    METHOD,
    OTHER,
    OTHER_ASKED,
    OTHER_JOB,
    WHY_ASKED,
    WHY_JOB,
)
from pages.ui.live_prediction.whole_photo import whole_photo
from pages.ui.live_prediction.words import run_of, words_for
from tlcore.engine.tasks.prediction import MapCheck, PhotoAnswer, PhotoExplanation
from tlcore.engine.tasks.references import NetworkReference
from tlcore.features.survey import feature_layers

ANSWER_WAIT_S = 0.6
_MAP_WIDTH = 340  # pixels
#: From this rank correlation on, two maps pass for alike.
ALIKE = 0.5


@dataclass(frozen=True)
class _Question:
    """Which map of which class is looked at."""

    answer: PhotoAnswer
    class_index: int
    name: str
    share: float
    method: str
    layer: str

    def of(self, network: NetworkReference) -> dict[str, object]:
        """What the engine is asked."""
        return {
            "network": network,
            "image": self.answer.photo,
            "class_index": self.class_index,
            "method": self.method,
            "layer": self.layer or None,
        }


def why_view(answer: PhotoAnswer) -> None:
    """Which parts of the photo speak for a class, seen in three ways."""
    st.header(_("Why it says so"), anchor=False)
    question = _controls(answer)
    beside = _beside_control(answer)
    explanation = _explanation(question, answer.network, WHY_JOB, WHY_ASKED)
    other = None if beside is None else _explanation(question, beside.network, OTHER_JOB, OTHER_ASKED)
    if explanation is None:
        return
    titles = ("", "") if beside is None else beside.titles
    with st.container(horizontal=True, gap="large", key="live_prediction-maps"):
        for title, shown in zip(titles, (explanation, other), strict=True):
            if shown is not None:
                with st.container(width=_MAP_WIDTH, gap="small"):
                    _map(question, shown, title)
    st.caption(_("The network sees what is in the frame: the middle of the photo, as much as fits."))
    st.caption(_method_note(question.method))
    _check(question)


def _controls(answer: PhotoAnswer) -> _Question:
    methods = {
        "grad_cam": "Grad-CAM",
        "occlusion": _("covering parts (occlusion)"),
        "smooth_gradients": _("sensitive pixels (SmoothGrad)"),
    }
    method = choose_one(_("How to look"), methods, METHOD)
    left, right = st.columns(2)
    names = words_for(answer.network, answer.predictions)
    ranks = {
        rank: f"{name} ({percent(prediction.probability)})"
        for rank, (name, prediction) in enumerate(zip(names, answer.predictions, strict=True))
    }
    rank: int = select_one(_("What speaks for"), ranks, CLASS, container=left)
    layer = ""
    if method == "grad_cam":
        run = run_of(answer.network)
        base = (run.spec.base if run is not None else answer.network.base) or ""
        layers = {"": _("the last feature map"), **{name: name for name in reversed(feature_layers(base))}}
        layer = select_one(_("At the layer"), layers, LAYER, container=right)
    prediction = answer.predictions[rank]
    return _Question(answer, prediction.index, names[rank], prediction.probability, method, layer)


def _beside_control(answer: PhotoAnswer) -> Beside | None:
    """Another network with the same classes: the same before fine-tuning, for example."""
    run = run_of(answer.network)
    if run is None:
        return None
    others = networks_beside(run)
    if not others:
        st.caption(
            _("Fine-tune a network on the same images: then the maps before and after can be shown here side by side.")
        )
        return None
    titles = {"": _("no other network"), **{name: other.title for name, other in others.items()}}
    chosen: str = select_one(_("Beside it, for example before and after fine-tuning"), titles, OTHER)
    return others.get(chosen)


def _explanation(
    question: _Question, network: NetworkReference, job: Key[str | None], asked: Key[str]
) -> PhotoExplanation | None:
    answer: PhotoExplanation | None = answer_to(job, asked, "explain", question.of(network), wait_s=ANSWER_WAIT_S)
    return answer


def _map(question: _Question, explanation: PhotoExplanation, title: str) -> None:
    """A map with its sentence; the title of its network where there are two."""
    caption = _("What speaks for “{name}”").format(name=question.name)
    if title:
        caption = f"{title}: {percent(explanation.share)}"
    whole_photo(question.answer.whole, explanation.heat, caption)
    takeaway_line(why_sentence(explanation, question.name, explanation.share, question.method))


def why_sentence(explanation: PhotoExplanation, name: str, share: float, method: str = "grad_cam") -> str:
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
    strong = percent(float((explanation.heat > 0.5).mean()))
    if method == "smooth_gradients":
        return _("The score of “{name}” answers most to {share} of the pixels, the bright ones.").format(
            name=name, share=strong
        )
    return _("What speaks most for “{name}” lies on {share} of the photo, the bright part.").format(
        name=name, share=strong
    )


def _method_note(method: str) -> str:
    if method == "occlusion":
        return _(
            "A patch in the photo's mean colour is put on place after place, and the network is asked anew each time. "
            "Bright: where covering lowers the probability most. Nothing is assumed about the network."
        )
    if method == "smooth_gradients":
        return _(
            "How much the score of the class changes with each pixel, averaged over 24 copies of the photo with a "
            "little noise. Bright: what the score hangs on, whether for or against. As fine as the photo."
        )
    return _(
        "The channels of the feature maps, weighted by how much each raises the score of the class. Bright: what "
        "speaks for it. It is as coarse as those maps are: earlier layers are finer, and know less of the class."
    )


def _check(question: _Question) -> None:
    """The sanity check of Adebayo et al.: the same map of a network that knows nothing."""
    asked = question.of(question.answer.network)
    stamp = repr([question.class_index, question.method, question.layer, hash(question.answer.photo)])
    if CHECKED.get() != stamp:
        st.button(
            _("Does the map hang on what was learned? Try random weights"),
            icon=":material/casino:",
            key="live_prediction.check",
            on_click=CHECKED.set,
            args=(stamp,),
        )
        return
    check: MapCheck | None = answer_to(CHECK_JOB, CHECK_ASKED, "check_map", asked, wait_s=ANSWER_WAIT_S)
    if check is None:
        return
    with st.container(border=True, key="live_prediction-check"):
        caption = _("The same map of the same network with random weights, one of the draws")
        whole_photo(question.answer.whole, check.random_heat, caption)
        takeaway_line(check_sentence(check))
        st.caption(
            _(
                "The check of Adebayo et al., “Sanity Checks for Saliency Maps” (2018). The correlation is of the "
                "ranks of all pixels by brightness: 1 for the same map, 0 for nothing in common."
            )
        )


def check_sentence(check: MapCheck) -> str:
    """What follows from how much the two maps are alike."""
    if not check.random_heat.any():
        return _(
            "With random weights nothing speaks for this class: the map does hang on what the network has learned."
        )
    found = {"likeness": number(check.likeness, 2), "draws": number(check.draws)}
    if check.likeness >= ALIKE:
        return _(
            "The map of a network that has learned nothing is much the same (rank correlation {likeness}, the mean of "
            "{draws} draws of its weights): it shows the photo's own edges and surfaces rather than what the network "
            "knows. Do not take it for a reason."
        ).format(**found)
    return _(
        "The map of a network that has learned nothing is another one (rank correlation {likeness}, the mean of "
        "{draws} draws of its weights): the map does hang on what was learned. That does not yet make it the right "
        "reason."
    ).format(**found)
