"""The network as the figure of the lesson, part by part; a click moves the point from which it is unfrozen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, takewhile
from math import sqrt

import streamlit as st

from pages.ui.common.i18n import _, ngettext, number
from pages.ui.common.network_figure import signs_line
from pages.ui.common.network_parts import block, head
from pages.ui.common.palette import colour
from pages.ui.common.pictures import data_uri
from pages.ui.fine_tuning.settings import FineTuningState
from pages.ui.fine_tuning.state import METHOD, UNFREEZE, WARNED
from tlcore.architectures.catalog import catalogued, has_batch_norm
from tlcore.training.plan import PlannedLayer, TrainingPlan

ICONS = {False: ":material/lock:", True: ":material/edit:"}  # frozen, trained
_TALLEST, _LOWEST, _WIDTH = 88, 34, 60  # of a box, in pixels


@dataclass(frozen=True)
class Stage:
    """Neighbouring blocks that give maps of one size and are frozen, or trained, alike.

    Attributes:
        blocks: Their layers with weights, by block.
        side: Height of the maps, as a share of the image's.
        trained: Whether the last of their layers are trained.
    """

    blocks: dict[str, list[PlannedLayer]]
    side: float
    trained: bool

    @property
    def layers(self) -> list[PlannedLayer]:
        return [layer for layers in self.blocks.values() for layer in layers]

    @property
    def title(self) -> str:
        """ "block4", or of several blocks what their names have in common, or "block4a – block5c"."""
        names = list(self.blocks)
        pairs = takewhile(lambda pair: pair[0] == pair[1], zip(min(names), max(names), strict=False))
        shared = "".join(letter for letter, _same in pairs).removesuffix("_block")
        if len(names) > 1 and not shared[-1:].isdigit():
            return f"{names[0]} – {names[-1]}"
        return shared


def network_drawing(state: FineTuningState) -> None:
    """Stages from the image to the answer, then the blocks and the layers of the one in which training begins."""
    plan = state.plan
    if not plan.base:
        st.info(_("This base has no table; choose the first layer to train by its name."))
        return
    parts = stages(plan, state.spec.base)
    _style(parts)
    with st.container(horizontal=True, gap="small", key="fine_tuning-row-network"):
        for stage in parts:
            _stage_box(stage, plan)
        _head_box(plan)
    signs_line()
    st.caption(
        ":material/touch_app: "
        + _("Click a block or a layer: from there to the end, the network is trained in step 5. Left of it, frozen.")
    )
    _closely(next(stage for stage in parts if plan.unfreeze_from in {layer.name for layer in stage.layers}), plan)
    if has_batch_norm(state.spec.base):
        st.caption(":material/balance: " + _batch_norm_in_words())


def stages(plan: TrainingPlan, base: str) -> list[Stage]:
    """The blocks of a plan, put together as far as the figure can show them as one box."""
    summary = catalogued(base, include_top=False)
    heights = {layer.block: layer.output_shape[0] or 1 for layer in summary.layers} if summary else {}
    image = summary.input_shape[0] if summary else 1

    def alike(item: tuple[str, list[PlannedLayer]]) -> tuple[int, bool]:
        return heights.get(item[0], image), plan.is_trained(item[1][-1])

    return [
        Stage(dict(blocks), min(1.0, height / image), trained)
        for (height, trained), blocks in groupby(plan.blocks().items(), alike)
    ]


def _batch_norm_in_words() -> str:
    """What BatchNormalization is, and why it keeps its statistics in fine-tuning."""
    return _(
        "BatchNormalization rescales each channel by a mean and a variance, which this base has learned from a million "
        "images. Fine-tuning keeps them (its scale and shift do learn) unless you set them free under “Settings”: your "
        "few images would overwrite them, and the layers behind would get numbers that they do not know."
    )


def _stage_box(stage: Stage, plan: TrainingPlan) -> None:
    height = _LOWEST + (_TALLEST - _LOWEST) * sqrt(stage.side)
    size = (_WIDTH - 12, height)
    picture = block(1, _TALLEST + 18, size, moves=stage.trained)
    first = stage.layers[0].name
    with st.container(key=f"fine_tuning-box-{first}", gap="xsmall"):
        _drawn(picture)
        st.button(
            f"**{stage.title}**",
            key=f"fine_tuning.block.{first}",
            on_click=_unfreeze_from,
            args=(first,),
            width="stretch",
            help=_("Unfreeze from here on.") + " " + _tensors_in_words(stage.layers, plan),
        )


def _head_box(plan: TrainingPlan) -> None:
    layers = list(plan.head)
    with st.container(key="fine_tuning-box-head", gap="xsmall"):
        _drawn(head(4, _TALLEST + 18))
        st.button(
            "**" + _("head") + "**",
            key=f"fine_tuning.block.{layers[0].name}",
            on_click=_train_head_only,
            width="stretch",
            help=_("Train the dense head only.") + " " + _tensors_in_words(layers, plan),
        )


def _drawn(picture: str) -> None:
    height = _TALLEST + 20
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" height="{height}">{picture}</svg>'
    st.html(f'<img src="{data_uri(svg)}" alt="" style="display: block; margin: auto; width: 100%; max-width: 4rem">')


def _tensors_in_words(layers: list[PlannedLayer], plan: TrainingPlan) -> str:
    """How many tensors of a part are trained, or that all are frozen."""
    count = sum(layer.tensors for layer in layers)
    moving = sum(layer.tensors for layer in layers if plan.is_trained(layer))
    if not moving:
        return ngettext("{count} frozen tensor", "{count} frozen tensors", count).format(count=number(count))
    if moving < count:
        return _("{moving} of {count} tensors trainable").format(moving=number(moving), count=number(count))
    return ngettext("{count} trainable tensor", "{count} trainable tensors", count).format(count=number(count))


def _closely(stage: Stage, plan: TrainingPlan) -> None:
    """The blocks of a stage that has several, and the layers of the block that holds the unfreeze point."""
    chosen = next(name for name, layers in stage.blocks.items() if plan.unfreeze_from in {x.name for x in layers})
    if len(stage.blocks) > 1:
        with st.container(horizontal=True, gap="small", key="fine_tuning-row-blocks", vertical_alignment="center"):
            st.markdown(_("Blocks:"), width="content")
            for name, layers in stage.blocks.items():
                _start_button(name, layers[0].name, layers[-1], plan, kind="start")
    with st.container(horizontal=True, gap="small", key="fine_tuning-layers", vertical_alignment="center"):
        st.markdown(_("Layers of **{block}**:").format(block=chosen), width="content")
        for layer in stage.blocks[chosen]:
            _start_button(layer.name, layer.name, layer, plan, kind="layer")


def _start_button(title: str, start: str, layer: PlannedLayer, plan: TrainingPlan, *, kind: str) -> None:
    """Unfreezes from `start` on; marked as `layer` is."""
    trained = plan.is_trained(layer)
    st.button(
        f"{ICONS[trained]} {title}",
        key=f"fine_tuning.{kind}.{start}",
        on_click=_unfreeze_from,
        args=(start,),
        help=(_("will be trained") if trained else _("frozen"))
        + ", "
        + _("{count} parameters").format(count=number(layer.parameters)),
    )


def _unfreeze_from(name: str) -> None:
    UNFREEZE.set(name)
    METHOD.set("fine_tuning")
    WARNED.set(True)


def _train_head_only() -> None:
    METHOD.set("frozen")


def _style(parts: list[Stage]) -> None:
    """A line in the colour of its state below each part; its sign says the same."""
    lines = {f"box-{stage.layers[0].name}": "trainable" if stage.trained else "frozen" for stage in parts}
    lines["box-head"] = "dense"
    rules = "".join(
        f".st-key-fine_tuning-{name.replace('.', '-')} button {{border-bottom: 4px solid {colour(meaning)}}}"
        for name, meaning in lines.items()
    )
    narrow = "[class*='st-key-fine_tuning-box'] {min-width: 3.4rem; flex: 1 1 0; max-width: 8rem}"
    small = "[class*='st-key-fine_tuning-box'] button {padding: 0.2rem; min-height: 2rem} "
    small += "[class*='st-key-fine_tuning-box'] button p {font-size: 0.8rem}"
    phone = "@media (max-width: 640px) {.st-key-fine_tuning-row-network {gap: 4px} "
    phone += "[class*='st-key-fine_tuning-box'] {min-width: 2.6rem} "
    phone += "[class*='st-key-fine_tuning-box'] button p {font-size: 0.68rem}}"
    st.html(f"<style>{rules} {narrow} {small} {phone}</style>")
