"""Colours with a meaning, readable on both backgrounds; the meaning is also always said in words."""

from __future__ import annotations

import streamlit as st

LIGHT = {
    "train": "#0b6e6e",
    "validation": "#ad4f08",
    "frozen": "#3a6fa8",
    "trainable": "#ad4f08",
    "dense": "#52207a",
    "text": "#1c2b33",
    "muted": "#5c6b73",
    "faint": "#86929a",
    "grid": "#ddd8cc",
    "page": "#fcfbf8",
    "surface": "#f1eee7",
    "another": "#463d00",
    "accent": "#0b6e6e",
    "on_accent": "#ffffff",
}
DARK = {
    "train": "#5cc4ba",
    "validation": "#f0a35e",
    "frozen": "#86b9ec",
    "trainable": "#f0a35e",
    "dense": "#a96fd9",
    "text": "#e9eef0",
    "muted": "#a9b8c0",
    "faint": "#5e6971",
    "grid": "#33414a",
    "page": "#12191e",
    "surface": "#1d272e",
    "another": "#f5ee9e",
    "accent": "#3fa39a",
    "on_accent": "#12191e",
}
SEQUENTIAL_LIGHT = ("#f4f1ea", "#b0d5d2", "#3a908d", "#075655")
SEQUENTIAL_DARK = ("#19222a", "#215451", "#2e8078", "#7fd3ca")
# Lines and bars that have no meaning of their own, in this order.
SERIES = ("train", "validation", "dense", "frozen", "faint", "another")
# One colour and one symbol a class. All of these, and the colours above, can be told apart without seeing red or green:
# they differ in lightness where they differ in nothing else.
CLASSES_LIGHT = (
    "#0072b2",
    "#d55e00",
    "#410799",
    "#888888",
    "#720531",
    "#998b54",
    "#934cff",
    "#0c0cff",
    "#722272",
    "#990707",
)
CLASSES_DARK = (
    "#56b4e9",
    "#f08a3c",
    "#0cffce",
    "#7c7c7c",
    "#e5e50b",
    "#4c4cff",
    "#ffd18c",
    "#7d5499",
    "#4485e5",
    "#49723f",
)
_SYMBOLS = ["circle", "diamond", "square", "x", "triangle-up", "cross", "star", "triangle-down", "pentagon", "hexagram"]


def is_dark() -> bool:
    return bool(st.context.theme.type == "dark")


def colour(name: str) -> str:
    """Hexadecimal colour for a meaning, in the theme in use."""
    return (DARK if is_dark() else LIGHT)[name]


def sequential() -> tuple[str, ...]:
    """From nothing to the most, evenly spaced."""
    return SEQUENTIAL_DARK if is_dark() else SEQUENTIAL_LIGHT


def shade(share: float) -> str:
    """The colour that `sequential` gives a share in [0, 1] of the most."""
    steps = sequential()
    place = share * (len(steps) - 1)
    first = min(int(place), len(steps) - 2)
    mixed = (
        round(low + (high - low) * (place - first))
        for low, high in zip(_channels(steps[first]), _channels(steps[first + 1]), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def ink_on(background: str) -> str:
    """Black or white, whichever reads better; one of the two always has a contrast of 4.5 or more."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, background))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21. Source: WCAG 2.2, relative luminance."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(hexadecimal: str) -> float:
    shares = (channel / 255 for channel in _channels(hexadecimal))
    linear = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _channels(hexadecimal: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(hexadecimal.removeprefix("#")))


def class_mark(label: int) -> tuple[str, str]:
    """Colour and plotly symbol of a class; the pair is another one for each of a hundred classes."""
    colours = CLASSES_DARK if is_dark() else CLASSES_LIGHT
    return colours[label % len(colours)], _SYMBOLS[(label + label // len(colours)) % len(_SYMBOLS)]
