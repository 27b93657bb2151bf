"""One claim: what the lecture says, a guess, the settings, the run and its result."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.controls import select_one
from pages.ui.common.focus import arrived, await_parts
from pages.ui.common.i18n import _
from pages.ui.common.messages import lecture_says
from pages.ui.common.museum_links import pieces_about
from pages.ui.experiments.arms import arms_of
from pages.ui.experiments.kept_runs import take_up_run
from pages.ui.experiments.result import guess_section
from pages.ui.experiments.run import interrupted_note, progress_section, result_section, run_buttons
from pages.ui.experiments.settings import can_run, settings_form, settings_of
from pages.ui.experiments.state import CLAIM, EXPERIMENT, RESULT
from tlcore.experiments import get_experiment, list_experiments

#: Claim -> mistakes of the museum that it is about.
MISTAKES = {
    "break_it": ("forgot_to_freeze", "no_second_compile", "batch_norm_free", "preprocessing_twice"),
    "learning_rates": ("rate_100x",),
    "tensor_counts": ("compiled_before_freezing",),
}


def claim_section() -> str:
    """The claim on the screen, from the way back to all of them down to its result; returns its code."""
    st.button(_("All claims"), icon=":material/arrow_back:", on_click=EXPERIMENT.set, args=("",), key="experiments.all")
    claims = {name: f"{n}. {_(get_experiment(name).title)}" for n, name in enumerate(list_experiments(), start=1)}
    select_one(_("Claim"), claims, EXPERIMENT, on_change=await_parts, args=(CLAIM,))
    spec = get_experiment(EXPERIMENT.get())

    take_up_run(spec)
    with st.container(key=CLAIM):
        arrived(CLAIM)
        st.header(_(spec.title), anchor=False)
        lecture_says(_(spec.claim))
        st.caption(_("Slides: {slide}").format(slide=_(spec.slide)))
        revealed = guess_section(spec)
    arms_of(spec.name)
    images = settings_form(spec)
    settings = settings_of(spec, images)
    run_buttons(spec, settings, usable=can_run(spec, images))
    progress_section(spec, revealed=revealed)
    interrupted_note(spec, settings)
    if revealed:
        with st.container(key=RESULT):
            arrived(RESULT)
            result_section(spec, settings)
        if spec.name in MISTAKES:
            pieces_about(*MISTAKES[spec.name])
    return spec.code(settings)
