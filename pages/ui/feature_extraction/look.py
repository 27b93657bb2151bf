"""Looks into the features: one pass over the set, then three views of what came of it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui.common.code import code_panel
from pages.ui.common.controls import choose_one, select_one
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import is_running, job_of, progress_bar, start, watch
from pages.ui.feature_extraction.channels import channels_view
from pages.ui.feature_extraction.code import view_code
from pages.ui.feature_extraction.images import prepare_images
from pages.ui.feature_extraction.map import map_view
from pages.ui.feature_extraction.neighbours import neighbours_view
from pages.ui.feature_extraction.scene import Scene
from pages.ui.feature_extraction.settings import FeatureExtractionState
from pages.ui.feature_extraction.state import LAYER, SURVEY_JOB, VIEW
from tlcore.engine import JobView
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.features import FeatureSurvey
from tlcore.engine.tasks.references import FeatureSubject
from tlcore.translatable import N_

_VIEWS: dict[str, tuple[str, Callable[[Scene], None]]] = {
    "channels": (N_("Channels of a photo"), channels_view),
    "map": (N_("Map of the images"), map_view),
    "neighbours": (N_("Nearest neighbours"), neighbours_view),
}


def look_section(state: FeatureExtractionState) -> None:
    """Button, progress, and the views once all images have been looked at."""
    st.markdown(
        _(
            "Features are only numbers. See what they say about the pictures: which channels answer to a photo, which "
            "images of the set lie close together, and which are nearest to a photo of yours."
        )
    )
    subject = state.subject
    done = job_of(SURVEY_JOB)
    fits = done is not None and done.result is not None and done.result.subject == subject
    if not fits:
        blocked = bool(state.missing()) or subject is None
        _button(subject, disabled=blocked or is_running(done))
    view = watch(SURVEY_JOB, _draw)
    if view is None or view.result is None or state.data is None:
        return
    if not fits:
        st.warning(
            _("The base or the images have changed since. Look at the images again to see what it says of them."),
            icon=":material/history:",
        )
        return
    _views(state.data, view.result)


def _button(subject: FeatureSubject | None, *, disabled: bool) -> None:
    st.button(
        _("Look at all images with this base"),
        icon=":material/visibility:",
        disabled=disabled,
        help=_("One pass over every image, at all its layers at once. The result is kept for the next time."),
        on_click=_survey,
        args=(subject,),
    )


def _survey(subject: FeatureSubject) -> None:
    """Callback: what is above the button may begin the run of the page anew, and the press would be lost."""
    prepare_images()
    start(SURVEY_JOB, "survey_features", {"subject": subject})


def _draw(view: JobView) -> None:
    if view.state != "done":
        progress_bar(view)


def _views(data: DatasetPreview, survey: FeatureSurvey) -> None:
    shapes = survey.shapes
    if LAYER.get() not in shapes:
        LAYER.set(list(shapes)[-1])
    titles = {name: f"{name} · " + " × ".join(number(size) for size in shape) for name, shape in shapes.items()}
    select_one(
        _("Layer"),
        titles,
        LAYER,
        help=_("Height × width × channels of what the layer gives. Early layers come first, the output last."),
    )
    views = {name: _(title) for name, (title, _view) in _VIEWS.items()}
    view = choose_one(_("View"), views, VIEW)
    scene = Scene(data, survey.subject, survey.count, LAYER.get(), shapes[LAYER.get()])
    _VIEWS[view][1](scene)
    code_panel(view_code(view, scene), name="view", title=_("Code of this view"))
