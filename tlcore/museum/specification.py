"""What a piece of the museum is: a short program that runs and is wrong, how it shows, and what mends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..architectures import PROPOSED_BASE
from ..experiments.specification import Kind

#: Bases on which each piece is measured: the one that the app proposes, and one of VGG16's shape.
BASES = (PROPOSED_BASE, "VGG16Slim")

#: The two programs of a piece.
Way = Literal["broken", "mended"]
WAYS: tuple[Way, ...] = ("broken", "mended")


@dataclass(frozen=True)
class Number:
    """A number that both programs of a piece leave behind, under a name of theirs.

    Attributes:
        name: Variable of the program, in English.
        title: What it counts, translatable.
        kind: How it is shown.
    """

    name: str
    title: str
    kind: Kind = "percent"


@dataclass(frozen=True)
class Difference:
    """How a number of the broken program stands to that of the mended one: what the piece's text says.

    Attributes:
        number: Name of a `Number` of the piece.
        relation: The broken one is lower, higher, or the same.
        by: At least so much lower or higher; at most so far apart where it is the same.
    """

    number: str
    relation: Literal["lower", "higher", "same"]
    by: float

    def holds(self, broken: float, mended: float) -> bool:
        """Whether two measured numbers differ as this says."""
        gap = {"lower": mended - broken, "higher": broken - mended, "same": abs(mended - broken)}[self.relation]
        return gap <= self.by if self.relation == "same" else gap >= self.by


@dataclass(frozen=True)
class Symptom:
    """What a mistake looks like from outside. Both texts are translatable.

    Attributes:
        title: As an answer to choose.
        looks_like: What one would see; said to whoever chooses it where it is not the answer.
    """

    title: str
    looks_like: str


@dataclass(frozen=True)
class Report:
    """Where people have met the mistake in public.

    Attributes:
        address: Of the thread.
        name: What the thread is called, for the link.
        says: What is told there, in our words; translatable.
    """

    address: str
    name: str
    says: str


@dataclass(frozen=True)
class Piece:
    """One mistake. All texts are translatable, and the programs' comments are.

    Attributes:
        name: What `get_piece` is called with; also the parameter of the page's link.
        title: Name on the screen, which does not give the mistake away.
        mistake: Its own name, for whoever has found it.
        story: What the program's author wants, and wonders at.
        program: (base, way) -> Keras code in English, see `tlcore.lesson_code.in_language`.
        guilty: How the lines begin that may be pointed at, in the broken program, without their indentation.
        numbers: What both programs leave behind.
        symptom: Name of the right one of `SYMPTOMS`.
        others: Names of the other ones that are offered.
        hint: For whoever points at another line.
        explanation: Why the line is wrong.
        mending: What the mended program does.
        report: Where people have met it.
        differences: How the two programs differ, on each base that is not spared.
        spared: Base -> why it does not matter there; the numbers of both programs are then the same.
    """

    name: str
    title: str
    mistake: str
    story: str
    program: Callable[[str, Way], str] = field(repr=False)
    guilty: tuple[str, ...]
    numbers: tuple[Number, ...]
    symptom: str
    others: tuple[str, ...]
    hint: str
    explanation: str
    mending: str
    report: Report
    differences: tuple[Difference, ...]
    spared: Mapping[str, str] = field(default_factory=dict, hash=False)

    def differences_on(self, base: str) -> tuple[Difference, ...]:
        """How broken and mended differ on a base; where it is spared, no number does."""
        if base in self.spared:
            return tuple(Difference(number.name, "same", SPARED_BY) for number in self.numbers)
        return self.differences


#: Two runs of the same arithmetic on two cores may add in another order.
SPARED_BY = 0.05
