"""The images of a set as points on a plane, near one another where their features are alike."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.common.charts import chart
from pages.ui.common.controls import choose_one
from pages.ui.common.dataset_words import class_title, split_title
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.jobs import answer_to
from pages.ui.common.messages import takeaway_line
from pages.ui.common.palette import class_mark, colour
from pages.ui.common.pictures import LARGE, pictures
from pages.ui.feature_extraction.photo import image_caption
from pages.ui.feature_extraction.scene import ANSWER_WAIT_S, Scene
from pages.ui.feature_extraction.state import (
    MAP_ASKED,
    MAP_JOB,
    METHOD,
    NUMBER,
    PICKED,
    PICKED_ASKED,
    PICKED_JOB,
    SOURCE,
    TOOL,
    VIEW,
)
from tlcore.engine.tasks.feature_space import ProjectedSet
from tlcore.engine.tasks.image_index import ShownImage

MOST_PICTURES = 24


def map_view(scene: Scene) -> None:
    """Method, chart, pictures of the selected points."""
    methods = {"pca": "PCA", "tsne": "t-SNE"}
    method = choose_one(_("How the numbers become two"), methods, METHOD)
    question = {**scene.question, "method": method}
    answer: ProjectedSet | None = answer_to(MAP_JOB, MAP_ASKED, "project_set", question, wait_s=ANSWER_WAIT_S)
    if answer is None:
        return
    selected = _chart(answer, scene)
    st.caption(_method_note(answer))
    if len(answer.indices) < answer.total:
        st.caption(
            _("{shown} of {total} images are shown, evenly chosen.").format(
                shown=number(len(answer.indices)), total=number(answer.total)
            )
        )
    _selected_images(selected, answer, scene)


def _chart(answer: ProjectedSet, scene: Scene) -> list[int]:
    """Draws the points; returns the indices of the selected images."""
    tools = {"pan": _("click a point"), "select": _("draw a box")}
    tool = choose_one(_("How to select"), tools, TOOL)  # plotly selects nothing by a click while it waits for a box
    figure = map_figure(answer, scene, tool)
    rows = [
        {
            _("image"): index + 1,
            _("class"): class_title(scene.data, label),
            _("part"): split_title(split),
            "x": float(x),
            "y": float(y),
        }
        for (x, y), index, label, split in zip(answer.points, answer.indices, answer.labels, answer.splits, strict=True)
    ]
    event = chart(
        figure,
        map_takeaway(answer, scene),
        rows,
        key=f"feature_extraction-map-{scene.layer}-{answer.explained is None}",
        on_select="rerun",
        selection_mode=("points", "box", "lasso"),
    )
    return [int(point["customdata"][0]) for point in event["selection"]["points"]]


def map_figure(answer: ProjectedSet, scene: Scene, tool: str = "pan") -> Any:
    """One trace a class, told apart by colour and by symbol; `tool` is what a drag does, "pan" or "select"."""
    import plotly.graph_objects as go

    points, labels = answer.points, answer.labels
    figure = go.Figure()
    for label in sorted(set(labels)):
        rows = [row for row, other in enumerate(labels) if other == label]
        shade, symbol = class_mark(label)
        figure.add_scatter(
            x=points[rows, 0],
            y=points[rows, 1],
            name=class_title(scene.data, label),
            mode="markers",
            customdata=[[answer.indices[row], answer.indices[row] + 1] for row in rows],
            marker={"color": shade, "symbol": symbol, "size": 9, "line": {"width": 1, "color": colour("surface")}},
            hovertemplate=_("image") + " %{customdata[1]}<extra>%{fullData.name}</extra>",
        )
    shares = answer.explained
    titles = ["t-SNE 1", "t-SNE 2"]
    if shares is not None:
        names = (_("first direction"), _("second direction"))
        titles = [
            _("{name}: {share} of the variation").format(name=name, share=percent(share))
            for name, share in zip(names, shares, strict=True)
        ]
    figure.update_layout(
        height=480,
        dragmode=tool,
        xaxis={"title": titles[0], "showticklabels": shares is not None, "zeroline": False},
        yaxis={"title": titles[1], "showticklabels": shares is not None, "zeroline": False},
    )
    return figure


def map_takeaway(answer: ProjectedSet, scene: Scene) -> str:
    """How well the layer tells the classes apart, measured on all its numbers, not on the two of the map."""
    return _(
        "At {layer}, {share} of an image's {count} nearest neighbours are of its own class; by chance it would be "
        "{chance}."
    ).format(
        layer=scene.layer,
        share=percent(answer.agreement),
        count=answer.neighbours,
        chance=percent(answer.by_chance),
    )


def _method_note(answer: ProjectedSet) -> str:
    channels = number(answer.channels)
    if answer.explained is None:
        return _(
            "Each image is the mean of {channels} channels. t-SNE keeps who is whose neighbour: sizes of groups and "
            "distances between them mean nothing, and neither do the axes."
        ).format(channels=channels)
    return _(
        "Each image is the mean of {channels} channels. PCA shows the two directions in which they differ most; what "
        "lies in the others is not seen here."
    ).format(channels=channels)


def _selected_images(selected: list[int], answer: ProjectedSet, scene: Scene) -> None:
    """Thumbnails of what was selected in the chart, or picked by number."""
    labels = dict(zip(answer.indices, answer.labels, strict=True))
    PICKED.set([index for index in PICKED.get() if index in labels])
    titles = {index: image_caption(index, label, scene) for index, label in labels.items()}
    picked = st.multiselect(
        _("Select points in the map (click, or draw a box), or choose images by number"),
        list(titles),
        format_func=titles.__getitem__,
        key=PICKED.widget(),
        placeholder=_("numbers of images"),
        select_all=False,
    )
    chosen = list(dict.fromkeys([*picked, *selected]))
    if not chosen:
        return
    question = {"data": scene.subject.data, "indices": tuple(evenly(chosen, MOST_PICTURES))}
    images: tuple[ShownImage, ...] | None = answer_to(
        PICKED_JOB, PICKED_ASKED, "show_images", question, wait_s=ANSWER_WAIT_S
    )
    if images is None:
        return
    takeaway_line(selection_takeaway([labels[index] for index in chosen], scene))
    pictures(
        [image.png for image in images],
        [image_caption(image.index, image.label, scene) for image in images],
        width=LARGE,
        key="selected",
    )
    if len(chosen) > len(images):
        st.caption(_("{count} of them, evenly chosen.").format(count=number(len(images))))
    st.button(
        _("Nearest neighbours of image {number}").format(number=number(chosen[0] + 1)),
        icon=":material/hub:",
        on_click=_go_to_neighbours,
        args=(chosen[0],),
        key="feature_extraction.go_to_neighbours",
    )


def evenly(indices: list[int], most: int) -> list[int]:
    """All of them, or `most`, spread over the list, the first one included."""
    count = min(len(indices), most)
    return [indices[step * len(indices) // count] for step in range(count)]


def selection_takeaway(labels: list[int], scene: Scene) -> str:
    """How many images were selected, class by class."""
    counts = [(labels.count(label), label) for label in sorted(set(labels))]
    parts = ", ".join(f"{class_title(scene.data, label)}: {number(count)}" for count, label in counts)
    return _("Selected: {count} ({parts})").format(count=number(len(labels)), parts=parts)


def _go_to_neighbours(index: int) -> None:
    NUMBER.set(index + 1)
    SOURCE.set("set")
    VIEW.set("neighbours")
