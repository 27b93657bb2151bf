"""What the channels of a layer answer to a photo, and which images of the set activate one of them most."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from pages.ui.common.charts import data_table
from pages.ui.common.controls import select_one
from pages.ui.common.dataset_words import class_title
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import answer_to
from pages.ui.common.lesson.progress import happened
from pages.ui.common.messages import takeaway_line
from pages.ui.common.pictures import LARGE, SMALL, enlarged, pictures, show_picture
from pages.ui.feature_extraction.photo import image_caption, photo_caption, photo_control
from pages.ui.feature_extraction.scene import ANSWER_WAIT_S, Scene
from pages.ui.feature_extraction.state import (
    CHANNELS_ASKED,
    CHANNELS_JOB,
    MOST_ACTIVE,
    STRONGEST_ASKED,
    STRONGEST_JOB,
    WHERE,
    channel_key,
)
from tlcore.engine.tasks.channels import ChannelInSet, PhotoChannels


def channels_view(scene: Scene) -> None:
    """Photo, grid of channels, one channel closely."""
    photo = photo_control(scene)
    if photo is None:
        return
    answer: PhotoChannels | None = answer_to(
        CHANNELS_JOB, CHANNELS_ASKED, "photo_channels", {**scene.question, "photo": photo}, wait_s=ANSWER_WAIT_S
    )
    if answer is None:
        return
    happened("channels", layer=scene.layer)
    _grid(answer, scene)
    channel = _channel_control(answer, scene)
    question = {**scene.question, "channel": channel, "photo": photo}
    closely: ChannelInSet | None = answer_to(
        STRONGEST_JOB, STRONGEST_ASKED, "channel_in_set", question, wait_s=ANSWER_WAIT_S
    )
    if closely is not None:
        _closely(closely, channel, answer, scene)


def _grid(answer: PhotoChannels, scene: Scene) -> None:
    """The photo and the maps of its most active channels."""
    active, maps = answer.channels, answer.pictures
    silent = sum(entry.highest <= 0 for entry in active)
    st.markdown(
        "**"
        + _(
            "Of the {count} channels of {layer}, channel {channel} answers most strongly to this photo; {silent} do "
            "not answer at all."
        ).format(count=number(len(active)), layer=scene.layer, channel=active[0].channel, silent=number(silent))
        + "**"
    )
    left, right = st.columns([1, 4], gap="medium")
    caption = photo_caption(answer.photo, scene)
    with left:
        show_picture(answer.photo.png, caption=caption, alt=caption, width=LARGE)
    with right:
        pictures(
            [enlarged(picture, SMALL) for picture in maps],
            [f"{entry.channel} · {number(entry.mean, 2)}" for entry in active[: len(maps)]],
            width=SMALL,
            key="channels",
        )
        st.caption(
            _(
                "The {shown} most active channels: number · mean over the map. Black is no answer, white the highest "
                "value of each map."
            ).format(shown=number(len(maps)))
        )
    rows = [{_("channel"): entry.channel, _("mean"): entry.mean, _("highest"): entry.highest} for entry in active]
    data_table(rows, key="feature_extraction-channels-table")


def _channel_control(answer: PhotoChannels, scene: Scene) -> int:
    """The most active channel of each photo, or one that stays."""
    active = answer.channels
    titles = {MOST_ACTIVE: _("the most active one: channel {channel}").format(channel=active[0].channel)}
    for entry in active:
        title = _("channel {channel} · mean {mean}")
        titles[entry.channel] = title.format(channel=entry.channel, mean=number(entry.mean, 2))
    st.subheader(_("One channel closely"), anchor=False)
    chosen = select_one(_("Channel, the most active ones first"), titles, channel_key(scene.layer))
    return int(active[0].channel if chosen == MOST_ACTIVE else chosen)


def _closely(closely: ChannelInSet, channel: int, answer: PhotoChannels, scene: Scene) -> None:
    images = closely.images
    takeaway_line(strongest_takeaway(closely, channel, scene))
    show = st.toggle(_("Show where in each image it answers"), key=WHERE.widget(), persist_state="session")
    seen = [answer.photo.png, *(example.image.png for example in images)]
    where = [closely.photo.png, *(example.heat.png for example in images)]
    pictures(
        where if show else seen,
        [
            f"{photo_caption(answer.photo, scene)} · {number(closely.photo.value, 2)}",
            *(
                f"{image_caption(example.image.index, example.image.label, scene)} · {number(example.heat.value, 2)}"
                for example in images
            ),
        ],
        width=LARGE,
        key="strongest",
    )
    st.caption(
        _(
            "First the photo, then the images of the set in which the channel reaches its highest values. Bright is "
            "where it answers, by one scale for all."
        )
    )


def strongest_takeaway(closely: ChannelInSet, channel: int, scene: Scene) -> str:
    """How strong, and of which class the strongest images are."""
    images = closely.images
    if images[0].heat.value <= 0:
        return _("Channel {channel} answers to no image of this set.").format(channel=channel)
    label, count = Counter(example.image.label for example in images).most_common(1)[0]
    return _(
        "Channel {channel} reaches {most} at most in the set, and {mean} in an image on average. Of the {shown} images "
        "that activate it most, {count} are “{name}”."
    ).format(
        channel=channel,
        most=number(images[0].heat.value, 2),
        mean=number(closely.mean_value, 2),
        shown=len(images),
        count=count,
        name=class_title(scene.data, label),
    )
