"""How much of a job is done, from what its task told: the better guess of how long the rest takes."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

_TELLING_FROM = 0.02  # a share below this says little about the speed


def share_done(events: Sequence[dict[str, Any]]) -> float | None:
    """Share of a job that is done, in [0, 1]; None where its events do not say.

    Args:
        events: Of its task so far. A run tells {"kind": "begin"} with its settings and then its epochs; other tasks
            tell {"kind": "progress", "done", "total"}; one that tells of phases as well is more than its progress.
    """
    begin = events[0] if events and events[0].get("kind") == "begin" else None  # it is the first, see `tasks.training`
    last = next((event for event in reversed(events) if event.get("kind") in ("progress", "epoch", "phase")), None)
    if begin is not None:
        return _share_of_run(begin, events)
    if last is None or last["kind"] != "progress" or last["done"] >= last["total"]:
        return None
    return float(last["done"]) / float(last["total"])


def _share_of_run(begin: dict[str, Any], events: Sequence[dict[str, Any]]) -> float | None:
    """Of the epochs that were left when it began, those that are done."""
    from ..training.specification import TrainingSpec

    last = next((event for event in reversed(events) if event.get("kind") == "epoch"), None)
    before, planned = len(begin["rows"]), TrainingSpec(**begin["spec"]).total_epochs
    return None if last is None else min(1.0, (float(last["epoch"]) - before) / max(1, planned - before))


def remaining_s(taken_s: float, share: float | None, durations: Sequence[float]) -> float | None:
    """Guess of the seconds that a job still takes; None if nothing is known.

    Args:
        taken_s: That it has run.
        share: Of it that is done, see `share_done`.
        durations: That such jobs took before.
    """
    if share is not None and share >= _TELLING_FROM:
        return taken_s * (1 - share) / share
    longer = [duration for duration in durations if duration > taken_s]
    return median(longer) - taken_s if longer else None  # one that takes longer than any before: who knows
