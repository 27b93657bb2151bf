"""What is in a set of images: counts, a grid of them, and the files that were left out."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.charts import chart
from pages.ui.common.controls import choose_one
from pages.ui.common.dataset_words import SPLITS, class_title, dataset_title, split_title
from pages.ui.common.i18n import _, as_plain_text, ngettext, number
from pages.ui.common.lesson.progress import happened
from pages.ui.common.lesson.questions import DATASETS
from pages.ui.common.messages import lecture_says, notice, reason_text
from pages.ui.common.palette import colour
from pages.ui.common.pictures import MEDIUM, SMALL, pictures
from pages.ui.common.questions import check_yourself
from pages.ui.datasets.changes import undo_line
from pages.ui.datasets.findings import is_inspected, verdicts
from pages.ui.datasets.gallery import gallery_switch, gallery_view
from pages.ui.datasets.inspection import faults_view
from pages.ui.datasets.preprocessing import seen_view
from pages.ui.datasets.state import LOOK, LOOKS, SPLIT
from pages.ui.datasets.take_along import take_along
from tlcore.engine.tasks.datasets import DatasetPreview

MOST_REJECTED = 200
SCROLLED_FROM = 8
TABLE_HEIGHT = 420


def dataset_view(data: DatasetPreview) -> None:
    """Counts, pictures and rejected files of a prepared dataset."""
    st.header(_("What is in “{name}”").format(name=dataset_title(data.name, data.reference)), anchor=False)
    happened("images", name=data.name, count=sum(map(sum, data.counts.values())))
    _counts(data)
    undo_line(data)
    _look(data)
    if LOOK.get() == "seen":  # that is about one photo
        return
    _notes(data)
    if LOOK.get() != "faults" or not is_inspected(data):  # there the pairs are shown, to be put right
        _contradictions(data)
    _rejected(data)
    take_along(data)


def _counts(data: DatasetPreview) -> None:
    names = [class_title(data, label) for label in range(data.num_classes)]
    colours = dict(zip(SPLITS, ("train", "validation", "dense"), strict=True))
    bars = [
        {
            "type": "bar",
            "x": data.counts[split],
            "y": names,
            "name": split_title(split),
            "orientation": "h",
            "marker": {"color": colour(colours[split])},
        }
        for split in SPLITS
    ]
    layout = {
        "barmode": "stack",
        "height": 110 + 34 * len(names),
        "xaxis": {"title": _("images")},
        "yaxis": {"type": "category", "autorange": "reversed", "automargin": True},
    }
    totals = {split: sum(data.counts[split]) for split in SPLITS}
    takeaway = _(
        "{total} images of {classes} classes: {train} to learn from, {validation} to choose by, {test} for the end."
    )
    rows = [
        {_("class"): name, **{split_title(split): data.counts[split][label] for split in SPLITS}}
        for label, name in enumerate(names)
    ]
    chart(
        {"data": bars, "layout": layout},
        takeaway.format(
            total=number(sum(totals.values())), classes=len(names), **{split: number(n) for split, n in totals.items()}
        ),
        rows,
        key="datasets-counts",
    )
    lecture_says(_("transfer of learning is used above all when the available dataset is small."))


def _look(data: DatasetPreview) -> None:
    """One of three ways to look at the images; the others cost nothing."""
    titles = {name: _(title) for name, title in LOOKS.items()}
    view = choose_one(_("Look at the images"), titles, LOOK, label_visibility="collapsed")
    if view == "faults":
        faults_view(data)
    elif view == "seen":
        seen_view(data)
    elif gallery_switch():
        gallery_view(data, verdicts(data))
    else:
        _pictures(data)


def _pictures(data: DatasetPreview) -> None:
    split = choose_one(_("Show images of"), {name: split_title(name) for name in SPLITS}, SPLIT)
    samples = data.samples[split]
    captions = [class_title(data, sample.label) for sample in samples]
    pictures([sample.png for sample in samples], captions, width=MEDIUM, key="datasets")
    if split == "test":
        notice(
            _(
                "The test images are put aside: the network never learns from them, and they are looked at once, at "
                "the end. Near-duplicates stay on the same side, or the result would flatter the network."
            )
        )
    if data.reference.name == "helmets":
        check_yourself(DATASETS)


def _notes(data: DatasetPreview) -> None:
    """How the files were read, in one box."""
    notes = [reason_text(note.template, note.params) for note in data.notes]
    if data.split_folders:
        folders = ", ".join(as_plain_text(folder) for folder in data.split_folders)
        sentence = _("These folders were taken for parts of a split, not for classes: {folders}.")
        notes.insert(0, sentence.format(folders=folders))
    if notes:
        st.info("\n".join(f"- {note}" for note in notes) if len(notes) > 1 else notes[0], icon=":material/info:")


def _contradictions(data: DatasetPreview) -> None:
    pairs = data.contradictions
    if not pairs:
        return
    st.warning(
        _(
            "The same picture is in two classes. Both are kept: the network cannot learn both, so decide which class "
            "is right, and take the other away."
        ),
        icon=":material/compare:",
    )
    shown = [image for pair in pairs for image in (pair.first, pair.second)]
    captions = [
        _("{name} ({class_name})").format(name=image.source, class_name=class_title(data, image.label))
        for image in shown
    ]
    pictures([image.png for image in shown], captions, width=SMALL, key="datasets-contradictions")


def _rejected(data: DatasetPreview) -> None:
    rejected = data.rejected
    if not rejected:
        return
    st.warning(
        ngettext(
            "{count} file was left out; the rest are used. The table says why.",
            "{count} files were left out; the rest are used. The table says why.",
            len(rejected),
        ).format(count=number(len(rejected))),
        icon=":material/broken_image:",
    )
    rows = [
        {
            _("file"): as_plain_text(file.name),
            _("why it was left out"): reason_text(file.reason, file.params),
        }
        for file in rejected[:MOST_REJECTED]
    ]
    st.table(rows, height=TABLE_HEIGHT if len(rows) > SCROLLED_FROM else "content")  # its cells wrap, as sentences need
    if len(rejected) > MOST_REJECTED:
        st.caption(_("The first {count} of them.").format(count=number(MOST_REJECTED)))
