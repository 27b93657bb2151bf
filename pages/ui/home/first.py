"""The one thing to do first, with a look at what it is about."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui.common.class_words import task_word
from pages.ui.common.drawn import NUM_EXAMPLES, drawn_workers
from pages.ui.common.i18n import _
from pages.ui.common.pictures import SMALL, pictures
from tlcore.datasets import get_dataset_spec


def first_thing(beside: Callable[[], None], below: Callable[[], None]) -> None:
    """The button to a network of one's own, and some of the images that are there to learn from.

    Args:
        beside: Draws what else one may begin with.
        below: Draws the way that needs nothing but a camera.
    """
    with st.container(horizontal=True):
        begins = st.button(_("Train your first network"), type="primary", icon=":material/bolt:", key="home.first")
        beside()
    if begins:
        st.switch_page("pages/feature_extraction.py")
    below()
    words = [task_word(title) for title in get_dataset_spec("helmets").class_titles]
    pictures(drawn_workers(), [words[number % 2] for number in range(NUM_EXAMPLES)], width=SMALL, key="home")
