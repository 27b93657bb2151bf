"""What a layer answers to a photo, channel by channel, down to the arithmetic of one number."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from pages.ui.architecture_explorer.arithmetic import arithmetic_view
from pages.ui.architecture_explorer.catalog import WAITED_S
from pages.ui.architecture_explorer.crumbs import breadcrumbs
from pages.ui.architecture_explorer.inspector import find_layer
from pages.ui.architecture_explorer.picture import data_uri_of_pixels, framed
from pages.ui.architecture_explorer.pointing import pointed_picture, within
from pages.ui.architecture_explorer.source import layer_control, network_source, photo_of_explorer, title_with_weights
from pages.ui.architecture_explorer.state import CHANNEL, COLUMN, INSPECT_ASKED, INSPECT_JOB, MAP, PHOTO_PLACE, ROW
from pages.ui.architecture_explorer.table import shape
from pages.ui.common.charts import chart, data_table
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.jobs import answer_to
from pages.ui.common.palette import colour
from pages.ui.common.pictures import show_picture
from tlcore.architectures.receptive_field import Box, receptive_field_box
from tlcore.architectures.summary import ArchitectureSummary, LayerSummary
from tlcore.engine.tasks.layers import LayerActivations
from tlcore.engine.tasks.references import NetworkReference

PICTURE_SIDE = 96  # three in a row on a phone
CLOSE_SIDE = 300


def activations_tab(summary: ArchitectureSummary) -> None:
    """Photo, layer, the channels that answer most, one of them closely, and one number worked out."""
    left, right = st.columns([3, 2])
    with left:
        network = network_source(summary)
        name = layer_control([layer.name for layer in summary.layers if layer.type != "InputLayer"])
    with right:
        photo = photo_of_explorer()
    layer = find_layer(summary, name)
    if photo is None or layer is None:
        return
    arguments = {
        "network": network,
        "layer": name,
        "image": photo[0],
        "file_name": photo[1],
        **_position_controls(layer),
    }
    answer: LayerActivations | None = answer_to(
        INSPECT_JOB, INSPECT_ASKED, "inspect_activations", arguments, wait_s=WAITED_S
    )
    if answer is None:
        return
    if answer.picture.size > 1:
        _gallery(answer, title_with_weights(_takeaway(answer), network))
        _closely(summary, layer, answer)
    else:
        _units(answer, network)
        breadcrumbs(summary, layer, channel=answer.chosen.channel, key="architecture_explorer.crumbs.activations")
    if answer.arithmetic is not None:
        arithmetic_view(answer.arithmetic)
    else:
        text = _("This layer ({kind}) works without a kernel: no sum of products to work out. Choose a convolution.")
        st.info(text.format(kind=layer.type))


def _map_size(layer: LayerSummary) -> tuple[int, int]:
    dimensions = layer.output_shape
    return (dimensions[0] or 1, dimensions[1] or 1) if len(dimensions) == 3 else (1, 1)


def _position_controls(layer: LayerSummary) -> dict[str, Any]:
    """Row, column and channel of the number to work out."""
    rows, columns = _map_size(layer)
    channels = layer.output_shape[-1] or 1
    for key, size in ((ROW, rows), (COLUMN, columns)):
        key.set(min(key.get() if key.get() >= 0 else size // 2, size - 1))
    if CHANNEL.get() is not None:
        CHANNEL.set(within(CHANNEL.get() or 0, channels))
    first, second, third = st.columns(3)
    channel = first.number_input(
        _("Channel, 0 to {last}").format(last=channels - 1),
        0,
        channels - 1,
        key=CHANNEL.widget(),
        placeholder=_("the most active one"),
        persist_state="session",
    )
    row, column = (
        field.number_input(label, 0, size - 1, key=key.widget(), persist_state="session")
        for field, label, size, key in (
            (second, _("Row"), rows, ROW),
            (third, _("Column"), columns, COLUMN),
        )
    )
    return {"position": (row, column), "channel": channel}


def _takeaway(answer: LayerActivations) -> str:
    strongest = answer.channels[0]
    return _("Output {shape}. Channel {channel} answers most strongly, {mean} on average.").format(
        shape=shape(answer.shape), channel=strongest.channel, mean=number(strongest.mean, 3)
    )


def _gallery(answer: LayerActivations, title: str) -> None:
    """The most active channels, each with a button that opens it."""
    active = answer.channels
    st.markdown(f"**{title}**")
    with st.container(horizontal=True, gap="small"):
        for picture, entry in zip(answer.pictures, active, strict=True):
            with st.container(width=PICTURE_SIDE + 8, gap="xsmall"):
                name = _("channel {number}").format(number=entry.channel)
                enlarged = framed(picture, PICTURE_SIDE)
                height = math.ceil(PICTURE_SIDE * enlarged.shape[0] / enlarged.shape[1])
                with st.container(height=height, border=False):  # its room is kept: the buttons do not move
                    show_picture(enlarged, width=PICTURE_SIDE, alt=name)
                st.button(
                    name,
                    key=f"architecture_explorer.channel.{entry.channel}",
                    type="primary" if entry.channel == answer.chosen.channel else "tertiary",
                    on_click=CHANNEL.set,
                    args=(entry.channel,),
                )
    st.caption(_("Press a channel to open it. Each map from black, its lowest value, to white, its highest."))
    rows = [
        {
            _("channel"): entry.channel,
            _("mean"): entry.mean,
            _("highest"): entry.highest,
            _("share above 0"): percent(entry.share_active),
        }
        for entry in active
    ]
    data_table(rows, key="architecture_explorer.channels")


def _units(answer: LayerActivations, network: NetworkReference) -> None:
    """The strongest units of a layer that has no places, such as a dense one."""
    import plotly.graph_objects as go

    active = answer.channels
    colours = ["validation" if entry.channel == answer.chosen.channel else "accent" for entry in active]
    figure = go.Figure(
        go.Bar(
            x=[str(entry.channel) for entry in active],
            y=[entry.mean for entry in active],
            marker_color=[colour(name) for name in colours],
        )
    )
    figure.update_layout(height=260, xaxis={"title": _("channel"), "type": "category"}, yaxis={"title": _("value")})
    takeaway = _("Output {shape}: no places, one value a channel. The highest is {value}, of channel {channel}.")
    sentence = takeaway.format(
        shape=shape(answer.shape[-1:]), value=number(active[0].mean, 4), channel=active[0].channel
    )
    rows = [{_("channel"): entry.channel, _("value"): entry.mean} for entry in active]
    chart(figure, title_with_weights(sentence, network), rows, key="architecture_explorer-units")


def _closely(summary: ArchitectureSummary, layer: LayerSummary, answer: LayerActivations) -> None:
    """The photo as the network gets it, and the chosen channel; a click chooses the number to work out."""
    chosen = answer.chosen
    row, column = answer.row, answer.column
    breadcrumbs(
        summary, layer, channel=chosen.channel, position=(row, column), key="architecture_explorer.crumbs.activations"
    )
    rows, columns = answer.shape[:2]
    height, width = summary.input_shape[:2]
    seen = receptive_field_box(summary, layer.name, row, column)

    def unit_at(x: float, y: float) -> tuple[int, int]:
        return within(y * rows, rows), within(x * columns, columns)

    with st.container(horizontal=True, gap="medium"):
        with st.container(width=CLOSE_SIDE):
            st.caption(_("The photo; square: what the number sees."))
            photo = _marked(answer.photo, (height, width), seen)
            alt = _("The photo, with the square that the number sees.")
            pointed_picture(photo, alt, width=CLOSE_SIDE, unit_at=unit_at, key=PHOTO_PLACE)
        with st.container(width=CLOSE_SIDE):
            st.caption(_("Channel {channel}; square: the number. Click another.").format(channel=chosen.channel))
            unit = Box(row, column, row + 1, column + 1)
            picture = _marked(answer.picture, (rows, columns), unit)
            alt = _("The map of channel {channel}.").format(channel=chosen.channel)
            pointed_picture(picture, alt, width=CLOSE_SIDE, unit_at=unit_at, key=MAP)
    sentence = _("At row {row}, column {column}, channel {channel} gives **{value}**; its highest value is {highest}.")
    st.markdown(
        sentence.format(
            row=row,
            column=column,
            channel=chosen.channel,
            value=number(answer.value, 4),
            highest=number(chosen.highest, 4),
        )
    )


def _marked(pixels: Any, size: tuple[int, int], box: Box) -> str:
    """A picture with a square, in units of its own pixels."""
    height, width = size
    line = max(height, width) / 100
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{CLOSE_SIDE}" height="{CLOSE_SIDE * height / width:.0f}" '
        f'viewBox="0 0 {width} {height}"><image href="{data_uri_of_pixels(pixels)}" width="{width}" '
        f'height="{height}" style="image-rendering: pixelated"/><rect x="{box.left}" y="{box.top}" '
        f'width="{box.right - box.left}" height="{box.bottom - box.top}" fill="#ffd54a" fill-opacity="0.2" '
        f'stroke="#d35400" stroke-width="{line:.2f}"/></svg>'
    )
