"""One button that extracts the features and trains the head on them, and what is under way or came of it."""

from __future__ import annotations

from math import prod

import streamlit as st

from pages.ui.common.camera.recorder import import_arguments, recording
from pages.ui.common.dataset_words import split_title
from pages.ui.common.focus import arrived, await_parts
from pages.ui.common.i18n import _, amount_of_bytes, number
from pages.ui.common.jobs import is_running, job_of, notes, progress_bar, start, watch
from pages.ui.common.messages import (
    Stage,
    notice,
    number_guess,
    old_mark,
    show_error,
    status_line,
)
from pages.ui.common.results import accuracy_guess, runtime_in_words
from pages.ui.common.state import DATASETS_CHOSEN, DATASETS_JOB
from pages.ui.common.trained import last_run
from pages.ui.common.uploads import store_images
from pages.ui.feature_extraction.images import (
    SIDE,
    is_recorded,
    let_go_of_own_files,
    own_uploads,
    prepare_images,
    present_reference,
)
from pages.ui.feature_extraction.settings import FeatureExtractionState
from pages.ui.feature_extraction.state import (
    FEATURES_JOB,
    GUESS,
    IMAGES,
    JOB,
    OWN,
    STAGE,
    TRAINS_NEXT,
)
from pages.ui.feature_extraction.two_steps import (
    base_shape,
    draw_training,
    head_learns,
    reshape_question,
    shape_sentence,
)
from tlcore.engine import JobView
from tlcore.engine.tasks.features import ExtractedFeatures
from tlcore.engine.tasks.trained_run import TrainedRun
from tlcore.errors import TransferLearningError, WorkerLostError

PROGRESS, RESULT = "feature_extraction-progress", "feature_extraction-result"


def train_buttons(state: FeatureExtractionState, *, blocked: bool) -> None:
    """The button that does both steps, and the one that does the first only."""
    busy = _is_busy()
    st.button(
        _("Train"),
        type="primary",
        icon=":material/model_training:",
        disabled=blocked or busy,
        on_click=_train,
        key="feature_extraction.train",
        help=_("Runs the base once over each image, then trains the dense head on what it saw."),
    )
    st.button(
        _("Extract the features"),
        icon=":material/filter_alt:",
        disabled=blocked or busy or state.reference is None or is_running(job_of(FEATURES_JOB)),
        on_click=_extract,
        key="feature_extraction.extract",
        help=_("The first of the two steps only. “Train” does both, and finds again what was extracted."),
    )


def stage_line(state: FeatureExtractionState) -> None:
    """Where the lesson stands, and whether the result on the page is an old one."""
    trained = job_of(JOB)
    run = None if trained is None else trained.result
    status_line(present_stage(state), stale=run is not None and not _is_busy() and state.is_stale(run))


def _is_busy() -> bool:
    return is_running(job_of(JOB)) or TRAINS_NEXT.get()


def guesses() -> None:
    """Two guesses to commit to before anything is measured."""
    with st.expander(_("Guess first, if you like"), icon=":material/edit:"):
        st.number_input(
            _("How many numbers will the base give for one image?"), min_value=1, value=None, step=1, key=GUESS.name
        )
        accuracy_guess("feature_extraction")


def _extract() -> None:
    """Callback: the first step only."""
    state = FeatureExtractionState.of_widgets(present_reference(), DATASETS_CHOSEN.get())
    prepare_images()
    start(FEATURES_JOB, "extract_features", state.features_wanted)


def _train() -> None:
    """Callback: the job is on its way before the page is drawn; from the widgets as they are at the click."""
    await_parts(PROGRESS, RESULT)
    if IMAGES.get() == OWN:
        TRAINS_NEXT.set(_import_photos())
        return
    prepare_images()
    state = FeatureExtractionState.of_widgets(present_reference(), DATASETS_CHOSEN.get())
    start(JOB, "train", state.training_wanted)


def _import_photos() -> bool:
    """Whether the photos in the boxes, or those of the camera, are on their way."""
    if is_recorded():
        return start(DATASETS_JOB, "import_recording", import_arguments(recording(), SIDE))
    try:
        item = store_images(own_uploads())
    except TransferLearningError as error:
        show_error(error)
        return False
    if not start(DATASETS_JOB, "import_dataset", {"item": item}):
        return False
    let_go_of_own_files()
    return True


def train_on_brought_photos() -> None:
    """At the top of a run: photos that were brought for it have been read, so that training begins."""
    view = job_of(DATASETS_JOB)
    if not TRAINS_NEXT.get() or is_running(view):
        return
    TRAINS_NEXT.set(False)
    if view is not None and view.result is not None:
        state = FeatureExtractionState.of_widgets(view.result.reference, view.result)
        start(JOB, "train", state.training_wanted)


def extracted_section(state: FeatureExtractionState) -> None:
    """What came of the first step, where it was asked for alone."""
    view = watch(FEATURES_JOB, _draw_extraction)
    if view is None or view.state != "done" or view.result is None:
        return
    old_mark(stale=view.result.subject != state.subject)
    _shapes(view.result)


def _draw_extraction(view: JobView) -> None:
    if view.state != "done":
        progress_bar(view)
    notes(view)


def _shapes(features: ExtractedFeatures) -> None:
    """The shape of the features and the reshape, with this base's own numbers."""
    total = prod(features.shape)
    rows = [
        {
            _("images"): split_title(split),
            _("features"): f"({', '.join(map(number, (count, *features.shape)))})",
            _("after reshape"): f"({number(count)}, {number(total)})",
        }
        for split, count in features.counts.items()
    ]
    st.markdown(f"**{shape_sentence(features.shape)}**")
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


def training_section() -> TrainedRun | None:
    """The two steps while they happen; afterwards they can be opened. Returns the trained head, which may be stale.

    That is the last one that this browser keeps, where the process that trained it is another or was started again.
    """
    view = job_of(JOB)
    if TRAINS_NEXT.get() or is_running(view):
        with st.container(key=PROGRESS):
            arrived(PROGRESS)
            st.subheader(_("The two steps"), anchor=False)
            STAGE.set(None)
            view = watch(JOB, draw_training) if not TRAINS_NEXT.get() else None
            STAGE.set(None if view is None else head_learns(view))
        return None if view is None else view.result
    if view is not None and view.result is None:
        watch(JOB, draw_training)
        if view.state == "cancelled" or isinstance(view.error, WorkerLostError):
            st.caption(
                _(
                    "Press “Train” again: of the images, those parts (training, validation, test) that the base has "
                    "seen whole are not run again, and the head learns anew in seconds."
                )
            )
    return last_run("feature_extraction") if view is None else view.result


def two_steps_again(run: TrainedRun) -> None:
    """What happened, folded away below the result, if it is known."""
    view = job_of(JOB)
    if view is None:
        return
    with st.expander(_("The two steps: what happened"), icon=":material/stairs:"):
        if view.result is run:
            draw_training(view)
            reshape_question(run, base_shape(view))
        notice(
            _(
                "Extraction takes most of the time and happens once. Training the head again, with other settings, "
                "takes almost none: the features are kept."
            )
        )


def present_stage(state: FeatureExtractionState) -> Stage:
    """Where the lesson stands."""
    trained = job_of(JOB)
    if is_running(trained):
        return "training" if trained is not None and head_learns(trained) else "preparing"
    if is_running(job_of(FEATURES_JOB)) or is_running(job_of(DATASETS_JOB)):
        return "preparing"
    if trained is not None and trained.result is not None:
        return "done"
    return "needs data" if state.missing() else "preparing"
