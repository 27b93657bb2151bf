"""The chosen images, as every page but their own names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.ui.common.dataset_words import dataset_title
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import is_running, job_of, last_done, progress_bar, watch
from pages.ui.common.navigation import link_to
from pages.ui.common.state import DATASETS_CHOSEN, DATASETS_JOB

if TYPE_CHECKING:
    from tlcore.engine.tasks.datasets import DatasetPreview


def dataset_line() -> DatasetPreview | None:
    """The images that were chosen on the datasets page, or the way there."""
    preparing = is_running(job_of(DATASETS_JOB))
    if preparing or DATASETS_CHOSEN.get() is None:
        watch(DATASETS_JOB, progress_bar)  # one that was begun on another page, or has failed there
    take_up_images()
    data = DATASETS_CHOSEN.get()
    if data is None and preparing:
        st.caption(_("Your images are being prepared."))
        return None
    if data is None:
        st.warning(_("No images yet: choose a set first."), icon=":material/arrow_forward:")
        link_to("datasets")
        return None
    st.markdown(images_in_words(data))
    return data


def images_in_words(data: DatasetPreview) -> str:
    """Name, number, classes and size of the chosen images."""
    total = sum(map(sum, data.counts.values()))
    height, width = data.image_size
    return _("Images: **{name}**, {total} images of {classes} classes, {height} × {width} pixels.").format(
        name=dataset_title(data.name, data.reference),
        total=number(total),
        classes=data.num_classes,
        height=height,
        width=width,
    )


def take_up_images() -> None:
    """In every run: images whose preparation has ended are the chosen ones, whichever page is open by then."""
    view = job_of(DATASETS_JOB)
    if view is not None and view.state != "done" and DATASETS_CHOSEN.get() is None:
        view = last_done(DATASETS_JOB)  # after a reload: those that were chosen before this one
    if view is not None and view.result is not None:
        DATASETS_CHOSEN.set(view.result)
