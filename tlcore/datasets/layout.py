"""Finds out which folders name the classes, and which only say what part of a split their images belong to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from .images import IMAGE_ENDINGS

_UNLABELLED = "unlabelled"
_PARTS = {
    "train": "train training trainval treino treinamento treinar entrenamiento entrainement",
    "validation": "val valid validate validation validacao validacion dev",
    "test": "test tests testing teste testes eval evaluation avaliacao prueba holdout",
    _UNLABELLED: "pred predict prediction predictions unlabeled unlabelled",
}
#: The part of a split that a word in a folder's name speaks of.
_PART_OF_WORD = {word: part for part, words in _PARTS.items() for word in words.split()}
#: Words beside it that say nothing: `training_set`, `seg_train`, `imagens de teste`, `train-224x224`.
_FILLING_WORDS = "set data dataset image images img imgs imagens fotos photos folder seg split conjunto de dados x v px"
_FILLING = frozenset(_FILLING_WORDS.split())
_ENDINGS = ("dataset", "set", "data", "images", "imgs")


@dataclass(frozen=True)
class FolderLayout:
    """What the folders around images mean.

    Attributes:
        class_positions: For each path the index at which its class stands; None where no folder names one.
        split_folders: Names of folders that were looked through because they name parts of a split.
    """

    class_positions: tuple[int | None, ...]
    split_folders: tuple[str, ...]


def find_layout(paths: Sequence[tuple[str, ...]]) -> FolderLayout:
    """Which folder of each path names its class.

    A single folder around all images is looked through. So are folders named after parts of a split (`train`,
    `Test_Set`, `seg_pred`, `validação`, ...) where all folders of a level are, or where two different parts hold
    folders of their own. One `train` among other folders is a class like them.

    Args:
        paths: Folder names and file name of each file; an empty one has no class.
    """
    images = {index for index, path in enumerate(paths) if path and _is_image(path)} or set(range(len(paths)))
    inside = dict.fromkeys((index for index, path in enumerate(paths) if len(path) > 1), 0)
    split_folders: dict[str, None] = {}
    while level := _folders({index: at for index, at in inside.items() if index in images}, paths):
        looked_through = _without_class(level)
        if not looked_through:
            break
        split_folders.update(dict.fromkeys(sorted(name for name in looked_through if _split_part(name))))
        steps = {name: 2 if level[name] == {name} and _split_part(name) else 1 for name in looked_through}
        inside = {
            index: at + steps[paths[index][at]] for index, at in inside.items() if paths[index][at] in looked_through
        }
        inside = {index: at for index, at in inside.items() if len(paths[index]) > at + 1}
    return FolderLayout(tuple(inside.get(index) for index in range(len(paths))), tuple(split_folders))


def _is_image(path: tuple[str, ...]) -> bool:
    return PurePosixPath(path[-1]).suffix.lower() in IMAGE_ENDINGS


def _folders(inside: Mapping[int, int], paths: Sequence[tuple[str, ...]]) -> dict[str, set[str]]:
    """The folders of a level, each with the names of the folders in it."""
    level: dict[str, set[str]] = {}
    for index, at in inside.items():
        name, *below = paths[index][at:-1]
        level.setdefault(name, set()).update(below[:1])
    return level


def _without_class(level: Mapping[str, set[str]]) -> set[str]:
    """The folders of a level to look through for classes; none where they are the classes."""
    names = set(level)
    if len(names) == 1:
        return names if any(level.values()) else set()
    parts = {name: part for name in names if (part := _split_part(name))}
    kinds = {kind for kind, _about in parts.values()}
    nested = any(level[name] for name in parts)
    if len({about for kind, about in parts.values() if kind != _UNLABELLED}) != 1:
        return set()  # "crash test" and "train station" are things, not parts
    if set(parts) == names:
        return names if len(kinds - {_UNLABELLED}) > 1 or nested else set()
    if len(kinds) > 1 and nested:
        classes = set().union(*(level[name] for name in parts))
        return set(parts) | {name for name in names if level[name] and level[name] <= classes}
    return set()


def _split_part(name: str) -> tuple[str, frozenset[str]] | None:
    """The part of a split that a folder is named after, and what else the name says; None if it names no part."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
    words = [_without_ending(word) for word in re.findall(r"[^\W\d_]+", spaced.casefold())]
    kinds = [_PART_OF_WORD[word] for word in words if word in _PART_OF_WORD]
    about = frozenset(word for word in words if word not in _PART_OF_WORD and word not in _FILLING)
    return (kinds[0], about) if kinds else None


def _without_ending(word: str) -> str:
    shorter = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return next((stem for stem in shorter if stem in _PART_OF_WORD), word)
