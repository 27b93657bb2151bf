"""Classes from the names of files that lie together in one folder: `cat.0.jpg`, `dog_12.png`, `Abyssinian_1.jpg`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from .splits import MIN_IMAGES_PER_CLASS

_NUMBERED = re.compile(r"(?P<name>.*?[^\W\d_].*?)[\W_]*\(?\d+\)?")
_WITHOUT_WORDS = re.compile(r"[\W\d_]*")
#: What cameras, programs and browsers call every picture, and so say nothing of it.
_NO_CLASS_WORDS = (
    "img image images imagem pic pics photo photos foto fotos picture dsc dscn dscf dcim pxl mvimg vid frame scan "
    "screenshot capture captura snapshot download unnamed untitled file p whatsapp at"
)
_NO_CLASS = frozenset(_NO_CLASS_WORDS.split())
_SHARE_NAMED = 0.8


def classes_of_names(names: Sequence[str]) -> list[str | None] | None:
    """The class that each file's name says before its number; None where the names say none.

    Files whose names are numbers alone are no vote against it, as `test1/7.jpg` beside `train/cat.7.jpg`.

    Args:
        names: Of files that lie in no folder of a class.

    Returns:
        One class or None for each name, at least two classes of `MIN_IMAGES_PER_CLASS` files or more; None where fewer
        than four of five names are `<class><number>`.
    """
    stems = [PurePosixPath(name).stem for name in names]
    found = [_class_of(stem) for stem in stems]
    counts = Counter(name for name in found if name)
    classes = {name for name, count in counts.items() if count >= MIN_IMAGES_PER_CLASS}
    with_words = sum(not _WITHOUT_WORDS.fullmatch(stem) for stem in stems)
    if len(classes) < 2 or sum(counts[name] for name in classes) < _SHARE_NAMED * with_words:
        return None
    return [name if name in classes else None for name in found]


def _class_of(stem: str) -> str | None:
    match = _NUMBERED.fullmatch(stem)
    name = match["name"].strip(" ._-!") if match else ""
    words = re.findall(r"[^\W\d_]+", name.casefold())
    return name if words and not set(words) <= _NO_CLASS else None
