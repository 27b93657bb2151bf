"""A trained network that nobody has taken along: the page says how long it stays, and the browser asks who leaves."""

from __future__ import annotations

import json

import streamlit as st

from pages.ui.common.i18n import _, number
from pages.ui.common.owner import owner
from pages.ui.common.state import APP_RUN_SHOWN
from tlcore.errors import InvalidArgumentError
from tlcore.settings import get_settings
from tlcore.store import OwnerStore

_SAVED = "saved"  # a file beside a run, once something of it was downloaded
#: A browser asks in words of its own, and only who has done something on the page.
_SCRIPT = """if (!('tlcoreUnsaved' in window)) addEventListener('beforeunload', event => {{
  if (window.tlcoreUnsaved) event.preventDefault();
}});
window.tlcoreUnsaved = {unsaved};
for (const line of document.querySelectorAll('.st-key-{unsaved_line}, .st-key-{saved_line}'))
  line.style.visibility = {unsaved} || line.matches('.st-key-{saved_line}') ? '' : 'hidden';"""
_UNSAVED_LINE, _SAVED_LINE = "unsaved-line", "saved-line"


def remember_shown(run_id: str) -> None:
    """Call where a finished run is shown."""
    APP_RUN_SHOWN.set(run_id)


def mark_saved(run_id: str) -> None:
    """Callback: something of the run that holds its network is being downloaded."""
    try:
        OwnerStore(owner()).add_files("runs", run_id, {_SAVED: b""})
    except InvalidArgumentError:  # deleted meanwhile, in another tab
        return


def is_saved(run_id: str) -> bool:
    """Whether it was taken along, or is gone."""
    try:
        return OwnerStore(owner()).path("runs", run_id, _SAVED).is_file()
    except InvalidArgumentError:
        return True


def unsaved_line(run_id: str) -> None:
    """Where a network can be taken along: whether this has been done.

    In as many words either way, so that what is below stays where it is for the next click.
    """
    saved = is_saved(run_id)
    text = (
        _("Taken along. This server deletes it {hours} hours after it was last used; what you have taken stays yours.")
        if saved
        else _(
            "Not taken along yet. This server deletes it {hours} hours after it was last used; the project file "
            "brings all of it back."
        )
    )
    with st.container(key=_SAVED_LINE if saved else _UNSAVED_LINE):
        icon = ":material/check: " if saved else ":material/save: "
        st.caption(icon + text.format(hours=number(get_settings().expiry_s / 3600)))


def ask_who_leaves() -> None:
    """At the end of every run of the app: says to the browser whether the run that was shown last was taken along."""
    run_id = APP_RUN_SHOWN.get()
    if run_id is not None:
        _tell(unsaved=not is_saved(run_id))


def tell_saved(run_id: str) -> None:
    """Below a download in a part of the page that is drawn by itself: what is above it hears of it, too."""
    if run_id == APP_RUN_SHOWN.get() and is_saved(run_id):
        _tell(unsaved=False)


def _tell(*, unsaved: bool) -> None:
    script = _SCRIPT.format(unsaved=json.dumps(unsaved), unsaved_line=_UNSAVED_LINE, saved_line=_SAVED_LINE)
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
