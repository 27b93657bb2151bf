"""The guided lesson as Home shows it: the way into it, where each page stands in it, and what was measured."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.focus import arrived
from pages.ui.common.i18n import _, number
from pages.ui.common.lesson.progress import begin_anew, progress
from pages.ui.common.lesson.steps import STEPS, place_of, present_step
from pages.ui.common.lesson.strip import MEASURED, SUMMARY, open_step


def lesson_button() -> None:
    """Begins the lesson, or goes on where it stands; nothing while it is open."""
    step = present_step()
    if step is not None and progress().is_open:
        return
    if step is None:
        step, label = STEPS[0], _("Guided lesson: {count} steps").format(count=number(len(STEPS)))
    else:
        words = _("Go on with the lesson: step {number} of {count}")
        label = words.format(number=number(place_of(step)), count=number(len(STEPS)))
    st.button(label, icon=":material/school:", key="home.lesson", on_click=open_step, args=(step,))


def steps_of(page: str) -> None:
    """In the card of a page: the steps of the lesson that are done there, each as a way to it."""
    if not progress().step:
        return
    for step in STEPS:
        if step.page == page:
            icon = ":material/check_circle:" if step.is_done(progress()) else ":material/radio_button_unchecked:"
            label = _("Step {number}: {title}").format(number=number(place_of(step)), title=_(step.title))
            key = f"home.step.{step.name}"
            st.button(label, icon=icon, type="tertiary", key=key, on_click=open_step, args=(step,))


def measured() -> None:
    """The summary, once the lesson was begun and something has happened."""
    if not progress().step:
        return
    from pages.ui.common.lesson.summary import summary_text  # with all that a run is, which nobody has yet

    text = summary_text()
    if not text:
        return
    title = _("The lesson in your numbers") if progress().step == SUMMARY else _("What you have measured so far")
    with st.container(key=MEASURED):
        arrived(MEASURED)
        st.header(title, anchor=False)
        st.markdown(text)
        with st.container(horizontal=True):
            st.download_button(
                _("Take the summary along"),
                f"# {title}\n\n{text}\n",
                file_name="summary.md",
                mime="text/markdown",
                icon=":material/download:",
                key="home.summary",
                on_click="ignore",
            )
            st.button(_("Begin the lesson anew"), icon=":material/restart_alt:", key="home.anew", on_click=begin_anew)
