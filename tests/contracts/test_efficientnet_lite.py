"""EfficientNet-Lite0 with the weights of its package answers as the published network does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.architectures import describe, get_architecture
from tlcore.datasets.images import decode_image
from tlcore.inference import predict
from tlcore.models import available_weights, build_base
from tlcore.weights.imagenet import imagenet_classes

#: Logarithms of the probabilities of every hundredth class for the three drawn images below, from the network that
#: named 21 of 22 photographs rightly. Processors add up in different orders: they agree to a few thousandths.
LOGARITHMS = (
    (-8.026, -8.454, -7.860, -7.349, -7.671, -7.678, -6.902, -7.385, -6.892, -7.767),
    (-9.115, -13.346, -10.450, -11.099, -10.804, -10.001, -10.331, -11.504, -3.008, -11.115),
    (-8.114, -7.836, -5.911, -7.867, -10.026, -8.890, -8.237, -10.270, -9.230, -6.450),
)
TOLERANCE = 0.02


@pytest.fixture
def drawn_images() -> NDArray[np.uint8]:
    """A ramp of colours, rings, and stripes: `uint8 (3, 96, 128, 3)`."""
    y, x = np.mgrid[0:96, 0:128].astype(np.float64)
    ramp = np.stack([2 * x, 255 - 2 * y, x + y], axis=-1)
    distance = np.hypot(y - 48, x - 64)
    rings = np.stack([127 + 120 * np.sin(distance / 5), 255 - 3 * distance, 40 + distance], axis=-1)
    stripes = np.stack([230 * (x // 9 % 2), 230 * ((x + y) // 14 % 2), 90 + y], axis=-1)
    return np.clip(np.stack([ramp, rings, stripes]), 0, 255).astype(np.uint8)


def test_drawn_images_get_the_stored_answers(drawn_images: NDArray[np.uint8]) -> None:
    base = build_base("EfficientNetLite0", input_shape=(96, 128, 3), weights="imagenet", include_top=True)
    logarithms = np.log(np.asarray(base(drawn_images)))
    np.testing.assert_allclose(logarithms[:, ::100], LOGARITHMS, atol=TOLERANCE)
    assert logarithms.argmax(axis=1).tolist() == [818, 506, 807]


@pytest.mark.parametrize("name", ["EfficientNetLite0", "EfficientNetLite1", "EfficientNetLite2"])
def test_photographs_get_their_names(name: str, shared_folder: Path) -> None:
    if available_weights(name)[0].weights != "imagenet":
        pytest.skip(
            f"The package with the weights of {name} is not installed; only that of EfficientNetLite0 always is."
        )
    height, width, channels = get_architecture(name).default_input_shape
    base = build_base(name, input_shape=(height, width, channels), weights="imagenet", include_top=True)
    synsets = [known.synset for known in imagenet_classes()]
    photographs = sorted((shared_folder / "data" / "imagenet-samples").iterdir())
    images = np.stack([decode_image(path.read_bytes(), image_size=(height, width)) for path in photographs])
    said = [synsets[answers[0].index] for answers in predict(base, images, top=1)]
    right = [path.name.startswith(synset) for path, synset in zip(photographs, said, strict=True)]
    assert len(right) == 22
    assert sum(right) >= 20, [path.name for path, is_right in zip(photographs, right, strict=True) if not is_right]


def test_parameters_are_as_many_as_in_the_published_files() -> None:
    counts = {name: describe(f"EfficientNetLite{name}").total_params for name in range(3)}
    assert counts == {0: 4_694_024, 1: 5_470_344, 2: 6_150_168}
    summary = describe("EfficientNetLite0")
    assert summary.total_params - summary.trainable_params == 42_016, "means and variances of BatchNorm"


def test_blocks_read_well() -> None:
    summary = describe("EfficientNetLite0")
    blocks = list(dict.fromkeys(layer.block for layer in summary.layers))
    assert blocks[:4] == ["input", "stem", "block1a", "block2a"]
    assert blocks[-3:] == ["block7a", "final", "top"]
    assert all(layer.name[0].isalpha() for layer in summary.layers), "TensorFlow refuses a leading underscore"
