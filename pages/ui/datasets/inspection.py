"""What is wrong with the chosen images: shortcuts, near-duplicates, contradictions, light, sizes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.common.charts import chart
from pages.ui.common.class_words import task_word
from pages.ui.common.dataset_words import class_title
from pages.ui.common.i18n import _, amount_of_bytes, ngettext, number
from pages.ui.common.museum_links import pieces_about
from pages.ui.common.palette import class_mark
from pages.ui.common.pictures import LARGE, pictures
from pages.ui.datasets.findings import finding
from pages.ui.datasets.labels import suspects_view
from pages.ui.datasets.sheets import Sheet, sheet_of_images
from pages.ui.datasets.shortcuts import shortcuts_view
from pages.ui.datasets.state import INSPECTION_JOB, sheet_keys
from tlcore.datasets.inspection import BRIGHTNESS_BINS, DatasetInspection, FileFindings
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.gallery import GalleryImage, GalleryQuery
from tlcore.engine.tasks.inspection import InspectedSet

_MOST_PAIRS = 60


def faults_view(data: DatasetPreview) -> None:
    """Labels that look wrong, and what the images as such have."""
    found: InspectedSet | None = finding(data, INSPECTION_JOB, "inspect_dataset", _("Look through all images"))
    if found is not None:
        shortcuts_view(found.shortcuts)
        _pairs(data, found.inspection)
        _light(found.inspection)
        _mean_images(found.inspection)
        _files(found.inspection.files)
    suspects_view(data)


def _pairs(data: DatasetPreview, found: DatasetInspection) -> None:
    st.subheader(_("Images that look alike"), anchor=False)
    pairs, opposed = found.pairs, sum(pair.is_contradiction for pair in found.pairs)
    leaks = sum(pair.is_leak for pair in pairs)
    if not pairs:
        st.markdown(_("No two images of this set look alike at a glance."))
        return
    sentences = [ngettext("{count} pair looks alike.", "{count} pairs look alike.", len(pairs))]
    if opposed:
        sentences.append(
            ngettext(
                "**{opposed} has two classes**: the network is told both, and learns neither.",
                "**{opposed} have two classes**: the network is told both, and learns neither.",
                opposed,
            )
        )
    if leaks:
        sentences.append(
            ngettext(
                "{leaks} lies in two parts of the split: one image would be tested by what the other has taught.",
                "{leaks} lie in two parts of the split: one image would be tested by what the other has taught.",
                leaks,
            )
        )
    counts = {"count": number(len(pairs)), "opposed": number(opposed), "leaks": number(leaks)}
    st.markdown(" ".join(sentences).format(**counts))
    shown = pairs[:_MOST_PAIRS]
    query = GalleryQuery(only=tuple(index for pair in shown for index in (pair.first, pair.second)))
    pair_of = {index: place for place, pair in enumerate(shown, 1) for index in (pair.second, pair.first)}

    def titled(_place: int, image: GalleryImage) -> str:
        return f"{pair_of[image.index]}: {class_title(data, image.label)}"

    sheet_of_images(data, Sheet(query, 88, title=titled), sheet_keys("pairs"))
    pieces_about("near_duplicates")


def _light(found: DatasetInspection) -> None:
    st.subheader(_("How bright the images are"), anchor=False)
    middles = [round((step + 0.5) * 256 / BRIGHTNESS_BINS) for step in range(BRIGHTNESS_BINS)]
    lines, rows = [], []
    for label, each in enumerate(found.classes):
        mark, symbol = class_mark(label)
        name = task_word(each.class_name)
        shares = [count / max(1, each.total) for count in each.histogram]
        lines.append(
            {
                "type": "scatter",
                "x": middles,
                "y": shares,
                "name": name,
                "mode": "lines+markers",
                "line": {"color": mark, "width": 2},
                "marker": {"symbol": symbol, "color": mark},
            }
        )
        brightness = {_("mean brightness"): round(each.brightness, 1), _("deviation"): round(each.brightness_std, 1)}
        rows.append({_("class"): name, _("images"): each.total, **brightness})
    by_light = sorted(found.classes, key=lambda each: each.brightness)
    darkest, brightest = by_light[0], by_light[-1]
    takeaway = _("Brightest on average: “{bright}”, {high} of 255; darkest: “{dark}”, {low}.").format(
        bright=task_word(brightest.class_name),
        high=number(brightest.brightness),
        dark=task_word(darkest.class_name),
        low=number(darkest.brightness),
    )
    layout = {
        "height": 260,
        "xaxis": {"title": _("mean brightness of an image, of 255"), "range": [0, 255]},
        "yaxis": {"title": _("images of the class"), "tickformat": ".0%", "rangemode": "tozero"},
    }
    chart({"data": lines, "layout": layout}, takeaway, rows, key="datasets-light")
    unseen = len(found.dark) + len(found.bright) + len(found.flat)
    if unseen:
        text = ngettext(
            "In {count} image hardly anything can be seen; the gallery shows it under “Found about them”.",
            "In {count} images hardly anything can be seen; the gallery shows them under “Found about them”.",
            unseen,
        )
        st.caption(":material/brightness_low: " + text.format(count=number(unseen)))


def _mean_images(found: DatasetInspection) -> None:
    st.subheader(_("The mean image of each class"), anchor=False)
    st.markdown(_("What the training images of a class have in common shows; the rest is a blur."))
    names = [task_word(each.class_name) for each in found.classes]
    captions = [_("mean of “{name}”").format(name=name) for name in names]
    pictures(list(found.mean_images), captions, width=LARGE, key="datasets-means")


def _files(files: FileFindings | None) -> None:
    st.subheader(_("Sizes and proportions of the files"), anchor=False)
    if files is None:
        st.caption(_("These images came from no files, or the sizes of the files were not kept."))
        return
    rows = [
        {
            _("class"): task_word(each.class_name),
            _("width"): round(each.width),
            _("height"): round(each.height),
            _("width / height"): round(each.aspect_ratio, 2),
            _("file"): amount_of_bytes(each.num_bytes),
        }
        for each in files.classes
    ]
    layout = {
        "height": 300,
        "xaxis": {"title": _("width in pixels"), "rangemode": "tozero"},
        "yaxis": {"title": _("height in pixels"), "rangemode": "tozero"},
    }
    names = [row[_("class")] for row in rows]
    points = [_points(files, label, str(name)) for label, name in enumerate(names)]
    takeaway = _("{enlarged} images were enlarged, and of {cropped} more than a third was cut off.").format(
        enlarged=number(len(files.enlarged)), cropped=number(len(files.cropped))
    )
    chart({"data": points, "layout": layout}, takeaway, rows, key="datasets-files")


def _points(files: FileFindings, label: int, name: str) -> dict[str, Any]:
    mark, symbol = class_mark(label)
    own = [point for point in files.points if point.label == label]
    return {
        "type": "scatter",
        "x": [point.width for point in own],
        "y": [point.height for point in own],
        "name": name,
        "mode": "markers",
        "marker": {"symbol": symbol, "color": mark, "opacity": 0.6, "size": 8},
    }
