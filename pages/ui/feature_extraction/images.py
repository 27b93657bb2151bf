"""Which images the network learns from: those chosen before, a small ready set, or photos brought right here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui.common.camera.recorder import camera_recorder, missing_in_recording, recorder_notes, recording
from pages.ui.common.controls import choose_one
from pages.ui.common.dataset_line import images_in_words, take_up_images
from pages.ui.common.dataset_words import class_title, dataset_title
from pages.ui.common.drawn import NUM_EXAMPLES, drawn_workers
from pages.ui.common.focus import arrived, await_parts
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import is_running, job_of, progress_bar, start, watch
from pages.ui.common.messages import privacy_note
from pages.ui.common.navigation import link_to
from pages.ui.common.photo import IMAGE_TYPES
from pages.ui.common.pictures import SMALL, pictures
from pages.ui.common.quick_sets import QUICK_SETS
from pages.ui.common.state import DATASETS_CHOSEN, DATASETS_JOB
from pages.ui.common.uploads import Upload, let_go, missing_in, upload_mb
from pages.ui.feature_extraction.state import (
    CHOSEN,
    IMAGES,
    IMAGES_SEEN,
    OWN,
    OWN_WAY,
    PHOTOS_TAKEN,
    RECORDING_TAKEN_UP,
    STILL_MISSING,
    TRAINS_NEXT,
    class_files_key,
    class_name_key,
)
from tlcore.datasets import get_dataset_spec
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.references import DatasetReference

SIDE = 150  # of own photos, as the lecture has them
OWN_PHOTOS = "feature_extraction-own"


def images_section() -> None:
    """Where the images come from, and a look at them."""
    take_up_images()
    _take_up_recording()
    _follow_chosen()
    chosen = DATASETS_CHOSEN.get()
    titles = {**{name: _(get_dataset_spec(name).title) for name in QUICK_SETS}, OWN: _("My own photos")}
    if chosen is not None and chosen.reference not in QUICK_SETS.values():
        count = number(sum(map(sum, chosen.counts.values())))  # last: the places of the others stay theirs
        titles[CHOSEN] = f"{dataset_title(chosen.name, chosen.reference)} · {count}"
    choose_one(_("Images"), titles, IMAGES, on_change=_choose_images)
    if IMAGES.get() == OWN:
        _own_photos()
    else:
        _look(present_images())
    if is_running(job_of(DATASETS_JOB)) or DATASETS_CHOSEN.get() is None:
        watch(DATASETS_JOB, progress_bar)


def present_reference() -> DatasetReference | None:
    """The images that are chosen; None while own photos are not read."""
    source, chosen = IMAGES.get(), DATASETS_CHOSEN.get()
    if source in QUICK_SETS:
        return QUICK_SETS[source]
    return chosen.reference if source == CHOSEN and chosen is not None else None


def present_images() -> DatasetPreview | None:
    """What is in them, once they are prepared."""
    chosen = DATASETS_CHOSEN.get()
    return chosen if chosen is not None and chosen.reference == present_reference() else None


def own_uploads() -> list[Upload]:
    """The photos in the two boxes."""
    return [_upload(index) for index in range(2)]


def let_go_of_own_files() -> None:
    """Takes the photos, which are stored, out of the boxes and out of memory."""
    files = [file for index in range(2) for file in class_files_key(index).get() or []]
    PHOTOS_TAKEN.set(PHOTOS_TAKEN.get() + 1)
    let_go(files)


def missing_images() -> list[str]:
    """What has to be done before there are images to learn from."""
    if IMAGES.get() != OWN or TRAINS_NEXT.get():  # or they have been taken over
        return []
    return missing_in_recording(recording().classes()) if is_recorded() else missing_in(own_uploads())


def is_recorded() -> bool:
    """Whether own photos come by camera."""
    return OWN_WAY.get() == "camera"


def _take_up_recording() -> None:
    """Once a session: whoever recorded before a reload, and has chosen no images yet, goes on recording."""
    if not RECORDING_TAKEN_UP.get() and DATASETS_CHOSEN.get() is None and recording().item_id is not None:
        IMAGES.set(OWN)
        OWN_WAY.set("camera")
    RECORDING_TAKEN_UP.set(True)


def _follow_chosen() -> None:
    """Images that have been chosen since the last look, on any page, are the ones to learn from."""
    chosen = DATASETS_CHOSEN.get()
    reference = None if chosen is None else chosen.reference
    if reference is not None and reference != IMAGES_SEEN.get():
        ready = [name for name, quick in QUICK_SETS.items() if quick == reference]
        IMAGES.set(ready[0] if ready else CHOSEN)
    IMAGES_SEEN.set(reference)


def _choose_images() -> None:
    """Callback: a ready set is prepared, and the boxes for photos are gone to."""
    if IMAGES.get() == OWN:
        await_parts(OWN_PHOTOS)
    prepare_images()


def prepare_images() -> None:
    """A ready set that is to be learned from becomes the chosen one, for the other pages too."""
    reference = QUICK_SETS.get(IMAGES.get())
    chosen = DATASETS_CHOSEN.get()
    if reference is not None and (chosen is None or chosen.reference != reference):
        start(DATASETS_JOB, "preview_dataset", {"data": reference})


def _look(data: DatasetPreview | None) -> None:
    """Some images with their classes; the drawn ones can be drawn before they are prepared."""
    if data is not None:
        samples = data.samples["train"][:NUM_EXAMPLES]
        pictures(
            [sample.png for sample in samples],
            [class_title(data, sample.label) for sample in samples],
            width=SMALL,
            key="images",
            one_row=True,
        )
        st.caption(images_in_words(data))
    elif IMAGES.get() == "helmets":
        words = [_(title) for title in get_dataset_spec("helmets").class_titles]
        captions = [words[index % 2] for index in range(NUM_EXAMPLES)]
        pictures(drawn_workers(), captions, width=SMALL, key="images", one_row=True)


def _own_photos() -> None:
    with st.container(key=OWN_PHOTOS, gap="small"):
        arrived(OWN_PHOTOS, gentle=True)
        choose_one(_("How you bring them"), {"files": _("Files"), "camera": _("By camera")}, OWN_WAY)
        if is_recorded():
            STILL_MISSING.set(tuple(missing_images()))
            _camera()
        else:
            _boxes()
        privacy_note()
        link_to("datasets", _("More classes, a ZIP, or other sizes: Datasets"))


def _boxes() -> None:
    """Two boxes, one a class, each with its name."""
    for index, column in enumerate(st.columns(2)):
        with column:
            name = class_name_key(index)
            st.text_input(
                _("Class {number}: its name, then its photos").format(number=index + 1),
                key=name.widget(),
                max_chars=60,
                persist_state="session",
            )
            st.file_uploader(
                _("Photos of “{name}”").format(name=name.get()),
                label_visibility="collapsed",
                type=IMAGE_TYPES,
                accept_multiple_files=True,
                key=class_files_key(index).name,
                max_upload_size=upload_mb(),
            )


@st.fragment
def _camera() -> None:
    """Runs by itself while frames come; the page, whose button waits for them, when something else is missing."""
    camera_recorder(SIDE)
    recorder_notes()
    if tuple(missing_images()) != STILL_MISSING.get():
        st.rerun()


def _upload(index: int) -> Upload:
    files: Sequence[Any] = class_files_key(index).get() or []
    return Upload(class_name_key(index).get().strip(), [(file.name, file.getvalue()) for file in files])
