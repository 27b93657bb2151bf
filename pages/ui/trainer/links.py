"""What a link may ask of the trainer, and the link to give to others."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

import streamlit as st
from pydantic import Field

from pages.ui.i18n import _
from pages.ui.links import Architecture, Link, Seed
from pages.ui.trainer.settings import KEYS
from pages.ui.url import url_values
from tlcore.training.specification import Method

Rate = Annotated[float, Field(gt=0.0, le=1.0)]


class TrainerLink(Link):
    """/fine_tuning?base=VGG16Slim&method=fine_tuning&unfreeze=block5_conv1&epochs=10&fine_epochs=5&controls=0"""

    base: Architecture = "VGG16Slim"
    weights: Literal["embedded", "imagenet", "random"] = "embedded"
    method: Method = "fine_tuning"
    unfreeze: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{0,80}$")] = ""
    head: Annotated[str, Field(pattern=r"^(\d{1,5}(\s*,\s*\d{1,5}){0,7})?$")] = "256"
    pooling: Literal["flatten", "average"] = "flatten"
    dropout: Annotated[float, Field(ge=0.0, le=0.95)] = 0.5
    l2: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0
    optimizer: Literal["rmsprop", "adam", "sgd"] = "rmsprop"
    rate: Rate = 1e-4
    fine_rate: Rate = 1e-5
    schedule: Literal["constant", "cosine"] = "constant"
    epochs: Annotated[int, Field(ge=1, le=200)] = 10
    fine_epochs: Annotated[int, Field(ge=0, le=200)] = 5
    batch: Annotated[int, Field(ge=1, le=512)] = 32
    patience: Annotated[int, Field(ge=0, le=100)] = 0
    class_weights: bool = False
    augmentation: bool = False
    precision: Literal["auto", "float32", "bfloat16"] = "float32"
    cache: bool = True
    seed: Seed = 0
    controls: bool = True


def share_links() -> None:
    """Addresses to copy: the settings as they are, and the same without the controls."""
    with st.expander(":material/link: " + _("Share these settings")):
        st.caption(_("Who opens this address finds the same settings. Your images and runs are not in it."))
        st.code(_address(controls=True), language=None, wrap_lines=True)
        st.caption(_("For a class: the same, with the settings hidden."))
        st.code(_address(controls=False), language=None, wrap_lines=True)


def _address(*, controls: bool) -> str:
    values = {name: value for name, value in url_values(KEYS).items() if name != "controls"}
    if not controls:
        values["controls"] = "0"
    page = str(st.context.url or "").partition("?")[0]
    return f"{page}?{urlencode(values)}" if values else page
