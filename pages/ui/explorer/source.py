"""Which weights the explorer looks into, which layer, which photo: shared by the tabs that need a real network."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.explorer.catalog import wanted
from pages.ui.i18n import _
from pages.ui.messages import translate
from pages.ui.navigation import link_to
from pages.ui.state import DATASETS_CHOSEN, EXPLORER_LAYER, EXPLORER_SOURCE
from pages.ui.weights import weights_title
from tlcore.architectures.summary import ArchitectureSummary
from tlcore.weights import available_weights

IMAGE_TYPES = ["jpg", "jpeg", "png", "webp"]


def network_source(summary: ArchitectureSummary) -> dict[str, Any]:
    """Arguments of the network for the engine; says in words where its weights come from."""
    sources = {
        source.weights: source
        for source in available_weights(summary.architecture, include_top=summary.include_top)
        if source.here
    }
    chosen = st.segmented_control(
        _("Weights"),
        list(sources),
        format_func=weights_title,
        key=EXPLORER_SOURCE.widget(sources),
        required=True,
        persist_state="session",
    )
    source = sources[chosen or "random"]
    st.caption(":material/check: " + translate(source.description, source.params))
    return {**wanted(), "weights": source.weights}


def layer_control(names: list[str]) -> str:
    """The layer to look into."""
    return str(st.selectbox(_("Layer"), names, key=EXPLORER_LAYER.widget(names), persist_state="session"))


def photo_of_explorer() -> tuple[bytes, str] | None:
    """The learner's photo, else a test image of the chosen set; encoded bytes and name."""
    photo = st.file_uploader(_("Your own photo (optional)"), type=IMAGE_TYPES, key="explorer.photo")
    if photo is not None:
        return photo.getvalue(), photo.name
    data = DATASETS_CHOSEN.get()
    if data is not None and data["samples"]["test"]:
        sample = data["samples"]["test"][0]
        return sample["png"], sample["source"]
    st.info(_("Upload a photo, or choose images on the datasets page first."), icon=":material/arrow_forward:")
    link_to("datasets")
    return None
