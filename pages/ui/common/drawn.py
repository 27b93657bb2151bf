"""Images of the drawn set, before any worker has made them."""

from __future__ import annotations

import io

import streamlit as st

NUM_EXAMPLES = 8  # images of a set that a page shows before anybody has chosen


@st.cache_data(show_spinner=False)
def drawn_workers() -> list[bytes]:
    """The first `NUM_EXAMPLES` images of the set, as files; every second one wears a hard hat."""
    from PIL import Image

    from tlcore.datasets.helmets import draw_worker

    files = [io.BytesIO() for _index in range(NUM_EXAMPLES)]
    for index, file in enumerate(files):
        Image.fromarray(draw_worker(0, index)).save(file, "JPEG", quality=92)  # a PNG is four times the size and work
    return [file.getvalue() for file in files]
