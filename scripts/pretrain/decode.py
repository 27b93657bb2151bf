"""First stage: photographs -> one memory-mapped `uint8` array, decoded once for the whole training.

Reads TFRecord shards (`train-*.tfrecord`, `validation-*.tfrecord` with `image/encoded` and `image/class/label`) or a
folder with `train/<class>/` and `validation/<class>/`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

IMAGE_SIZE = 64


def _decode(encoded: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(encoded)).convert("RGB")
    if image.size != (IMAGE_SIZE, IMAGE_SIZE):
        image = image.resize((IMAGE_SIZE, IMAGE_SIZE), Image.Resampling.BICUBIC)
    return np.asarray(image)  # (64, 64, 3) uint8


def _from_tfrecords(shards: list[Path]) -> Iterator[tuple[bytes, int]]:
    import tensorflow as tf

    features = {
        "image/encoded": tf.io.FixedLenFeature([], tf.string),
        "image/class/label": tf.io.FixedLenFeature([], tf.int64),
    }
    for record in tf.data.TFRecordDataset([str(shard) for shard in shards]):
        example = tf.io.parse_single_example(record, features)
        yield example["image/encoded"].numpy(), int(example["image/class/label"].numpy())


def _from_folder(folder: Path) -> Iterator[tuple[bytes, int]]:
    for label, class_folder in enumerate(sorted(path for path in folder.iterdir() if path.is_dir())):
        for path in sorted(class_folder.iterdir()):
            yield path.read_bytes(), label


def decode(data: Path, work: Path, split: str) -> None:
    """Writes `<split>_images.npy` (`uint8`, `(N, 64, 64, 3)`) and `<split>_labels.npy` (`int64`, `(N,)`) to `work`."""
    if (work / f"{split}_labels.npy").exists():
        return
    shards = sorted(data.glob(f"{split}-*.tfrecord"))
    records = _from_tfrecords(shards) if shards else _from_folder(data / split)
    images, labels = [], []
    for encoded, label in records:
        images.append(_decode(encoded))
        labels.append(label)
    np.save(work / f"{split}_images.npy", np.stack(images))
    np.save(work / f"{split}_labels.npy", np.asarray(labels, "int64"))
