"""A class and its students as pages see them."""

from __future__ import annotations

from dataclasses import dataclass

from ..experiments import ExperimentSettings
from .documents import ClassPlan


@dataclass(frozen=True)
class Classroom:
    """A class at one moment.

    Attributes:
        code: By which students find it.
        plan: What the teacher decided at its beginning.
        settings: What every run is measured with.
        first_seed: Runs have this seed and the ones after it.
        created_s, ends_s: Seconds since the epoch.
        paused: No run begins at the moment.
        shown: The points of the room are on the screens.
        revealed: The answer is on the screens.
    """

    code: str
    plan: ClassPlan
    settings: ExperimentSettings
    first_seed: int
    created_s: float
    ends_s: float
    paused: bool
    shown: bool
    revealed: bool


@dataclass(frozen=True)
class Member:
    """A student of a class.

    Attributes:
        member_id: 32 hexadecimal digits; the browser's token cannot be told from them.
        nickname: To be shown; the teacher's name for them if there is one.
        number: 1 for the first who came.
        seed: Of their run.
        joined_s: Seconds since the epoch.
        guess: Index of the option that they committed to.
        started_s: When they asked for their run; None before.
    """

    member_id: str
    nickname: str
    number: int
    seed: int
    joined_s: float
    guess: int | None
    started_s: float | None
