"""Prepared datasets on disk, as plain arrays that every worker can read."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..files import source_fingerprint
from ..settings import get_settings

if TYPE_CHECKING:
    from ..datasets import Dataset

FACTS = "dataset.json"
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
        "rejected": [asdict(file) for file in dataset.rejected],
        "split_folders": dataset.split_folders,
    }
    (folder / FACTS).write_text(json.dumps(facts), "utf-8")


def read_dataset(folder: Path) -> Dataset:
    """Reads what `write_dataset` wrote."""
    from ..datasets import Dataset, RejectedFile, Split

    facts = json.loads((folder / FACTS).read_text("utf-8"))
    splits = {
        name: Split(
            np.load(folder / f"{name}_images.npy", allow_pickle=False),
            np.load(folder / f"{name}_labels.npy", allow_pickle=False),
            tuple(sources),
        )
        for name, sources in facts["sources"].items()
    }
    rejected = tuple(RejectedFile(**file) for file in facts["rejected"])
    split_folders = tuple(facts.get("split_folders", ()))  # sets that were kept before have none
    return Dataset(facts["name"], tuple(facts["class_names"]), **splits, rejected=rejected, split_folders=split_folders)


def read_training_labels(folder: Path) -> NDArray[np.int64]:
    """The labels of the training images alone, `int64 (N,)`: no image is read."""
    labels: NDArray[np.int64] = np.load(folder / "train_labels.npy", allow_pickle=False)
    return labels


def read_class_names(folder: Path) -> list[str]:
    """Names of the classes alone."""
    return list(json.loads((folder / FACTS).read_text("utf-8"))["class_names"])


def ready_dataset(name: str, *, num_images: int | None, image_size: tuple[int, int], seed: int) -> Dataset:
    """`load_dataset`, remembered on disk: drawing hundreds of images takes seconds, reading them does not."""
    from ..datasets import load_dataset

    folder = _ready_folder(name, num_images=num_images, image_size=image_size, seed=seed)
    try:
        if (folder / FACTS).is_file():
            folder.touch()
            return read_dataset(folder)
    except FileNotFoundError:
        pass  # another worker forgot it just now, for a set of its own
    dataset = load_dataset(name, num_images=num_images, image_size=image_size, seed=seed)
    _remember(dataset, folder)
    return dataset


def _remember(dataset: Dataset, folder: Path) -> None:
    """Keeps a set for the next time, if the disk takes it; if not, it is drawn again then."""
    draft = folder.with_name(f"unfinished-{secrets.token_hex(8)}")
    try:
        draft.mkdir(parents=True)
        write_dataset(dataset, draft)
        draft.rename(folder)
        _forget_oldest(folder.parent)
    except OSError:  # the disk is full, or another worker was faster with the same set
        shutil.rmtree(draft, ignore_errors=True)


def is_ready(name: str, *, num_images: int | None, image_size: tuple[int, int], seed: int) -> bool:
    """Whether `ready_dataset` finds such a set on disk."""
    return (_ready_folder(name, num_images=num_images, image_size=image_size, seed=seed) / FACTS).is_file()


def _ready_folder(name: str, **arguments: Any) -> Path:
    arguments["image_size"] = list(arguments["image_size"])
    key = hashlib.sha256(json.dumps([_drawn_by(), name, arguments]).encode()).hexdigest()[:32]
    return get_settings().home.absolute() / "datasets" / key


@cache
def _drawn_by() -> str:
    """The code that makes the sets: other code draws other images."""
    return source_fingerprint("tlcore.datasets")


def _forget_oldest(root: Path) -> None:
    newest_first = sorted(root.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in newest_first[KEPT_READY:]:
        shutil.rmtree(folder, ignore_errors=True)
