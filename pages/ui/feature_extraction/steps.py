"""The two steps of feature extraction: run the base once, then train the head on what it saw."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.charts import curves
from pages.ui.common.dataset_words import split_title
from pages.ui.common.i18n import _, amount_of_bytes, number
from pages.ui.common.jobs import is_running, job_of, notes, progress_bar, start, watch
from pages.ui.common.messages import Stage, number_guess, show_missing
from pages.ui.common.results import accuracy_guess, runtime_in_words
from pages.ui.common.state import DATASETS_CHOSEN, DATASETS_JOB
from pages.ui.feature_extraction.settings import FeatureExtractionState
from pages.ui.feature_extraction.state import FEATURES_ASKED, FEATURES_JOB, GUESS, JOB
from tlcore.engine import JobView
from tlcore.engine.tasks.features import ExtractedFeatures
from tlcore.engine.tasks.trained_run import TrainedRun


def extract_section(state: FeatureExtractionState) -> ExtractedFeatures | None:
    """Guess, button, progress, shapes; returns the features in use, if they fit the widgets."""
    blocked = show_missing(state.missing())
    busy = is_running(job_of(FEATURES_JOB))
    st.number_input(
        _("Your guess, if you like: how many numbers will the base give for one image?"),
        min_value=1,
        value=None,
        step=1,
        key=GUESS.name,
    )
    if st.button(
        _("Extract the features"),
        type="primary",
        icon=":material/filter_alt:",
        disabled=blocked or busy,
        key="feature_extraction.extract",
    ):
        FEATURES_ASKED.set(state.features_wanted)
        if start(FEATURES_JOB, "extract_features", state.features_wanted):
            st.rerun()
    view = watch(FEATURES_JOB, _draw_extraction)
    if view is None or view.state != "done" or view.result is None:
        return None
    features: ExtractedFeatures = view.result
    _shapes(features)
    if FEATURES_ASKED.get() not in (None, state.features_wanted):  # None: taken up after a reload
        st.warning(
            _("The base or the images have changed since. Extract again to use them."), icon=":material/history:"
        )
        return None
    return features


def _draw_extraction(view: JobView) -> None:
    if view.state != "done":
        progress_bar(view)
    notes(view)


def _shapes(features: ExtractedFeatures) -> None:
    """The shape of the features and the reshape, with this base's own numbers."""
    height, width, channels = features.shape
    total = height * width * channels
    rows = [
        {
            _("images"): split_title(split),
            _("features"): f"({count}, {height}, {width}, {channels})",
            _("after reshape"): f"({count}, {total})",
        }
        for split, count in features.counts.items()
    ]
    st.markdown(f"### (N, {height}, {width}, {channels}) → (N, {height}·{width}·{channels}) = (N, {total})")
    number_guess(GUESS.get(), total)
    st.table(rows, hide_index=True)
    st.caption(
        _("{seconds} s for {count} images; {size} of features, kept for the next time.").format(
            seconds=number(features.seconds, 1),
            count=number(sum(features.counts.values())),
            size=amount_of_bytes(4 * total * sum(features.counts.values())),
        )
        + " "
        + _("The base ran in {runtime}.").format(
            runtime=runtime_in_words(features.runtime, features.precision, features.times_predict)
        )
    )


def train_section(features: ExtractedFeatures | None) -> TrainedRun | None:
    """Button, live curves; returns the trained head, which may be stale."""
    missing = [] if features is not None else [_("Extract the features first: the head learns from them.")]
    blocked = show_missing(missing)
    busy = is_running(job_of(JOB))
    accuracy_guess("feature_extraction")
    st.button(
        _("Train the head"),
        type="primary",
        icon=":material/model_training:",
        disabled=blocked or busy,
        on_click=_train,
        key="feature_extraction.train",
    )
    view = watch(JOB, draw_training)
    return None if view is None else view.result


def _train() -> None:
    """Callback: the job is on its way before the page is drawn; from the widgets as they are at the click."""
    state = FeatureExtractionState.of_widgets(DATASETS_CHOSEN.get())
    if state.data is not None:
        start(JOB, "train", state.training_wanted)


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


def present_stage(state: FeatureExtractionState) -> Stage:
    """Where the lesson stands."""
    if is_running(job_of(JOB)):
        return "training"
    if is_running(job_of(FEATURES_JOB)):
        return "preparing"
    trained = job_of(JOB)
    if trained is not None and trained.result is not None:
        return "done"
    waiting = state.data is None and not is_running(job_of(DATASETS_JOB))
    return "needs data" if waiting else "preparing"
