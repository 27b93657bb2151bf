"""Labels that look wrong: shown the most suspicious first, put right in place, and what that changes."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.class_words import task_word
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.messages import tag
from pages.ui.common.weights import can_be_used
from pages.ui.datasets.findings import finding
from pages.ui.datasets.sheets import Sheet, sheet_of_images
from pages.ui.datasets.state import SUSPECTS_JOB, sheet_keys
from tlcore.architectures import PROPOSED_BASE
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.gallery import GalleryImage, GalleryQuery
from tlcore.engine.tasks.suspects import ProbeResult, SuspectLabels

_FALLBACK = ("VGG16Slim", "embedded")


def suspects_view(data: DatasetPreview) -> None:
    """A button, the images whose labels are doubted, and how a classifier does with the labels as they are."""
    st.subheader(_("Labels that look wrong"), anchor=False)
    st.markdown(
        _(
            "A classifier on the features of a trained base judges each image without having seen it. Where it "
            "disagrees with the label, look: one of both is wrong."
        )
    )
    base, weights = base_for_probes()
    label = _("Look for suspicious labels")
    found: SuspectLabels | None = finding(data, SUSPECTS_JOB, "suspect_labels", label, base=base, weights=weights)
    if found is None:
        return
    _accuracies(data, found)
    st.caption(
        ":material/lock: "
        + _(
            "{shown} of {count} training and validation images, the most suspicious first. Test images are locked: "
            "what a network says of them must not decide on their labels, or the test would flatter it."
        ).format(shown=number(len(found.suspects)), count=number(found.examined))
    )
    _suspects(data, found)


def base_for_probes() -> tuple[str, str]:
    """The base that the lab proposes where its weights are here, else the one that comes with the program."""
    return (PROPOSED_BASE, "imagenet") if can_be_used(PROPOSED_BASE, "imagenet")[0] else _FALLBACK


def _suspects(data: DatasetPreview, found: SuspectLabels) -> None:
    suspects = {each.index: each for each in found.suspects}
    known = {index: each for index, each in suspects.items() if each.suggested in data.class_titles}

    def titled(_place: int, image: GalleryImage) -> str:
        suspect, present = suspects[image.index], data.class_titles[image.label]
        if present != suspect.class_name:
            return f"✓ {task_word(present)}"
        return f"{task_word(present)} → {task_word(suspect.suggested)}?"

    sheet = Sheet(
        GalleryQuery(only=tuple(known)),
        136,
        actions=("accept", "move", "delete"),
        suggestions={index: each.suggested for index, each in known.items()},
        test_locked=True,
        title=titled,
    )
    sheet_of_images(data, sheet, sheet_keys("suspects"))


def _accuracies(data: DatasetPreview, found: SuspectLabels) -> None:
    if not data.edits or found.data != data.reference or found.now == found.as_brought:
        words = _("The classifier names {now} of the test images right.").format(now=_in_words(found.now))
    else:
        words = _(
            "Trained on the labels as they were brought, the classifier names {before} of the test images right; on "
            "the labels as they are now, {now}."
        ).format(before=_in_words(found.as_brought), now=_in_words(found.now))
    seconds = _("{seconds} s").format(seconds=number(found.seconds, 1))
    st.markdown(f"{words} {tag('measured', seconds)}")


def _in_words(result: ProbeResult) -> str:
    return _("**{share}** ({low} to {high})").format(
        share=percent(result.right / max(1, result.total)), low=percent(result.low), high=percent(result.high)
    )
