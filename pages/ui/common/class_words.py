"""Names of classes in the language in use: those that a task's catalog has, and those of ImageNet."""

from __future__ import annotations

from functools import lru_cache

from pages.ui.common.i18n import _, babel_locale
from tlcore.datasets import get_dataset_spec, list_datasets
from tlcore.weights.imagenet import imagenet_class_names


def class_word(name: str) -> str:
    """What a class of any network is called; names that people gave stay as they are."""
    return _imagenet_words(babel_locale()).get(name) or task_word(name)


def task_word(name: str) -> str:
    """What a class of a set of images is called.

    Only the words of the ready sets are translated: a folder that somebody called "paper" is not the "paper" of a
    sentence on some page.
    """
    return _(name) if name in _ready_words() else name


@lru_cache(maxsize=1)
def _ready_words() -> frozenset[str]:
    return frozenset(title for name in list_datasets() for title in get_dataset_spec(name).class_titles)


@lru_cache(maxsize=2)
def _imagenet_words(locale: str) -> dict[str, str]:
    return dict(zip(imagenet_class_names(), imagenet_class_names(locale), strict=True))
