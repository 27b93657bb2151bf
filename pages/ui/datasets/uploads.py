"""People's images on their way to the store: bytes in, the id of a stored ZIP out; nothing is decoded here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import streamlit as st

from pages.ui.common.i18n import _
from pages.ui.common.owner import owner
from pages.ui.common.state import DATASETS_CHOSEN, DATASETS_JOB
from tlcore.engine import get_engine
from tlcore.store import OwnerStore


@dataclass(frozen=True)
class Upload:
    """One class with its files: name and bytes."""

    class_name: str
    files: Sequence[tuple[str, bytes]]


def store_zip(name: str, content: bytes) -> str:
    """Keeps an uploaded ZIP; returns its id.

    Raises:
        InvalidArgumentError: It is too large, or this browser keeps too much already.
    """
    return OwnerStore(owner()).add("uploads", content, name=PurePath(name).stem or name)


def store_images(uploads: Sequence[Upload]) -> str:
    """Keeps images that came class by class, as a ZIP with a folder per class; returns its id."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for upload in uploads:
            folder = upload.class_name.replace("/", "-").replace("\\", "-")
            for image_number, (name, content) in enumerate(upload.files, start=1):
                archive.writestr(f"{folder}/{image_number:04}_{PurePath(name).name}", content)
    return store_zip(_("my images"), packed.getvalue())


def delete_button() -> None:
    """Deletes this browser's images at once."""
    if st.button(_("Delete my images now"), icon=":material/delete:", key="datasets.delete"):
        store = OwnerStore(owner())
        for kind in ("uploads", "datasets"):
            for item in store.items(kind):
                store.delete(kind, item.item_id)
        get_engine().forget(owner(), DATASETS_JOB.name)  # it has samples of them
        DATASETS_CHOSEN.set(None)
        DATASETS_JOB.set(None)
        st.toast(_("Your images were deleted from this server."))
        st.rerun()
