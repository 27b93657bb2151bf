"""Colours with a meaning, readable on both backgrounds; the meaning is also always said in words."""

from __future__ import annotations

import streamlit as st

_LIGHT = {
    "train": "#0b6e6e",
    "validation": "#c2571a",
    "frozen": "#3a6ea5",
    "trainable": "#c2571a",
    "dense": "#8a5a9e",
    "text": "#1c2b33",
    "muted": "#5c6b73",
    "grid": "#ddd8cc",
    "page": "#fcfbf8",
    "surface": "#f1eee7",
    "another": "#7a7f2e",
    "accent": "#0b6e6e",
    "on_accent": "#ffffff",
}
_DARK = {
    "train": "#5cc4ba",
    "validation": "#f0a35e",
    "frozen": "#7fb2e5",
    "trainable": "#f0a35e",
    "dense": "#c79bdb",
    "text": "#e9eef0",
    "muted": "#a9b8c0",
    "grid": "#33414a",
    "page": "#12191e",
    "surface": "#1d272e",
    "another": "#c4c95c",
    "accent": "#3fa39a",
    "on_accent": "#12191e",
}
SEQUENTIAL_LIGHT = ["#f4f1ea", "#b0d5d2", "#3a908d", "#075655"]
SEQUENTIAL_DARK = ["#19222a", "#215451", "#2e8078", "#7fd3ca"]
# Lines and bars that have no meaning of their own, in this order.
SERIES = ("train", "validation", "dense", "frozen", "muted", "another")
# One colour and one symbol a class: after Okabe & Ito, told apart without seeing red or green.
_CLASSES_LIGHT = [
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#b0528f",
    "#a87400",
    "#2f8fc4",
    "#4d4d4d",
    "#8a7d00",
    "#7a3fb8",
    "#c2185b",
]
_CLASSES_DARK = [
    "#56b4e9",
    "#f08a3c",
    "#2fd0a0",
    "#e39bc6",
    "#e6b33d",
    "#8ec7f0",
    "#d0d0d0",
    "#f0e442",
    "#b39ddb",
    "#ff8fa3",
]
_SYMBOLS = ["circle", "diamond", "square", "x", "triangle-up", "cross", "star", "triangle-down", "pentagon", "hexagram"]


def is_dark() -> bool:
    return bool(st.context.theme.type == "dark")


def colour(name: str) -> str:
    """Hexadecimal colour for a meaning, in the theme in use."""
    return (_DARK if is_dark() else _LIGHT)[name]


def sequential() -> list[str]:
    return SEQUENTIAL_DARK if is_dark() else SEQUENTIAL_LIGHT


def class_mark(label: int) -> tuple[str, str]:
    """Colour and plotly symbol of a class; the pair is another one for each of a hundred classes."""
    colours = _CLASSES_DARK if is_dark() else _CLASSES_LIGHT
    return colours[label % len(colours)], _SYMBOLS[(label + label // len(colours)) % len(_SYMBOLS)]
