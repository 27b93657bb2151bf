"""Files and folders of small pictures, made for one test."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from PIL import Image

from tlcore.datasets import Dataset

SIZE = (32, 32)


def photo(number: int, kind: str = "PNG") -> bytes:
    """A file with its own picture: coarse random patches, which no near-duplicate rule takes for another's."""
    patches = np.random.default_rng(number).integers(0, 256, (6, 6, 3), np.uint8)
    buffer = BytesIO()
    Image.fromarray(patches).resize((48, 48), Image.Resampling.NEAREST).save(buffer, kind)
    return buffer.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP with these files."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tree(root: Path, names: Iterable[str], start: int = 0) -> Path:
    """A folder with one picture at each of `names`."""
    for number, name in enumerate(names, start=start):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(photo(number))
    return root


def all_sources(data: Dataset) -> list[str]:
    return [source for part in data.splits.values() for source in part.sources]
