"""A trained network as `.tflite` files of three sizes, and what each loses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .conversion import export_model
from .litert import LITERT_PRECISIONS, LiteRTPrecision, run_litert

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..datasets import Dataset


@dataclass(frozen=True, slots=True)
class LiteRTVersion:
    """One of the sizes.

    Attributes:
        precision: Of the weights; with "int8" of the computation, too.
        file: Its name.
        num_bytes: Its size.
        accuracy: On the test images, in [0, 1]; None without images.
        difference: Largest difference of a test image's probability from that of Keras; None without images.
    """

    precision: LiteRTPrecision
    file: str
    num_bytes: int
    accuracy: float | None
    difference: float | None


def litert_versions(
    run: Any, folder: Path, data: Dataset | None, *, progress: Callable[[int, int], None] | None = None
) -> tuple[LiteRTVersion, ...]:
    """Writes all sizes of a trained network and measures what each loses.

    Args:
        run: A `Run`.
        folder: Where to.
        data: What it was trained on; without it there are no 8 bits and no accuracy.
        progress: Called with (sizes written, sizes in all).

    Returns:
        One a size, float32 first.
    """
    from ..inference.prediction import predict_probabilities

    precisions = LITERT_PRECISIONS if data is not None else LITERT_PRECISIONS[:2]
    expected = None if data is None else predict_probabilities(run.model, data.test.images)
    versions = []
    for number, precision in enumerate(precisions, start=1):
        name = "model.tflite" if precision == "float32" else f"model_{precision}.tflite"
        images = None if data is None else data.train.images
        file = export_model(run, folder / name, format="tflite", precision=precision, images=images)
        accuracy, difference = _measured(file, data, expected)
        versions.append(LiteRTVersion(precision, name, file.stat().st_size, accuracy, difference))
        if progress is not None:
            progress(number, len(precisions))
    return tuple(versions)


def _measured(
    file: Path, data: Dataset | None, expected: NDArray[np.float32] | None
) -> tuple[float | None, float | None]:
    from ..inference.prediction import class_probabilities

    if data is None or expected is None:
        return None, None
    found = class_probabilities(run_litert(file, data.test.images))
    accuracy = float((found.argmax(axis=1) == data.test.labels).mean())
    return accuracy, float(np.abs(found - expected).max())
