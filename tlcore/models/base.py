"""The base: a trained network that is reused, with its preprocessing inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..architectures.build import build_network, check_input_shape
from ..architectures.registry import get_architecture
from ..errors import InvalidArgumentError
from ..translatable import N_
from ..weights import embedded, load_imagenet_weights, load_weights_file, weights_hash
from ..weights.errors import damaged_weights
from ..weights.imagenet import imagenet_class_names
from ..weights.sources import find_imagenet_file
from .preprocessing import preprocess


@dataclass(frozen=True)
class BaseInfo:
    """What a base is and where its weights came from; kept as `base.tlcore_info`.

    Attributes:
        architecture: Registered name.
        input_shape: (height, width, channels) of the raw pictures.
        weights_source: "random", "embedded", "imagenet-package", "imagenet-folder", "imagenet-download" or "file".
        weights_hash: Of the values; equal weights have equal hashes wherever they came from.
        class_names: Names of the outputs in English if there is a top and they are known, else None.
    """

    architecture: str
    input_shape: tuple[int, int, int]
    weights_source: str
    weights_hash: str
    class_names: tuple[str, ...] | None


def build_base(
    name: str,
    *,
    input_shape: tuple[int, int, int],
    weights: str | Path | None = None,
    include_top: bool = False,
    num_classes: int | None = None,
    pooling: str | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> Any:
    """Builds a network to transfer from: the lecture's `rna_base`.

    Args:
        name: A registered architecture, see `tlcore.list_architectures()`.
        input_shape: (height, width, 3), at least the network's `min_size`.
        weights: None or "random"; "embedded" (comes with the package, `VGG16Slim` only); "imagenet" (an installed
            package, else `TLCORE_WEIGHTS_DIR`, else what Keras downloaded before, else a download); or the path of a
            `.h5`, `.weights.h5` or `.safetensors` file. Another source is never taken silently.
        include_top: Keep the dense classifier of the original task.
        num_classes: Classes of that classifier; None for the network's own. Trained weights fit only their own.
        pooling: None for the last feature map, "avg" or "max" for one vector an image.
        progress: Called with (bytes so far, bytes in all or None) if weights are downloaded.

    Returns:
        Functional `keras.Model` that takes raw RGB, `uint8` or `float32`, `(N, H, W, 3)` in [0, 255]. Preprocessing
        is inside, as built-in layers without parameters. `base.tlcore_info` is a `BaseInfo`.

    Raises:
        InvalidArgumentError: Unknown name, impossible shape, unknown choice of weights.
        WeightsError: The weights are not here, damaged, or of another network.

    Example:
        >>> base = build_base("VGG16Slim", input_shape=(150, 150, 3), weights="embedded")
        >>> base.output_shape
        (None, 4, 4, 288)

    Source: lecture, slides 22-26 (`include_top`, `input_shape`).
    """
    check_input_shape(get_architecture(name), input_shape)  # before a download
    file, source = _find_weights(name, weights, include_top, progress)
    if source == "embedded" and num_classes is None:
        num_classes = len(embedded.embedded_class_names())
    model = _build(name, input_shape, include_top, pooling, num_classes)
    if file is not None and source.startswith("imagenet"):
        load_imagenet_weights(model, get_architecture(name), file)
    elif file is not None:
        load_weights_file(model, file)
    model.tlcore_info = BaseInfo(
        architecture=name,
        input_shape=model.input_shape[1:],
        weights_source=source,
        weights_hash=weights_hash(model),
        class_names=_class_names(source) if include_top else None,
    )
    return model


def _build(
    name: str,
    input_shape: tuple[int, int, int],
    include_top: bool,
    pooling: str | None,
    num_classes: int | None,
) -> Any:
    import keras

    spec = get_architecture(name)
    images = keras.Input(check_input_shape(spec, input_shape), name="images")
    network = build_network(
        name,
        input_shape=images.shape[1:],
        include_top=include_top,
        num_classes=num_classes,
        pooling=pooling,
        input_tensor=preprocess(images, spec.preprocessing),
    )
    # Built again around the same layers: keras.applications wraps the input in a list, and calls with one tensor warn.
    return keras.Model(images, network.output, name=network.name)


def _find_weights(
    name: str, weights: str | Path | None, include_top: bool, progress: Callable[[int, int | None], None] | None
) -> tuple[Path | None, str]:
    if weights is None or weights == "random":
        return None, "random"
    if weights == "embedded":
        return _find_embedded(name), "embedded"
    if weights == "imagenet":
        return find_imagenet_file(name, include_top=include_top, progress=progress)
    if not isinstance(weights, (str, Path)) or (isinstance(weights, str) and not Path(weights).suffix):
        raise InvalidArgumentError(
            N_(
                "Expected `weights` to be None, 'random', 'embedded', 'imagenet' or the path of a weights file. "
                "Received: {weights!r}."
            ),
            weights=weights if isinstance(weights, str) else repr(weights),
        )
    return Path(weights), "file"


def _find_embedded(name: str) -> Path:
    if name != embedded.ARCHITECTURE:
        raise InvalidArgumentError(
            N_(
                "Expected weights='embedded' with {architecture} only. Received: {name}. Use weights='imagenet', "
                "'random' or the path of a file."
            ),
            architecture=embedded.ARCHITECTURE,
            name=name,
        )
    if not embedded.WEIGHTS_FILE.is_file():
        raise damaged_weights(embedded.WEIGHTS_FILE, FileNotFoundError(embedded.WEIGHTS_FILE.name))
    return embedded.WEIGHTS_FILE


def _class_names(source: str) -> tuple[str, ...] | None:
    if source == "embedded":
        return embedded.embedded_class_names()
    if source.startswith("imagenet"):
        return imagenet_class_names()
    return None
