"""Experiments: each claim of the lecture is a button that measures it."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.code import code_panel
from pages.ui.common.controls import select_one
from pages.ui.common.i18n import _
from pages.ui.common.messages import check_yourself, notice, page_head
from pages.ui.common.url import read_url, write_url
from pages.ui.experiments.board import back_to_board, board_section
from pages.ui.experiments.kept_runs import take_up_run
from pages.ui.experiments.result import guess_section
from pages.ui.experiments.run import progress_section, result_section, run_buttons
from pages.ui.experiments.settings import can_run, settings_form, settings_of
from pages.ui.experiments.state import EXPERIMENT, KEYS, ExperimentsLink
from tlcore.experiments import get_experiment, list_experiments

page_head(
    _("Experiments"),
    _(
        "The lecture makes thirteen claims about transfer learning. Here each one is a button that measures it, on "
        "your images or on a ready set, and says so when it does not hold."
    ),
)
read_url("experiments", ExperimentsLink, KEYS)

if not EXPERIMENT.get():
    board_section()
    write_url("experiments", KEYS)
    st.stop()

back_to_board()
claims = {name: f"{n}. {_(get_experiment(name).title)}" for n, name in enumerate(list_experiments(), start=1)}
select_one(_("Claim"), claims, EXPERIMENT)
spec = get_experiment(EXPERIMENT.get())

st.header(_(spec.title), anchor=False)
st.markdown("> :material/school: **" + _("The lecture says") + ":** " + _(spec.claim))
st.caption(_("Slides: {slide}").format(slide=_(spec.slide)))

take_up_run(spec)
revealed = guess_section(spec)
images = settings_form(spec)
settings = settings_of(spec, images)
run_buttons(spec, settings, usable=can_run(spec))
progress_section(spec, revealed=revealed)
if revealed:
    result_section(spec, settings)

notice(_(spec.notice))
check_yourself(
    _("Why does the takeaway sometimes say that the data do not decide the claim?"),
    _(
        "With 60 test images, one more right or wrong is 1.7 points. Two networks count as different here only if "
        "their accuracies differ by more than two standard errors; fewer images, or fewer repetitions, allow no more."
    ),
    key="experiments",
)
code_panel(spec.code(settings))
write_url("experiments", KEYS)
