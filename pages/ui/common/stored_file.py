"""A file that a job has written, to be downloaded."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _, amount_of_bytes
from pages.ui.common.messages import show_error
from pages.ui.common.owner import owner
from pages.ui.common.unsaved import mark_saved, tell_saved
from tlcore.errors import TransferLearningError
from tlcore.store import OwnerStore
from tlcore.store.owner_store import ItemKind


def download_stored(kind: ItemKind, item_id: str, file_name: str) -> None:
    """A button that downloads a file of this browser's store, with its size; its reason where it is gone.

    Whoever downloads a file of a run has taken its network along.
    """
    try:
        file = OwnerStore(owner()).file(kind, item_id, file_name)
    except TransferLearningError as error:
        show_error(error)
        return
    st.download_button(
        _("Download {file} ({size})").format(file=file.name, size=amount_of_bytes(file.num_bytes)),
        file.read,
        file.name,
        icon=":material/download:",
        on_click=mark_saved if kind == "runs" else "ignore",
        args=(item_id,) if kind == "runs" else None,
    )
    if kind == "runs":
        tell_saved(item_id)
