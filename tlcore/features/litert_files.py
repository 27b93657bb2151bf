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

import numpy as np
from numpy.typing import NDArray

from tlcore.files import delete_oldest, write_atomically
from tlcore.settings import get_settings

from .graph import calls_of, structure_hash, weights_digest
from .inference_clone import clone_network

#: A first guess of what a conversion takes, until one was timed here: by the weights, which are copied many times, and
#: by the layers. Measured on 2 cores: MobileNetV2's base 1 s, ResNet50V2's 4 s.
_SECONDS_AT_LEAST = 0.3
_SECONDS_PER_BYTE = 30e-9
_SECONDS_PER_CALL = 0.005


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
    key = _key(model)
    found = _find(key)
    if found is not None:
        return found
    content = convert(model)
    target = _folder() / f"{key}-{zlib.crc32(content):08x}.tflite"
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
    return _find(_key(model))


def _find(key: str) -> Path | None:
    for path in _folder().glob(f"{key}-*.tflite"):
        with contextlib.suppress(OSError):
            if f"{zlib.crc32(path.read_bytes()):08x}" == path.stem.rpartition("-")[2]:
                os.utime(path)  # last use, for the choice of what to delete
                return path
            path.unlink()
    return None


def convert(
    model: Any,
    *,
    batch_size: int | None = None,
    half_weights: bool = False,
    calibration: NDArray[np.uint8] | None = None,
) -> bytes:
    """The network as a `.tflite` file takes it, one output after the other; it computes in float32.

    Args:
        model: Functional `keras.Model` with one input.
        batch_size: Images a call; None for any number, which browsers refuse.
        half_weights: Keep the weights in float16, in half the space.
        calibration: Images such as it will see, `uint8 (N, height, width, 3)`: it then computes in 8 bits, with the
            ranges of values that it takes on these; input and output stay float32.

    Raises:
        ConversionError: The network cannot be expressed with LiteRT's own operations.
    """
    import tensorflow as tf

    graph, images, outputs = _graph_of_constants(clone_network(model, bfloat16=False, fold=True), batch_size)
    try:
        # Given a graph of constants, the converter starts at once; of a function it would first make one itself, in
        # as much time as all the rest takes.
        converter = tf.compat.v1.lite.TFLiteConverter(graph, [images], outputs)
        converter.exclude_conversion_metadata = True  # it would be added by reading and writing the whole file again
        if half_weights or calibration is not None:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if half_weights:
            converter.target_spec.supported_types = [tf.float16]
        if calibration is not None:
            converter.representative_dataset = lambda: ([image[np.newaxis].astype(np.float32)] for image in calibration)
        return bytes(converter.convert())
    except Exception as error:  # the converter raises whatever the operation at fault raises
        raise ConversionError(f"{type(error).__name__}: {error}"[:300]) from error


def _graph_of_constants(network: Any, batch_size: int | None) -> tuple[Any, Any, list[Any]]:
    """(`GraphDef`, its input, its outputs) of a network whose weights are constants there."""
    import keras
    import tensorflow as tf

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def infer(images: Any) -> list[Any]:
        constants = [(variable, tf.constant(values)) for variable, values in weights]
        with keras.StatelessScope(state_mapping=constants):
            outputs = network(images, training=False)
        return [tf.identity(output) for output in tf.nest.flatten(outputs)]  # two may be the same tensor

    weights = [(variable, variable.numpy()) for variable in network.variables]
    function = infer.get_concrete_function(tf.TensorSpec((batch_size, *network.input_shape[1:])))
    graph = function.graph.as_graph_def()
    nodes = {node.name: node for node in graph.node}
    for tensor, inside in function.graph.captures:  # what layers keep beside their weights, as `Normalization` does
        node = nodes[inside.op.name]
        node.op = "Const"
        node.attr.clear()
        node.attr["dtype"].type = tensor.dtype.as_datatype_enum
        node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(tensor.numpy()))
    return graph, function.inputs[0], list(function.outputs)


def estimated_seconds(model: Any) -> float:
    """About what `convert` takes."""
    weights = sum(4 * int(variable.value.shape.num_elements()) for variable in model.weights)
    return _SECONDS_AT_LEAST + _SECONDS_PER_BYTE * weights + _SECONDS_PER_CALL * len(calls_of(model))


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
