"""Freeze and fine-tune: the lecture's five steps, with every setting, live."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.code import code_panel
from pages.ui.common.dataset_line import dataset_line
from pages.ui.common.focus import arrived
from pages.ui.common.i18n import _
from pages.ui.common.jobs import is_running, job_of
from pages.ui.common.keras_code import spec_code
from pages.ui.common.messages import always_in_sight, old_mark, page_head, show_missing, status_line
from pages.ui.common.results import accuracy_guess
from pages.ui.common.state import DATASETS_JOB
from pages.ui.common.trained import trained_networks
from pages.ui.common.url import read_url, write_url
from pages.ui.fine_tuning.balance import balance_advice
from pages.ui.fine_tuning.controls import (
    again_buttons,
    preset_control,
    quick_images,
    run_buttons,
    settings_controls,
    way_in_words,
)
from pages.ui.fine_tuning.drawing import network_drawing
from pages.ui.fine_tuning.interrupted import interrupted_section
from pages.ui.fine_tuning.job import find_job, is_stale, take_up_last_run
from pages.ui.fine_tuning.kept_in_browser import kept_list
from pages.ui.fine_tuning.live import watch_training
from pages.ui.fine_tuning.open_project import open_project_section, take_up_opened_run
from pages.ui.fine_tuning.result import after_training
from pages.ui.fine_tuning.runs import runs_section
from pages.ui.fine_tuning.settings import FineTuningState
from pages.ui.fine_tuning.share import share_links
from pages.ui.fine_tuning.state import KEYS, PROGRESS, RESULT, FineTuningLink
from pages.ui.fine_tuning.steps import steps_column, steps_line, unfreezing_warning

page_head(
    _("Freeze and fine-tune"),
    _("Freeze the base, train the head, unfreeze the last layers and train them a little: watch which weights move."),
    ("last block", "head"),
    trained=1,
)
take_up_last_run()
take_up_opened_run()
read_url("fine_tuning", FineTuningLink, KEYS)
view = find_job()
busy = is_running(view)

data = dataset_line()
quick_images(data)
balance_advice(data)
preset_control()
missing, buttons, start_place = st.container(), always_in_sight("fine_tuning"), st.container()
settings_controls()
state = FineTuningState.of_widgets(data)
with missing:
    blocked = show_missing(state.missing()) or data is None
with buttons:
    run_buttons(state, view, blocked=blocked)
with start_place:
    again_buttons(view, blocked=blocked)
    way_in_words()
    interrupted_section(busy=busy)
    has_runs = bool(trained_networks())
    if not has_runs:  # whoever comes back later finds here what the browser has kept
        kept_list()
    unfreezing_warning(state, view, blocked=blocked)
    stage = (
        "training"
        if busy
        else "done"
        if view is not None and view.result
        else "preparing"
        if data or is_running(job_of(DATASETS_JOB))
        else "needs data"
    )
    status_line(stage, stale=not busy and is_stale(state, view))  # type: ignore[arg-type]
    with st.container(key=PROGRESS):
        if view is not None:
            arrived(PROGRESS)
            steps_line(state, view)
        view = watch_training()

if view is not None and view.result is not None:
    with st.container(key=RESULT):
        arrived(RESULT)
        st.header(_("On images that were never used"), anchor=False)
        old_mark(stale=is_stale(state, view))
        after_training(view.result)

st.header(_("The network: frozen and trainable"), anchor=False)
network_drawing(state)
st.header(_("The five steps"), anchor=False)
accuracy_guess("fine_tuning")
steps_column(state, view, blocked=blocked)
runs_section()
open_project_section()
if has_runs:
    kept_list()
code_panel(spec_code(state.spec, state.data))
share_links()
write_url("fine_tuning", KEYS)
