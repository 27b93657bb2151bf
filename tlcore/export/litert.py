"""A network as a `.tflite` file, by the one converter that the app's own fast path uses."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ..errors import ExportError, InvalidArgumentError
from ..translatable import N_

LiteRTPrecision = Literal["float32", "float16", "int8"]
LITERT_PRECISIONS: tuple[LiteRTPrecision, ...] = get_args(LiteRTPrecision)
_CALIBRATION_IMAGES = 100  # more move the ranges of values no further
_BATCH_SIZE = 16
_SIGNATURE = "serving_default"  # as other exporters call the one way to call a network


def litert_content(model: Any, precision: str, images: NDArray[np.uint8] | None = None) -> bytes:
    """A network as a `.tflite` file takes it; any number of images a call, float32 pixels in [0, 255].

    Args:
        model: Functional `keras.Model` with one input.
        precision: "float32", "float16" (half the size) or "int8" (a quarter, and fastest on phones).
        images: For "int8": such as it will see, `uint8 (N, height, width, 3)`, from the training set; some are enough.

    Raises:
        InvalidArgumentError: There is no such precision.
        ExportError: There are no images for "int8".
        ConversionError: LiteRT has no operation for a part of the network.
    """
    from ..features.litert_files import convert

    if precision not in LITERT_PRECISIONS:
        raise InvalidArgumentError(
            N_("Expected `precision` to be one of {names}. Received: {value!r}."),
            names=", ".join(LITERT_PRECISIONS),
            value=str(precision),
        )
    if precision != "int8":
        return _with_signature(convert(model, half_weights=precision == "float16"))
    if images is None or len(images) == 0:
        raise ExportError(
            N_("Expected training images to measure the ranges for 8 bits by. Received: none. Give `images`.")
        )
    chosen = np.linspace(0, len(images) - 1, min(len(images), _CALIBRATION_IMAGES)).astype(int)
    return _with_signature(convert(model, calibration=images[chosen]))


def _with_signature(content: bytes) -> bytes:
    """The same with names for its input and output, by which other programs call it."""
    from tensorflow.lite.python import schema_py_generated as schema
    from tensorflow.lite.tools import flatbuffer_utils

    network = flatbuffer_utils.convert_bytearray_to_object(bytearray(content))
    (graph,) = network.subgraphs
    inputs = [schema.TensorMapT("images", index) for index in graph.inputs]
    outputs = [schema.TensorMapT(f"output_{number}", index) for number, index in enumerate(graph.outputs)]
    network.signatureDefs = [schema.SignatureDefT(inputs, outputs, _SIGNATURE, 0)]
    return bytes(flatbuffer_utils.convert_object_to_bytearray(network))


def run_litert(file: Path, images: NDArray[Any]) -> NDArray[np.float32]:
    """What the network of a `.tflite` file says of images.

    Args:
        file: Of a network with one input and one output.
        images: `(N, height, width, 3)`, RGB in [0, 255].

    Returns:
        Its output, `float32 (N, outputs)`.
    """
    interpreter = _interpreter(file)
    place, result = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    parts = []
    for start in range(0, len(images), _BATCH_SIZE):
        batch = images[start : start + _BATCH_SIZE].astype(np.float32)
        interpreter.resize_tensor_input(place, batch.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(place, batch)
        interpreter.invoke()
        parts.append(interpreter.get_tensor(result))
    return np.concatenate(parts).astype(np.float32)


def _interpreter(file: Path) -> Any:
    from ..features.runtime_litert import is_installed

    if is_installed():
        from ai_edge_litert.interpreter import Interpreter
    else:
        from tensorflow.lite.python.interpreter import Interpreter
    return Interpreter(model_path=str(file))
