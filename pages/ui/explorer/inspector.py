"""One layer opened: its properties and its formula with its own numbers, with an optional guess first."""

from __future__ import annotations

import streamlit as st

from pages.ui.explorer.table import shape, short, window
from pages.ui.i18n import _, amount_of_bytes, number, with_separators
from pages.ui.state import EXPLORER_GUESSES
from tlcore.architectures.summary import ArchitectureSummary, LayerSummary


def find_layer(summary: ArchitectureSummary, name: str | None) -> LayerSummary | None:
    return next((layer for layer in summary.layers if layer.name == name), None)


def breadcrumbs(summary: ArchitectureSummary, layer: LayerSummary | None) -> None:
    """network › block › layer."""
    parts = [summary.architecture] + ([layer.block, f"**{layer.name}**"] if layer else [])
    st.markdown(" › ".join(parts))


def inspector(summary: ArchitectureSummary, layer: LayerSummary | None) -> None:
    """Everything the table knows about one layer."""
    if layer is None:
        st.info(_("Click a row of the layer table to open that layer."), icon=":material/ads_click:")
        return
    breadcrumbs(summary, layer)
    facts = {
        _("Type"): layer.type,
        _("Window, stride, padding"): window(layer) or "–",
        _("Output"): shape(layer.output_shape),
        _("MACs for one image"): short(layer.macs),
        _("Output in memory (float32)"): amount_of_bytes(layer.activation_bytes),
        _("Receptive field"): f"{layer.receptive_field[0]} × {layer.receptive_field[1]} px",
        _("Stride so far"): f"{layer.effective_stride[0]} × {layer.effective_stride[1]} px",
        _("Trainable tensors"): number(layer.num_trainable_tensors),
        _("Reads from"): ", ".join(f"`{name}`" for name in layer.connected_to) or "–",
    }
    st.markdown("\n".join(f"- {name}: {value}" for name, value in facts.items()))
    formula(summary, layer)


def formula(summary: ArchitectureSummary, layer: LayerSummary) -> None:
    """Where the number of parameters comes from; the learner may guess first."""
    if not layer.num_params:
        st.markdown(_("This layer has no parameters: it computes, but it has nothing to learn."))
        return
    place = f"{summary.architecture}/{layer.name}"
    guesses = EXPLORER_GUESSES.get()
    with st.container(border=True):
        st.markdown("**" + _("How many parameters does this layer have?") + "**")
        if place not in guesses:
            _ask(place)
            return
        _reveal(layer, guesses[place])


def _ask(place: str) -> None:
    guess = st.number_input(_("Your guess (optional)"), min_value=0, step=1, value=None, key=f"explorer.guess.{place}")
    if st.button(_("Reveal the formula"), key=f"explorer.reveal.{place}", icon=":material/visibility:"):
        EXPLORER_GUESSES.set({**EXPLORER_GUESSES.get(), place: guess})
        st.rerun()


def _reveal(layer: LayerSummary, guess: int | None) -> None:
    st.markdown(f"### {with_separators(layer.param_formula)}")
    st.caption(explanation(layer))
    if guess is not None:
        right = guess == layer.num_params
        text = _("Your guess, {guess}, is exactly right.") if right else _("Your guess was {guess}.")
        st.markdown(f":material/{'check_circle' if right else 'edit'}: " + text.format(guess=number(guess)))
    frozen = layer.num_params - layer.num_trainable_params
    if frozen:
        st.markdown(_("{count} of them are never trained by gradients.").format(count=number(frozen)))


def explanation(layer: LayerSummary) -> str:
    """What the factors of the formula are, by type of layer."""
    texts = {
        "Conv2D": _("(height · width · input channels + 1 bias) · number of filters. The image size does not appear."),
        "Dense": _("(inputs + 1 bias) · units. The inputs depend on the image size, and so does this number."),
        "DepthwiseConv2D": _("height · width · input channels: each channel has one filter of its own."),
        "SeparableConv2D": _("One filter for each input channel, then a 1 × 1 convolution that mixes them."),
        "BatchNormalization": _(
            "Four numbers for each channel: scale and offset are trained, mean and variance are only measured."
        ),
    }
    return texts.get(layer.type, _("The numbers are those of this layer, multiplied as its type says."))
