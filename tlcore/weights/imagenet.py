"""Names of ImageNet's 1,000 classes, where the file that holds them is here."""

from __future__ import annotations

import json
from pathlib import Path

from ..settings import get_settings
from .sources import keras_cache

#: As keras.applications.imagenet_utils has them.
CLASS_INDEX_FILE = "imagenet_class_index.json"
CLASS_INDEX_URL = "https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json"
CLASS_INDEX_HASH = "c2c37ea517e94d9795004a39431a14cb"


def imagenet_class_names() -> tuple[str, ...] | None:
    """English names of the 1,000 classes in the order of the outputs; None where the file is not here.

    The file is looked for in `TLCORE_WEIGHTS_DIR`, then where Keras keeps its downloads; it is not downloaded, since
    a prediction should not wait for a network.
    """
    folders = [folder for folder in (get_settings().weights_dir, keras_cache()) if folder is not None]
    for folder in folders:
        names = _read(folder / CLASS_INDEX_FILE)
        if names is not None:
            return names
    return None


def _read(path: Path) -> tuple[str, ...] | None:
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
        return tuple(str(index[str(number)][1]).replace("_", " ") for number in range(1000))
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None  # a missing or damaged list of names must not stop a prediction
