"""Networks converted for LiteRT, on disk: once for each structure, weights, cut and image size.

A file is named by its content and carries a checksum in its name: `<structure>-<weights>-<checksum>.tflite`. It appears
by one atomic rename; what was not used for longest is deleted when the folder grows beyond its bound.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from pathlib import Path
from typing import Any

from tlcore.files import delete_oldest, write_atomically
from tlcore.settings import get_settings

from .graph import calls_of, structure_hash, weights_digest
from .inference_clone import clone_network

#: A first guess of what a conversion takes, until one was timed here: by the weights, which are copied many times, and
#: by the layers. Measured on 2 cores: VGG16's base 3 s, MobileNetV2's 2 s, ResNet152's 15 s.
_SECONDS_PER_BYTE = 40e-9
_SECONDS_PER_CALL = 0.01


class ConversionError(Exception):
    """LiteRT has no operation for a part of the network; another runtime serves."""


def converted_network(model: Any) -> Path | bytes:
    """The `.tflite` file of a network, converted now if it is not there.

    Args:
        model: Functional `keras.Model` with one input; its batch normalisation is folded in the file.

    Returns:
        The file; or its content where the disk does not take it, or the bound of the folder is below its size.

    Raises:
        ConversionError: The network cannot be expressed.
    """
    found = find_converted(model)
    if found is not None:
        return found
    content = convert(model)
    target = _folder() / f"{_key(model)}-{zlib.crc32(content):08x}.tflite"
    if len(content) > get_settings().max_converted_bytes:
        return content
    try:
        write_atomically(target, content)
    except OSError:  # a full or read-only disk costs the file, not the run
        return content
    _delete_oldest(keep=target)
    return target


def find_converted(model: Any) -> Path | None:
    """The whole file of exactly this network with these weights, if there is one; a damaged one is deleted."""
    for path in _folder().glob(f"{_key(model)}-*.tflite"):
        with contextlib.suppress(OSError):
            if f"{zlib.crc32(path.read_bytes()):08x}" == path.stem.rpartition("-")[2]:
                os.utime(path)  # last use, for the choice of what to delete
                return path
            path.unlink()
    return None


def convert(model: Any) -> bytes:
    """The network as a `.tflite` file takes it: float32, any number of images, one output after the other.

    Raises:
        ConversionError: The network cannot be expressed with LiteRT's own operations.
    """
    import tensorflow as tf

    network = clone_network(model, bfloat16=False, fold=True)

    @tf.function(input_signature=[tf.TensorSpec((None, *model.input_shape[1:]))])  # type: ignore[untyped-decorator]
    def infer(images: Any) -> Any:
        return network(images, training=False)

    function = infer.get_concrete_function()
    try:
        # The function itself keeps its variables alive; given the network, the converter takes the way over a
        # SavedModel, which leaves Keras's variables out of the file.
        return bytes(tf.lite.TFLiteConverter.from_concrete_functions([function], function).convert())
    except Exception as error:  # the converter raises whatever the operation at fault raises
        raise ConversionError(f"{type(error).__name__}: {error}"[:300]) from error


def estimated_seconds(model: Any) -> float:
    """About what `convert` takes."""
    weights = sum(4 * int(variable.value.shape.num_elements()) for variable in model.weights)
    return _SECONDS_PER_BYTE * weights + _SECONDS_PER_CALL * len(calls_of(model))


def _key(model: Any) -> str:
    return f"{structure_hash(model)}-{weights_digest(model)}"


def _folder() -> Path:
    return get_settings().home / "litert"


def _delete_oldest(keep: Path) -> None:
    found = []
    for path in _folder().glob("*.tflite"):
        with contextlib.suppress(OSError):  # another process deleted it meanwhile
            facts = path.stat()
            found.append((facts.st_mtime, facts.st_size, path))
    # Windows does not delete what a process has open: that one stays.
    delete_oldest(found, get_settings().max_converted_bytes, keep=keep, delete=Path.unlink)
