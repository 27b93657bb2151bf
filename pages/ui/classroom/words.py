"""Sentences about a class: what is measured, what its points say."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.claim_words import quantity
from pages.ui.common.i18n import _, ngettext, number
from pages.ui.common.messages import lecture_says
from tlcore.classroom import Classroom, Control, GrowingAnswer, RoomResult
from tlcore.datasets import get_dataset_spec
from tlcore.experiments import ExperimentSpec, get_experiment


def claim_of(classroom: Classroom) -> ExperimentSpec:
    return get_experiment(classroom.plan.experiment)


def claim_in_words(spec: ExperimentSpec) -> None:
    """Title and the lecture's own words."""
    st.header(_(spec.title), anchor=False)
    lecture_says(_(spec.claim))
    st.caption(_("Slides: {slide}").format(slide=_(spec.slide)))


def control_titles() -> dict[Control, str]:
    """What a teacher can hide from the students."""
    return {
        "room": _("the points of the others"),
        "settings": _("what is measured"),
        "code": _("the code of one run"),
    }


def what_is_measured(classroom: Classroom) -> str:
    """Images and base of every run, in a sentence."""
    settings = classroom.settings
    return _(
        "The class shares {pool} images of “{images}”, {side} pixels wide, and the base {base} looks at them once. "
        "Each run draws {count} of them with a seed of its own, learns from 60% and is tested on 20%."
    ).format(
        pool=number(settings.pool or 0),
        images=_(get_dataset_spec(settings.dataset).title),
        side=number(settings.image_size),
        base=settings.base,
        count=number(settings.num_images),
    )


def points(value: float) -> str:
    """A difference of two accuracies."""
    return quantity(value, "points")


def growth_sentence(room: RoomResult) -> str:
    """What the room's points say together."""
    now, middle = room.growth[-1], room.median
    runs = ngettext("After {count} run", "After {count} runs", now.runs).format(count=number(now.runs))
    text = _("{runs}: {value} points, somewhere between {low} and {high}; the run in the middle found {middle}.")
    said = text.format(
        runs=runs,
        value=points(now.value),
        low=points(now.value - now.margin),
        high=points(now.value + now.margin),
        middle=points(middle or 0.0),
    )
    return f"{said} {_zero(now)}"


def _zero(answer: GrowingAnswer) -> str:
    if answer.value - answer.margin <= 0 <= answer.value + answer.margin:
        return _("Zero lies within: so far it could be no difference at all.")
    return _("Zero lies outside.")
