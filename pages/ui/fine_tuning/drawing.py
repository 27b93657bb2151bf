"""The network, block by block as in the lecture's figure; a click moves the point from which it is unfrozen."""

from __future__ import annotations

from math import sqrt

import streamlit as st

from pages.ui.common.i18n import _, ngettext, number
from pages.ui.common.palette import colour
from pages.ui.fine_tuning.settings import FineTuningState
from pages.ui.fine_tuning.state import METHOD, UNFREEZE, WARNED
from tlcore.architectures.catalog import catalogued, has_batch_norm
from tlcore.training.plan import PlannedLayer, TrainingPlan

FROZEN, TRAINED = "frozen", "trainable"
ICONS = {FROZEN: ":material/ac_unit:", TRAINED: ":material/edit:"}
_TALLEST, _LOWEST = 84, 18
_BOX_WIDTH = 112


def network_drawing(state: FineTuningState) -> None:
    """Blocks from the image to the answer, then the layers of the block in which training begins."""
    plan = state.plan
    if not plan.base:
        st.info(_("This base has no table; choose the first layer to train by its name."))
        return
    _style()
    heights = _heights(state.spec.base, plan)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="fine_tuning-network"):
        for block, layers in plan.blocks().items():
            _box(block, layers, plan, heights[block])
        _box(_("dense head"), list(plan.head), plan, _LOWEST + 16)
    st.caption(
        ":material/touch_app: "
        + _("Click a block or a layer: from there to the end, the network is trained in step 5. Left of it, frozen.")
    )
    if has_batch_norm(state.spec.base):
        st.caption(":material/balance: " + _batch_norm_in_words())
    _layer_buttons(plan)


def _batch_norm_in_words() -> str:
    """What BatchNormalization is, and why it keeps its statistics in fine-tuning."""
    return _(
        "BatchNormalization rescales each channel by a mean and a variance, which this base has learned from a million "
        "images. Fine-tuning keeps them (its scale and shift do learn) unless you set them free under “Advanced”: your "
        "few images would overwrite them, and the layers behind would get numbers that they do not know."
    )


def _box(title: str, layers: list[PlannedLayer], plan: TrainingPlan, height: int) -> None:
    trained = [layer for layer in layers if plan.is_trained(layer)]
    is_head = layers[0].block == "head"
    name = "dense" if is_head else TRAINED if trained else FROZEN
    with st.container(key=f"fine_tuning-box-{name}-{layers[0].name}", width=_BOX_WIDTH, gap="xsmall"):
        st.html(f'<div aria-hidden="true" style="height:{height}px;background:{colour(name)}"></div>')
        st.button(
            f"**{title}**",
            key=f"fine_tuning.block.{layers[0].name}",
            on_click=_train_head_only if is_head else _unfreeze_from,
            args=() if is_head else (layers[0].name,),
            width="stretch",
            help=_("Train the dense head only.") if is_head else _("Unfreeze from here on."),
        )
        st.caption(_tensors_in_words(layers, trained))


def _tensors_in_words(layers: list[PlannedLayer], trained: list[PlannedLayer]) -> str:
    """Icon and words: how many tensors of a block are trained, or that all are frozen."""
    count, moving = (sum(layer.tensors for layer in part) for part in (layers, trained))
    if not moving:
        words = ngettext("{count} frozen tensor", "{count} frozen tensors", count).format(count=number(count))
        return f"{ICONS[FROZEN]} {words}"
    if moving < count:
        words = _("{moving} of {count} tensors trainable").format(moving=number(moving), count=number(count))
        return f"{ICONS[TRAINED]} {words}"
    words = ngettext("{count} trainable tensor", "{count} trainable tensors", count).format(count=number(count))
    return f"{ICONS[TRAINED]} {words}"


def _layer_buttons(plan: TrainingPlan) -> None:
    """The layers of the block that holds the unfreeze point."""
    blocks = plan.blocks()
    chosen = next(name for name, layers in blocks.items() if plan.unfreeze_from in {layer.name for layer in layers})
    with st.container(horizontal=True, gap="small", key="fine_tuning-layers"):
        st.markdown(_("Layers of **{block}**:").format(block=chosen), width="content")
        for layer in blocks[chosen]:
            trained = plan.is_trained(layer)
            st.button(
                f"{ICONS[TRAINED if trained else FROZEN]} {layer.name} · "
                + (_("will be trained") if trained else _("frozen")),
                key=f"fine_tuning.layer.{layer.name}",
                on_click=_unfreeze_from,
                args=(layer.name,),
                help=_("{count} parameters").format(count=number(layer.parameters)),
            )


def _unfreeze_from(name: str) -> None:
    UNFREEZE.set(name)
    METHOD.set("fine_tuning")
    WARNED.set(True)


def _train_head_only() -> None:
    METHOD.set("frozen")


def _heights(base: str, plan: TrainingPlan) -> dict[str, int]:
    """Boxes get lower as the picture gets smaller on its way through the network."""
    summary = catalogued(base, include_top=False)
    sizes = {layer.name: layer.output_shape[0] or 1 for layer in summary.layers} if summary else {}
    side = summary.input_shape[0] if summary else 1
    return {
        block: round(_LOWEST + (_TALLEST - _LOWEST) * sqrt(min(1.0, sizes.get(layers[0].name, side) / side)))
        for block, layers in plan.blocks().items()
    }


def _style() -> None:
    """Frame of each box in the colour of its state; the words say the same."""
    rules = "".join(
        f'[class*="st-key-fine_tuning-box-{name}"] '
        f"{{border: 2px solid {colour(name)}; border-radius: 8px; padding: 6px}}"
        f'[class*="st-key-fine_tuning-box-{name}"] button {{border-color: {colour(name)}}}'
        for name in (FROZEN, TRAINED, "dense")
    )
    st.html(f"<style>{rules} [class*='st-key-fine_tuning-box'] [aria-hidden] {{border-radius: 4px}}</style>")
