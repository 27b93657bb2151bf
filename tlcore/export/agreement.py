"""One photo, every way to an answer: they are the same network, and this measures how nearly they say the same."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ..lesson_code.photos import load_photo

if TYPE_CHECKING:
    from ..training import Run

Way = Literal["app", "predict", "code", "keras", "tflite", "browser", "onnx"]
Step = Literal["upright", "fitted"]
Pixels = tuple[NDArray[np.uint8], NDArray[np.uint8]]  # all of an image upright, and what a network gets of it


@dataclass(frozen=True, slots=True)
class WayAnswer:
    """What one way says of the photo.

    Attributes:
        way: "app" (the pages), "predict" (`tlcore.predict` with a path), "code" (what is printed reads the file), and
            the files "keras", "tflite", "browser" (what browsers get, with its weights in float16) and "onnx".
        probabilities: Of each class.
        difference: Largest difference of one of them from the app's.
    """

    way: Way
    probabilities: tuple[float, ...]
    difference: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """What all ways say of one photo.

    Attributes:
        answers: One a way, the app's first; "onnx" only where its packages are installed.
        first_different_step: Of reading the file, where the printed code's pixels are others than the app's; None if
            all are the same.
        pixel_difference: Mean absolute difference of the pixels that the network gets, of 255.
    """

    answers: tuple[WayAnswer, ...]
    first_different_step: Step | None
    pixel_difference: float

    @property
    def largest_difference(self) -> float:
        """Of a probability, over all ways."""
        return max(answer.difference for answer in self.answers)


def compare_ways(run: Run, photo: bytes, *, progress: Callable[[int, int], None] | None = None) -> Agreement:
    """Sends a photo through all ways.

    Args:
        run: A trained network.
        photo: An image file.
        progress: Called with (ways done, ways in all).

    Raises:
        DatasetError: It is no image.
        ExportError: The network cannot be expressed in a format.

    Example:
        ```python
        compare_ways(run, Path("photo.jpg").read_bytes()).largest_difference  # at most 0.001
        ```
    """
    from ..datasets.images import reading_steps

    height, width = run.model.input_shape[1:3]
    upright, pixels = reading_steps(photo, (height, width))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "photo"
        file.write_bytes(photo)
        printed = as_printed(file, (height, width))
        answers: list[WayAnswer] = []
        for way, probabilities in _answers(run, file, pixels, printed[1]):
            expected = answers[0].probabilities if answers else probabilities
            difference = float(np.abs(np.subtract(probabilities, expected)).max())
            answers.append(WayAnswer(way, tuple(map(float, probabilities)), difference))
            if progress is not None:
                progress(len(answers), len(get_args(Way)))
    first = first_difference((upright, pixels), printed)
    return Agreement(tuple(answers), first, float(np.abs(printed[1].astype(int) - pixels).mean()))


def first_difference(ours: Pixels, theirs: Pixels) -> Step | None:
    """The first step of reading a file at which the pixels of two ways are not the same.

    Args:
        ours, theirs: Of each way.
    """
    if np.array_equal(ours[1], theirs[1]):
        return None
    return "fitted" if np.array_equal(ours[0], theirs[0]) else "upright"


def _answers(
    run: Run, file: Path, pixels: NDArray[np.uint8], printed: NDArray[np.uint8]
) -> Iterator[tuple[Way, NDArray[np.float32]]]:
    from ..inference.prediction import class_probabilities, predict, predict_probabilities
    from .browser import browser_file
    from .conversion import export_model
    from .formats import get_format
    from .litert import run_litert

    batch = pixels[np.newaxis].astype(np.float32)  # (1, height, width, 3)
    yield "app", predict_probabilities(run.model, pixels)[0]
    by_index = sorted(predict(run, file), key=lambda answer: answer.index)
    yield "predict", np.array([answer.probability for answer in by_index], np.float32)
    yield "code", predict_probabilities(run.model, printed)[0]
    yield "keras", class_probabilities(_opened_keras(export_model(run, file.with_name("m"), format="keras"), batch))[0]
    yield "tflite", class_probabilities(run_litert(export_model(run, file.with_name("m"), format="tflite"), batch))[0]
    for_browsers = file.with_name("browser.tflite")
    for_browsers.write_bytes(browser_file(run.model))
    yield "browser", class_probabilities(run_litert(for_browsers, batch))[0]
    if not get_format("onnx").missing_packages and find_spec("onnxruntime") is not None:
        yield "onnx", class_probabilities(_run_onnx(export_model(run, file.with_name("m"), format="onnx"), batch))[0]


def as_printed(file: Path, size: tuple[int, int]) -> Pixels:
    """The photo before and after it is fitted, by the very code that pages and notebooks print."""
    *reading, fitting = load_photo(size).replace("'photo.jpg'", repr(str(file))).splitlines()
    names: dict[str, Any] = {}
    exec("from PIL import Image, ImageOps\n" + "\n".join(reading), names)
    upright = np.array(names["photo"], np.uint8)
    exec(fitting, names)
    return upright, np.array(names["photo"], np.uint8)


def _opened_keras(file: Path, batch: NDArray[np.float32]) -> Any:
    import keras

    return keras.models.load_model(file)(batch, training=False)


def _run_onnx(file: Path, batch: NDArray[np.float32]) -> Any:
    onnxruntime = import_module("onnxruntime")  # optional, and without types

    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: batch})[0]
