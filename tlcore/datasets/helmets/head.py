"""Heads: skin, face, hair, and what is worn on them."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from . import headwear
from .headwear import View
from .palette import HAIRS, SKINS, Colour, between, chance, pick, shade, vary
from .pen import Pen

#: What is worn where no hard hat is, and how often.
_OTHER_HEADWEAR = (
    ("none", 0.46),
    ("cap", 0.26),
    ("hood", 0.14),
    ("beanie", 0.04),
    ("bucket_hat", 0.06),
    ("scarf", 0.04),
)
_HAIR_STYLES = ("short", "short", "bald", "long", "bun", "afro", "bowl", "ponytail")


@dataclass(frozen=True)
class Looks:
    """What one person looks like, apart from the pose."""

    skin: Colour
    hair: Colour
    hair_style: str
    headwear: str
    jacket: Colour


def choose_looks(random: Generator, has_hardhat: bool, jacket: Colour) -> Looks:
    """Looks of one person; nothing but the headwear depends on the label."""
    skin, hair = vary(random, pick(random, SKINS)), vary(random, pick(random, HAIRS))
    style = pick(random, _HAIR_STYLES)
    draw, kind = random.random(), "none"
    for name, share in _OTHER_HEADWEAR:
        draw -= share
        if draw < 0:
            kind = name
            break
    return Looks(skin, hair, style, "hardhat" if has_hardhat else kind, jacket)


def draw_head(pen: Pen, random: Generator, looks: Looks, view: View) -> None:
    """Neck, hair, face and headwear, from back to front."""
    if looks.headwear == "hood":
        headwear.draw_hood(pen, random, view, looks.jacket)
        if view.from_behind:
            return
        pen = pen.moved((0.14 * view.turn, 0.06), 0.84)
    else:
        _hair_behind(pen, looks)
    _skull(pen, random, looks, view)
    if view.from_behind:
        _hair_on_back(pen, looks)
    else:
        _face(pen, random, looks, view)
    _hair_on_top(pen, looks, view)
    _wear(pen, random, looks, view)


def _skull(pen: Pen, random: Generator, looks: Looks, view: View) -> None:
    dark = shade(looks.skin, 0.78)
    for side in (-1, 1):
        if abs(view.turn) < 0.5 or side * view.turn < 0:
            pen.ellipse((side * (0.84 - 0.5 * abs(view.turn)), 0.08), (0.15, 0.24), dark)
    width = 0.8 + 0.08 * abs(view.turn)
    pen.ellipse((0, -0.14), (width, 0.92), looks.skin)
    pen.smooth([(-width, -0.1), (-0.66, 0.56), (-0.26, 1.02), (0.26, 1.02), (0.66, 0.56), (width, -0.1)], looks.skin)
    if abs(view.turn) > 0.6 and not view.from_behind:
        side = 1 if view.turn > 0 else -1
        pen.smooth([(side * 0.8, -0.08), (side * 1.08, 0.3), (side * 0.78, 0.36)], looks.skin)
    pen.smooth([(width, -0.1), (0.66, 0.56), (0.26, 1.02), (0.3, 0.4), (0.5, -0.3)], (0, 0, 0, 34))


def _face(pen: Pen, random: Generator, looks: Looks, view: View) -> None:
    shift = 0.46 * view.turn
    spread = 0.33 * (1 - 0.35 * abs(view.turn))
    dark, lip = shade(looks.skin, 0.6), shade(looks.skin, 0.68)
    for side in (-1, 1):
        x = shift + side * spread
        if abs(x) > 0.74:
            continue
        pen.line([(x - 0.14, -0.2), (x + 0.14, -0.22)], 0.07, shade(looks.hair, 0.8))
        pen.ellipse((x, -0.02), (0.11, 0.07), (242, 240, 236))
        pen.ellipse((x + 0.03 * view.turn, -0.02), (0.055, 0.07), (36, 28, 26))
    pen.line([(shift * 1.2, 0.02), (shift * 1.4 + 0.06, 0.3), (shift * 1.2 - 0.05, 0.34)], 0.06, dark)
    pen.line([(shift - 0.2, 0.6), (shift, 0.63), (shift + 0.2, 0.6)], 0.07, lip)
    if chance(random, 0.25):  # beard
        pen.smooth(
            [(-0.72, 0.3), (-0.5, 0.86), (0, 1.14), (0.5, 0.86), (0.72, 0.3), (shift + 0.24, 0.5), (shift - 0.24, 0.5)],
            looks.hair,
        )
    if chance(random, 0.18):  # mask
        pen.smooth(
            [(shift - 0.5, 0.22), (shift + 0.5, 0.22), (shift + 0.44, 0.72), (shift, 0.96), (shift - 0.44, 0.72)],
            (226, 232, 236),
        )
    if chance(random, 0.25):  # glasses
        for side in (-1, 1):
            pen.ellipse((shift + side * spread, -0.01), (0.21, 0.15), (40, 44, 52, 150))
        pen.line([(shift - spread, -0.05), (shift + spread, -0.05)], 0.05, (30, 30, 34))


def _hair_behind(pen: Pen, looks: Looks) -> None:
    if looks.hair_style == "long":
        pen.smooth(
            [
                (-0.98, -0.4),
                (-0.5, -1.1),
                (0.5, -1.1),
                (0.98, -0.4),
                (1.06, 1.5),
                (0.5, 1.8),
                (-0.5, 1.8),
                (-1.06, 1.5),
            ],
            looks.hair,
        )
    elif looks.hair_style == "afro" and looks.headwear == "none":
        pen.ellipse((0, -0.42), (1.32, 1.16), looks.hair)
    elif looks.hair_style == "ponytail":
        pen.smooth([(-0.3, -0.6), (0.3, -0.6), (1.2, 0.9), (0.9, 1.5), (0.5, 0.6)], shade(looks.hair, 0.8))


def _hair_on_back(pen: Pen, looks: Looks) -> None:
    if looks.hair_style == "bald":
        return
    low = 1.5 if looks.hair_style == "long" else 0.5
    pen.smooth(
        [(-0.86, -0.3), (-0.5, -1.04), (0.5, -1.04), (0.86, -0.3), (0.76, low), (0, low + 0.16), (-0.76, low)],
        looks.hair,
    )
    pen.smooth([(0.86, -0.3), (0.5, -1.04), (0.4, -0.2), (0.5, low)], (0, 0, 0, 40))


def _hair_on_top(pen: Pen, looks: Looks, view: View) -> None:
    if looks.hair_style == "bald":
        return
    back = -0.12 * view.turn
    if looks.headwear != "none":  # what shows below the hat
        for side in (-1, 1):
            if side * view.turn < 0.5 and not view.from_behind:
                pen.ellipse((side * (0.78 + 0.04 * abs(view.turn)) + back, -0.08), (0.13, 0.3), looks.hair)
        return
    if looks.hair_style == "bun":
        pen.ellipse((back, -1.3), (0.4, 0.36), shade(looks.hair, 0.85))
    low = -0.36 if looks.hair_style != "bowl" else -0.2
    temple = 0.26 if looks.hair_style in ("long", "bowl") else -0.02
    pen.smooth(
        [
            (-0.88 + back, temple),
            (-0.86 + back, -0.6),
            (-0.4 + back, -1.14),
            (0.3 + back, -1.16),
            (0.84 + back, -0.66),
            (0.88 + back, temple),
            (0.7, low),
            (0.1 + 0.3 * view.turn, low - 0.16),
            (-0.68, low),
        ],
        looks.hair,
    )
    pen.ellipse((-0.34 + back, -0.86), (0.24, 0.12), (*shade(looks.hair, 1.4), 130), angle=-0.5)


def _wear(pen: Pen, random: Generator, looks: Looks, view: View) -> None:
    tilted = pen.moved((0, 0), 1.0, between(random, -0.12, 0.12))
    if looks.headwear == "hardhat":
        headwear.draw_helmet(tilted, random, view)
    elif looks.headwear == "cap":
        headwear.draw_cap(tilted, random, view)
    elif looks.headwear == "beanie":
        headwear.draw_beanie(tilted, random, view)
    elif looks.headwear == "bucket_hat":
        headwear.draw_bucket_hat(tilted, random, view)
    elif looks.headwear == "scarf":
        headwear.draw_scarf(tilted, random, view)
