"""What the page of a class remembers of a browser; the class itself lies in the store."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from pages.ui.common.links import Link
from pages.ui.common.state import Key
from tlcore.architectures import PROPOSED_BASE
from tlcore.classroom import POOL, Control, class_claims
from tlcore.errors import TransferLearningError

CODE: Key[str] = Key("classroom.code", "")  # of the class on the screen
KEYS: dict[str, Key[Any]] = {"code": CODE}
FAULT: Key[TransferLearningError | None] = Key("classroom.fault", None)  # what kept the last click from its work

TYPED_CODE: Key[str] = Key("classroom.typed_code", "")
NICKNAME: Key[str] = Key("classroom.nickname", "")

_QUICKEST = class_claims()[-1]  # nothing of it is trained but straight lines; and so close that one run is not enough
EXPERIMENT: Key[str] = Key("classroom.experiment", _QUICKEST.name)
DATASET: Key[str] = Key("classroom.dataset", _QUICKEST.defaults.dataset)
BASE: Key[str] = Key("classroom.base", PROPOSED_BASE)
SHARED_IMAGES: Key[float] = Key("classroom.shared_images", POOL)
HIDDEN: Key[tuple[Control, ...]] = Key("classroom.hidden", ())

RENAMED: Key[str | None] = Key("classroom.renamed", None)  # id of a student
NEW_NAME: Key[str] = Key("classroom.new_name", "")
SURE: Key[bool] = Key("classroom.sure", False)  # to erase
SERVER_SHOWN: Key[bool] = Key("classroom.server_shown", False)


class ClassroomLink(Link):
    """/classroom?code=BCDFG"""

    code: Annotated[str, Field(max_length=40)] = CODE.default


def guess_key(code: str) -> Key[int | None]:
    """Index of the option that this browser's student committed to in a class."""
    return Key(f"classroom.guess.{code}", None)
