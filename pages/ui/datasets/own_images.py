"""One's own images: by camera, as a ZIP, as a folder, or file by file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from streamlit.typing import UploadedFile

from pages.ui.common.camera.recorder import (
    camera_recorder,
    import_arguments,
    missing_in_recording,
    recorder_notes,
    recording,
)
from pages.ui.common.controls import choose_one
from pages.ui.common.dataset_words import brought_title
from pages.ui.common.focus import await_parts
from pages.ui.common.i18n import _
from pages.ui.common.jobs import is_running, job_of, start
from pages.ui.common.messages import privacy_note, show_error, show_missing, uploader_note
from pages.ui.common.owner import owner
from pages.ui.common.photo import IMAGE_TYPES
from pages.ui.common.state import DATASETS_CHOSEN, DATASETS_JOB
from pages.ui.common.uploads import Upload, let_go, missing_in, store_folder, store_images, store_zip, upload_mb
from pages.ui.datasets.forms import capacity_line, size_and_seed
from pages.ui.datasets.found_split import keep_split_choice, names_in_zip
from pages.ui.datasets.state import (
    BROUGHT,
    NUM_CLASSES,
    SEED,
    SHOWN,
    SIZE,
    UPLOAD_KIND,
    UPLOAD_KINDS,
    UPLOADS_TAKEN,
    box_key,
    class_name_key,
)
from tlcore.engine import get_engine
from tlcore.engine.tasks.editing import present_set
from tlcore.errors import TransferLearningError
from tlcore.store import OwnerStore
from tlcore.store.owner_store import ItemKind


def upload_form() -> None:
    """One's own images, whichever way they come."""
    privacy_note()
    for part in (_delete_button, _brought_before):
        with st.container():  # also while it is empty: an open camera that is moved down is drawn anew, and closes
            part()
    kind = choose_one(_("How you bring them"), {name: _(title) for name, title in UPLOAD_KINDS.items()}, UPLOAD_KIND)
    if kind == "camera":
        _camera_form()
        size_and_seed()
        capacity_line()
        return
    uploader_note()
    if kind == "zip":
        _zip_form()
    elif kind == "folder":
        _folder_form()
    else:
        _classes_form()


def _delete_button() -> None:
    """Deletes this browser's images at once, where it has any."""
    store = OwnerStore(owner())
    kinds: tuple[ItemKind, ...] = ("uploads", "recordings", "datasets")
    if not any(store.items(kind) for kind in kinds):
        return
    if st.button(_("Delete my images now"), icon=":material/delete:", key="datasets.delete"):
        for kind in kinds:
            for item in store.items(kind):
                store.delete(kind, item.item_id)
        get_engine().forget(owner(), DATASETS_JOB.name)  # it has samples of them
        DATASETS_CHOSEN.set(None)
        DATASETS_JOB.set(None)
        st.toast(_("Your images were deleted from this server."))
        st.rerun()


def _brought_before() -> None:
    """Sets that this browser brought and that are still kept, also from before the server was started again."""
    items = OwnerStore(owner()).items("datasets")
    titles = {item.item_id: f"{item.number}. {brought_title(item.name)}" for item in items}
    if not titles:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("Images that you brought before"),
            list(titles),
            format_func=titles.__getitem__,
            key=BROUGHT.widget(titles),
        )
        pressed = st.button(
            _("Use them again"),
            icon=":material/history:",
            disabled=is_running(job_of(DATASETS_JOB)),
            key="datasets.open",
        )
    if pressed and start(DATASETS_JOB, "preview_dataset", {"data": present_set(OwnerStore(owner()), str(chosen))}):
        st.rerun()


def _zip_form() -> None:
    file = st.file_uploader(_("ZIP file"), type=["zip"], key=box_key("zip"), max_upload_size=upload_mb())
    st.caption(
        _("Inside the ZIP: hardhat/1.jpg, hardhat/2.jpg, …, no_hardhat/1.jpg, … The folder's name is the class.")
    )
    keep_split = keep_split_choice(names_in_zip(file))
    size_and_seed()
    capacity_line()
    missing = [] if file else _nothing_chosen(_("Choose a ZIP file first."))
    if _import_button(missing, nothing_chosen=not file) and file is not None:
        _import(partial(store_zip, file.name, file.getvalue()), [file], keep_split=keep_split)


