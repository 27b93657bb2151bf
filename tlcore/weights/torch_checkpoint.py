"""Reads tensors from PyTorch's format of before 2020 without PyTorch and without running anything that a file says.

Such a file is five pickles (a magic number, the version of the format, facts about the machine, the tensors by name,
the keys of their storages), then for each key the number of values and the values. A pickle can name any function and
have it called, hence the unpickler here knows four names, none of which does anything, and refuses every other.
"""

from __future__ import annotations

import io
import math
import pickle
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import WeightsError
from ..translatable import N_
from .errors import damaged_weights

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001


def read_torch_checkpoint(path: Path, content: bytes) -> dict[str, NDArray[Any]]:
    """Tensors of a file in PyTorch's old format.

    Args:
        path: Where the file is, for messages.
        content: The whole file.

    Returns:
        `float32` and `int64` arrays by name, read-only views with the strides that the file gives them: PyTorch does
        not lay out what it got from TensorFlow anew.

    Raises:
        WeightsError: The file is damaged, of another format, or names something that is no tensor.
    """
    stream = io.BytesIO(content)
    try:
        magic, protocol, _ = (_Unpickler(stream, path).load() for _ in range(3))
        if (magic, protocol) != (_MAGIC, _PROTOCOL):
            raise ValueError("another format")
        tensors = _Unpickler(stream, path).load()
        storages = _read_storages(stream, _Unpickler(stream, path).load(), tensors)
        return {str(name): _view(tensor, storages[tensor.storage.key]) for name, tensor in tensors.items()}
    # Whatever else a damaged pickle makes of itself: none of these comes from anywhere but the file.
    except (
        pickle.UnpicklingError,
        EOFError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        OverflowError,
    ) as error:
        raise damaged_weights(path, error) from error


class _Storage(NamedTuple):
    """Values that one or more tensors look at."""

    dtype: str
    key: str
    size: int


class _Tensor(NamedTuple):
    """What the file says of a tensor, in the order of the arguments of PyTorch's function that would make it."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    requires_gradient: bool
    hooks: Any


class _Names(dict[Any, Any]):
    """An ordered dictionary of the file; attributes that it would get are dropped."""

    def __setstate__(self, state: Any) -> None: ...


#: All that a file of tensors needs to name, and what stands for it here.
_KNOWN: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): _Names,
    ("torch._utils", "_rebuild_tensor_v2"): _Tensor,
    ("torch", "FloatStorage"): "<f4",
    ("torch", "LongStorage"): "<i8",
}


class _Unpickler(pickle.Unpickler):
    """Knows four names and no other."""

    def __init__(self, stream: io.BytesIO, path: Path) -> None:
        super().__init__(stream)
        self._path = path

    def find_class(self, module: str, name: str) -> Any:
        """What stands for a name of the file, or a refusal."""
        if (module, name) in _KNOWN:
            return _KNOWN[module, name]
        raise WeightsError(
            N_(
                "Expected a file of numbers. Received: {path}, which asks for `{name}`. That could run code, so it is "
                "not read; use another file."
            ),
            path=str(self._path),
            name=f"{module}.{name}"[:100],
        )

    def persistent_load(self, pid: Any) -> _Storage:
        """A storage, of which the pickle holds only the key."""
        _, dtype, key, _, size, _ = pid
        return _Storage(dtype, key, size)


def _read_storages(stream: io.BytesIO, keys: list[str], tensors: dict[str, _Tensor]) -> dict[str, bytes]:
    """The values behind each key, as they follow the pickles."""
    declared = {tensor.storage.key: tensor.storage for tensor in tensors.values()}
    storages = {}
    for key in keys:
        size = int.from_bytes(stream.read(8), "little")
        values = stream.read(size * np.dtype(declared[key].dtype).itemsize)
        if size != declared[key].size or len(values) != size * np.dtype(declared[key].dtype).itemsize:
            raise EOFError(f"storage {key} breaks off")
        storages[key] = values
    return storages


def _view(tensor: _Tensor, values: bytes) -> NDArray[Any]:
    """The tensor on its storage; NumPy itself refuses strides that lead out of it."""
    dtype = np.dtype(tensor.storage.dtype)
    if not math.prod(tensor.shape):
        return np.empty(tensor.shape, dtype)
    strides = [step * dtype.itemsize for step in tensor.strides]
    return np.ndarray(tensor.shape, dtype, values, tensor.offset * dtype.itemsize, strides)
