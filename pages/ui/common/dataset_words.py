"""What is said of a set of images: its title, its classes, its parts."""

from __future__ import annotations

from typing import Protocol

from pages.ui.common.class_words import task_word
from pages.ui.common.i18n import _, as_plain_text
from tlcore.datasets import get_dataset_spec, list_datasets
from tlcore.engine.tasks.datasets import copied_set
from tlcore.engine.tasks.references import DatasetReference

SPLITS = ("train", "validation", "test")


def split_title(name: str) -> str:
    titles = {"train": _("training"), "validation": _("validation"), "test": _("test")}
    return titles[name]


class HasClasses(Protocol):
    """A set of images, or a run that was trained on one."""

    @property
    def class_titles(self) -> tuple[str, ...]:
        """One a label."""


def class_title(of: HasClasses, label: int) -> str:
    """The class as words to read: translated for the ready sets, the person's own word otherwise."""
    return task_word(of.class_titles[label])


def dataset_title(name: str, reference: DatasetReference | None) -> str:
    """Title of a ready set; of an uploaded one the name that the person gave, as Markdown shows it unchanged.

    None refers to images that are not here, of a run that came from a file.
    """
    if reference is not None and not reference.is_brought:
        return _(get_dataset_spec(name).title)
    return as_plain_text(brought_title(name)) if name else _("images that are not here")


def brought_title(name: str) -> str:
    """What people brought is called as they called it; their copy of a ready set, as that set."""
    copied = copied_set(name)
    if copied not in list_datasets():
        return name
    return _("{name}, my copy").format(name=_(get_dataset_spec(copied).title))


def title_of_any(name: str) -> str:
    """Of a set whose reference is not at hand."""
    return _(get_dataset_spec(name).title) if name in list_datasets() else brought_title(name)