@st.fragment
def _camera_form() -> None:
    """Runs by itself while frames come; the sizes below it belong to the page."""
    camera_recorder(SIZE.get())
    recorded = recording()
    pressed = _import_button(missing_in_recording(recorded.classes()))
    recorder_notes()
    if pressed and start(DATASETS_JOB, "import_recording", import_arguments(recorded, SIZE.get(), SEED.get())):
        await_parts(SHOWN)
        st.rerun()


def _folder_form() -> None:
    files = st.file_uploader(
        _("Folder with one folder per class"),
        type=IMAGE_TYPES,
        accept_multiple_files="directory",
        key=box_key("folder"),
        max_upload_size=upload_mb(),
    )
    st.caption(_("Choose the folder that holds the folders of the classes. Your browser asks before it sends them."))
    keep_split = keep_split_choice([file.name for file in files or []])
    size_and_seed()
    capacity_line()
    missing = [] if files else _nothing_chosen(_("Choose a folder first."))
    if _import_button(missing, nothing_chosen=not files) and files:
        contents = [(file.name, file.getvalue()) for file in files]
        _import(partial(store_folder, contents), files, keep_split=keep_split)


def _classes_form() -> None:
    count = st.number_input(_("Number of classes"), 2, 20, key=NUM_CLASSES.widget(), persist_state="session")
    rows = [_class_row(index) for index in range(int(count))]
    uploads = [upload for upload, _files in rows]
    size_and_seed()
    capacity_line()
    nothing_chosen = not any(upload.files for upload in uploads)
    missing = _nothing_chosen(*missing_in(uploads)) if nothing_chosen else missing_in(uploads)
    if _import_button(missing, nothing_chosen=nothing_chosen):
        _import(partial(store_images, uploads), [file for _upload, files in rows for file in files])


def _class_row(index: int) -> tuple[Upload, list[UploadedFile]]:
    with st.container(border=True):
        name = st.text_input(
            _("Name of class {number}").format(number=index + 1), key=class_name_key(index).widget(), max_chars=60
        )
        files = st.file_uploader(
            _("Images of class {number}").format(number=index + 1),
            type=IMAGE_TYPES,
            accept_multiple_files=True,
            key=box_key(f"class_files.{index}"),
            max_upload_size=upload_mb(),
        )
    return Upload(name.strip(), [(file.name, file.getvalue()) for file in files or []]), files or []


def _nothing_chosen(*sentences: str) -> list[str]:
    """What is missing where the boxes are empty: nothing, once their files have been taken over."""
    view, chosen = job_of(DATASETS_JOB), DATASETS_CHOSEN.get()
    arrives = view is not None and (is_running(view) or view.state == "done") and view.task == "import_dataset"
    return [] if arrives or (chosen is not None and chosen.reference.is_brought) else list(sentences)


def _import_button(missing: list[str], *, nothing_chosen: bool = False) -> bool:
    blocked = show_missing(missing) or nothing_chosen
    busy = is_running(job_of(DATASETS_JOB))
    return st.button(
        _("Use these images"), type="primary", icon=":material/upload:", disabled=blocked or busy, key="datasets.import"
    )


def _import(store: Callable[[], str], files: Sequence[UploadedFile], *, keep_split: bool = False) -> None:
    """Keeps the upload and starts reading it; a refusal is shown as its sentence.

    Args:
        store: Keeps it; returns its id.
        files: Those that are then no longer needed here.
        keep_split: As in the task.
    """
    side = SIZE.get()
    try:
        item = store()
    except TransferLearningError as error:
        show_error(error)
        return
    arguments = {"item": item, "image_size": (side, side), "seed": SEED.get(), "keep_split": keep_split}
    if start(DATASETS_JOB, "import_dataset", arguments):
        UPLOADS_TAKEN.set(UPLOADS_TAKEN.get() + 1)
        let_go(files)
        await_parts(SHOWN)
        st.rerun()
