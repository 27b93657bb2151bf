"""Where ImageNet weights are looked for: a classroom's folder, what Keras has downloaded before, a download."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..architectures.registry import get_architecture
from ..architectures.specification import ArchitectureSpec, WeightsFiles
from ..errors import WeightsError
from ..settings import get_settings
from ..translatable import N_
from .embedded import has_embedded_weights

IN_FOLDER = N_("ImageNet weights from the folder {folder}")
IN_CACHE = N_("ImageNet weights, downloaded before")
TO_DOWNLOAD = N_("ImageNet weights, to be downloaded from the network first")
EMBEDDED = N_("Weights that come with this program, trained on 200 classes of photographs at 64x64")
RANDOM = N_("Random weights: a control, nothing has been learned")


@dataclass(frozen=True)
class WeightsSource:
    """One choice of weights for a network.

    Attributes:
        weights: What to pass on as `weights`: "imagenet", "embedded" or "random".
        kind: "imagenet-folder", "imagenet-download", "embedded" or "random".
        here: Whether it works without a network connection.
        description: Template for people, marked for translation, with its `params`.
    """

    weights: str
    kind: str
    here: bool
    description: str
    params: dict[str, Any] = field(default_factory=dict)


def available_weights(name: str, *, include_top: bool = False) -> list[WeightsSource]:
    """Choices of weights for a network, the best first; the first that is `here` is the sensible default.

    Imports no tensorflow, so that pages may ask.

    Args:
        name: A registered architecture.
        include_top: Whether the classifier is wanted too.

    Raises:
        InvalidArgumentError: There is no such architecture.
    """
    spec = get_architecture(name)
    sources = []
    if spec.weights is not None:
        sources.append(_imagenet_source(spec.weights.file_name(include_top=include_top)))
    if has_embedded_weights(name):
        sources.append(WeightsSource("embedded", "embedded", True, EMBEDDED))
    sources.append(WeightsSource("random", "random", True, RANDOM))
    return sorted(sources, key=lambda source: not source.here and source.weights == "imagenet")


def find_imagenet_file(
    name: str, *, include_top: bool, progress: Callable[[int, int | None], None] | None = None
) -> tuple[Path, str]:
    """Path of a network's ImageNet weights; downloads them if they are not here.

    Args:
        name: A registered architecture.
        include_top: With the classifier or without.
        progress: Called with (bytes so far, bytes in all or None) while a download runs.

    Returns:
        The path, and where it came from: "imagenet-folder" or "imagenet-download".

    Raises:
        WeightsError: Nobody publishes them, or they are not here and cannot be downloaded.
    """
    from .download import download

    files = published_files(get_architecture(name))
    file_name = files.file_name(include_top=include_top)
    in_folder = _in_folder(file_name)
    if in_folder is not None:
        return in_folder, "imagenet-folder"
    target = keras_cache() / file_name
    if not target.is_file():
        download(
            files.url(include_top=include_top), target, files.file_hash(include_top=include_top), progress=progress
        )
    return target, "imagenet-download"


def published_files(spec: ArchitectureSpec) -> WeightsFiles:
    """The files that Keras publishes for a network.

    Raises:
        WeightsError: There are none.
    """
    if spec.weights is None:
        raise WeightsError(
            N_(
                "Expected a network with ImageNet weights. Received: {name}, for which nobody publishes any. Use "
                "weights='random', or weights='embedded' with VGG16Slim."
            ),
            name=spec.name,
        )
    return spec.weights


def keras_cache() -> Path:
    """Folder where Keras keeps the weights that it downloads; the same here, so that nothing is downloaded twice."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "models"


def _in_folder(file_name: str) -> Path | None:
    folder = get_settings().weights_dir
    if folder is None or not (folder / file_name).is_file():
        return None
    return folder / file_name


def _imagenet_source(file_name: str) -> WeightsSource:
    in_folder = _in_folder(file_name)
    if in_folder is not None:
        return WeightsSource("imagenet", "imagenet-folder", True, IN_FOLDER, {"folder": str(in_folder.parent)})
    if (keras_cache() / file_name).is_file():
        return WeightsSource("imagenet", "imagenet-download", True, IN_CACHE)
    return WeightsSource("imagenet", "imagenet-download", False, TO_DOWNLOAD)
