"""How often the embedded base is right about the photographs that its pretraining never saw."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tlcore
from benchmarks.transfer_tasks import shared_folder
from tlcore.weights.embedded import embedded_class_names

WORST, BEST = 8, 3


def _validation_photographs() -> tuple[NDArray[np.uint8], NDArray[np.int64]] | None:
    """`uint8 (5000, 64, 64, 3)` and their classes; None where the photographs are not here."""
    from scripts.pretrain.decode import decode

    folder = shared_folder() / "data" / "tiny-imagenet-200"
    if not folder.is_dir():
        return None
    with tempfile.TemporaryDirectory() as work:
        decode(folder, Path(work), "validation")
        return np.load(Path(work) / "validation_images.npy"), np.load(Path(work) / "validation_labels.npy")


def _scores(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    from tlcore.features.runtime_tensorflow import TensorFlowForward

    network = tlcore.build_base("VGG16Slim", input_shape=(64, 64, 3), weights="embedded", include_top=True)
    return np.asarray(TensorFlowForward(network).run(images)[0])  # (5000, 200)


def _class_row(
    label: int, names: tuple[str, ...], guesses: NDArray[np.int64], labels: NDArray[np.int64]
) -> dict[str, Any]:
    of_class = guesses[labels == label]
    wrong = np.bincount(of_class[of_class != label], minlength=len(names))
    right = 100 * float(np.mean(of_class == label))
    mistake = f"{names[wrong.argmax()]} ({100 * wrong.max() / len(of_class):.0f} %)"
    return {"case": f"class {names[label]}", "value": round(right, 1), "unit": "% right", "most_taken_for": mistake}


def measure_classifier() -> Iterator[dict[str, Any]]:
    """Top-1 and top-5 of the shipped file, its worst and its best classes."""
    photographs = _validation_photographs()
    if photographs is None:
        return
    images, labels = photographs
    order = np.argsort(-_scores(images), axis=1)
    guesses = order[:, 0]
    for count in (1, 5):
        right = 100 * float(np.mean((order[:, :count] == labels[:, None]).any(1)))
        yield {"case": f"validation photographs: top-{count}", "value": round(right, 1), "unit": "%"}
    names = embedded_class_names()
    recalls = np.asarray([np.mean(guesses[labels == label] == label) for label in range(len(names))])
    worst_first = np.argsort(recalls, kind="stable")
    for label in (*worst_first[:WORST], *worst_first[::-1][:BEST]):
        yield _class_row(int(label), names, guesses, labels)
