"""Colours, and how to vary them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from numpy.random import Generator

Colour = tuple[int, int, int]
Choice = TypeVar("Choice")

#: Helmets and every other hat share these, so that the colour on a head says nothing.
HAT_COLOURS: tuple[Colour, ...] = (
    (244, 200, 30),  # yellow
    (238, 238, 232),  # white
    (200, 36, 34),  # red
    (36, 84, 176),  # blue
    (240, 120, 24),  # orange
    (44, 130, 74),  # green
    (60, 62, 66),  # graphite
)
SKINS: tuple[Colour, ...] = (
    (255, 219, 190),
    (238, 190, 150),
    (214, 160, 116),
    (178, 122, 82),
    (134, 86, 56),
    (92, 58, 40),
    (66, 42, 32),
)
HAIRS: tuple[Colour, ...] = (
    (24, 20, 20),
    (52, 34, 24),
    (96, 60, 32),
    (150, 98, 48),
    (222, 184, 100),
    (160, 62, 28),
    (128, 126, 124),
    (224, 222, 216),
)
CLOTHES: tuple[Colour, ...] = (
    (38, 56, 98),
    (70, 96, 140),
    (110, 112, 116),
    (46, 46, 50),
    (150, 46, 42),
    (222, 218, 208),
    (86, 102, 66),
    (164, 132, 92),
    (238, 196, 40),
    (232, 112, 26),
)
VESTS: tuple[Colour, ...] = ((244, 126, 20), (222, 232, 40), (250, 86, 30), (170, 226, 44), (240, 200, 30))


def pick(random: Generator, choices: Sequence[Choice]) -> Choice:
    """One of `choices`."""
    return choices[int(random.integers(len(choices)))]


def chance(random: Generator, probability: float) -> bool:
    """True with this probability, [0, 1]."""
    return bool(random.random() < probability)


def between(random: Generator, low: float, high: float) -> float:
    """A number in [low, high), each equally likely."""
    return float(low + (high - low) * random.random())


def vary(random: Generator, colour: Colour, amount: float = 14) -> Colour:
    """`colour` a little lighter or darker, a little off its hue."""
    light = between(random, -amount, amount)
    return _clip(*(part + light + between(random, -amount / 2, amount / 2) for part in colour))


def shade(colour: Colour, factor: float) -> Colour:
    """`colour` darker (factor below 1) or lighter (above 1, towards white)."""
    if factor <= 1:
        return _clip(*(part * factor for part in colour))
    return _clip(*(part + (255 - part) * (factor - 1) for part in colour))


def _clip(red: float, green: float, blue: float) -> Colour:
    return int(min(255, max(0, red))), int(min(255, max(0, green))), int(min(255, max(0, blue)))
