"""The images of the set that are nearest to a photo in the features of a layer."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from pages.ui.common.charts import data_table
from pages.ui.common.controls import choose_one
from pages.ui.common.dataset_words import class_title
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import answer_to
from pages.ui.common.messages import takeaway_line
from pages.ui.common.pictures import LARGE, pictures, show_picture
from pages.ui.feature_extraction.photo import image_caption, photo_caption, photo_control
from pages.ui.feature_extraction.scene import ANSWER_WAIT_S, Scene
from pages.ui.feature_extraction.state import COUNT, MEASURE, NEIGHBOURS_ASKED, NEIGHBOURS_JOB
from tlcore.engine.tasks.feature_space import NearestImages
from tlcore.engine.tasks.image_index import ShownImage

MOST = 24


def neighbours_view(scene: Scene) -> None:
    """Photo, measure, the nearest images with their numbers."""
    left, right = st.columns(2, gap="medium")
    with left:
        photo = photo_control(scene)
    with right:
        measure, count = _measure_control(scene)
    if photo is None:
        return
    question = {**scene.question, "photo": photo, "measure": measure, "count": count}
    answer: NearestImages | None = answer_to(
        NEIGHBOURS_JOB, NEIGHBOURS_ASKED, "nearest_images", question, wait_s=ANSWER_WAIT_S
    )
    if answer is not None:
        _answer(answer, measure, scene)


def _measure_control(scene: Scene) -> tuple[str, int]:
    measures = {"cosine": _("cosine similarity"), "euclidean": _("Euclidean distance")}
    measure = choose_one(
        _("Near means"),
        measures,
        MEASURE,
        help=_(
            "Cosine similarity compares the mix of channels, 1 for the same mix. Euclidean distance also counts how "
            "strongly they answer, 0 for equal features."
        ),
    )
    most = min(MOST, scene.count - 1)
    COUNT.set(min(COUNT.get(), most))
    count = st.slider(_("How many neighbours"), 1, most, key=COUNT.widget(), persist_state="session")
    return measure, int(count)


def _answer(answer: NearestImages, measure: str, scene: Scene) -> None:
    images = answer.images
    takeaway_line(neighbours_takeaway(answer, scene))
    left, right = st.columns([1, 4], gap="medium")
    caption = photo_caption(answer.photo, scene)
    with left:
        show_picture(answer.photo.png, caption=caption, alt=caption, width=LARGE)
    values = [near.similarity if measure == "cosine" else near.distance for near in images]
    with right:
        pictures(
            [near.image.png for near in images],
            [
                f"{_caption(near.image, answer, scene)} · {number(value, 3)}"
                for near, value in zip(images, values, strict=True)
            ],
            width=LARGE,
            key="neighbours",
        )
    right.caption(
        _("Nearest first; the number is the {measure} of two times {channels} features.").format(
            measure=_("cosine similarity") if measure == "cosine" else _("Euclidean distance"),
            channels=number(answer.channels),
        )
    )
    rows = [
        {
            _("rank"): rank,
            _("image"): near.image.index + 1,
            _("class"): class_title(scene.data, near.image.label),
            _("cosine similarity"): near.similarity,
            _("Euclidean distance"): near.distance,
            _("file"): near.image.source,
        }
        for rank, near in enumerate(images, start=1)
    ]
    data_table(rows, key="feature_extraction-neighbours-table")


def _caption(image: ShownImage, answer: NearestImages, scene: Scene) -> str:
    """Number and class, with a mark that says whether it is the photo's class, where that is known."""
    caption = image_caption(image.index, image.label, scene)
    if answer.photo.label is None:
        return caption
    return ("✓ " if image.label == answer.photo.label else "✗ ") + caption


def neighbours_takeaway(answer: NearestImages, scene: Scene) -> str:
    """How many share the photo's class, against chance; of an own photo, which class most of them are."""
    labels = [near.image.label for near in answer.images]
    label, count = Counter(labels).most_common(1)[0]
    if answer.photo.label is not None:
        label, count = answer.photo.label, labels.count(answer.photo.label)
        sentence = _(
            "{count} of the {shown} nearest images share its class, “{name}”; drawn at random, {chance} would."
        )
    else:
        sentence = _(
            "{count} of the {shown} nearest images are “{name}”, so a vote of the neighbours calls your photo that; "
            "drawn at random, {chance} would be."
        )
    share = answer.counts[label] / sum(answer.counts)
    return sentence.format(
        count=count, shown=len(labels), name=class_title(scene.data, label), chance=number(share * len(labels), 1)
    )
