"""Teach it in a minute: hold two things up to the camera, and a network tells them apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.ui.common.camera import HOLD, camera_script
from pages.ui.common.i18n import _, amount_of_bytes, number
from pages.ui.common.in_browser import FOLDER
from pages.ui.common.in_browser.files import runtime_address
from pages.ui.common.in_browser.network import NetworkKeys, dense_data, network_data, network_for_browser
from pages.ui.common.in_browser.words import live_words
from pages.ui.common.navigation import link_to
from pages.ui.common.weights import weights_sources
from pages.ui.home.lesson import Lesson, learn
from pages.ui.home.state import (
    BEGUN,
    FAULT,
    FILE_ASKED,
    FILE_JOB,
    LESSON,
    NETWORK_ASKED,
    NETWORK_JOB,
    SENT,
    TEACH,
)
from tlcore.architectures import PROPOSED_BASE
from tlcore.engine.tasks.references import NetworkReference

if TYPE_CHECKING:
    from tlcore.engine.tasks.browser import BrowserNetwork

SIDE = 150  # pixels, as in the lecture
_NETWORK = NetworkKeys(NETWORK_JOB, NETWORK_ASKED, FILE_JOB, FILE_ASKED)
_teach = st.components.v2.component(
    "tlcore.teach",
    html='<div class="live"></div>',
    css=(FOLDER / "live.css").read_text("utf-8"),
    js=camera_script(HOLD, FOLDER / "answers.js", Path(__file__).with_name("teach.js")),
)


def teach_card() -> None:
    """The card: an invitation, then the camera with two classes, then what has happened, step by step."""
    with st.container(border=True, key="home-minute"):
        st.header(_("Teach it in a minute"), anchor=False)
        if runtime_address() is None:
            st.caption(
                _(
                    "The part that runs in your browser could not be built when this lab was started (it needs a "
                    "connection to npm once). With pictures that go to the server it works as well:"
                )
            )
            link_to("feature_extraction")
            return
        st.markdown(_("Hold two things up to the camera, one after the other. **No picture leaves this device.**"))
        if not BEGUN.get():
            st.button(_("Begin"), icon=":material/videocam:", key="home.teach_begin", on_click=BEGUN.set, args=(True,))
            return
        network = network_for_browser(_base(), _NETWORK)
        if network is not None:
            _draw(network)


def _base() -> NetworkReference:
    weights = next(iter(weights_sources(PROPOSED_BASE)))
    return NetworkReference(base=PROPOSED_BASE, weights=weights, input_shape=(SIDE, SIDE, 3), include_top=False)


@st.fragment
def _draw(network: BrowserNetwork) -> None:
    sent = SENT.get()
    if sent is not None:
        SENT.set(None)
        came = learn(sent)
        FAULT.set(came if isinstance(came, str) else "")
        LESSON.set(came if isinstance(came, Lesson) else LESSON.get())
    lesson: Lesson | None = LESSON.get()
    data: dict[str, Any] = {
        "runtime": runtime_address(),
        "network": network_data(network, whole=True),
        "words": {**live_words(), **_words()},
        "fault": FAULT.get(),
    }
    if lesson is not None:
        data["head"] = {"id": lesson.sent.id, "dense": dense_data(lesson.head.dense)}
    _teach(data=data, key=TEACH.name, on_taught_change=_note_features, width="stretch")
    if lesson is not None:
        _steps(lesson)


def _note_features() -> None:
    SENT.set((TEACH.get() or {}).get("taught"))


def _steps(lesson: Lesson) -> None:
    """What has just happened; each step with the page that opens it."""
    pictures, numbers = len(lesson.sent.labels), lesson.sent.feature_dim
    weights = sum(len(layer.kernel) // 2 + len(layer.bias) // 4 for layer in lesson.head.dense)
    steps = {
        "feature_extraction": _(
            "**Features were computed in your browser**: the base, which has seen a million photographs, made "
            "{numbers} numbers of each picture. The strip shows them."
        ).format(numbers=number(numbers)),
        "datasets": _(
            "**Only these numbers went to the server**: {pictures} pictures, {size}. That is the whole training set."
        ).format(pictures=number(pictures), size=amount_of_bytes(len(lesson.sent.features))),
        "fine_tuning": _(
            "**The lecture's dense head learned from them** in {seconds} s, and the base stayed as it was: that is "
            "transfer learning by feature extraction."
        ).format(seconds=number(lesson.head.seconds, 1)),
        "live_prediction": _(
            "**Its {weights} weights came back**, and answer in your browser. Show it something else: it knows two "
            "classes only, and has to choose one."
        ).format(weights=number(weights)),
    }
    for place, (page, step) in enumerate(steps.items(), start=1):
        st.markdown(f"{place}. {step}")
        link_to(page)


def _words() -> dict[str, Any]:
    return {
        "names": [_("Class {number}").format(number=place) for place in (1, 2)],
        "name": _("Name of the class"),
        "hold": _("Hold to teach"),
        "holding": _("Looking…"),
        "few": _("{count} of {enough}"),
        "count": _("Images: {count}"),
        "learning": _("The head is learning on the server…"),
        "strip": _("The features of the picture: one line a number, the darker the larger"),
        "answers": _("The likeliest classes"),
    }
