"""A student's screen, most often a phone: join, guess, run, and one's own point among those of the room."""

from __future__ import annotations

import streamlit as st

from pages.ui.classroom.acts import act, leave, show_fault
from pages.ui.classroom.answer import answer_section
from pages.ui.classroom.drawing import growth_chart
from pages.ui.classroom.kept_runs import class_run, forget_run
from pages.ui.classroom.room import room_of, stage_of
from pages.ui.classroom.state import NICKNAME, guess_key
from pages.ui.classroom.words import claim_in_words, claim_of, points, what_is_measured
from pages.ui.common.focus import arrived, await_parts
from pages.ui.common.i18n import _, as_plain_text, number
from pages.ui.common.lesson.progress import happened
from pages.ui.common.messages import show_error
from pages.ui.common.owner import owner
from pages.ui.common.waiting import waiting_text
from tlcore.classroom import MOST_LETTERS, Classroom, ClassRun, ClassStore, Member, StudentRun

_LOOK_S = 2.0


def student_section(classroom: Classroom) -> None:
    """What there is to do for this student now."""
    member = ClassStore().member(classroom.code, owner())
    if member is None:
        _join(classroom)
    else:
        _lesson(classroom, member)
    st.button(_("Another class"), icon=":material/logout:", on_click=leave, key="classroom.leave")


def _join(classroom: Classroom) -> None:
    st.header(_("Class {code}").format(code=classroom.code), anchor=False)
    with st.form("classroom.join_form", border=False):
        st.text_input(
            _("Nickname"),
            key=NICKNAME.widget(),
            help=_("At most {most} letters. The class sees it; nothing else is asked.").format(most=MOST_LETTERS),
            autocomplete="off",
        )
        st.form_submit_button(
            _("Join"), type="primary", icon=":material/login:", key="classroom.join", on_click=_come, args=(classroom,)
        )
    show_fault()
    claim_in_words(claim_of(classroom))


def _come(classroom: Classroom) -> None:
    if act(ClassStore().join, classroom.code, owner(), NICKNAME.get()) is not None:
        NICKNAME.set("")


def _lesson(classroom: Classroom, member: Member) -> None:
    text = _("You are **{nickname}**, number {number} of class {code}.")
    st.markdown(
        ":material/badge: "
        + text.format(nickname=as_plain_text(member.nickname), number=number(member.number), code=classroom.code)
    )
    claim_in_words(claim_of(classroom))
    _guess(classroom, member)
    _run_button(classroom, member)
    show_fault()
    _live(classroom, member)
    if "settings" not in classroom.plan.hidden:
        with st.expander(":material/tune: " + _("What is measured")):
            st.markdown(what_is_measured(classroom))
            st.markdown(_("The seed of your run: {seed}").format(seed=f"`{member.seed}`"))


def _guess(classroom: Classroom, member: Member) -> None:
    asked, key = claim_of(classroom).guess, guess_key(classroom.code)
    options = dict(enumerate(_(option) for option in asked.options))
    if key.get() is None and member.guess is not None:
        key.set(member.guess)
    st.radio(
        "**" + _("Your guess first, if you like") + ".** " + _(asked.question),
        list(options),
        format_func=options.__getitem__,
        index=None,
        key=key.name,
        persist_state="session",
        disabled=member.started_s is not None,
        on_change=_commit,
        args=(classroom.code,),
    )


def _commit(code: str) -> None:
    guess = guess_key(code).get()
    if guess is not None:
        act(ClassStore().note_guess, code, owner(), guess)


def _run_button(classroom: Classroom, member: Member) -> None:
    st.button(
        _("Run my experiment"),
        type="primary",
        icon=":material/science:",
        disabled=member.started_s is not None or classroom.paused,
        key="classroom.run",
        on_click=_start,
        args=(classroom,),
    )
    if classroom.paused:
        st.info(_("The teacher has paused the class: wait for the sign."), icon=":material/pause_circle:")


def _start(classroom: Classroom) -> None:
    act(ClassStore().note_start, classroom.code, owner())
    await_parts("classroom.mine")


def _live(classroom: Classroom, member: Member) -> None:
    """Looks every two seconds; the whole page is drawn anew where something is to be done or has ended."""
    drawn = room_of(classroom).result.run_of(member) is not None

    @st.fragment(run_every=_LOOK_S)
    def look() -> None:
        if stage_of(classroom.code) != classroom:
            st.rerun()
        own = room_of(classroom).result.run_of(member)
        if own is not None and not drawn:
            st.rerun()
        if own is not None:
            with st.container(key="classroom.mine"):
                _own_point(classroom, member, own)
        elif member.started_s is not None:
            _progress(classroom, member)

    look()
    if drawn:
        arrived("classroom.mine")


def _progress(classroom: Classroom, member: Member) -> None:
    run = class_run(classroom, member.seed)
    if not classroom.paused:
        run.advance()
    if run.error is not None:
        show_error(run.error)
        st.button(_("Try again"), key="classroom.again", on_click=forget_run, args=(classroom, member.seed))
        return
    text = _("{done} of {total} measurements done").format(done=number(run.done), total=number(len(run.cells)))
    st.progress(run.done / len(run.cells), text=text)
    if not classroom.paused:
        _waiting(run)


def _waiting(run: ClassRun) -> None:
    views = run.unfinished
    if views and all(view.state == "queued" for view in views):
        st.caption(waiting_text(views[0]))


def _own_point(classroom: Classroom, member: Member, own: StudentRun) -> None:
    happened("class", led=False)
    room = room_of(classroom).result
    title = room.result.figure.title if room.result is not None and room.result.figure is not None else ""
    st.markdown(_("Your run, {what}, in points:").format(what=_(title)))
    st.metric(_("Your run"), points(own.value), label_visibility="collapsed")
    if not (classroom.shown or classroom.revealed):
        st.caption(_("One run. When the teacher shows the points, you see yours among those of the others."))
        return
    if "room" not in classroom.plan.hidden:
        growth_chart(room, own=member, named=False, key="classroom-growth")
    if classroom.revealed:
        answer_section(classroom, room, own=member, key="classroom-answer")
