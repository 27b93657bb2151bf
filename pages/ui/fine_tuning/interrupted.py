"""Runs that something interrupted, a stop, a crash or a restart: said, and gone on with at one click."""

from __future__ import annotations

import time
from datetime import timedelta

import streamlit as st

from pages.ui.common.i18n import _, as_plain_text, babel_locale, number
from pages.ui.common.owner import owner
from pages.ui.fine_tuning.job import go_on_with_interrupted
from pages.ui.fine_tuning.settings import take_up_settings
from tlcore.engine.tasks.unfinished import InterruptedRun, forget_unfinished, interrupted_runs, runs_going_on
from tlcore.store import OwnerStore

_LOOK_S = 2.0


def interrupted_section(*, busy: bool) -> None:
    """Each of them with a button to go on from its last state; they lie on disk, so any tab finds them."""
    if busy:
        return
    _going_on()
    for run in interrupted_runs(OwnerStore(owner())):
        with st.container(border=True, key=f"fine_tuning-interrupted-{run.item_id}"):
            st.markdown(":material/running_with_errors: " + _sentence(run))
            with st.container(horizontal=True):
                st.button(
                    _("Continue"),
                    icon=":material/resume:",
                    key=f"fine_tuning.continue.{run.item_id}",
                    on_click=_continue,
                    args=(run,),
                )
                st.button(
                    _("Delete it"),
                    icon=":material/delete:",
                    key=f"fine_tuning.forget.{run.item_id}",
                    on_click=_forget,
                    args=(run.item_id,),
                )


def _going_on() -> None:
    """Runs that a worker goes on with though this server does not know them: it took over from another, or is new."""
    known = [run.item_id for run in runs_going_on(OwnerStore(owner()))]

    @st.fragment(run_every=_LOOK_S if known else None)
    def look() -> None:
        runs = runs_going_on(OwnerStore(owner())) if known else []
        if [run.item_id for run in runs] != known:
            st.rerun()
        for run in runs:
            with st.container(key=f"fine_tuning-going-on-{run.item_id}"):
                text = _(
                    "“{name}” is being trained, and has done {epoch} of {epochs} epochs. When it ends, it stands in "
                    "the table below; if something interrupts it, it can be gone on with here."
                )
                name, epoch = as_plain_text(run.name), number(len(run.rows))
                st.info(text.format(name=name, epoch=epoch, epochs=number(run.spec.total_epochs)))

    look()


def _sentence(run: InterruptedRun) -> str:
    from babel.dates import format_timedelta

    ago = format_timedelta(timedelta(seconds=run.kept_s - time.time()), add_direction=True, locale=babel_locale())
    name = as_plain_text(run.name)
    if not run.rows:
        return _("“{name}” was interrupted {ago}, before its first epoch had ended.").format(name=name, ago=ago)
    return _("“{name}” was interrupted {ago}. It is kept as it was after epoch {epoch} of {epochs}.").format(
        name=name, ago=ago, epoch=number(len(run.rows)), epochs=number(run.spec.total_epochs)
    )


def _continue(run: InterruptedRun) -> None:
    """Callback: before the page is drawn, so that its widgets can say what the run was asked to do."""
    take_up_settings(run.spec)
    go_on_with_interrupted(run)


def _forget(item_id: str) -> None:
    forget_unfinished(OwnerStore(owner()), item_id)
