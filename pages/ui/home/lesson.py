"""Features that a browser has computed, and the head that learns from them. No picture comes here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pages.ui.common.i18n import _
from pages.ui.common.messages import error_text
from pages.ui.common.owner import owner
from pages.ui.home.state import TEACH_TAG
from tlcore.engine import get_engine
from tlcore.errors import TransferLearningError

if TYPE_CHECKING:
    from tlcore.engine.tasks.browser import TaughtHead

_MOST_ROWS = 120  # of both classes
_MOST_FEATURES = 4096
_WAIT_S = 20.0


class Features(BaseModel):
    """What the browser sends.

    Attributes:
        id: What it calls this lesson.
        labels: Class of each row, 0 or 1.
        features: `float32 (rows, feature_dim)`, little-endian.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: str = Field(max_length=20)
    labels: tuple[Annotated[int, Field(ge=0, le=1)], ...] = Field(min_length=2, max_length=_MOST_ROWS)
    features: Annotated[Base64Bytes, Field(max_length=8 * _MOST_ROWS * _MOST_FEATURES)]

    @model_validator(mode="after")
    def _fits(self) -> Features:
        width, rest = divmod(len(self.features), 4 * len(self.labels))
        if rest or not 1 <= width <= _MOST_FEATURES or set(self.labels) != {0, 1}:
            raise ValueError("rows of numbers, of both classes")
        if not np.isfinite(np.frombuffer(self.features, "<f4")).all():
            raise ValueError("numbers")
        return self

    @property
    def feature_dim(self) -> int:
        """Numbers a picture."""
        return len(self.features) // (4 * len(self.labels))


@dataclass(frozen=True)
class Lesson:
    """What was learned, and from what."""

    sent: Features
    head: TaughtHead


def learn(sent: Any) -> Lesson | str:
    """Has the engine train a head and waits for it.

    Returns:
        What came of it, or why nothing did, as a sentence.
    """
    try:
        features = Features.model_validate(sent)
    except ValidationError:
        return _("The camera sent something that this page does not understand. Load the page again.")
    engine = get_engine()
    arguments = {"features": features.features, "labels": features.labels, "num_classes": 2}
    try:
        job = engine.submit(owner(), "teach_head", arguments, tag=TEACH_TAG)
        view = engine.wait(job, owner(), lambda view: view.finished, _WAIT_S)
        engine.forget(owner(), TEACH_TAG)
    except TransferLearningError as error:
        return error_text(error)
    if view.error is not None:
        return error_text(view.error)
    if view.result is None:
        return _("The server is busy. Hold one of the two again in a moment.")
    return Lesson(features, view.result)
