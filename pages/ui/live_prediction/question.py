"""Which network and which photo; it is asked as soon as both are there. What it answers is in `answer`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import streamlit as st

from pages.ui.common.class_words import task_word
from pages.ui.common.controls import choose_one, select_one
from pages.ui.common.dataset_words import class_title
from pages.ui.common.focus import await_parts
from pages.ui.common.gallery import gallery
from pages.ui.common.i18n import _
from pages.ui.common.jobs import answer_to, last_done
from pages.ui.common.messages import show_missing
from pages.ui.common.navigation import link_to
from pages.ui.common.state import DATASETS_CHOSEN
from pages.ui.common.trained import TRAINED, is_trained, network_to_open, run_id_of, run_label, trained_networks
from pages.ui.common.url import forget_unknown
from pages.ui.common.weights import source_of
from pages.ui.live_prediction.state import (
    ANSWER,
    ASKED,
    CLASS,
    JOB,
    MODEL,
    SAMPLE,
    SAMPLES,
    SOURCE,
    THRESHOLD,
)
from tlcore.architectures import PROPOSED_BASE, get_architecture, list_architectures
from tlcore.engine.tasks.prediction import PhotoAnswer
from tlcore.engine.tasks.references import NetworkReference
from tlcore.engine.tasks.trained_run import TrainedRun

PICTURE_SIDE = 88
WAIT_S = 0.6


@dataclass(frozen=True)
class Photo:
    """An encoded image, where it came from, what it shows, where that is known, and whether it is a test image."""

    data: bytes
    name: str
    true: str | None = None
    is_sample: bool = False


def model_control() -> str | None:
    """Which network answers: the one just trained, or a base with its own classes."""
    options = networks()
    network = network_to_open()
    if network is not None:
        MODEL.set(network)
    if not any(name.startswith(TRAINED) for name in options):
        link_to("feature_extraction", _("No network of yours yet: train one"))
    if not options:
        return None
    forget_unknown("model", MODEL, options)
    return select_one(_("Which network answers"), options, MODEL)


def networks() -> dict[str, str]:
    """Everything that can answer here -> its title, what was trained last first."""
    options = {}
    for network, run in trained_networks().items():
        names = ", ".join(run_words(run.run)[:4])
        options[network] = _("you trained it: {name} ({classes})").format(name=run_label(run), classes=names)
    for name in (PROPOSED_BASE, *reversed(list_architectures())):
        for weights in ("embedded", "imagenet"):
            source = source_of(name, weights, include_top=True)
            if source is not None and source.here:
                options[f"{name}/{weights}"] = _("{base} with its own classes").format(
                    base=_(get_architecture(name).title)
                )
    return options


def run_words(run: TrainedRun) -> list[str]:
    """What the classes of a kept run are called: "hardhat" is read as "hard hat", in the language in use."""
    return [task_word(name) for name in run.class_titles]


def source_control() -> str:
    """Where the photo comes from, or the many."""
    kinds = {
        "upload": _("Upload photos"),
        "sample": _("A test image"),
        "camera": _("Camera"),
        "live": _("Live: while the camera runs"),
        "batch": _("Many at once"),
    }
    return choose_one(_("Where the photo comes from"), kinds, SOURCE)


def camera_photo() -> Photo | None:
    """A snapshot."""
    st.caption(_("The browser asks for permission; the button below the picture takes the snapshot."))
    shot = st.camera_input(_("Camera"), key="live_prediction.camera", on_change=await_parts, args=(ANSWER,))
    return Photo(shot.getvalue(), "camera") if shot else None


def sample_photo() -> Photo | None:
    """A test image of the chosen set: a press on the picture itself."""
    data = DATASETS_CHOSEN.get()
    if data is None:
        st.info(_("No images yet: choose a set first."))
        link_to("datasets")
        return None
    samples = data.samples["test"]
    place = min(SAMPLE.get(), len(samples) - 1)
    gallery(
        _("Test images"),
        [sample.png for sample in samples],
        [_("image {number}").format(number=number) for number in range(1, len(samples) + 1)],
        side=PICTURE_SIDE,
        chosen=place,
        on_choice=_choose_sample,
        key=SAMPLES,
    )
    return Photo(samples[place].png, samples[place].source, class_title(data, samples[place].label), True)


def _choose_sample(place: int) -> None:
    SAMPLE.set(place)
    await_parts(ANSWER)


def ask(model: str | None, photo: Photo | None) -> PhotoAnswer | None:
    """The answer to the photo, asked for as soon as there is one; without a photo, what was answered last."""
    if model is None:
        show_missing([_("No network can answer yet: no trained base is on this machine.")])
        return None
    if photo is None:
        view = last_done(JOB)
        answer: PhotoAnswer | None = None if view is None else view.result
        if answer is not None:
            st.info(_("The last answer, to the photo before."), icon=":material/history:")
        return answer
    question = {"network": network_reference(model), "image": photo.data, "file_name": photo.name}
    before = ASKED.get()
    asked = answer_to(JOB, ASKED, "predict", question, wait_s=WAIT_S)
    if ASKED.get() != before:
        CLASS.set(0)
    return cast("PhotoAnswer | None", asked)


def threshold_control() -> None:
    """From which probability on an answer counts as one."""
    st.slider(
        _("Below this probability the answer is “not sure”"),
        0,
        100,
        step=5,
        format="%d%%",
        key=THRESHOLD.widget(),
        persist_state="session",
    )


def network_reference(model: str) -> NetworkReference:
    """The network of the control: a run, or a base as "name/weights"."""
    if is_trained(model):
        return NetworkReference(run_id=run_id_of(model))
    base, _slash, weights = model.partition("/")
    return NetworkReference(base=base, weights=weights)
