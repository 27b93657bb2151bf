"""One line on top of every page while the lesson is open: the step, what it asks for, and the ways back and on."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.common.focus import arrived, await_parts
from pages.ui.common.i18n import _, number
from pages.ui.common.lesson.progress import close_lesson, go_to_step, progress
from pages.ui.common.lesson.steps import STEPS, Step, place_of, present_step
from pages.ui.common.messages import notice
from pages.ui.common.navigation import STOPS, ask_for_page
from pages.ui.common.palette import colour
from pages.ui.common.questions import ask

SUMMARY = "summary"  # instead of a step: the lesson has come to its end
STRIP, MEASURED = "lesson-strip", "home-measured"  # parts that a step, and the end, lead to
# The line stays below Streamlit's own at the top, but for a screen so low that it would hide too much.
_STYLE = """
[data-testid="stLayoutWrapper"]:has(> .st-key-lesson-strip) {{ position: sticky; top: 3.7rem; z-index: 95;
  margin-top: 0.5rem }}
.st-key-lesson-strip {{ background: {page}; padding: 0.35rem 0; flex-wrap: nowrap !important }}
.st-key-lesson-strip > :has([data-testid="stPopover"]) {{ min-width: 0; flex: 1 1 0 }}
.st-key-lesson-strip [data-testid="stPopover"] button p {{ overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap !important }}
[data-testid="stPopoverBody"]:has(.st-key-lesson-told) {{ max-height: 82vh }}
[data-testid="stMain"]:has(.st-key-lesson-strip) {{ scroll-padding-top: 4.5rem }}
@media (max-height: 500px) {{
  [data-testid="stLayoutWrapper"]:has(> .st-key-lesson-strip) {{ position: static }}
}}
@media (max-width: 640px) {{
  :is(.st-key-lesson-back, .st-key-lesson-next, .st-key-lesson-finish) p {{ font-size: 0 !important }}
  .st-key-lesson-told :is(p, label) {{ font-size: 0.9rem !important }}
}}
"""


def strip_place() -> Any:
    """Where the strip will be, above the page; it takes no room while it is empty."""
    return st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=STRIP)


def lesson_strip(place: Any, url_path: str) -> None:
    """Draws the open step, in a line; nothing where the lesson was not begun or is closed.

    Args:
        place: Where, see `strip_place`.
        url_path: Of the page below it, see `Stop.url_path`.
    """
    step, kept = present_step(), progress()
    if step is None or not kept.is_open:
        return
    st.html("<style>" + _STYLE.format(page=colour("page")) + "</style>")
    with place:
        _line(step, url_path)
    arrived(STRIP, gentle=True)


def _line(step: Step, url_path: str) -> None:
    number_of_step = place_of(step)
    before = STEPS[max(0, number_of_step - 2)]
    after = STEPS[number_of_step] if number_of_step < len(STEPS) else None
    st.button(
        _("Back"),
        icon=":material/arrow_back:",
        disabled=number_of_step == 1,
        key="lesson.back",
        on_click=open_step,
        args=(before,),
    )
    with (
        st.popover(_title(step), width="stretch", key="lesson.step"),
        st.container(key="lesson-told", gap="small"),
    ):
        _told(step, url_path)
    if after is not None:
        st.button(_("Next"), icon=":material/arrow_forward:", key="lesson.next", on_click=open_step, args=(after,))
    else:
        st.button(_("Finish"), icon=":material/flag:", key="lesson.finish", on_click=finish)


def _title(step: Step) -> str:
    mark = "check_circle" if step.is_done(progress()) else "school"
    words = _("Step {number} of {count}: {title}")
    return f":material/{mark}: " + words.format(
        number=number(place_of(step)), count=number(len(STEPS)), title=_(step.title)
    )


def _told(step: Step, url_path: str) -> None:
    """All that a step says, with its question."""
    st.markdown(":material/target: **" + _("Objective") + ".** " + _(step.objective))
    st.markdown(":material/touch_app: **" + _("What to do") + ".** " + _(step.task))
    if step.page != url_path:
        title = next(_(stop.title) for stop in STOPS if stop.url_path == step.page)
        label = _("Go to “{title}”").format(title=title)
        st.button(label, icon=":material/arrow_forward:", key="lesson.go", on_click=open_step, args=(step,))
    notice(_(step.notice))
    ask(step.question, "lesson", titled=True)
    if step.waits_for:
        _tick(_("done here: the app has seen it"), done=step.has_happened(progress()))
    _tick(_("question answered right"), done=step.is_answered())
    st.button(_("Close the lesson"), icon=":material/close:", key="lesson.close", on_click=close_lesson)
    st.caption(_("It waits on Home, at this step. What has happened and what you answered is kept."))


def _tick(words: str, *, done: bool) -> None:
    st.markdown(f":material/check_circle: {words}" if done else f":gray[:material/radio_button_unchecked: {words}]")


def open_step(step: Step) -> None:
    """Callback: the lesson stands at this step, and its page is opened as the step needs it."""
    go_to_step(step.name)
    ask_for_page(step.page, step.link)
    await_parts(STRIP)


def finish() -> None:
    """Callback: the lesson ends at Home, with what was measured."""
    go_to_step(SUMMARY)
    ask_for_page("home")
    await_parts(MEASURED)
