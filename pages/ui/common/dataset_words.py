"""What is said of a set of images: its title, its classes, its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.ui.common.class_words import task_word
from pages.ui.common.i18n import _, as_plain_text
from tlcore.datasets import get_dataset_spec

SPLITS = ("train", "validation", "test")


def split_title(name: str) -> str:
    titles = {"train": _("training"), "validation": _("validation"), "test": _("test")}
    return titles[name]


def class_title(data: Mapping[str, Any], label: int) -> str:
    """The class as words to read: translated for the ready sets, the person's own word otherwise."""
    titles = data.get("class_titles") or data["class_names"]
    return task_word(str(titles[label]))


def dataset_title(data: Mapping[str, Any]) -> str:
    """Title of a ready set; of an uploaded one the name that the person gave, as Markdown shows it unchanged."""
    return as_plain_text(str(data["name"])) if "item" in data["reference"] else _(get_dataset_spec(data["name"]).title)
