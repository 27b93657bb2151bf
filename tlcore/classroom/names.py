"""Codes of classes and nicknames of students: what they may be, and how they are compared."""

from __future__ import annotations

import secrets
import unicodedata

from ..errors import InvalidArgumentError
from ..translatable import N_

#: No vowels, so that no code is a word; none that is taken for another when it is read from a projector.
_LETTERS = "BCDFGHJKMNPQRTVWXYZ346789"
CODE_LENGTH = 5
MOST_LETTERS = 24  # of a nickname


def new_code() -> str:
    """A code that can be read out in a classroom: one of ten million."""
    return "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))


def normalized_code(text: str) -> str:
    """A code as a person typed it, as it is kept: without spaces, in capital letters."""
    return "".join(text.split()).replace("-", "").upper()


def is_code(text: str) -> bool:
    """Whether it could be the code of a class; nothing else becomes part of a path."""
    return len(text) == CODE_LENGTH and set(text) <= set(_LETTERS)


def checked_nickname(text: str) -> str:
    """A nickname as it is kept: any letters and signs that can be seen, on one line.

    Raises:
        InvalidArgumentError: Nothing is left of it, or it is too long.
    """
    visible = "".join(letter for letter in unicodedata.normalize("NFC", text) if _can_be_seen(letter))
    nickname = " ".join(visible.split())
    if not nickname:
        raise InvalidArgumentError(N_("Type a nickname: the class shows it beside your run."))
    if len(nickname) > MOST_LETTERS:
        raise InvalidArgumentError(
            N_("Expected a nickname of at most {most} letters. Yours has {received}: take a shorter one."),
            most=MOST_LETTERS,
            received=len(nickname),
        )
    return nickname


def _can_be_seen(letter: str) -> bool:
    """Neither controls nor marks that turn the direction of what follows."""
    return unicodedata.category(letter)[0] != "C" or letter in "\t\n\r"


def folded(nickname: str) -> str:
    """The same for nicknames that a person would take for the same."""
    return unicodedata.normalize("NFKC", nickname).casefold()
