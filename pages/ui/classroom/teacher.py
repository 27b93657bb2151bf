"""The teacher's screen: the way in, the claim, and the answer that grows; made to be projected."""

from __future__ import annotations

import streamlit as st

from pages.ui.classroom.acts import act, leave, show_fault
from pages.ui.classroom.address import invitation
from pages.ui.classroom.answer import answer_section
from pages.ui.classroom.download import download_button
from pages.ui.classroom.drawing import growth_chart, guess_chart
from pages.ui.classroom.kept_runs import class_run
from pages.ui.classroom.room import Room, room_of, stage_of
from pages.ui.classroom.server import server_section
from pages.ui.classroom.state import NEW_NAME, RENAMED, SURE
from pages.ui.classroom.words import claim_in_words, claim_of, what_is_measured
from pages.ui.common.i18n import _, number
from pages.ui.common.lesson.progress import happened
from pages.ui.common.messages import show_error
from pages.ui.common.owner import owner
from tlcore.classroom import MOST_LETTERS, Classroom, ClassStore

_LOOK_S = 2.0


def teacher_section(classroom: Classroom) -> None:
    """All of it; the middle draws itself anew every two seconds."""
    happened("class", led=True)
    st.button(_("All classes"), icon=":material/arrow_back:", on_click=leave, key="classroom.leave")
    if classroom.shown or classroom.revealed:  # the points need the screen
        with st.expander(":material/qr_code: " + _("Class {code}: link and picture").format(code=classroom.code)):
            invitation(classroom)
    else:
        invitation(classroom)
    spec = claim_of(classroom)
    claim_in_words(spec)
    st.markdown("**" + _(spec.guess.question) + "**")
    _stage_buttons(classroom)
    show_fault()
    _live(classroom)
    st.caption(what_is_measured(classroom))
    with st.expander(":material/manage_accounts: " + _("Names, and the end of the class")):
        _rename(classroom)
        _erase(classroom)
    server_section()


def _stage_buttons(classroom: Classroom) -> None:
    pause = (_("Go on"), ":material/play_arrow:") if classroom.paused else (_("Pause"), ":material/pause:")
    show = _("Hide the points") if classroom.shown else _("Show the points")
    reveal = _("Hide the answer") if classroom.revealed else _("Reveal the answer")
    with st.container(horizontal=True, gap="small"):
        _change(classroom, *pause, "paused", not classroom.paused)
        _change(classroom, show, ":material/scatter_plot:", "shown", not classroom.shown)
        _change(classroom, reveal, ":material/lightbulb:", "revealed", not classroom.revealed)


def _change(classroom: Classroom, label: str, icon: str, name: str, value: bool) -> None:
    st.button(
        label,
        icon=icon,
        type="primary" if name == "revealed" and value else "secondary",
        key=f"classroom.{name}",
        on_click=act,
        args=(ClassStore().change, classroom.code, owner()),
        kwargs={name: value},
    )


def _live(classroom: Classroom) -> None:
    @st.fragment(run_every=_LOOK_S)
    def look() -> None:
        now = stage_of(classroom.code)
        if now is None:
            st.rerun()
            return
        room = room_of(classroom)
        _counts(room)
        _prepare(classroom)
        if classroom.paused:
            st.info(_("Paused: no run begins until you go on."), icon=":material/pause_circle:")
        if classroom.shown or classroom.revealed:
            _answer(classroom, room)
        if not classroom.revealed and room.guessed:
            guess_chart(claim_of(classroom), room, key="classroom-guesses")
        download_button(classroom, room)

    look()


def _counts(room: Room) -> None:
    counts = (
        (_("joined"), len(room.members)),
        (_("guessed"), room.guessed),
        (_("started"), sum(member.started_s is not None for member in room.members)),
        (_("measured"), len(room.result.runs)),
    )
    for column, (title, count) in zip(st.columns(len(counts)), counts, strict=True):
        column.metric(title, number(count))


def _prepare(classroom: Classroom) -> None:
    """The first run of a class lets the base look at the shared images; the teacher's makes it, and does not count."""
    run = class_run(classroom, classroom.first_seed)
    if not classroom.paused:
        run.advance()
    if run.error is not None:
        show_error(run.error)
    if run.state == "running":
        text = _(
            "Preparing the images that the class shares: {done} of {total}. Students can join and guess meanwhile."
        )
        share = run.done / len(run.cells)
        st.progress(share, text=text.format(done=number(run.done), total=number(len(run.cells))))


def _answer(classroom: Classroom, room: Room) -> None:
    if not room.result.runs:
        st.caption(_("The first run has not ended yet: its point will stand here."))
        return
    growth_chart(room.result, own=None, named=True, key="classroom-growth")
    if classroom.revealed:
        answer_section(classroom, room.result, own=None, key="classroom-answer")


def _rename(classroom: Classroom) -> None:
    members = ClassStore().members(classroom.code)
    if not members:
        st.caption(_("Nobody has joined yet."))
        return
    names = {member.member_id: f"{member.number}. {member.nickname}" for member in members}
    left, middle, right = st.columns([3, 3, 2], vertical_alignment="bottom")
    chosen = left.selectbox(_("Student"), list(names), format_func=names.__getitem__, key=RENAMED.widget(names))
    middle.text_input(_("Call them"), key=NEW_NAME.widget(), max_chars=MOST_LETTERS)
    right.button(_("Rename"), key="classroom.rename", on_click=_call, args=(classroom.code, chosen))


def _call(code: str, member_id: str) -> None:
    act(ClassStore().rename, code, owner(), member_id, NEW_NAME.get())


def _erase(classroom: Classroom) -> None:
    sure = st.checkbox(_("Erase the class with all names, guesses and points"), key=SURE.widget())
    st.button(
        _("Erase everything"),
        icon=":material/delete_forever:",
        disabled=not sure,
        key="classroom.erase",
        on_click=_erase_now,
        args=(classroom.code,),
    )


def _erase_now(code: str) -> None:
    act(ClassStore().erase, code, owner())
    SURE.set(False)
    leave()
