"""The weights of the opened layer in numbers, where weights are on this machine."""

from __future__ import annotations

import streamlit as st

from pages.ui.architecture_explorer.catalog import chosen_network
from pages.ui.architecture_explorer.source import trained_weights_fit
from pages.ui.architecture_explorer.state import NETWORK, NUMBERS_ASKED, NUMBERS_JOB
from pages.ui.architecture_explorer.table import shape
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import answer_to
from pages.ui.common.messages import translate
from pages.ui.common.trained import is_trained
from tlcore.architectures.summary import ArchitectureSummary, LayerSummary
from tlcore.engine.tasks.layers import LayerWeights
from tlcore.explanation import WeightStatistics
from tlcore.weights import WeightsSource, available_weights

Tensor = tuple[str, tuple[int, ...], WeightStatistics | None]


def weights_in_numbers(summary: ArchitectureSummary, layer: LayerSummary) -> None:
    """Shape of each tensor; lowest, highest, mean and standard deviation where trained weights are here."""
    st.markdown("**" + _("Weights in numbers") + "**")
    shapes: list[Tensor] = [(name, dimensions, None) for name, dimensions in layer.weight_shapes]
    trained = is_trained(NETWORK.get())
    source = None if trained else _source(summary)
    if not trained and source is None:
        st.markdown(_lines(shapes))
        st.caption(_("Trained weights of this network are not on this machine, so there are only their shapes."))
        return
    network = chosen_network() if source is None else chosen_network().model_copy(update={"weights": source.weights})
    arguments = {"network": network, "layer": layer.name, "with_filters": False}
    answer: LayerWeights | None = answer_to(NUMBERS_JOB, NUMBERS_ASKED, "inspect_weights", arguments)
    tensors: list[Tensor] = [] if answer is None else [(tensor.name, tensor.shape, tensor) for tensor in answer.tensors]
    st.markdown(_lines(tensors or shapes))
    if source is not None:
        st.caption(translate(source.description, source.params))


def _source(summary: ArchitectureSummary) -> WeightsSource | None:
    """Trained weights that are here and fit, the sensible default first."""
    if not trained_weights_fit(summary):
        return None
    sources = available_weights(summary.architecture, include_top=summary.include_top)
    return next((source for source in sources if source.here and source.weights != "random"), None)


def _lines(tensors: list[Tensor]) -> str:
    return "\n".join(f"- `{name}` {shape(dimensions) or '1'}{_figures(values)}" for name, dimensions, values in tensors)


def _figures(values: WeightStatistics | None) -> str:
    if values is None:
        return ""
    text = _("from {low} to {high}, mean {mean}, standard deviation {std}")
    figures = {"low": values.minimum, "high": values.maximum, "mean": values.mean, "std": values.std}
    return ": " + text.format(**{name: number(value, 4) for name, value in figures.items()})
