"""The ways to train on top of a base: facts as data. Those of the lecture, and the controls it compares them with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from ..errors import InvalidArgumentError
from ..translatable import N_
from .specification_errors import UNKNOWN_CHOICE


@dataclass(frozen=True)
class TrainingMethod:
    """One way to train. All texts are translatable templates.

    Attributes:
        name: What `TrainingSpec.method` is called.
        title: Name on the screen.
        label: The same within a sentence or beside a curve.
        summary: What it does, in one sentence.
        teaching_note: What a lesson can show with it.
        phases: Names of its phases, in order: "head" trains the head on a frozen base, "fine_tuning" also the base from
            `unfreeze_from` on; any other name trains everything at once.
        starts_at_random: The base starts with random weights, whatever `weights` says.
        on_features: The lecture writes it as two programs: features first, then a network on them.
    """

    name: str
    title: str
    label: str
    summary: str
    teaching_note: str
    phases: tuple[str, ...] = ("head",)
    starts_at_random: bool = False
    on_features: bool = False

    @property
    def trains_everything_at_once(self) -> bool:
        """Whether base and head learn together from the first step."""
        return self.phases[0] != "head"

    @property
    def fine_tunes(self) -> bool:
        """Whether a part of the base is unfrozen after the head has learned."""
        return "fine_tuning" in self.phases


_METHODS = {
    method.name: method
    for method in (
        TrainingMethod(
            name="feature_extraction",
            title=N_("Feature extraction"),
            label=N_("feature extraction"),
            summary=N_("The base runs once over each image; only the dense network on its features learns."),
            teaching_note=N_(
                "The lecture's first way. It is the fastest, and the one to begin with: an epoch on "
                "stored features takes a fraction of a second."
            ),
            on_features=True,
        ),
        TrainingMethod(
            name="frozen",
            title=N_("Frozen base"),
            label=N_("frozen base"),
            summary=N_("The base is part of the network but frozen; only the new dense layers learn."),
            teaching_note=N_(
                "It learns the same as feature extraction, but as one network that takes images, and it is how "
                "fine-tuning begins. Of the 30 tensors of the lecture's network 4 are left to train."
            ),
        ),
        TrainingMethod(
            name="fine_tuning",
            title=N_("Fine-tuning, five steps"),
            label=N_("fine-tuning"),
            summary=N_("First the head alone; then the last layers of the base together with it, in small steps."),
            teaching_note=N_(
                "The order matters: an untrained head sends large gradients into the base. The small "
                "learning rate keeps what the base has learned."
            ),
            phases=("head", "fine_tuning"),
        ),
        TrainingMethod(
            name="scratch",
            title=N_("From scratch"),
            label=N_("from scratch"),
            summary=N_("No transfer: every layer starts at random and learns from your images alone."),
            teaching_note=N_(
                "The rival that transfer is measured by. With few images it stays far behind; with many it catches up."
            ),
            phases=("scratch",),
            starts_at_random=True,
        ),
        TrainingMethod(
            name="unfrozen",
            title=N_("Unfrozen from the start"),
            label=N_("everything unfrozen"),
            summary=N_("The warning of the lecture: base and untrained head learn together from the first step."),
            teaching_note=N_(
                "Watch the weights of the first layers: they move while the head still guesses, and what the base had "
                "learned is lost."
            ),
            phases=("unfrozen",),
        ),
        TrainingMethod(
            name="random_frozen",
            title=N_("Random base, frozen"),
            label=N_("frozen random base"),
            summary=N_("A control: the base is frozen, but at random. What it adds over this is what was learned."),
            teaching_note=N_(
                "Random convolutions tell images apart, too, better than one would guess. Compare a trained base with "
                "this before you say what its training was worth."
            ),
            starts_at_random=True,
        ),
    )
}


def list_methods() -> list[str]:
    """Names of all ways to train, the lecture's first."""
    return list(_METHODS)


def get_method(name: str) -> TrainingMethod:
    """Facts about a way to train.

    Raises:
        InvalidArgumentError: There is no such way.

    Example:
        >>> get_method("fine_tuning").phases
        ('head', 'fine_tuning')
    """
    if name not in _METHODS:
        raise InvalidArgumentError(UNKNOWN_CHOICE, name="method", choices=_choices(), value=name)
    return _METHODS[name]


def _known_name(name: Any) -> Any:
    """As pydantic checks a literal, so that a foreign name is told in the words of every other choice."""
    if not isinstance(name, str) or name not in _METHODS:
        raise PydanticCustomError("literal_error", "Input should be {expected}", {"expected": _choices()})
    return name


def _choices() -> str:
    return ", ".join(repr(name) for name in _METHODS)


#: The name of a way to train, as a pydantic field.
MethodName = Annotated[str, BeforeValidator(_known_name)]
