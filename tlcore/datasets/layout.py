"""Finds out which level of folders names the classes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from .images import IMAGE_ENDINGS

_SPLIT_FOLDERS = frozenset({"train", "training", "treino", "val", "valid", "validation", "validacao", "test", "teste"})


def class_depth(paths: Sequence[tuple[str, ...]]) -> int:
    """How many levels of folders lie above those that name the classes.

    A single folder around all images is looked through, and so are folders named after splits (train, test, ...),
    as long as folders remain below them.

    Args:
        paths: Folder names and file name of each file.

    Returns:
        Index into each path at which its class stands.
    """
    images = [path for path in paths if path and PurePosixPath(path[-1]).suffix.lower() in IMAGE_ENDINGS]
    remaining = [path for path in images or paths if len(path) > 1]
    depth = 0
    while remaining and all(len(path) > depth + 2 for path in remaining):
        level = {path[depth].casefold() for path in remaining}
        if len(level) > 1 and not level <= _SPLIT_FOLDERS:
            break
        depth += 1
    return depth
