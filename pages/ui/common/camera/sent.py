"""What the recorder in the browser may tell, and what is done about it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from pages.ui.common.camera.state import ACKNOWLEDGED, FAULT, SHOWS
from pages.ui.common.i18n import _
from pages.ui.common.messages import error_text
from tlcore.errors import TransferLearningError
from tlcore.store.recordings import MOST_NAME, Recording

_MOST_FRAMES = 64  # of one message
_MOST_FRAME_BYTES = 2 * 1024**2

_Id = Annotated[str, Field(pattern=r"^[0-9a-z]{1,16}$")]
_Picture = Annotated[Base64Bytes, Field(max_length=_MOST_FRAME_BYTES)]


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: _Id


class _OfClass(_Sent):
    class_id: _Id = Field(alias="class")


class Frames(_OfClass):
    """Frames of a burst."""

    kind: Literal["frames"]
    start: int = Field(ge=0, lt=10**15)
    first: int = Field(ge=0, lt=10**6 - _MOST_FRAMES)
    frames: list[_Picture] = Field(min_length=1, max_length=_MOST_FRAMES)


class Name(_OfClass):
    """A class is called something else, or is new."""

    kind: Literal["name"]
    name: str = Field(max_length=2 * MOST_NAME)


class Gone(_OfClass):
    """A class is emptied, or removed."""

    kind: Literal["empty", "remove"]


class Show(_Sent):
    """The browser has no pictures of what was recorded before."""

    kind: Literal["show"]


_MESSAGE: TypeAdapter[Frames | Name | Gone | Show] = TypeAdapter(
    Annotated[Frames | Name | Gone | Show, Field(discriminator="kind")]
)


def carry_out(recording: Recording, sent: Any) -> None:
    """Does what the browser has told and says so, also where it is refused: it would be told again otherwise."""
    ACKNOWLEDGED.set(str(sent.get("id")) if isinstance(sent, dict) else None)
    FAULT.set("")
    try:
        message = _MESSAGE.validate_python(sent)
    except ValidationError:
        FAULT.set(_("The camera sent something that this page does not understand. Load the page again."))
        return
    SHOWS.set(isinstance(message, Show))
    try:
        _change(recording, message)
    except TransferLearningError as error:
        FAULT.set(error_text(error))


def _change(recording: Recording, message: Frames | Name | Gone | Show) -> None:
    if isinstance(message, Frames):
        recording.add_frames(message.class_id, message.start, message.first, message.frames)
    elif isinstance(message, Name):
        recording.name_class(message.class_id, message.name)
    elif isinstance(message, Gone) and message.kind == "empty":
        recording.empty_class(message.class_id)
    elif isinstance(message, Gone):
        recording.remove_class(message.class_id)
