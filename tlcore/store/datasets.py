"""Prepared datasets on disk, as plain arrays that every worker can read."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..files import source_fingerprint
from ..mirror.caches import fetch_folder, is_in_store, keep_folder
from ..settings import get_settings
from .editions import edits_of, folder_and_edition

if TYPE_CHECKING:
    from ..datasets import Dataset, FileFacts, Split

FACTS = "dataset.json"
_READY = "datasets"
KEPT_READY = 8  # prepared ready-made sets that are kept; the one that was not used for longest goes first


def write_dataset(dataset: Dataset, folder: Path) -> None:
    """Writes images, labels and facts into an existing folder."""
    for name, split in dataset.splits.items():
        np.save(folder / f"{name}_images.npy", split.images, allow_pickle=False)
        np.save(folder / f"{name}_labels.npy", split.labels, allow_pickle=False)
    facts = {
        "name": dataset.name,
        "class_names": dataset.class_names,
        "sources": {name: split.sources for name, split in dataset.splits.items()},
        "files": {name: _files(split) for name, split in dataset.splits.items() if split.files is not None},
        "rejected": [asdict(file) for file in dataset.rejected],
        "split_folders": dataset.split_folders,
        "notes": [asdict(note) for note in dataset.notes],
        "contradictions": [asdict(pair) for pair in dataset.contradictions],
    }
    (folder / FACTS).write_text(json.dumps(facts), "utf-8")


def read_dataset(path: Path, *, mapped: bool = False) -> Dataset:
    """Reads what `write_dataset` wrote.

    Args:
        path: The folder, or the file of an edition in it, see `editions.edition_path`.
        mapped: Images are read from the disk only where they are looked at; never write into them.
    """
    from ..datasets.edits import edit_dataset

    folder, edition = folder_and_edition(path)
    return edit_dataset(_as_brought(folder, mapped=mapped), edits_of(folder, edition))


def _as_brought(folder: Path, *, mapped: bool) -> Dataset:
    from ..datasets import Contradiction, Dataset, ImportNote, RejectedFile, Split

    facts = json.loads((folder / FACTS).read_text("utf-8"))
    files = facts.get("files", {})  # sets that were kept before have none
    splits = {
        name: Split(
            np.load(folder / f"{name}_images.npy", allow_pickle=False, mmap_mode="r" if mapped else None),
            np.load(folder / f"{name}_labels.npy", allow_pickle=False),
            tuple(sources),
            _file_facts(files.get(name)),
        )
        for name, sources in facts["sources"].items()
    }
    return Dataset(
        facts["name"],
        tuple(facts["class_names"]),
        splits["train"],
        splits["validation"],
        splits["test"],
        rejected=tuple(RejectedFile(**file) for file in facts["rejected"]),
        split_folders=tuple(facts.get("split_folders", ())),  # nor these
        notes=tuple(ImportNote(**note) for note in facts.get("notes", ())),
        contradictions=tuple(Contradiction(**pair) for pair in facts.get("contradictions", ())),
    )


def _files(split: Split) -> list[list[int]]:
    return [[file.width, file.height, file.num_bytes] for file in split.files or ()]


def _file_facts(rows: list[list[int]] | None) -> tuple[FileFacts, ...] | None:
    from ..datasets import FileFacts

    return None if rows is None else tuple(FileFacts(*row) for row in rows)


def read_training_labels(path: Path) -> NDArray[np.int64]:
    """The labels of the training images alone, `int64 (N,)`: no image is read; `path` as for `read_dataset`."""
    from ..datasets.edits import DELETED, edit_labels

    folder, edition = folder_and_edition(path)
    dataset = _as_brought(folder, mapped=True)
    edited = edit_labels(dataset, edits_of(folder, edition)).labels[: len(dataset.train)]
    labels: NDArray[np.int64] = edited[edited != DELETED]
    return labels


def read_class_names(path: Path) -> list[str]:
    """Names of the classes alone; `path` as for `read_dataset`."""
    from ..datasets.edits import edit_labels

    folder, edition = folder_and_edition(path)
    return list(edit_labels(_as_brought(folder, mapped=True), edits_of(folder, edition)).class_names)


def ready_dataset(
    name: str,
    *,
    num_images: int | None,
    image_size: tuple[int, int],
    seed: int,
    mapped: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Dataset:
    """`load_dataset`, remembered on disk: drawing hundreds of images takes seconds, reading them does not.

    Args:
        name, num_images, image_size, seed, progress: As for `load_dataset`.
        mapped: As for `read_dataset`.
    """
    from ..datasets import load_dataset

    folder = _ready_folder(name, num_images=num_images, image_size=image_size, seed=seed)
    try:
        if (folder / FACTS).is_file():
            folder.touch()
            return _as_brought(folder, mapped=mapped)
        if fetch_folder(f"{_READY}/{folder.name}"):
            return _as_brought(folder, mapped=mapped)
    except FileNotFoundError:
        pass  # another worker forgot it just now, for a set of its own
    dataset = load_dataset(name, num_images=num_images, image_size=image_size, seed=seed, progress=progress)
    _remember(dataset, folder)
    return dataset


def _remember(dataset: Dataset, folder: Path) -> None:
    """Keeps a set for the next time, if the disk takes it; if not, it is drawn again then."""
    draft = folder.with_name(f"unfinished-{secrets.token_hex(8)}")
    try:
        draft.mkdir(parents=True)
        write_dataset(dataset, draft)
        draft.rename(folder)
        keep_folder(f"{_READY}/{folder.name}")
        _forget_oldest(folder.parent)
    except OSError:  # the disk is full, or another worker was faster with the same set
        shutil.rmtree(draft, ignore_errors=True)


def is_ready(name: str, *, num_images: int | None, image_size: tuple[int, int], seed: int) -> bool:
    """Whether `ready_dataset` finds such a set on disk."""
    folder = _ready_folder(name, num_images=num_images, image_size=image_size, seed=seed)
    return (folder / FACTS).is_file() or is_in_store(f"{_READY}/{folder.name}")


def _ready_folder(name: str, **arguments: Any) -> Path:
    from ..datasets import get_dataset_spec

    arguments["image_size"] = list(arguments["image_size"])
    files = get_dataset_spec(name).fingerprint  # of images that somebody may change
    key = hashlib.sha256(json.dumps([_drawn_by(), name, files, arguments]).encode()).hexdigest()[:32]
    return get_settings().home.absolute() / _READY / key


@cache
def _drawn_by() -> str:
    """The code that makes the sets: other code draws other images."""
    return source_fingerprint("tlcore.datasets")


def _forget_oldest(root: Path) -> None:
    newest_first = sorted(root.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in newest_first[KEPT_READY:]:
        shutil.rmtree(folder, ignore_errors=True)
