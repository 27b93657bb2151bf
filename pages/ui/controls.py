"""Controls that several pages share: which base, which weights, which settings of the head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from pages.ui.dataset_view import dataset_title
from pages.ui.i18n import _, number, options_in_full
from pages.ui.jobs import is_running, job_of, progress_bar, watch
from pages.ui.navigation import link_to
from pages.ui.returning import take_up_images
from pages.ui.state import (
    DATASETS_CHOSEN,
    DATASETS_JOB,
    EXTRACTION_BASE,
    EXTRACTION_DROPOUT,
    EXTRACTION_EPOCHS,
    EXTRACTION_RATE,
    EXTRACTION_SEED,
    EXTRACTION_UNITS,
    EXTRACTION_WEIGHTS,
    Key,
)
from pages.ui.weights import can_be_used, weights_sources, weights_title
from tlcore.architectures import get_architecture, list_architectures

RATES = (1e-6, 1e-5, 2e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1)
DROPOUTS = tuple(step / 20 for step in range(19))  # 0 to 0.9; a slider of Streamlit's own writes 0.5 in any language


def base_control(base: Key[str] = EXTRACTION_BASE, weights: Key[str] = EXTRACTION_WEIGHTS) -> None:
    """Base and weights, with the source named."""
    left, right = st.columns(2)
    titles = {name: _(get_architecture(name).title) for name in list_architectures()}
    left.selectbox(
        _("Base (rna_base)"),
        list(titles),
        format_func=titles.__getitem__,
        key=base.widget(titles),
        persist_state="session",
    )
    sources, asked = weights_sources(base.get()), weights.get()
    right.selectbox(
        _("Weights"),
        list(sources),
        format_func=lambda source: sources[source],
        key=weights.widget(sources),
        persist_state="session",
    )
    if asked not in sources:
        st.info(
            _("There are no weights “{asked}” for this base; now chosen: “{used}”.").format(
                asked=weights_title(asked), used=sources[weights.get()]
            ),
            icon=":material/swap_horiz:",
        )
    usable, sentence = can_be_used(base.get(), weights.get())
    st.caption((":material/check: " if usable else ":material/warning: ") + sentence)


def dataset_line() -> Mapping[str, Any] | None:
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
        st.warning(_("No images yet: choose or upload a set first."), icon=":material/arrow_forward:")
        link_to("datasets")
        return None
    total = sum(sum(counts) for counts in data["counts"].values())
    height, width = data["image_size"]
    st.markdown(
        _("Images: **{name}**, {total} images of {classes} classes, {height} × {width} pixels.").format(
            name=dataset_title(data), total=number(total), classes=len(data["class_names"]), height=height, width=width
        )
    )
    return data


def head_controls() -> None:
    """The lecture's head: dense layer, dropout, classifier; its values are the defaults."""
    first, second = st.columns(2)
    first.slider(_("Epochs"), 1, 200, key=EXTRACTION_EPOCHS.widget(), persist_state="session")
    second.number_input(
        _("Seed"),
        0,
        2**31 - 1,
        key=EXTRACTION_SEED.widget(),
        persist_state="session",
        help=_("The same seed starts the head with the same random parameters."),
    )
    with st.expander(_("Settings of the head (the lecture's values to begin with)")):
        columns = st.columns(3)
        columns[0].number_input(
            _("Units of the dense layer"), 1, 4096, key=EXTRACTION_UNITS.widget(), persist_state="session"
        )
        choose_number(columns[1], _("Dropout"), DROPOUTS, EXTRACTION_DROPOUT)
        choose_number(columns[2], _("Learning rate"), RATES, EXTRACTION_RATE)


def choose_number(place: Any, label: str, offered: Iterable[float], key: Key[float]) -> None:
    """A slider over the offered numbers, and over the present one if a link brought another; written out in full."""
    options = sorted({*offered, key.get()})
    place.select_slider(
        label, options, format_func=options_in_full(options), key=key.widget(options), persist_state="session"
    )
