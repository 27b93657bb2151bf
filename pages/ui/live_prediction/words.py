"""What the classes of a network are called, whoever trained it."""

from __future__ import annotations

from collections.abc import Iterable

from pages.ui.common.class_words import class_word
from pages.ui.common.trained import TRAINED, trained_networks
from pages.ui.live_prediction.question import run_words
from tlcore.engine.tasks.references import NetworkReference
from tlcore.engine.tasks.trained_run import TrainedRun
from tlcore.inference import Prediction


def network_key(network: NetworkReference) -> str:
    """What the control of the networks calls it."""
    return f"{TRAINED}{network.run_id}" if network.is_trained else f"{network.base}/{network.weights}"


def run_of(network: NetworkReference) -> TrainedRun | None:
    """The run that it came from; None for a base."""
    kept = trained_networks().get(network_key(network))
    return None if kept is None else kept.run


def words_of(network: NetworkReference) -> list[str]:
    """Of each label; those of a base are not the task's, so there are none."""
    run = run_of(network)
    return [] if run is None else run_words(run)


def words_for(network: NetworkReference, predictions: Iterable[Prediction]) -> list[str]:
    """One each of what was predicted, in the language in use."""
    words = words_of(network)
    return [words[each.index] if words else class_word(each.class_name) for each in predictions]
