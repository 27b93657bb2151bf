"""How far a person has come in the lesson is kept with the session, and lost by nobody else's doing."""

from __future__ import annotations

from tlcore.store import OwnerStore, new_owner
from tlcore.store.lesson import LessonProgress, change_progress, read_progress


def test_progress_is_found_again_by_its_session_only() -> None:
    store = OwnerStore(new_owner())
    assert read_progress(store) == LessonProgress()
    made = change_progress(store, lambda kept: kept.model_copy(update={"step": "home", "answers": {"home": 2}}))
    assert read_progress(OwnerStore(new_owner())) == LessonProgress()
    assert read_progress(store) == made == LessonProgress(step="home", answers={"home": 2})
    assert len(store.items("lesson")) == 1


def test_two_windows_lose_nothing_of_each_other() -> None:
    store = OwnerStore(new_owner())
    for name in ("home", "explorer"):
        change_progress(store, lambda kept, name=name: kept.model_copy(update={"answers": {**kept.answers, name: 0}}))
    assert set(read_progress(store).answers) == {"home", "explorer"}


def test_what_another_version_kept_otherwise_begins_anew() -> None:
    store = OwnerStore(new_owner())
    with store.draft("lesson", name="lesson") as draft:
        draft.details.update({"answers": "all of them", "step": 3})
    assert read_progress(store) == LessonProgress()
    change_progress(store, lambda kept: kept.model_copy(update={"step": "datasets"}))
    assert read_progress(store).step == "datasets"
