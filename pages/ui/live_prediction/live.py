"""The camera with the network's answers beside it: in this browser, or by the server, which gets frame after frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.common.camera import camera_script
from pages.ui.common.class_words import class_word
from pages.ui.common.controls import choose_one, select_one
from pages.ui.common.focus import await_parts
from pages.ui.common.i18n import _
from pages.ui.common.in_browser import FOLDER
from pages.ui.common.in_browser.files import runtime_address
from pages.ui.common.in_browser.network import NetworkKeys, network_data, network_for_browser, network_id
from pages.ui.common.in_browser.words import live_words
from pages.ui.common.url import forget_unknown
from pages.ui.live_prediction.beside import Beside
from pages.ui.live_prediction.frames import answer_to_frame, picture_of
from pages.ui.live_prediction.state import (
    ANSWER,
    BESIDE,
    BESIDE_ASKED,
    BESIDE_FILE_ASKED,
    BESIDE_FILE_JOB,
    BESIDE_HELD,
    BESIDE_JOB,
    FILE_ASKED,
    FILE_JOB,
    FRAME,
    FROZEN,
    FROZEN_NOW,
    HELD,
    LIVE,
    NETWORK_ASKED,
    NETWORK_JOB,
    OTHER,
    THRESHOLD,
    WHERE,
)
from tlcore.engine.tasks.browser import BrowserNetwork
from tlcore.engine.tasks.references import NetworkReference

_NETWORK = NetworkKeys(NETWORK_JOB, NETWORK_ASKED, FILE_JOB, FILE_ASKED)
_BESIDE = NetworkKeys(BESIDE_JOB, BESIDE_ASKED, BESIDE_FILE_JOB, BESIDE_FILE_ASKED)
_live = st.components.v2.component(
    "tlcore.live",
    html='<div class="live"></div>',
    css=(FOLDER / "live.css").read_text("utf-8"),
    js=camera_script(FOLDER / "answers.js", Path(__file__).with_name("live.js")),
)


def live_camera(network: NetworkReference, class_words: list[str], others: dict[str, Beside]) -> bytes | None:
    """The camera and the answers.

    Args:
        network: Who answers.
        class_words: What its classes are called; [] for those of a base, which have names of their own.
        others: Networks that may answer beside it, by the value of the control.

    Returns:
        The frame that the person has frozen last, a JPEG file.
    """
    parts: BrowserNetwork | None = None
    beside: dict[str, Any] = {}
    with st.container(key="live_prediction-network"):  # of one place, whatever is in it: else the camera would close
        where = _where()
        if where == "browser":
            parts = network_for_browser(network, _NETWORK)
            beside = {} if parts is None else _beside(others, class_words)
    if where == "browser" and parts is None:
        return FROZEN.get()

    @st.fragment
    def draw() -> None:
        data = {"threshold": THRESHOLD.get(), "words": {**live_words(), **_words()}}
        data |= _by_server(network, class_words) if parts is None else _in_browser(parts, class_words) | beside
        _live(
            data=data,
            key=LIVE.name,
            on_held_change=_note_held,
            on_beside_held_change=_note_beside_held,
            on_frame_change=_note_frame,
            on_frozen_change=_note_frozen,
            width="stretch",
        )
        if FROZEN_NOW.get():
            FROZEN_NOW.set(False)
            st.rerun()

    draw()
    return FROZEN.get()


def _where() -> str:
    """Where the network runs: the person's choice, where there is one."""
    if runtime_address() is None:
        st.caption(
            _(
                "The part that runs in your browser could not be built when this lab was started (it needs a "
                "connection to npm once): small frames of your camera go to the server, which answers and keeps none."
            )
        )
        return "server"
    kinds = {"browser": _("In this browser"), "server": _("On the server")}
    where = choose_one(_("Where the network runs"), kinds, WHERE)
    st.caption(
        _("No picture leaves your device, unless you freeze one.")
        if where == "browser"
        else _("Small frames of your camera go to the server, which answers and keeps none.")
    )
    return where


def _beside(others: dict[str, Beside], class_words: list[str]) -> dict[str, Any]:
    """The network that is to answer to the same pictures, where the person wants one."""
    if not others:
        return {}
    forget_unknown("beside", BESIDE, others)
    titles = {"": _("no other network"), **{name: other.title for name, other in others.items()}}
    chosen: str = select_one(_("Beside it, on the same picture"), titles, BESIDE)
    other = others.get(chosen)
    parts = None if other is None else network_for_browser(other.network, _BESIDE)
    if other is None or parts is None:
        return {}
    held = BESIDE_HELD.get() == network_id(parts)
    beside = {
        "network": network_data(parts, whole=not held),
        "classes": other.class_words or [class_word(name) for name in parts.class_names],
        "title": other.titles[1],
        "same": other.class_words == class_words,
    }
    return {"title": other.titles[0], "beside": beside}


def _in_browser(parts: BrowserNetwork, class_words: list[str]) -> dict[str, Any]:
    held = HELD.get() == network_id(parts)
    return {
        "where": "browser",
        "runtime": runtime_address(),
        "network": network_data(parts, whole=not held),
        "classes": class_words or [class_word(name) for name in parts.class_names],
    }


def _by_server(network: NetworkReference, class_words: list[str]) -> dict[str, Any]:
    frame = FRAME.get()
    FRAME.set(None)
    if frame is None:
        return {"where": "server"}
    answers, fault = answer_to_frame(network, frame, class_words)
    return {"where": "server", "answer": {"frame": frame.frame, "answers": answers}, "fault": fault}


def _note_held() -> None:
    HELD.set(_told("held"))


def _note_beside_held() -> None:
    BESIDE_HELD.set(_told("beside_held"))


def _note_frame() -> None:
    FRAME.set(picture_of(_told("frame")))


def _note_frozen() -> None:
    frame = picture_of({"frame": "frozen", "image": _told("frozen")})
    if frame is not None:
        FROZEN.set(frame.image)
        FROZEN_NOW.set(True)
        OTHER.set(BESIDE.get())  # who looked at both asks both why
        await_parts(ANSWER)


def _told(name: str) -> Any:
    return (LIVE.get() or {}).get(name)


def _words() -> dict[str, str]:
    return {
        "freeze": _("Freeze: ask the server why"),
        "heat": _("Show what speaks for the first class"),
        "answers": _("The likeliest classes"),
    }
