"""Colours: legible on what they stand on, and told apart by those who do not see red or green."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pages.ui.common import palette

REPOSITORY = Path(__file__).resolve().parents[2]
THEME = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text())["theme"]
TEXT, GRAPHICS = 4.5, 3.0  # least contrasts, WCAG 2.2, 1.4.3 and 1.4.11
#: What normal eyes see of red, green and blue in linear light, and what eyes without red or green cones do.
#: Source: Machado, Oliveira and Fernandes (2009), severity 1.0.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
LEAST_DISTANCE = 15.0  # in CIE Lab, where 2 is the least that an attentive eye sees of two neighbouring areas

THEMES = {
    "light": (palette.LIGHT, palette.CLASSES_LIGHT, palette.SEQUENTIAL_LIGHT),
    "dark": (palette.DARK, palette.CLASSES_DARK, palette.SEQUENTIAL_DARK),
}


def lab(hexadecimal: str, sight: np.ndarray[Any, Any]) -> Any:
    """CIE Lab of a colour as some eyes see it, `float64 (3,)`, white of D65."""
    encoded = np.array(list(bytes.fromhex(hexadecimal[1:]))) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    )
    x, y, z = to_xyz @ (sight @ linear).clip(0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = [np.cbrt(t) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29 for t in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def nearest(colours: Sequence[str], sight: np.ndarray[Any, Any]) -> float:
    """Distance of the two that are most alike."""
    seen = [lab(colour, sight) for colour in colours]
    return min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_side_by_side_are_told_apart(theme: str, sight: str) -> None:
    colours, classes, _steps = THEMES[theme]
    for names in (palette.SERIES, ("frozen", "trainable", "dense"), ("accent", "faint")):
        assert nearest([colours[name] for name in names], SIGHTS[sight]) > LEAST_DISTANCE
    assert nearest(classes, SIGHTS[sight]) > LEAST_DISTANCE


@pytest.mark.parametrize("theme", THEMES)
def test_words_can_be_read_on_what_they_stand_on(theme: str) -> None:
    colours, _classes, steps = THEMES[theme]
    own = THEME[theme]
    page, boxes, code = (own[f"{name}ackgroundColor"] for name in ("b", "secondaryB", "codeB"))
    for name in ("text", "muted"):
        assert min(palette.contrast(colours[name], below) for below in (page, boxes, code)) >= TEXT, name
    for name in ("frozen", "trainable", "dense", "accent"):  # signs in the figure of the network, words on buttons
        assert palette.contrast(colours["on_accent"], colours[name]) >= TEXT, name
    for name in ("train", "frozen", "dense", "muted", "text"):  # of highlighted code
        assert palette.contrast(colours[name], code) >= TEXT, name
    for share in np.linspace(0, 1, 101):  # counts in a confusion matrix
        cell = np.array([list(bytes.fromhex(step[1:])) for step in steps])
        mixed = [round(float(np.interp(3 * share, range(4), channel))) for channel in cell.T]
        below = f"#{bytes(mixed).hex()}"
        assert palette.contrast(palette.ink_on(below), below) >= TEXT, share


@pytest.mark.parametrize("theme", THEMES)
def test_lines_and_marks_stand_out_from_the_page(theme: str) -> None:
    colours, classes, _steps = THEMES[theme]
    page = THEME[theme]["backgroundColor"]
    for colour in (*(colours[name] for name in palette.SERIES), *classes):
        assert palette.contrast(colour, page) >= GRAPHICS, colour


def test_a_shade_lies_between_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(palette, "is_dark", lambda: False)
    assert [palette.shade(share) for share in (0, 1 / 3, 1)] == [
        *palette.SEQUENTIAL_LIGHT[:2],
        palette.SEQUENTIAL_LIGHT[3],
    ]
    assert palette.shade(1 / 6) == "#d2e3de"
