"""A reloaded page is a new session for Streamlit; the engine still knows the browser's jobs, so they are taken up."""

from __future__ import annotations

from collections.abc import Mapping

from pages.ui.common.owner import owner
from pages.ui.common.state import APP_RESTORED, DATASETS_CHOSEN, DATASETS_JOB, Key
from tlcore.engine import JobView, get_engine


def take_up_jobs(keys: Mapping[str, Key[str | None]]) -> None:
    """Once a session: puts the newest job of each kind where its page looks for it.

    Args:
        keys: Task of the engine -> key of the page that asks for it; those of the images are known here.
    """
    if APP_RESTORED.get():
        return
    APP_RESTORED.set(True)
    keys = {**dict.fromkeys(("preview_dataset", "import_dataset", "open_dataset"), DATASETS_JOB), **keys}
    for view in get_engine().jobs(owner()):  # newest first
        key = keys.get(view.task)
        if key is not None and key.get() is None and _belongs(view, key):
            key.set(view.job_id)
        if key is DATASETS_JOB and view.result and DATASETS_CHOSEN.get() is None:
            DATASETS_CHOSEN.set(view.result)


def _belongs(view: JobView, key: Key[str | None]) -> bool:
    """Training is also done by other pages, which find their own runs."""
    begun = next((event for event in view.events if event.get("kind") == "begin"), {})
    return view.task != "train" or key.name.startswith(f"{begun.get('page')}.")
