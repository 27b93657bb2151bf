"""What each claim compares, as figures of the network: what is frozen and what is trained in each way."""

from __future__ import annotations

from dataclasses import replace

from pages.ui.common.i18n import _
from pages.ui.common.network_figure import Network, Part, networks_compared
from tlcore.translatable import N_

_HEAD: tuple[Part, ...] = ("head",)
_SCRATCH = Network(5, scratch=True, title=N_("training from scratch"))
_EXTRACTION = Network(extracts=True, title=N_("feature extraction"))
_FROZEN = Network(title=N_("base frozen"))
_FINE_TUNING = Network(1, title=N_("fine-tuning"))
#: Claim -> the networks that it compares, or the one that it is about.
ARMS: dict[str, tuple[Network, ...]] = {
    "tensor_counts": (
        Network(5, title=N_("everything")),
        _FROZEN,
        Network(1, title=N_("last block unfrozen")),
    ),
    "same_result": (_EXTRACTION, replace(_FROZEN, title=N_("training with the base frozen"))),
    "three_ways": (_SCRATCH, _EXTRACTION, _FINE_TUNING),
    "break_it": (
        Network(1, title=N_("the right way")),
        Network(5, title=N_("unfrozen with an untrained head")),
        Network(1, title=N_("rate 100× too large")),
    ),
    "generality": (
        Network(used=2, title=N_("features of the first layers")),
        Network(title=N_("features of the last layers")),
    ),
    "unfreeze_depth": (
        Network(title=N_("nothing (head only)")),
        Network(1, title=N_("last block unfrozen")),
        Network(3, title=N_("half of the blocks")),
        Network(5, title=N_("everything")),
    ),
    "data_efficiency": (_SCRATCH, _EXTRACTION, _FINE_TUNING),
    "learning_rates": (Network(1, title=N_("fine-tuning: small steps or large ones"), lit=("last block", "head")),),
    "regularisation": (Network(title=N_("the head: its size, and how much of it is dropped"), lit=_HEAD),),
    "which_base": (Network(title=N_("the base: another one each time"), lit=("base", "last block")),),
    "zero_training": (
        Network(own_head=True, title=N_("the base with its own classes")),
        Network(title=N_("a trained head")),
    ),
    "shortcuts": (replace(_EXTRACTION, lit=("images", "answers")), replace(_FINE_TUNING, lit=("images", "answers"))),
    "dense_layers": (
        Network(own_head=True, title=N_("new classifier on the base's own dense layers")),
        Network(title=N_("new classifier on the convolutional features")),
    ),
}


def arms_of(claim: str) -> None:
    """Draws the networks that a claim compares; nothing for a claim without."""
    networks = [replace(network, title=_(network.title)) for network in ARMS.get(claim, ())]
    if networks:
        networks_compared(networks)
