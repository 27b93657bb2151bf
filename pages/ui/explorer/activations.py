"""What a layer answers to a photo, channel by channel, down to the arithmetic of one number."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from pages.ui.charts import data_table
from pages.ui.explorer.picture import framed
from pages.ui.explorer.source import layer_control, network_source, photo_of_explorer
from pages.ui.explorer.table import shape
from pages.ui.i18n import _, number
from pages.ui.jobs import answer_to
from pages.ui.state import (
    EXPLORER_CHANNEL,
    EXPLORER_COLUMN,
    EXPLORER_INSPECT_ASKED,
    EXPLORER_INSPECT_JOB,
    EXPLORER_ROW,
)
from tlcore.architectures.summary import ArchitectureSummary
from tlcore.explanation import Arithmetic

PICTURE_SIDE = 132


def activations_tab(summary: ArchitectureSummary) -> None:
    """Photo, layer, the channels that answer most, and one number worked out."""
    left, right = st.columns([3, 2])
    with left:
        network = network_source(summary)
        layer = layer_control([layer.name for layer in summary.layers if layer.type != "InputLayer"])
    with right:
        photo = photo_of_explorer()
    if photo is None:
        return
    arguments = {**network, "layer": layer, "image": photo[0], "file_name": photo[1], **_place(summary, layer)}
    answer = answer_to(EXPLORER_INSPECT_JOB, EXPLORER_INSPECT_ASKED, "inspect_activations", arguments)
    if answer is None:
        return
    _channels(answer)
    if answer["arithmetic"] is None:
        st.info(_("This layer has no kernel, so there is no sum of products to work out. Choose a convolution."))
    else:
        arithmetic_view(answer["arithmetic"])


def _place(summary: ArchitectureSummary, layer: str) -> dict[str, Any]:
    """Row, column and channel of the number to work out."""
    dimensions = next(entry.output_shape for entry in summary.layers if entry.name == layer)
    rows, columns = (dimensions[0] or 1, dimensions[1] or 1) if len(dimensions) == 3 else (1, 1)
    channels = dimensions[-1] or 1
    fields = zip(st.columns(3), _fields(rows, columns, channels), strict=True)
    values = [column.number_input(label, low, high, key=key) for column, (label, key, low, high) in fields]
    return {"row": values[0], "column": values[1], "channel": None if values[2] < 0 else values[2]}


def _fields(rows: int, columns: int, channels: int) -> list[tuple[str, str, int, int]]:
    for key, size in ((EXPLORER_ROW, rows), (EXPLORER_COLUMN, columns)):
        key.set(min(key.get() if key.get() >= 0 else size // 2, size - 1))
    EXPLORER_CHANNEL.set(min(EXPLORER_CHANNEL.get(), channels - 1))
    return [
        (_("Row"), EXPLORER_ROW.widget(), 0, rows - 1),
        (_("Column"), EXPLORER_COLUMN.widget(), 0, columns - 1),
        (_("Channel (−1: the most active)"), EXPLORER_CHANNEL.widget(), -1, channels - 1),
    ]


def _channels(answer: dict[str, Any]) -> None:
    active = answer["channels"]
    st.markdown(
        "**"
        + _("Output {shape}. Channel {channel} answers most strongly, {mean} on average.").format(
            shape=shape(answer["shape"]), channel=active[0].channel, mean=number(active[0].mean, 3)
        )
        + "**"
    )
    pictures = [framed(picture, PICTURE_SIDE) for picture in answer["pictures"]]
    st.image(
        pictures, caption=[_("channel {number}").format(number=entry.channel) for entry in active], width=PICTURE_SIDE
    )
    rows = [
        {
            _("channel"): entry.channel,
            _("mean"): entry.mean,
            _("highest"): entry.highest,
            _("share above 0"): entry.share_active,
        }
        for entry in active
    ]
    data_table(rows, key="explorer.channels")


def arithmetic_view(numbers: Arithmetic) -> None:
    """Patch, kernel and product of the strongest input channel; then the sum, the bias and the activation."""
    st.subheader(_("The arithmetic of one number"), anchor=False)
    strongest = int(np.abs(numbers.channel_sums).argmax())
    st.markdown(
        _(
            "Row {row}, column {column}, channel {channel} of {layer}. Shown: input channel {strongest}, the strongest."
        ).format(
            row=numbers.row,
            column=numbers.column,
            channel=numbers.channel,
            layer=numbers.layer,
            strongest=numbers.first_channel + strongest,
        )
    )
    parts = {_("patch"): numbers.patch, _("kernel"): numbers.kernel, _("patch × kernel"): numbers.products}
    for column, (title, values) in zip(st.columns(3), parts.items(), strict=True):
        with column:
            st.caption(title)
            st.table([[number(float(value), 3) for value in row] for row in values[..., strongest]])
    st.markdown(
        _("Sum over {count} input channels: {sum}. Plus bias {bias}: {before}. {activation}: **{result}**.").format(
            count=number(len(numbers.channel_sums)),
            sum=number(float(numbers.channel_sums.sum()), 4),
            bias=number(numbers.bias, 4),
            before=number(numbers.pre_activation, 4),
            activation=numbers.activation,
            result=number(numbers.result, 4),
        )
    )
    st.caption(_("The network itself gives {output} at this place.").format(output=number(numbers.output, 4)))
