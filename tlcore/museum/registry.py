"""All pieces by name, in the order of the museum."""

from __future__ import annotations

from ..errors import InvalidArgumentError
from ..translatable import N_
from .pieces import answers, freezing, images
from .specification import Piece

_PIECES: dict[str, Piece] = {
    piece.name: piece
    for piece in (
        freezing.FORGOT_TO_FREEZE,
        freezing.COMPILED_BEFORE_FREEZING,
        freezing.NO_SECOND_COMPILE,
        freezing.RATE_100X,
        freezing.BATCH_NORM_FREE,
        images.TWICE,
        images.NEVER,
        images.OF_ANOTHER_NETWORK,
        images.BGR,
        images.EXIF,
        answers.SOFTMAX_OF_ONE,
        answers.SIGMOID_ONE_HOT,
        answers.CLASS_ORDER,
        answers.NEAR_DUPLICATES,
    )
}


def list_pieces() -> list[str]:
    """Names that `get_piece` knows.

    Example:
        >>> "bgr" in list_pieces()
        True
    """
    return list(_PIECES)


def get_piece(name: str) -> Piece:
    """The piece of this name.

    Raises:
        InvalidArgumentError: There is no such piece.
    """
    if name not in _PIECES:
        raise InvalidArgumentError(
            N_("Expected `piece` to be one of {names}. Received: {value!r}."), names=list_pieces(), value=name
        )
    return _PIECES[name]
