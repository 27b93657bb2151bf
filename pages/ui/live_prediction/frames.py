"""Frames of a camera that the server answers to; none is kept."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from pages.ui.common.class_words import class_word
from pages.ui.common.i18n import _
from pages.ui.common.messages import error_text
from pages.ui.common.owner import owner
from pages.ui.live_prediction.state import FRAME_TAG
from tlcore.engine import get_engine
from tlcore.engine.tasks.references import NetworkReference
from tlcore.errors import TransferLearningError

_MOST_BYTES = 2 * 1024**2
_WAIT_S = 20.0  # of the first frame, for which the network is made ready

Answers = list[tuple[str, float]]


class Frame(BaseModel):
    """What the browser sends.

    Attributes:
        frame: What it calls the frame.
        image: A JPEG file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    frame: str = Field(max_length=40)
    image: Annotated[Base64Bytes, Field(max_length=_MOST_BYTES)]


def picture_of(sent: Any) -> Frame | None:
    """The frame, where it is one."""
    try:
        return Frame.model_validate(sent)
    except ValidationError:
        return None


def answer_to_frame(network: NetworkReference, frame: Frame, class_words: list[str]) -> tuple[Answers | None, str]:
    """(word and share of the likeliest classes, the best first; why there are none).

    Args:
        network: Who answers.
        frame: The frame.
        class_words: What its classes are called; [] for those of a base.
    """
    engine = get_engine()
    try:
        job = engine.submit(owner(), "answer_frame", {"network": network, "image": frame.image}, tag=FRAME_TAG)
        view = engine.wait(job, owner(), lambda view: view.finished, _WAIT_S)
        engine.forget(owner(), FRAME_TAG)
    except TransferLearningError as error:
        return None, error_text(error)
    if view.error is not None:
        return None, error_text(view.error)
    if view.result is None:
        return None, _("The server is busy: close the camera, and open it again in a moment.")
    return [
        (class_words[answer.index] if class_words else class_word(answer.class_name), answer.probability)
        for answer in view.result.predictions
    ], ""
