"""Light and lens: what turns a clean drawing into a picture of a cheap site camera."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from .palette import between, chance, pick

_LIGHTS = ("day", "day", "day", "day", "day", "dusk", "overexposed", "backlight", "lamp")


def photograph(drawing: Image.Image, random: Generator, image_size: tuple[int, int]) -> NDArray[np.uint8]:
    """Blurs, scales, lights, adds noise and compresses: `uint8 (height, width, 3)`."""
    if chance(random, 0.55):
        drawing = drawing.filter(ImageFilter.BoxBlur(between(random, 0.3, 1.3)))
    small = drawing.resize((image_size[1], image_size[0]), Image.Resampling.BOX, reducing_gap=None)
    pixels = np.asarray(small, np.float32)
    pixels = _light(pixels, random)
    strength = between(random, 1, 5)
    grain = random.standard_normal(pixels.shape[:2], np.float32)[..., np.newaxis]  # (height, width, 1)
    return _compress(np.clip(pixels + strength * grain, 0, 255).astype(np.uint8), random)


def _light(pixels: NDArray[np.float32], random: Generator) -> NDArray[np.float32]:
    kind = pick(random, _LIGHTS)
    height, width = pixels.shape[:2]
    across = np.linspace(-1, 1, width, dtype=np.float32)[np.newaxis, :, np.newaxis] * between(random, -0.2, 0.2)
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, np.newaxis, np.newaxis] * between(random, -0.2, 0.2)
    gain, lift = between(random, 0.85, 1.1), 0.0
    tint = (between(random, 0.94, 1.06), 1.0, between(random, 0.92, 1.08))
    if kind == "dusk":
        gain = between(random, 0.45, 0.7)
        tint = pick(random, ((1.2, 0.95, 0.8), (0.8, 0.92, 1.24)))
    elif kind == "overexposed":
        gain, lift = between(random, 1.1, 1.25), between(random, 5, 25)
    elif kind == "backlight":
        gain, lift = between(random, 0.55, 0.75), between(random, 20, 50)
    elif kind == "lamp":
        gain, tint = between(random, 0.7, 0.9), (1.1, 1.0, 0.78)
    lit: NDArray[np.float32] = pixels * ((gain + across + down) * np.array(tint, np.float32)) + np.float32(lift)
    return lit


def _compress(pixels: NDArray[np.uint8], random: Generator) -> NDArray[np.uint8]:
    if chance(random, 0.4):
        return pixels
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=int(between(random, 45, 92)))
    return np.array(Image.open(buffer, formats=("JPEG",)).convert("RGB"))
