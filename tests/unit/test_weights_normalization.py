"""EfficientNet's normalisation, which Keras treats differently with ImageNet weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest

from tlcore.models import build_base
from tlcore.settings import get_settings

SHAPE = (32, 32, 3)


@pytest.fixture
def imagenet_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A weights folder with a file in the format and under the name that Keras downloads, of made-up values."""
    import keras

    keras.utils.set_random_seed(0)
    network = keras.applications.EfficientNetB0(weights=None, include_top=False, input_shape=SHAPE)
    mean, variance, count = network.get_layer(index=2).weights
    mean.assign([0.485, 0.456, 0.406])
    variance.assign([0.0524, 0.0502, 0.0506])
    count.assign(7)
    folder = tmp_path / "weights"
    folder.mkdir()
    save_as_keras_did(network, folder / "efficientnetb0_notop.h5")
    monkeypatch.setenv("TLCORE_WEIGHTS_DIR", str(folder))
    get_settings.cache_clear()
    return folder


def save_as_keras_did(network: Any, path: Path) -> None:
    """HDF5, layer by layer: what keras.applications downloads."""
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in network.layers]
        for layer in network.layers:
            group = file.create_group(layer.name)
            names = [weight.path for weight in layer.weights]
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, weight in zip(names, layer.weights, strict=True):
                group[name] = np.asarray(weight)


def test_it_computes_what_keras_computes(imagenet_folder: Path) -> None:
    import keras

    path = str(imagenet_folder / "efficientnetb0_notop.h5")
    with mock.patch("keras.src.utils.file_utils.get_file", return_value=path):
        theirs = keras.applications.EfficientNetB0(weights="imagenet", include_top=False, input_shape=SHAPE)
    ours = build_base("EfficientNetB0", input_shape=SHAPE, weights="imagenet")
    images = np.random.default_rng(0).integers(0, 256, (2, *SHAPE)).astype(np.float32)
    wanted = np.asarray(theirs(images, training=False))
    assert np.abs(wanted).max() > 0
    np.testing.assert_allclose(np.asarray(ours(images, training=False)), wanted, rtol=1e-3, atol=1e-5)


def test_loaded_tensors_are_computed_with(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    from tlcore.weights.naming import tensors_by_name

    base = build_base("EfficientNetB0", input_shape=SHAPE)
    tensors = {name: np.asarray(variable) for name, variable in tensors_by_name(base).items()}
    tensors["normalization/mean"] = np.full(3, 0.5, np.float32)
    save_file(tensors, tmp_path / "weights.safetensors")
    loaded = build_base("EfficientNetB0", input_shape=SHAPE, weights=tmp_path / "weights.safetensors")
    np.testing.assert_allclose(np.asarray(loaded.get_layer("normalization").mean).ravel(), 0.5)
