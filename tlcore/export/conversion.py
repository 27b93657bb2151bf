"""Writes a trained network in another format, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ExportError, InvalidArgumentError, TransferLearningError
from ..translatable import N_
from .errors import cannot_write
from .formats import ExportFormat, get_format
from .litert import LiteRTPrecision, litert_content

#: What TensorFlow raises where Python raises OSError: no space left, a file too large for the disk.
_OF_THE_DISK = ("ResourceExhaustedError", "OutOfRangeError")


def export_model(
    run: Any,
    path: str | Path,
    *,
    format: str,
    precision: LiteRTPrecision = "float32",
    images: NDArray[np.uint8] | None = None,
) -> Path:
    """Writes the network of a run so that it can be used without this package; preprocessing is inside.

    Args:
        run: A `Run`, or a `keras.Model`.
        path: Where to; the format's ending is added if it is missing. What was there before is replaced.
        format: "keras", "tflite", "onnx" or "savedmodel", see `get_format`.
        precision: Of "tflite": "float32", "float16" or "int8", see `tlcore.export.litert`; the others have float32.
        images: For "int8": training images, `uint8 (N, height, width, 3)`.

    Returns:
        The path that was written.

    Raises:
        InvalidArgumentError: There is no such format, or none of it in this precision.
        ExportError: A package is missing, the network cannot be converted, or the file cannot be written.

    Example:
        >>> export_model(run, "helmets", format="tflite").name
        'helmets.tflite'
    """
    entry = get_format(format)
    _check_packages(entry)
    if precision != "float32" and entry.name != "tflite":
        raise InvalidArgumentError(
            N_("Expected `precision` to be 'float32' for {format}. Received: {value!r}. Choose LiteRT for others."),
            format=entry.title,
            value=str(precision),
        )
    model = getattr(run, "model", run)
    target = _with_suffix(Path(path), entry)
    _check_replaceable(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=target.parent) as folder:
            written = _convert(model, entry, Path(folder), precision, images)
            if target.suffix == ".zip":
                written = Path(shutil.make_archive(str(Path(folder) / "zipped"), "zip", written))
            _move(written, target)
    except OSError as error:
        raise cannot_write(target) from error
    return target


def _check_packages(entry: ExportFormat) -> None:
    if entry.missing_packages:
        raise ExportError(
            N_("Expected the packages that {format} needs. Received: none of {packages}. Install them: `{command}`."),
            format=entry.title,
            packages=", ".join(entry.missing_packages),
            command=f"pip install {' '.join(entry.packages)}",
        )


def _with_suffix(path: Path, entry: ExportFormat) -> Path:
    endings = (entry.suffix,) if entry.suffix else ("", ".zip")
    return path if path.suffix in endings else path.with_name(path.name + entry.suffix)


def _check_replaceable(target: Path) -> None:
    """A folder that is no SavedModel may hold anything; it is not ours to delete."""
    if target.is_dir() and any(target.iterdir()) and not (target / "saved_model.pb").is_file():
        raise ExportError(
            N_("Expected a new or empty folder. Received: {path}, which holds other files. Choose another name."),
            path=str(target),
        )


def _convert(model: Any, entry: ExportFormat, folder: Path, precision: str, images: NDArray[np.uint8] | None) -> Path:
    written = folder / f"model{entry.suffix}"
    try:
        with _quiet():
            if entry.name == "tflite":
                written.write_bytes(litert_content(model, precision, images))
            elif entry.keras_format is None:
                model.save(written)
            else:
                model.export(str(written), format=entry.keras_format, verbose=False)
    except (OSError, TransferLearningError):
        raise
    except Exception as error:  # converters raise whatever the operation at fault raises
        if type(error).__name__ in _OF_THE_DISK:
            raise OSError(errno.ENOSPC, str(error)) from error
        raise ExportError(
            N_("Expected a network that {format} can express. Received: {reason}. Choose another format."),
            format=entry.title,
            reason=(str(error).strip().splitlines() or ["?"])[0][:300],
        ) from error
    return written


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Converters print for developers; what matters comes as an exception."""
    with (
        warnings.catch_warnings(),
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stdout(nowhere),
    ):
        warnings.simplefilter("ignore")
        yield


def _move(written: Path, target: Path) -> None:
    if written.is_dir() and target.is_dir():
        shutil.rmtree(target)
    written.replace(target)
