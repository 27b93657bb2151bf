"""Names of classes in the language in use: those that a task's catalog has, and those of the embedded base."""

from __future__ import annotations

from functools import lru_cache

from pages.ui.i18n import _, babel_locale
from tlcore.weights.embedded import embedded_class_names


def class_word(name: str) -> str:
    """What a class is called; names that people gave, and ImageNet's, stay as they are."""
    return _embedded_words(babel_locale()).get(name) or _(name)


@lru_cache(maxsize=2)
def _embedded_words(locale: str) -> dict[str, str]:
    return dict(zip(embedded_class_names(), embedded_class_names(locale), strict=True))
