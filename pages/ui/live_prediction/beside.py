"""Another network beside the one that answers: itself before fine-tuning, another run, or the base it was made of."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.common.i18n import _
from pages.ui.common.trained import TRAINED, run_label, trained_networks
from pages.ui.common.weights import source_of
from pages.ui.live_prediction.question import network_reference, run_words
from tlcore.engine.tasks.references import NetworkReference
from tlcore.engine.tasks.trained_run import TrainedRun

_BEFORE, _BASE = "before", "base"  # values of the control, beside those of runs


@dataclass(frozen=True)
class Beside:
    """A network that looks at the same picture.

    Attributes:
        network: Which.
        title: In the control.
        titles: Above the answers of the network that answers, and of this one.
        class_words: What its classes are called; [] for those of a base.
    """

    network: NetworkReference
    title: str
    titles: tuple[str, str]
    class_words: list[str]


def networks_beside(run: TrainedRun) -> dict[str, Beside]:
    """Networks with the classes of a run, by the value of a control: itself before fine-tuning, then others."""
    mine, words = f"{TRAINED}{run.run_id}", run_words(run)
    found = {}
    if run.has_before and _is_here(run, include_top=False):
        before = NetworkReference(run_id=run.run_id, before=True)
        titles = _("After fine-tuning"), _("Before fine-tuning")
        found[_BEFORE] = Beside(before, _("the same network before fine-tuning"), titles, words)
    kept = trained_networks()
    for name, other in kept.items():
        if name != mine and other.run.class_names == run.class_names:
            title = run_label(other)
            found[name] = Beside(network_reference(name), title, (run_label(kept[mine]), title), words)
    return found


def networks_on_the_same_frame(run: TrainedRun) -> dict[str, Beside]:
    """The same, and the base of the run with the classes that it came with, where their weights are here."""
    found = networks_beside(run)
    if _is_here(run, include_top=True):
        base = NetworkReference(base=run.spec.base, weights=run.spec.weights)
        titles = _("Your network"), _("Its base, with the classes that it has learned")
        found[_BASE] = Beside(base, _("its base, with the classes that it has learned"), titles, [])
    return found


def _is_here(run: TrainedRun, *, include_top: bool) -> bool:
    """Whether the weights that the run's base came with are on this machine; random ones come without classes."""
    if run.spec.weights not in ("embedded", "imagenet"):
        return not include_top
    source = source_of(run.spec.base, run.spec.weights, include_top=include_top)
    return source is not None and source.here
