"""Projects that the person's own browser keeps: there beyond this server's expiry, and for any session."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Annotated, Any

import streamlit as st
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from pages.ui.common.i18n import _, amount_of_bytes, language
from pages.ui.common.owner import owner
from pages.ui.common.unsaved import mark_saved
from pages.ui.common.uploads import upload_mb
from pages.ui.fine_tuning.open_project import open_project_file
from pages.ui.fine_tuning.state import KEEP, KEEP_WANTED, KEPT_LIST
from tlcore.engine.tasks.trained_run import project_file
from tlcore.store import OwnerStore, StoredFile

_MOST_BYTES = 100 * 1024**2  # that travel in one message; larger ones are downloaded
_CSS = """
.kept { color: var(--st-text-color); font-family: var(--st-font); font-size: 0.95rem }
.kept > [hidden] { display: none }
button { min-height: 40px; padding: 6px 12px; border: 1px solid var(--st-border-color); font: inherit; cursor: pointer;
  border-radius: var(--st-button-radius); background: var(--st-background-color); color: var(--st-text-color) }
button:hover { color: var(--st-primary-color); border-color: var(--st-primary-color) }
button:disabled { opacity: 0.5; cursor: not-allowed }
button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px }
button + span { margin-inline-start: 12px }
button[hidden] + span { margin: 0 }
h3 { margin: 0 0 8px; font-family: var(--st-heading-font); font-size: 1.1rem }
ul { margin: 0; padding: 0; list-style: none }
li { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 6px 0;
  border-top: 1px solid var(--st-border-color) }
.name { flex: 1 1 14em; min-width: 0; overflow-wrap: anywhere }
@media (max-width: 640px) { .name { flex-basis: 100% } }
p { margin: 8px 0 0; font-size: 0.875rem }
"""
_SCRIPT = Path(__file__).with_name("keep.js").read_text("utf-8")
_kept = st.components.v2.component("tlcore.kept", html='<div class="kept"></div>', css=_CSS, js=_SCRIPT)


class _Opened(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str = Field(min_length=1, max_length=200)
    content: Annotated[Base64Bytes, Field(max_length=_MOST_BYTES)]


def keep_button(run_id: str, name: str, project: StoredFile) -> None:
    """A button that puts the project file of a run into the browser, with its size; says that it is there.

    Args:
        run_id: Of the run.
        name: What the list is to call it.
        project: The file.
    """
    if project.num_bytes > min(_MOST_BYTES, upload_mb() * 1024**2):
        st.caption(_("This project is too large to be kept in the browser: download it."))
        return

    def done() -> None:
        KEEP_WANTED.set(None)
        if (KEEP.get() or {}).get("done"):
            mark_saved(run_id)

    def wanted() -> None:
        KEEP_WANTED.set(run_id)

    data: dict[str, Any] = {"id": _digest(run_id, owner()), "name": name[:200], "size": project.num_bytes}
    data["words"] = {
        "keep": _("Keep it in this browser ({size})").format(size=amount_of_bytes(project.num_bytes)),
        "coming": _("On its way to your browser…"),
        "kept": _("✓ Kept in this browser. It is listed at the end of this page."),
        "full": _("The browser has no room for it: delete what it keeps, or download the project file."),
        "cannot": _("This browser keeps nothing, as private windows do: download the project file."),
    }
    if KEEP_WANTED.get() == run_id:  # until the browser says that it has it
        data["content"] = base64.b64encode(project.read()).decode()
    _kept(data=data, key=KEEP.name, on_wanted_change=wanted, on_done_change=done, width="stretch")


def kept_list() -> None:
    """What the browser keeps, to be opened again or deleted; nothing where it keeps nothing."""
    words = {
        "title": _("Kept in this browser"),
        "open": _("Open"),
        "remove": _("Delete"),
        "sure": _("Delete for good"),
        "note": _(
            "Whoever uses this browser can open these, and nobody else. They stay until you delete them here, or the "
            "browser's data."
        ),
    }
    data = {"words": words, "language": language()}
    _kept(data=data, key=KEPT_LIST.name, on_opened_change=_open, width="stretch")


def _open() -> None:
    """Callback: the browser has sent one back."""
    try:
        sent = _Opened.model_validate((KEPT_LIST.get() or {}).get("opened"))
    except ValidationError:
        return
    open_project_file(f"{sent.name}.zip", sent.content)


@st.cache_data(max_entries=64, show_spinner=False)
def _digest(run_id: str, of_owner: str) -> str:
    """By which the browser knows a project again, also where it was opened anew: a run's file never changes."""
    return hashlib.sha256(project_file(OwnerStore(of_owner), run_id).read()).hexdigest()[:32]
