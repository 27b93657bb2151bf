"""One photo, one network, one answer: with its probabilities, its doubt and where it looked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui.charts import probability_bars
from pages.ui.class_words import class_word
from pages.ui.heatmap import overlay
from pages.ui.i18n import _, percent
from pages.ui.jobs import is_running, job_of, start
from pages.ui.messages import show_missing, uploader_note
from pages.ui.navigation import link_to
from pages.ui.owner import owner
from pages.ui.pictures import pictures
from pages.ui.state import (
    DATASETS_CHOSEN,
    PREDICTION_JOB,
    PREDICTION_MODEL,
    PREDICTION_PHOTO,
    PREDICTION_SAMPLE,
    PREDICTION_SOURCE,
    PREDICTION_THRESHOLD,
)
from pages.ui.tasks import base_prediction, run_prediction
from pages.ui.weights import source_of
from tlcore.architectures import get_architecture, list_architectures
from tlcore.engine import JobView
from tlcore.store import OwnerStore

SHOWN_CLASSES = 5
IMAGE_TYPES = ["jpg", "jpeg", "png", "webp"]
TRAINED = "run:"


@dataclass(frozen=True)
class Photo:
    """Encoded image and where it came from."""

    data: bytes
    name: str


def model_control() -> str | None:
    """Which network answers: the one just trained, or a base with its own classes."""
    options = _models()
    if not any(name.startswith(TRAINED) for name in options):
        st.info(
            _("You have not trained a network yet, so a base answers with its own classes."), icon=":material/info:"
        )
        link_to("feature_extraction", _("Train one first"))
    if not options:
        return None
    return st.selectbox(
        _("Which network answers"),
        list(options),
        format_func=options.__getitem__,
        key=PREDICTION_MODEL.widget(options),
        persist_state="session",
    )


def _models() -> dict[str, str]:
    options = {}
    for run in OwnerStore(owner()).items("runs"):
        titles = run.details.get("class_titles") or run.details["class_names"]
        names = ", ".join(class_word(str(name)) for name in titles[:4])
        options[TRAINED + run.item_id] = _("you trained it: {name} ({classes})").format(name=run.name, classes=names)
    for name in reversed(list_architectures()):
        for weights in ("embedded", "imagenet"):
            source = source_of(name, weights, include_top=True)
            if source is not None and source.here:
                options[f"{name}/{weights}"] = _("{base} with its own classes").format(
                    base=_(get_architecture(name).title)
                )
    return options


def photo_control() -> Photo | None:
    """Upload, a test image of the chosen set, or the camera."""
    kinds = {"upload": _("Upload a photo"), "sample": _("A test image"), "camera": _("Camera")}
    kind = st.segmented_control(
        _("Where the photo comes from"),
        list(kinds),
        format_func=kinds.__getitem__,
        key=PREDICTION_SOURCE.widget(kinds),
        required=True,
        persist_state="session",
    )
    if kind == "sample":
        return _sample()
    if kind == "camera":
        st.caption(_("The browser asks for permission; the button below the picture takes the snapshot."))
        shot = st.camera_input(_("Camera"), key="prediction.camera")
        return Photo(shot.getvalue(), "camera") if shot else None
    uploader_note()
    file = st.file_uploader(_("A photo"), type=IMAGE_TYPES, key="prediction.upload")
    return Photo(file.getvalue(), file.name) if file else None


def _sample() -> Photo | None:
    data = DATASETS_CHOSEN.get()
    if data is None:
        st.info(_("No images yet: choose or upload a set first."))
        link_to("datasets")
        return None
    samples = data["samples"]["test"]
    captions = [_("image {number}").format(number=place) for place in range(1, len(samples) + 1)]
    pictures([sample["png"] for sample in samples], captions, width=96)
    place = st.segmented_control(
        _("Test image"),
        range(len(samples)),
        format_func=lambda number: str(number + 1),
        key=PREDICTION_SAMPLE.widget(range(len(samples))),
        required=True,
    )
    return Photo(samples[place or 0]["png"], samples[place or 0]["source"])


def ask_button(model: str | None, photo: Photo | None) -> None:
    """Starts the prediction once a network and a photo are there."""
    missing = [] if model is not None else [_("No network can answer yet: no trained base is on this machine.")]
    blocked = show_missing(missing if photo is not None else [*missing, _("Choose a photo first.")])
    st.slider(
        _("Below this probability the answer is “not sure”"),
        0.0,
        1.0,
        step=0.05,
        key=PREDICTION_THRESHOLD.widget(),
        persist_state="session",
    )
    busy = is_running(job_of(PREDICTION_JOB))
    pressed = st.button(_("What is it?"), type="primary", icon=":material/psychology:", disabled=blocked or busy)
    if pressed and photo is not None and model is not None:
        PREDICTION_PHOTO.set(photo.data)
        if start(PREDICTION_JOB, "predict", _arguments(model, photo)):
            st.rerun()


def _arguments(model: str, photo: Photo) -> dict[str, Any]:
    if model.startswith(TRAINED):
        return run_prediction(model.removeprefix(TRAINED), photo.data, photo.name)
    base, _slash, weights = model.partition("/")
    return base_prediction(base, weights, photo.data, photo.name)


def answer_view(view: JobView) -> None:
    """The answer, or that it is being made."""
    if is_running(view):
        st.markdown(":material/hourglass_top: " + _("The network is looking…"))
        return
    if view.result is None:
        return
    answer: Mapping[str, Any] = view.result
    predictions = [(class_word(str(name)), float(share)) for name, share in answer["predictions"][:SHOWN_CLASSES]]
    left, right = st.columns([2, 3], gap="large")
    with left:
        _pictures(answer)
    with right:
        probability_bars(predictions, _sentence(predictions), key="prediction-bars")


def _pictures(answer: Mapping[str, Any]) -> None:
    photo = PREDICTION_PHOTO.get()
    if photo is not None:
        pictures([photo], [_("Your photo")], width=320)
    if answer.get("grad_cam") is not None:
        pictures([overlay(answer["image"], answer["grad_cam"])], [_("Where it looked (Grad-CAM)")], width=320)
        st.caption(_("Warm colours: parts that speak most for the first answer. Computed at the last feature maps."))


def _sentence(predictions: list[tuple[str, float]]) -> str:
    name, share = predictions[0]
    if share < PREDICTION_THRESHOLD.get():
        return _("Not sure: the likeliest is “{name}” with {share} only, below your threshold.").format(
            name=name, share=percent(share)
        )
    return _("The network says “{name}” with {share}.").format(name=name, share=percent(share))
