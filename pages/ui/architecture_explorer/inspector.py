"""One layer opened: its properties and its formula with its own numbers, with an optional guess first."""

from __future__ import annotations

import streamlit as st

from pages.ui.architecture_explorer.crumbs import breadcrumbs, to_tab
from pages.ui.architecture_explorer.numbers import weights_in_numbers
from pages.ui.architecture_explorer.state import GUESSES, guess_key
from pages.ui.architecture_explorer.subject import drift_of, trained_run
from pages.ui.architecture_explorer.table import shape, short, window
from pages.ui.common.i18n import _, amount_of_bytes, number, percent, with_separators
from pages.ui.common.lesson.progress import happened
from pages.ui.common.messages import number_guess
from tlcore.architectures.summary import ArchitectureSummary, LayerSummary


def find_layer(summary: ArchitectureSummary, name: str | None) -> LayerSummary | None:
    return next((layer for layer in summary.layers if layer.name == name), None)


def inspector(summary: ArchitectureSummary, layer: LayerSummary | None) -> None:
    """Everything the table knows about one layer."""
    if layer is None:
        st.info(_("Click a row of the layer table to open that layer."), icon=":material/ads_click:")
        return
    breadcrumbs(summary, layer, key="architecture_explorer.crumbs.table")
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
    if layer.activation:
        facts[_("Activation")] = layer.activation.replace("_", " ")
    facts |= _training_facts(layer)
    st.markdown("\n".join(f"- {name}: {value}" for name, value in facts.items()))
    formula(summary, layer)
    _deeper(layer)
    if layer.num_params:
        weights_in_numbers(summary, layer)


def _deeper(layer: LayerSummary) -> None:
    """Buttons to the tabs that show more of this layer."""
    ways = {"field": (_("What it sees"), len(layer.output_shape) == 3)}
    ways |= {"weights": (_("Its weights"), layer.num_params > 0)}
    ways |= {"activations": (_("Its channels on a photo"), layer.type != "InputLayer")}
    with st.container(horizontal=True, gap="small"):
        for tab, (label, there) in ways.items():
            if there:
                st.button(
                    label, on_click=to_tab(tab), key=f"architecture_explorer.to.{tab}", icon=":material/arrow_forward:"
                )


def _training_facts(layer: LayerSummary) -> dict[str, str]:
    """Frozen or trainable; of a network that was trained here also how far training moved the layer."""
    run = trained_run()
    if not layer.num_params:
        return {}
    trained = layer.num_trainable_tensors > 0
    if run is None:
        state = ":material/edit: " + _("trainable") if trained else ":material/ac_unit: " + _("fixed, never trained")
        return {_("State"): state}
    state = ":material/edit: " + _("trained") if trained else ":material/ac_unit: " + _("frozen")
    facts = {_("State in the last step of training"): state}
    drift = drift_of(run, layer.name)
    if drift is not None:
        shown = _("0, exactly") if drift == 0 else percent(drift, 2 if drift >= 0.001 else 4)
        facts[_("Drift ‖W − W₀‖ / ‖W₀‖")] = shown
    return facts


def formula(summary: ArchitectureSummary, layer: LayerSummary) -> None:
    """Where the number of parameters comes from; the learner may guess first."""
    if not layer.num_params:
        st.markdown(_("This layer has no parameters: it computes, but it has nothing to learn."))
        return
    layer_id = f"{summary.architecture}/{layer.name}"
    guesses = GUESSES.get()
    with st.container(border=True):
        st.markdown("**" + _("How many parameters does this layer have?") + "**")
        if layer_id not in guesses:
            _ask(layer_id)
            return
        happened("formula", layer=layer_id, parameters=layer.num_params, guess=guesses[layer_id])
        _reveal(layer, guesses[layer_id])


def _ask(layer_id: str) -> None:
    guess = st.number_input(_("Your guess (optional)"), min_value=0, step=1, value=None, key=guess_key(layer_id).name)
    if st.button(_("Reveal the formula"), key=f"architecture_explorer.reveal.{layer_id}", icon=":material/visibility:"):
        GUESSES.set({**GUESSES.get(), layer_id: guess})
        st.rerun()


def _reveal(layer: LayerSummary, guess: int | None) -> None:
    st.markdown(f"**{with_separators(layer.param_formula)}**")
    st.caption(explanation(layer))
    number_guess(guess, layer.num_params)
    untrained = layer.num_params - layer.num_trainable_params
    if untrained and (layer.num_trainable_params or trained_run() is None):
        st.markdown(_("{count} of them are never trained by gradients.").format(count=number(untrained)))


def explanation(layer: LayerSummary) -> str:
    """What the factors of the formula are, by type of layer."""
    grouped = _(
        "(height · width · the input channels of one group + 1 bias, if it has one) · number of filters: each filter "
        "reads only its own group."
    )
    texts = {
        "Conv2D": _("(height · width · input channels + 1 bias) · number of filters. The image size does not appear."),
        "Dense": _("(inputs + 1 bias) · units. The inputs depend on the image size, and so does this number."),
        "DepthwiseConv2D": _("height · width · input channels: each channel has one filter of its own."),
        "SeparableConv2D": _("One filter for each input channel, then a 1 × 1 convolution that mixes them."),
        "BatchNormalization": _(
            "Four numbers for each channel: scale and offset are trained, mean and variance are only measured."
        ),
        "LayerNormalization": _("A scale and an offset for each channel; nothing is measured during training."),
        "Normalization": _("Mean and variance of each channel of the images, and how many were counted: no training."),
        "LayerScale": _("One factor for each channel."),
        "PartialConv2D": _(
            "Six maps read 3 of the maps before, nine read 4 and one reads all 6, each through windows of its own."
        ),
        "TrainableSubsampling": _("One coefficient and one bias for each map."),
        "EuclideanRBF": _("A fixed code for each class, drawn by hand; training never changes it."),
    }
    if layer.type == "Conv2D" and layer.groups > 1:
        return grouped
    if layer.type == "Conv2D" and "bias" not in dict(layer.weight_shapes):
        return _(
            "height · width · input channels · number of filters, without bias: the normalisation after it has one."
        )
    return texts.get(layer.type, _("The numbers are those of this layer, multiplied as its type says."))
