"""The know-nothing meter: how far a photo lies from what the network has learned from."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.ui.common.charts import chart
from pages.ui.common.class_words import task_word
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.jobs import answer_to
from pages.ui.common.messages import tag
from pages.ui.common.owner import owner
from pages.ui.common.palette import colour
from pages.ui.common.pictures import SMALL, pictures
from pages.ui.live_prediction.state import FAMILIAR_ASKED, FAMILIAR_JOB
from pages.ui.live_prediction.words import run_of
from tlcore.engine.tasks.familiarity import PhotoFamiliarity
from tlcore.engine.tasks.prediction import PhotoAnswer
from tlcore.engine.tasks.references import DatasetReference
from tlcore.inference.unknown_classes import COMMAND, measured_unknown_classes
from tlcore.store import OwnerStore

_WAIT_S = 0.6
_BINS = 30
_NEARER, _FARTHER = 0.9, 1.05  # of the nearest and the farthest: the ends of the axis
_HEADROOM = 1.35  # above the bars: the words at the threshold


def familiarity_view(answer: PhotoAnswer) -> None:
    """Whether the network knows such photos at all, which its percentages cannot say."""
    run = run_of(answer.network)
    if run is None or not _are_here(run.data):
        st.caption(
            _(
                "Of a network that you have trained, this page also says whether it knows such photos at all: the "
                "images that this one learned from are not here."
            )
        )
        return
    st.header(_("Does it know such photos at all?"), anchor=False)
    question = {"network": answer.network, "image": answer.photo}
    familiarity: PhotoFamiliarity | None = answer_to(
        FAMILIAR_JOB, FAMILIAR_ASKED, "familiarity", question, wait_s=_WAIT_S
    )
    if familiarity is None:
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        _distances(familiarity, answer.predictions[0].probability)
    with right:
        st.markdown(_("What it has learned from that is most like it:"))
        titles = [task_word(run.class_titles[image.label]) for image in familiarity.nearest]
        pictures([image.png for image in familiarity.nearest], titles, width=SMALL, key="familiar", one_row=True)
    _how_good(familiarity)


def _are_here(data: DatasetReference | None) -> bool:
    """Whether the images of a run are: it may have come from a file, and people delete their images."""
    if data is None or not data.is_brought:
        return data is not None
    return any(item.item_id == data.item for item in OwnerStore(owner()).items("datasets"))


def _distances(familiarity: PhotoFamiliarity, share: float) -> None:
    """Where the photo lies among the training images, the distances of which are the bars."""
    ends = [*familiarity.known[[0, -1]].tolist(), familiarity.distance]
    low, high = _NEARER * min(ends), _FARTHER * max(ends)
    counts, edges = np.histogram(familiarity.known, _BINS, (low, high))
    known = {
        "type": "bar",
        "x": ((edges[:-1] + edges[1:]) / 2).tolist(),
        "y": counts.tolist(),
        "name": _("training images"),
        "marker": {"color": colour("faint")},
        "hoverinfo": "skip",
    }
    photo = {
        "type": "scatter",
        "x": [familiarity.distance],
        "y": [0],
        "mode": "markers",
        "name": _("this photo"),
        "marker": {"symbol": "triangle-up", "size": 18, "color": colour("validation")},
        "cliponaxis": False,
    }
    line = {"type": "line", "x0": familiarity.threshold, "x1": familiarity.threshold, "yref": "paper", "y0": 0, "y1": 1}
    layout = {
        "height": 240,
        "bargap": 0,
        "xaxis": {"title": _("distance to the images that it learned from"), "range": [low, high]},
        "yaxis": {"title": _("images"), "range": [0, _HEADROOM * counts.max()]},
        "shapes": [{**line, "line": {"color": colour("muted"), "dash": "dash", "width": 2}}],
        "annotations": [
            {
                "x": familiarity.threshold,
                "yref": "paper",
                "y": 1,
                "text": _("strange from here on"),
                "showarrow": False,
                "xanchor": "left" if familiarity.threshold < (low + high) / 2 else "right",
            }
        ],
    }
    rows = [
        {_("of what"): _("this photo"), _("distance"): round(familiarity.distance, 4)},
        {_("of what"): _("strange from here on"), _("distance"): round(familiarity.threshold, 4)},
        {_("of what"): _("the farthest training image"), _("distance"): round(float(familiarity.known[-1]), 4)},
    ]
    chart({"data": [known, photo], "layout": layout}, familiarity_sentence(familiarity, share), rows, key="familiarity")


def familiarity_sentence(familiarity: PhotoFamiliarity, share: float) -> str:
    """What the distance says, beside the probability of the likeliest class, [0, 1]."""
    count = number(len(familiarity.known))
    if familiarity.is_strange:
        return _(
            "A strange photo: it lies farther from the {count} images that it learned from than {nearer} of these lie "
            "from one another. The {share} above says little."
        ).format(count=count, nearer=percent(familiarity.farther_than, 0), share=percent(share))
    return _(
        "A photo of the kind that it knows: of the {count} images that it learned from, {farther} lie farther from the "
        "others than it does. That does not make the {share} above right."
    ).format(count=count, farther=percent(1 - familiarity.farther_than, 0), share=percent(share))


def _how_good(familiarity: PhotoFamiliarity) -> None:
    """How far the meter can be relied on, here and as it was measured."""
    st.caption(
        _(
            "The photo's features are compared with those of the training images (distance to the fifth nearest, all "
            "features brought to length 1). Of your test images, which all show known classes, {share} are called "
            "strange too."
        ).format(share=percent(familiarity.test_beyond))
    )
    measured = measured_unknown_classes()
    st.caption(
        _(
            "Measured on photographs of waste with one of {classes} classes left out: of a strange and a known photo, "
            "the distance picks the strange one in {distance} of the cases, the network's own confidence in "
            "{confidence} (50% is guessing). The threshold finds {found} of the strange ones and {false} of the known."
        ).format(
            classes=measured.classes,
            distance=percent(measured.neighbours / 100),
            confidence=percent(measured.confidence / 100),
            found=percent(measured.neighbours_found / 100),
            false=percent(measured.neighbours_false / 100),
        )
        + " "
        + tag("precomputed", f"`{COMMAND}`")
    )
