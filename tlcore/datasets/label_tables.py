"""Classes from a table that lies beside the images: a CSV of file names and labels, as competitions give it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..errors import DatasetError
from ..translatable import N_

TABLE_ENDINGS = (".csv", ".tsv", ".txt")
MAX_TABLE_BYTES = 8 * 1024**2
_LABEL_WORDS = (
    "label labels class classes class_name classname category target species breed diagnosis dx y tag classe rotulo "
    "etiqueta finding_labels"
)
_LABELS = frozenset(_LABEL_WORDS.split())
_SHARE_MATCHED = 0.5
_MOST_CLASSES = 1000


@dataclass(frozen=True)
class _Table:
    """Rows of text, all as long as the header."""

    header: list[str]
    rows: list[list[str]]


def labels_of_table(content: bytes, name: str, paths: Sequence[tuple[str, ...]]) -> dict[int, str] | None:
    """The class of each image that a table names; None where the table is about something else.

    A table is one of images where half of its rows or of the images are named in one of its columns, with or without
    folders and ending. The class stands in the only other column, in one called `label`, `class`, `breed`, ..., or in
    columns of 0 and 1, one for each class.

    Args:
        content: Of the file.
        name: Of the file, for messages.
        paths: Folder names and file name of each image.

    Returns:
        Index of an image -> class.

    Raises:
        DatasetError: The table names images and several columns could be their class.
    """
    rows = _rows(content)
    if len(rows) < 2:
        return None
    keys = _keys(paths)
    column = _file_column(rows, keys, len(paths))
    if column is None:
        return None
    headless = _key(rows[0][column]) in keys
    header = [f"column {number + 1}" for number in range(len(rows[0]))] if headless else rows[0]
    table = _Table(header, rows if headless else rows[1:])
    return {
        index: label
        for row, label in zip(table.rows, _labels(table, column, name), strict=True)
        if label
        for index in keys.get(_key(row[column]), ())
    }


def _rows(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t ", key=lambda sign: (first.count(sign) > 0, sign != " ", first.count(sign)))
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error:
        return []
    return [row for row in rows if len(row) == len(rows[0]) > 1]


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _key(path: str) -> str:
    """A file's name as it is compared: tables leave out folders and endings, or write them differently."""
    name = path.replace("\\", "/").rpartition("/")[2].casefold()
    stem, dot, ending = name.rpartition(".")
    return stem if dot and ending.isalnum() and len(ending) <= 5 and not ending.isdigit() else name


def _keys(paths: Sequence[tuple[str, ...]]) -> dict[str, list[int]]:
    keys: dict[str, list[int]] = {}
    for index, path in enumerate(paths):
        keys.setdefault(PurePosixPath(path[-1]).stem.casefold(), []).append(index)
    return keys


def _file_column(rows: Sequence[Sequence[str]], keys: Mapping[str, list[int]], num_images: int) -> int | None:
    """The column whose cells name images; None if there is none."""
    matched = [len({_key(row[column]) for row in rows} & keys.keys()) for column in range(len(rows[0]))]
    best = max(range(len(matched)), key=matched.__getitem__)
    return best if matched[best] >= _SHARE_MATCHED * min(num_images, len(rows) - 1) else None


def _labels(table: _Table, file_column: int, name: str) -> list[str]:
    """The class of each row, empty where it has none."""
    others = [column for column in range(len(table.header)) if column != file_column]
    named = [column for column in others if table.header[column].casefold().replace(" ", "_") in _LABELS]
    candidates = named[:1] or others
    if len(candidates) == 1:
        return [row[candidates[0]] for row in table.rows]
    one_hot = [column for column in others if _is_one_hot(row[column] for row in table.rows)]
    if len(one_hot) > 1 and all(sum(float(row[column]) for column in one_hot) <= 1 for row in table.rows):
        return [next((table.header[column] for column in one_hot if float(row[column]) == 1), "") for row in table.rows]
    repeated = [column for column in others if _is_category([row[column] for row in table.rows])]
    if len(repeated) == 1:
        return [row[repeated[0]] for row in table.rows]
    raise DatasetError(
        N_(
            "{file} says of the images {columns}, and nothing says which of it is their class. Call that column "
            "`label`, or put the images of each class into a folder of their own."
        ),
        file=name,
        columns=", ".join(table.header[column] for column in others[:12]),
    )


def _is_one_hot(cells: Iterable[str]) -> bool:
    return set(cells) <= {"0", "1", "0.0", "1.0"}


def _is_category(cells: Sequence[str]) -> bool:
    """Whether the cells are a few words again and again, and no numbers."""
    different = set(cells)
    is_text = not all(cell.replace(".", "", 1).lstrip("-").isdigit() for cell in different)
    return is_text and 2 <= len(different) <= min(_MOST_CLASSES, len(cells) // 2)
