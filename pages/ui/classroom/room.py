"""What a class has measured so far, looked up once a second for everybody."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from tlcore.classroom import Classroom, ClassStore, Member, RoomResult, room_result

_FRESH_S = 1.0


@dataclass(frozen=True)
class Room:
    """The students of a class and their results."""

    members: tuple[Member, ...]
    result: RoomResult

    @property
    def guessed(self) -> int:
        """How many have committed to a guess."""
        return sum(member.guess is not None for member in self.members)


@st.cache_data(ttl=_FRESH_S, show_spinner=False)
def _room(code: str, _classroom: Classroom) -> Room:
    members = ClassStore().members(code)
    return Room(members, room_result(_classroom, members))


def room_of(classroom: Classroom) -> Room:
    """The class as it was a second ago at most."""
    return _room(classroom.code, classroom)


def forget_room() -> None:
    """After a change that has to be seen at once."""
    _room.clear()


def stage_of(code: str) -> Classroom | None:
    """The class as it is now; None once it has ended."""
    from tlcore.errors import InvalidArgumentError

    try:
        return ClassStore().get(code)
    except InvalidArgumentError:
        return None
