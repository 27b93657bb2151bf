"""Which network, which photo, and the button that asks. What it answers is in `answer`."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.ui.common.class_words import task_word
from pages.ui.common.controls import choose_one, select_one
from pages.ui.common.i18n import _
from pages.ui.common.jobs import is_running, job_of, start
from pages.ui.common.messages import show_missing, uploader_note
from pages.ui.common.navigation import link_to
from pages.ui.common.photo import IMAGE_TYPES
from pages.ui.common.pictures import pictures
from pages.ui.common.state import DATASETS_CHOSEN
from pages.ui.common.trained import TRAINED, is_trained, network_to_open, run_id_of, trained_networks
from pages.ui.common.weights import source_of
from pages.ui.live_prediction.state import CLASS, JOB, MODEL, PHOTO, SAMPLE, SOURCE, THRESHOLD
from tlcore.architectures import PROPOSED_BASE, get_architecture, list_architectures
from tlcore.engine.tasks.references import NetworkReference
from tlcore.engine.tasks.trained_run import TrainedRun


@dataclass(frozen=True)
class Photo:
    """Encoded image and where it came from."""

    data: bytes
    name: str


def model_control() -> str | None:
    """Which network answers: the one just trained, or a base with its own classes."""
    options = networks()
    network = network_to_open()
    if network is not None:
        MODEL.set(network)
    if not any(name.startswith(TRAINED) for name in options):
        st.info(
            _("You have not trained a network yet, so a base answers with its own classes."), icon=":material/info:"
        )
        link_to("feature_extraction", _("Train one first"))
    if not options:
        return None
    return select_one(_("Which network answers"), options, MODEL)


def networks() -> dict[str, str]:
    """Everything that can answer here -> its title, what was trained last first."""
    options = {}
    for network, run in trained_networks().items():
        names = ", ".join(run_words(run.run)[:4])
        options[network] = _("you trained it: {name} ({classes})").format(name=run.name, classes=names)
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


def photo_control() -> Photo | None:
    """Upload, a test image of the chosen set, or the camera."""
    kinds = {"upload": _("Upload a photo"), "sample": _("A test image"), "camera": _("Camera")}
    kind = choose_one(_("Where the photo comes from"), kinds, SOURCE)
    if kind == "sample":
        return _sample()
    if kind == "camera":
        st.caption(_("The browser asks for permission; the button below the picture takes the snapshot."))
        shot = st.camera_input(_("Camera"), key="live_prediction.camera")
        return Photo(shot.getvalue(), "camera") if shot else None
    uploader_note()
    file = st.file_uploader(_("A photo"), type=IMAGE_TYPES, key="live_prediction.upload")
    return Photo(file.getvalue(), file.name) if file else None


def _sample() -> Photo | None:
    data = DATASETS_CHOSEN.get()
    if data is None:
        st.info(_("No images yet: choose or upload a set first."))
        link_to("datasets")
        return None
    samples = data.samples["test"]
    captions = [_("image {number}").format(number=number) for number in range(1, len(samples) + 1)]
    pictures([sample.png for sample in samples], captions, width=96)
    sample = samples[choose_one(_("Test image"), {index: str(index + 1) for index in range(len(samples))}, SAMPLE)]
    return Photo(sample.png, sample.source)


def ask_button(model: str | None, photo: Photo | None) -> None:
    """Starts the prediction once a network and a photo are there."""
    missing = [] if model is not None else [_("No network can answer yet: no trained base is on this machine.")]
    blocked = show_missing(missing if photo is not None else [*missing, _("Choose a photo first.")])
    st.slider(
        _("Below this probability the answer is “not sure”"),
        0,
        100,
        step=5,
        format="%d%%",
        key=THRESHOLD.widget(),
        persist_state="session",
    )
    busy = is_running(job_of(JOB))
    pressed = st.button(_("What is it?"), type="primary", icon=":material/psychology:", disabled=blocked or busy)
    if not pressed or photo is None or model is None:
        return
    arguments = {"network": network_reference(model), "image": photo.data, "file_name": photo.name}
    if start(JOB, "predict", arguments):
        PHOTO.set((str(JOB.get()), photo.data))
        CLASS.set(0)
        st.rerun()


def network_reference(model: str) -> NetworkReference:
    """The network of the control: a run, or a base as "name/weights"."""
    if is_trained(model):
        return NetworkReference(run_id=run_id_of(model))
    base, _slash, weights = model.partition("/")
    return NetworkReference(base=base, weights=weights)
