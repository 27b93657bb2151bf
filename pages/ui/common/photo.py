"""A photograph that a person brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.common.i18n import _, as_plain_text
from pages.ui.common.state import Key
from tlcore.datasets.file_kinds import IMAGE_ENDINGS

#: What `st.file_uploader` takes as `type`.
IMAGE_TYPES = [ending.removeprefix(".") for ending in IMAGE_ENDINGS]
MOST_MB = 20


def photo_box(
    label: str,
    file_key: Key[Any],
    photo_key: Key[tuple[bytes, str] | None],
    *,
    on_photo: Callable[[], None] | None = None,
) -> tuple[bytes, str] | None:
    """A box for a photo: its bytes and its name, None before there is one.

    The photo is kept beside the box, which forgets its file when another view is drawn.

    Args:
        label: Of the box.
        file_key: What Streamlit keeps of the box.
        photo_key: Where the photo is kept.
        on_photo: Called once a photo has been chosen, before the page is drawn again.
    """
    st.file_uploader(
        label,
        type=IMAGE_TYPES,
        key=file_key.name,
        max_upload_size=MOST_MB,
        on_change=_keep,
        args=(file_key, photo_key, on_photo),
    )
    return photo_key.get()


def still_in_use(file_key: Key[Any], photo_key: Key[tuple[bytes, str] | None]) -> bool:
    """Names the photo that is kept where its box shows none; whether that was necessary."""
    photo = photo_key.get()
    if photo is None or file_key.get() is not None:
        return False
    st.caption(_("Still in use: {name}").format(name=as_plain_text(photo[1])))
    return True


def _keep(file_key: Key[Any], photo_key: Key[tuple[bytes, str] | None], on_photo: Callable[[], None] | None) -> None:
    file = file_key.get()
    photo_key.set((file.getvalue(), file.name) if file is not None else None)
    if file is not None and on_photo is not None:
        on_photo()
