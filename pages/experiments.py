"""Experiments: a board of the lecture's claims, and each claim as a button that measures it."""

from __future__ import annotations

from pages.ui.common.code import code_panel
from pages.ui.common.i18n import _
from pages.ui.common.messages import page_head
from pages.ui.common.url import read_url, write_url
from pages.ui.experiments.board import board_section
from pages.ui.experiments.claim import claim_section
from pages.ui.experiments.state import EXPERIMENT, KEYS, ExperimentsLink

page_head(
    _("Experiments"),
    _("The lecture makes thirteen claims about transfer learning. Measure each of them, also where it does not hold."),
    ("base", "last block", "head"),
    trained=1,
)
read_url("experiments", ExperimentsLink, KEYS)
code = claim_section() if EXPERIMENT.get() else board_section()
code_panel(code)
write_url("experiments", KEYS)
