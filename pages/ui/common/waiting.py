"""What a job waits for, in words: its place, who is before it, what is being done meanwhile, and about how long."""

from __future__ import annotations

from pages.ui.common.i18n import _, ngettext, number
from tlcore.engine import JobView
from tlcore.engine.job import Occupation

_MINUTES_FROM_S = 100


def waiting_text(view: JobView) -> str:
    """All that is known of a queued job's turn."""
    sentences = [
        _("Waiting for a free worker: place {position} in the queue.").format(position=number(view.position)),
        "" if view.num_workers else _("No worker that may do this is there now; it begins as soon as one comes."),
        _people(view.people_before),
        *dict.fromkeys(_doing(occupation) for occupation in view.meanwhile),
        _about(view.estimate_s),
        _("Somebody has asked for the very same; you get it with them.") if view.shared else "",
        _("You can go on with other pages meanwhile: the job keeps its place."),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _people(count: int) -> str:
    if not count:
        return ""
    text = ngettext("{count} other person is before you.", "{count} other people are before you.", count)
    return text.format(count=number(count))


def _doing(occupation: Occupation) -> str:
    if occupation.part:
        return (
            _("Now: your own experiment, which gives way after each small part.")
            if occupation.own
            else _("Now: an experiment of another visitor, which gives way after each small part.")
        )
    return _("Now: another job of your own.") if occupation.own else _("Now: a job of another visitor.")


def _about(seconds: float | None) -> str:
    if seconds is None or seconds < 1:
        return ""
    if seconds < _MINUTES_FROM_S:
        return _("About {seconds} s, going by earlier jobs.").format(seconds=number(seconds))
    return _("About {minutes} min, going by earlier jobs.").format(minutes=number(seconds / 60))
