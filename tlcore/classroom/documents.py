"""The files of a class, each a pydantic model: what lies on disk is read as what it has to be, or not at all.

Each file has one writer, so that nobody's writing undoes anybody else's: the class itself is written once, its stage by
the teacher, a member's file by that student, and the name that a teacher gives a student is a file of its own.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ..datasets import get_dataset_spec
from ..errors import InvalidArgumentError
from ..experiments import ExperimentSettings, get_experiment
from ..translatable import N_

Control = Literal["room", "settings", "code"]

#: What a teacher may hide from the students: the points of the others, what is measured, the code.
HIDEABLE: tuple[Control, ...] = get_args(Control)

#: Images that a class shares where nothing else is chosen, of which a run draws a sixth. Of
#: 200 it is tested on 40: few enough for one run to prove nothing, and thirty runs are tested on as many as there are.
POOL, _PARTS_OF_A_POOL = 1200, 6


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClassPlan(_Document):
    """What a teacher decides when a class begins.

    Attributes:
        experiment: Name of the claim, one of `class_claims()`.
        dataset: Registered name.
        base: Architecture whose convolutional part is reused.
        weights: As in `tlcore.build_base`; no path, since it comes out of a form.
        pool: Images that all runs share, and each of which draws a sixth.
        hidden: What students do not see.
    """

    experiment: Annotated[str, Field(max_length=60)]
    dataset: Annotated[str, Field(max_length=60)]
    base: Annotated[str, Field(max_length=60)]
    weights: Literal["embedded", "imagenet", "random"]
    pool: int = Field(POOL, ge=72, le=5000)
    hidden: tuple[Control, ...] = ()

    @field_validator("hidden")
    @classmethod
    def _each_once(cls, hidden: tuple[Control, ...]) -> tuple[Control, ...]:
        return tuple(control for control in HIDEABLE if control in hidden)

    def settings(self) -> ExperimentSettings:
        """What every run of the class is measured with.

        Raises:
            InvalidArgumentError: The claim takes too long for a class, or makes no sense on these images.
        """
        spec, images = get_experiment(self.experiment), get_dataset_spec(self.dataset)
        if not spec.for_a_class:
            raise InvalidArgumentError(
                N_("Expected a claim whose repetitions take seconds. Received: {value!r}. Choose another one."),
                value=self.experiment,
            )
        if self.dataset in spec.excluded:
            raise InvalidArgumentError(spec.excluded[self.dataset])
        pool = min(self.pool, images.max_images)
        changes = {
            "dataset": self.dataset,
            "base": self.base,
            "weights": self.weights,
            "num_images": pool // _PARTS_OF_A_POOL,
            "pool": pool,
            "seeds": 1,
        }
        return spec.defaults.model_copy(update=changes)


class ClassDocument(_Document):
    """The class itself; never written again."""

    plan: ClassPlan
    teacher: str
    first_seed: int
    created_s: float


class StageDocument(_Document):
    """Where the lesson is: written by the teacher alone.

    Attributes:
        paused: No run begins.
        shown: The points of the room are on the screens.
        revealed: The answer is on the screens.
    """

    paused: bool = False
    shown: bool = False
    revealed: bool = False


class MemberDocument(_Document):
    """A student, written by that student alone.

    Attributes:
        nickname: As they called themselves.
        number: 1 for the first who came; the seed of their run.
        joined_s: Seconds since the epoch.
        guess: Index of the option that they committed to.
        started_s: When they asked for their run.
    """

    nickname: str
    number: int
    joined_s: float
    guess: int | None = None
    started_s: float | None = None


class NameDocument(_Document):
    """The name that a teacher gave a student, written by the teacher alone."""

    nickname: str
