"""Workers at a building site, drawn: half of them wear a hard hat, and colour alone does not tell who.

Each picture depends on the seed and its own number only, so a larger dataset begins with the pictures of a smaller.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ..specification import SourceImages
from .camera import photograph
from .head import choose_looks
from .headwear import View, draw_helmet
from .palette import HAT_COLOURS, between, chance, pick, shade, vary
from .pen import Pen
from .person import choose_clothes, choose_pose, draw_person
from .scenery import draw_scenery

#: Drawings are made at this side and scaled down, which smooths their edges.
_CANVAS = 300

#: What a head with a hat on it takes up, in half head widths from its centre: to each side, above, below.
_AROUND_HEAD = (1.85, 1.8, 1.25)

_SOURCE = "seed {seed}, drawing {index}"
_SOURCE_PATTERN = re.compile(r"seed (\d+), drawing (\d+)")


@dataclass(frozen=True)
class _Framing:
    """How near the camera is: half a head's width in pixels of the canvas, and where the head may lie (0 to 1)."""

    unit: tuple[float, float]
    head_y: tuple[float, float]


_FRAMINGS = (
    _Framing((36, 46), (0.2, 0.38)),  # most of the body
    _Framing((50, 64), (0.3, 0.46)),
    _Framing((50, 64), (0.3, 0.46)),
    _Framing((66, 90), (0.44, 0.56)),  # head and shoulders
    _Framing((66, 90), (0.44, 0.56)),
    _Framing((66, 90), (0.44, 0.56)),
)


def helmet_images(num_images: int, image_size: tuple[int, int], seed: int) -> SourceImages:
    """Drawings 0 to `num_images` - 1 of a seed; even numbers wear no hard hat (label 0), odd ones do (label 1)."""
    labels = np.arange(num_images, dtype=np.int64) % 2
    images = np.stack([draw_worker(seed, index, image_size) for index in range(num_images)])
    sources = tuple(_SOURCE.format(seed=seed, index=index) for index in range(num_images))
    return SourceImages(images, labels, sources)


def draw_worker(seed: int, index: int, image_size: tuple[int, int] = (150, 150)) -> NDArray[np.uint8]:
    """Drawing `index` of a seed: `uint8 (height, width, 3)`. Odd numbers wear a hard hat."""
    random = np.random.default_rng((seed, index))
    canvas, _ = _drawn(random, has_hardhat=index % 2 == 1)
    return photograph(canvas, random, image_size)


def head_boxes(sources: Sequence[str]) -> NDArray[np.float64]:
    """Where the workers' heads are, with what they wear.

    Args:
        sources: Of drawings, as in `Split.sources` of this dataset.

    Returns:
        `float64 (N, 4)`: top, left, bottom, right as shares of the sides, [0, 1].
    """
    found = [_SOURCE_PATTERN.fullmatch(source) for source in sources]
    numbers = [(int(match[1]), int(match[2])) for match in found if match]
    boxes = [_drawn(np.random.default_rng(pair), has_hardhat=pair[1] % 2 == 1)[1] for pair in numbers]
    return np.clip(np.array(boxes, np.float64).reshape(-1, 4) / _CANVAS, 0.0, 1.0)


def _drawn(random: Generator, *, has_hardhat: bool) -> tuple[Image.Image, tuple[float, float, float, float]]:
    """The clean drawing, and top, left, bottom, right of the head on it in pixels."""
    canvas = Image.new("RGB", (_CANVAS, _CANVAS))
    draw = ImageDraw.Draw(canvas, "RGBA")
    draw_scenery(draw, random, _CANVAS)
    (x, y), unit = _worker(draw, random, has_hardhat)
    if chance(random, 0.25):
        _foreground(draw, random)
    aside, above, below = (unit * reach for reach in _AROUND_HEAD)
    return canvas, (y - above, x - aside, y + below, x + aside)


def _worker(draw: ImageDraw.ImageDraw, random: Generator, has_hardhat: bool) -> tuple[tuple[float, float], float]:
    """Draws the worker; returns the centre of the head and half its width in pixels."""
    framing = pick(random, _FRAMINGS)
    unit = between(random, *framing.unit)
    centre = (between(random, 0.28, 0.72) * _CANVAS, between(random, *framing.head_y) * _CANVAS)
    clothes = choose_clothes(random)
    pose = choose_pose(random, carries_helmet=chance(random, 0.1 if has_hardhat else 0.25))
    looks = choose_looks(random, has_hardhat, clothes.shirt)
    if abs(pose.lean) > 0.4:
        centre = (centre[0], centre[1] + 0.14 * _CANVAS)
    for _ in range(int(random.integers(0, 3))):
        _thing_lying_about(draw, random, centre, unit)
    draw_person(Pen(draw, centre, unit), random, looks, clothes, pose)
    return centre, unit


def _thing_lying_about(draw: ImageDraw.ImageDraw, random: Generator, head: tuple[float, float], unit: float) -> None:
    """A helmet, bucket, cone or barrel, below the heads and beside the worker."""
    x, y = between(random, 0.05, 0.95) * _CANVAS, between(random, 0.72, 0.97) * _CANVAS
    if abs(x - head[0]) < 2 * unit:
        return
    pen = Pen(draw, (x, y), unit * between(random, 0.8, 1.1))
    colour, kind = vary(random, pick(random, HAT_COLOURS), 20), int(random.integers(4))
    if kind == 0:
        draw_helmet(pen.moved((0, 0), angle=between(random, -0.5, 0.5)), random, View(between(random, -1, 1), False))
    elif kind == 1:
        pen.polygon([(-0.9, -0.8), (0.9, -0.8), (0.7, 1.0), (-0.7, 1.0)], colour)
        pen.ellipse((0, -0.8), (0.9, 0.26), shade(colour, 0.6))
    elif kind == 2:
        pen.polygon([(-0.12, -1.6), (0.12, -1.6), (0.8, 1.0), (-0.8, 1.0)], vary(random, (240, 100, 30)))
        pen.polygon([(-0.36, -0.6), (0.36, -0.6), (0.52, 0.0), (-0.52, 0.0)], (240, 240, 236))
    else:
        pen.polygon([(-1.1, -1.6), (1.1, -1.6), (1.1, 1.4), (-1.1, 1.4)], colour)
        pen.ellipse((0, -1.6), (1.1, 0.34), shade(colour, 1.2))
        pen.polygon([(0.4, -1.5), (1.1, -1.5), (1.1, 1.4), (0.4, 1.4)], (0, 0, 0, 50))


def _foreground(draw: ImageDraw.ImageDraw, random: Generator) -> None:
    """A pole or mesh between the camera and the worker, near the edge."""
    colour = vary(random, pick(random, ((120, 124, 130), (190, 150, 50), (170, 70, 50), (90, 90, 94))))
    if chance(random, 0.6):
        x = (between(random, 0.0, 0.15) if chance(random, 0.5) else between(random, 0.85, 1.0)) * _CANVAS
        draw.line((x, 0, x + between(random, -20, 20), _CANVAS), fill=colour, width=int(between(random, 8, 16)))
    else:
        top = int(between(random, 0.7, 0.85) * _CANVAS)
        for position in range(0, _CANVAS, 14):
            draw.line((position, top, position, _CANVAS), fill=(*colour, 150), width=2)
        for y in range(top, _CANVAS, 14):
            draw.line((0, y, _CANVAS, y), fill=(*colour, 150), width=2)
