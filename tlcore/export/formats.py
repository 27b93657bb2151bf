"""The formats that a trained network can be taken home in: facts as data."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from ..errors import InvalidArgumentError
from ..translatable import N_


@dataclass(frozen=True)
class ExportFormat:
    """One format.

    Attributes:
        name: What to pass as `format`.
        title: Name for people.
        suffix: Ending of the file; "" for a folder.
        keras_format: Name in `keras.Model.export`; None where something else writes it.
        packages: Python packages that writing it needs beyond tensorflow.
        description: What it is good for, in English, marked for translation.
    """

    name: str
    title: str
    suffix: str
    keras_format: str | None
    packages: tuple[str, ...]
    description: str

    @property
    def missing_packages(self) -> tuple[str, ...]:
        """Packages that it needs and that are not installed."""
        return tuple(package for package in self.packages if find_spec(package) is None)


_FORMATS = (
    ExportFormat(
        "keras",
        "Keras",
        ".keras",
        None,
        (),
        N_("The whole network for Keras: open it with keras.models.load_model and train on. Needs no tlcore."),
    ),
    ExportFormat(
        "tflite",
        "LiteRT (TensorFlow Lite)",
        ".tflite",
        None,
        (),
        N_("For phones and small boards. Input: float32 pixels in [0, 255]."),
    ),
    ExportFormat(
        "onnx",
        "ONNX",
        ".onnx",
        "onnx",
        ("onnx", "tf2onnx"),
        N_("For other frameworks and runtimes, in the browser too. Input: float32 pixels in [0, 255]."),
    ),
    ExportFormat(
        "savedmodel",
        "SavedModel",
        "",
        "tf_saved_model",
        (),
        N_("TensorFlow's own folder, for servers; zipped if the path ends in .zip."),
    ),
)
_BY_NAME = {entry.name: entry for entry in _FORMATS}


def list_formats() -> list[str]:
    """Names of all formats."""
    return list(_BY_NAME)


def get_format(name: str) -> ExportFormat:
    """Facts about a format.

    Raises:
        InvalidArgumentError: There is no such format.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    raise InvalidArgumentError(
        N_("Expected `format` to be one of {names}. Received: {value!r}."),
        names=", ".join(_BY_NAME),
        value=str(name),
    )
