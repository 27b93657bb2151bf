"""The two steps of feature extraction: run the base once, then train the head on what it saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui.charts import curves
from pages.ui.dataset_view import split_title
from pages.ui.i18n import _, amount_of_bytes, number
from pages.ui.jobs import is_running, job_of, notes, progress_bar, start, watch
from pages.ui.messages import Stage, number_guess, show_missing
from pages.ui.results import accuracy_guess
from pages.ui.state import (
    DATASETS_CHOSEN,
    DATASETS_JOB,
    EXTRACTION_ASKED,
    EXTRACTION_BASE,
    EXTRACTION_DROPOUT,
    EXTRACTION_EPOCHS,
    EXTRACTION_FEATURES_JOB,
    EXTRACTION_GUESS,
    EXTRACTION_JOB,
    EXTRACTION_RATE,
    EXTRACTION_SEED,
    EXTRACTION_UNITS,
    EXTRACTION_WEIGHTS,
)
from pages.ui.tasks import extraction_arguments, training_arguments
from pages.ui.weights import can_be_used
from tlcore.engine import JobView
from tlcore.training import TrainingSpec

Result = Mapping[str, Any]


@dataclass(frozen=True)
class ExtractionState:
    """What the widgets say now."""

    spec: TrainingSpec
    data: Result | None

    @classmethod
    def of_widgets(cls, data: Result | None) -> ExtractionState:
        spec = TrainingSpec(
            base=EXTRACTION_BASE.get(),
            weights=EXTRACTION_WEIGHTS.get(),
            method="feature_extraction",
            head=(EXTRACTION_UNITS.get(),),
            dropout=EXTRACTION_DROPOUT.get(),
            learning_rate=EXTRACTION_RATE.get(),
            epochs=EXTRACTION_EPOCHS.get(),
            seed=EXTRACTION_SEED.get(),
        )
        return cls(spec, data)

    @property
    def features_wanted(self) -> dict[str, Any]:
        return {} if self.data is None else extraction_arguments(self.spec, self.data)

    @property
    def training_wanted(self) -> dict[str, Any]:
        return {} if self.data is None else training_arguments(self.spec, self.data)

    def is_stale(self, trained: Result) -> bool:
        """Whether an image, a label or a setting has changed since `trained` was made."""
        wanted = self.training_wanted
        return bool((trained["spec"], trained["data"]) != (wanted.get("spec"), wanted.get("data")))

    def missing(self) -> list[str]:
        """What has to be done before the base can be run."""
        sentences = [] if self.data is not None else [_("Choose the images first.")]
        usable, sentence = can_be_used(self.spec.base, self.spec.weights or "random")
        return sentences if usable or self.spec.weights == "imagenet" else [*sentences, sentence]


def extract_section(state: ExtractionState) -> Result | None:
    """Guess, button, progress, shapes; returns the features in use, if they fit the widgets."""
    blocked = show_missing(state.missing())
    busy = is_running(job_of(EXTRACTION_FEATURES_JOB))
    st.number_input(
        _("Your guess, if you like: how many numbers will the base give for one image?"),
        min_value=1,
        value=None,
        step=1,
        key=EXTRACTION_GUESS.name,
    )
    if st.button(_("Extract the features"), type="primary", icon=":material/filter_alt:", disabled=blocked or busy):
        EXTRACTION_ASKED.set(state.features_wanted)
        if start(EXTRACTION_FEATURES_JOB, "extract_features", state.features_wanted, kind="training"):
            st.rerun()
    view = watch(EXTRACTION_FEATURES_JOB, _draw_extraction)
    if view is None or view.state != "done" or view.result is None:
        return None
    features: Result = view.result
    _shapes(features)
    if EXTRACTION_ASKED.get() not in (None, state.features_wanted):  # None: taken up after a reload
        st.warning(
            _("The base or the images have changed since. Extract again to use them."), icon=":material/history:"
        )
        return None
    return features


def _draw_extraction(view: JobView) -> None:
    if view.state != "done":
        progress_bar(view)
    notes(view)


def _shapes(features: Result) -> None:
    """The shape of the features and the reshape, with this base's own numbers."""
    height, width, channels = features["shape"]
    total = height * width * channels
    rows = [
        {
            _("images"): split_title(split),
            _("features"): f"({count}, {height}, {width}, {channels})",
            _("after reshape"): f"({count}, {total})",
        }
        for split, count in features["counts"].items()
    ]
    st.markdown(f"### (N, {height}, {width}, {channels}) → (N, {height}·{width}·{channels}) = (N, {total})")
    number_guess(EXTRACTION_GUESS.get(), total)
    st.table(rows, hide_index=True)
    st.caption(
        _("{seconds} s for {count} images; {size} of features, kept for the next time.").format(
            seconds=number(features["seconds"], 1),
            count=number(sum(features["counts"].values())),
            size=amount_of_bytes(4 * total * sum(features["counts"].values())),
        )
    )


def train_section(features: Result | None) -> Result | None:
    """Button, live curves; returns the trained head, which may be stale."""
    missing = [] if features is not None else [_("Extract the features first: the head learns from them.")]
    blocked = show_missing(missing)
    busy = is_running(job_of(EXTRACTION_JOB))
    accuracy_guess("extraction")
    st.button(
        _("Train the head"),
        type="primary",
        icon=":material/model_training:",
        disabled=blocked or busy,
        on_click=_train,
    )
    view = watch(EXTRACTION_JOB, draw_training)
    return None if view is None else view.result


def _train() -> None:
    """Callback: the job is on its way before the page is drawn; from the widgets as they are at the click."""
    state = ExtractionState.of_widgets(DATASETS_CHOSEN.get())
    if state.data is not None:
        start(EXTRACTION_JOB, "train", state.training_wanted, kind="training")


def draw_training(view: JobView) -> None:
    """Epoch counter and live curves of a training job."""
    epochs = [event for event in view.events if event.get("kind") == "epoch"]
    if not epochs:
        progress_bar(view)
        return
    with st.container(horizontal=True, gap="large"):
        st.metric(_("Epoch"), number(epochs[-1]["epoch"]), width="content")
    left, right = st.columns(2)
    with left:
        curves(epochs, key=f"curve-accuracy-{view.job_id}")
    with right:
        curves(epochs, key=f"curve-loss-{view.job_id}", metric="loss")
    notes(view)


def present_stage(state: ExtractionState) -> Stage:
    """Where the lesson stands."""
    if is_running(job_of(EXTRACTION_JOB)):
        return "training"
    if is_running(job_of(EXTRACTION_FEATURES_JOB)):
        return "preparing"
    trained = job_of(EXTRACTION_JOB)
    if trained is not None and trained.result is not None:
        return "done"
    waiting = state.data is None and not is_running(job_of(DATASETS_JOB))
    return "needs data" if waiting else "preparing"
