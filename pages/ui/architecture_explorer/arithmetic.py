"""One number of a layer worked out: patch times kernel, added up, plus the bias, through the activation."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from pages.ui.architecture_explorer.state import INPUT_CHANNEL
from pages.ui.common.i18n import _, number
from tlcore.explanation import Arithmetic

LISTED = 8  # input channels in the table of the sum; the others are one line
STRONGEST = -1
MOST_OFFERED = 64


def arithmetic_view(numbers: Arithmetic) -> None:
    """Patch, kernel and product of one input channel; then the sum over all of them, the bias and the activation."""
    order = [int(index) for index in np.argsort(-np.abs(numbers.channel_sums), kind="stable")]
    st.header(_("The arithmetic of one number"), anchor=False)
    _products(numbers, _input_channel(numbers, order))
    _sum(numbers, order)
    _result(numbers)


def _input_channel(numbers: Arithmetic, order: list[int]) -> int:
    """Which of the input channels is shown closely, as its index in `numbers.patch`."""
    titles = {STRONGEST: _("the strongest one: channel {channel}").format(channel=numbers.input_channels[order[0]])}
    for index in order[:MOST_OFFERED]:
        channel = numbers.input_channels[index]
        title = _("channel {channel}: adds {value}")
        titles[channel] = title.format(channel=channel, value=number(float(numbers.channel_sums[index]), 4))
    chosen = st.selectbox(
        _("Input channel to look at, the strongest first"),
        list(titles),
        format_func=titles.__getitem__,
        key=INPUT_CHANNEL.widget(titles),
    )
    return order[0] if chosen in (STRONGEST, None) else numbers.input_channels.index(chosen)


def _products(numbers: Arithmetic, index: int) -> None:
    patch = [
        [_cell(value, inside) for value, inside in zip(*row, strict=True)]
        for row in zip(numbers.patch[..., index], numbers.inside, strict=True)
    ]
    parts = {
        _("patch: what the layer reads here"): patch,
        _("kernel: its weights"): _cells(numbers.kernel[..., index]),
        _("patch × kernel"): _cells(numbers.products[..., index]),
    }
    for column, (title, cells) in zip(st.columns(3), parts.items(), strict=True):
        with column:
            st.caption(title)
            st.table(cells)
    count = numbers.products[..., index].size
    if count > 1:
        text = _("The {count} products of this channel add up to **{sum}**.")
        st.markdown(text.format(count=number(count), sum=number(float(numbers.channel_sums[index]), 4)))
    if not numbers.inside.all():
        st.caption(_("(0) lies outside the map: the padding, which reads 0."))


def _cell(value: float, inside: bool) -> str:
    return number(float(value), 3) if inside else "(0)"


def _cells(values: Any) -> list[list[str]]:
    return [[number(float(value), 3) for value in row] for row in values]


def _sum(numbers: Arithmetic, order: list[int]) -> None:
    """The sums of the strongest input channels and of all the others, which add up to the total."""
    st.markdown("**" + _("The sum over the input channels") + "**")
    st.table(sum_rows(numbers, order), border="horizontal", width="content")


def sum_rows(numbers: Arithmetic, order: list[int]) -> list[dict[str, str]]:
    """One line a strong channel, one for the others, one for the bias, and the total."""
    sums = numbers.channel_sums
    lines = [
        (_("input channel {channel}").format(channel=numbers.input_channels[index]), float(sums[index]))
        for index in order[:LISTED]
    ]
    others = order[LISTED:]
    if others:
        text = _("the other {count} channels together").format(count=number(len(others)))
        lines.append((text, float(sums[others].sum())))
    lines.append((_("bias"), numbers.bias))
    lines.append((_("all together"), numbers.pre_activation))
    return [{_("part"): text, _("value"): number(value, 4)} for text, value in lines]


def _result(numbers: Arithmetic) -> None:
    sums = number(float(numbers.channel_sums.sum()), 4)
    before = number(numbers.pre_activation, 4)
    line = f"{sums} + ({number(numbers.bias, 4)}) = {before}"
    if numbers.activation != "linear":
        line += f" → {numbers.activation.replace('_', ' ')}({before}) = **{number(numbers.result, 4)}**"
    st.markdown(line)
    if numbers.activation == "softmax":
        st.caption(_("Softmax divides by the sum over all units, so its result needs the neighbours of this one too."))
    st.caption(
        _("The network itself gives {output} at this place. Shown are four digits, computed are all.").format(
            output=number(numbers.output, 4)
        )
    )
