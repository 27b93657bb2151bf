"""A reloaded page is a new session for Streamlit; the engine still knows the browser's jobs, so they are taken up."""

from __future__ import annotations

from pages.ui.common.owner import owner
from pages.ui.common.state import APP_RESTORED, job_key
from tlcore.engine import get_engine


def take_up_jobs() -> None:
    """Once a session: puts the newest job of each tag where its page looks for it."""
    if APP_RESTORED.get():
        return
    APP_RESTORED.set(True)
    for view in get_engine().jobs(owner()):  # newest first
        if view.tag and job_key(view.tag).get() is None:
            job_key(view.tag).set(view.job_id)
