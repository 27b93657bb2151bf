"""Controls that several pages share: one of several, a number of several, a base and its weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import streamlit as st

from pages.ui.common.bounds import bounds
from pages.ui.common.i18n import _, options_in_full
from pages.ui.common.state import APP_BASE, Key
from pages.ui.common.weights import can_be_used, weights_sources, weights_title
from tlcore.architectures import PROPOSED_BASE, get_architecture, list_architectures

T = TypeVar("T")
RATES = (1e-6, 1e-5, 2e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1)
_MOST_WITHOUT_SEARCH = 12  # entries of a list that is read at a glance: nothing to type, no keyboard on a phone
DROPOUTS = tuple(step / 20 for step in range(19))  # 0 to 0.9; a slider of Streamlit's own writes 0.5 in any language


def choose_one(label: str, titles: Mapping[T, str], key: Key[T], *, container: Any = st, **options: Any) -> T:
    """A row of buttons of which exactly one is chosen; another page and back, and it still is.

    Args:
        label: What is chosen.
        titles: Value -> what its button says.
        key: Where the choice is kept.
        container: Where the row is drawn.
        options: As `st.pills` takes them.
    """
    container.pills(
        label,
        list(titles),
        format_func=titles.__getitem__,
        key=key.widget(titles),
        required=True,
        persist_state="session",
        **options,
    )
    return key.get()


def select_one(label: str, titles: Mapping[T, str], key: Key[Any], *, container: Any = st, **options: Any) -> T:
    """As `choose_one`, but a list that opens: for many values, or long titles."""
    container.selectbox(
        label,
        list(titles),
        filter_mode="fuzzy" if len(titles) > _MOST_WITHOUT_SEARCH else None,
        format_func=titles.__getitem__,
        key=key.widget(titles),
        persist_state="session",
        **options,
    )
    value: T = key.get()
    return value


def base_control(base: Key[str], weights: Key[str]) -> None:
    """Base and weights, with the source named."""
    left, right = st.columns(2)
    titles = {name: _(get_architecture(name).title) for name in list_architectures()}
    select_one(_("Base"), titles, base, container=left)
    sources, chosen_before = weights_sources(base.get()), weights.get()
    select_one(_("Weights"), sources, weights, container=right)
    if chosen_before not in sources and weights.get() == "random":
        st.info(
            _("There are no weights “{asked}” for this base; now chosen: “{used}”.").format(
                asked=weights_title(chosen_before), used=sources[weights.get()]
            ),
            icon=":material/swap_horiz:",
        )
    APP_BASE.set(base.get())
    usable, sentence = can_be_used(base.get(), weights.get())
    st.caption((":material/check: " if usable else ":material/warning: ") + sentence)
    if base.get() == PROPOSED_BASE:
        st.caption(
            _(
                "For the lecture's own layers and counts (`block5_conv1`, 30 → 4 → 10) choose VGG16 slim: it has "
                "VGG16's shape, but has seen far fewer photographs."
            )
        )


def choose_number(container: Any, label: str, offered: Iterable[float], key: Key[float]) -> None:
    """A slider over the offered numbers, and over the present one if a link brought another; written out in full."""
    options = sorted({*offered, key.get()})
    container.select_slider(
        label, options, format_func=options_in_full(options), key=key.widget(options), persist_state="session"
    )


def setting_input(label: str, setting: str, key: Key[Any], *, container: Any = st, **options: Any) -> None:
    """A box for a number of a run, within the bounds that `TrainingSpec` has for it."""
    container.number_input(label, *bounds(setting), key=key.widget(), persist_state="session", **options)
