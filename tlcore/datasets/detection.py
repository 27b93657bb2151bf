"""Recognises sets for finding objects, whose files say where things are and not what a whole image shows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .entries import Entry

_PEEKED_BYTES = 1 << 20
_PEEKED_FILES = 20
_BOX_LINE = re.compile(rb"\d+( -?\d*\.?\d+(e-?\d+)?){4,}\s*")


def boxes_format(entries: Sequence[Entry]) -> str | None:
    """What kind of boxes a set has: "YOLO", "COCO" or "Pascal VOC"; None if it has none.

    Args:
        entries: All files of the set.
    """
    tests = {".txt": ("YOLO", is_yolo), ".json": ("COCO", _is_coco), ".xml": ("Pascal VOC", _is_voc)}
    for ending, (name, is_boxes) in tests.items():
        files = [entry for entry in entries if entry.ending == ending][:_PEEKED_FILES]
        if any(is_boxes(entry.peek(_PEEKED_BYTES)) for entry in files):
            return name
    return None


def is_yolo(content: bytes) -> bool:
    """Whether each line of a text is the number of a class and a box or outline, as YOLO writes them."""
    lines = content.splitlines()[:50]
    return bool(lines) and all(_BOX_LINE.fullmatch(line.strip()) for line in lines)


def _is_coco(content: bytes) -> bool:
    return b'"images"' in content and b'"file_name"' in content and b'"height"' in content


def _is_voc(content: bytes) -> bool:
    return b"<annotation" in content and b"<object>" in content
