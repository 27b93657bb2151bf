"""Base weights in words: which are here, and where they come from."""

from __future__ import annotations

from pages.ui.common.i18n import _
from pages.ui.common.messages import translate
from tlcore.weights import WeightsSource, available_weights


def weights_title(weights: str) -> str:
    titles = {
        "embedded": _("embedded (comes with this program)"),
        "imagenet": _("ImageNet"),
        "random": _("random (control)"),
    }
    return titles.get(weights, weights)


def weights_sources(name: str) -> dict[str, str]:
    """weights= value -> its title, the sensible default first."""
    return {source.weights: weights_title(source.weights) for source in available_weights(name)}


def source_of(name: str, weights: str, *, include_top: bool = False) -> WeightsSource | None:
    sources = available_weights(name, include_top=include_top)
    return next((source for source in sources if source.weights == weights), None)


def can_be_used(name: str, weights: str) -> tuple[bool, str]:
    """Whether these weights are on this machine, and a sentence about where they come from."""
    source = source_of(name, weights)
    if source is None:
        return False, _("This network has no such weights.")
    return source.here, translate(source.description, source.params)
