"""The board: what the measurements say of every claim on every dataset; a click opens the experiment behind a cell."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui.common.claim_words import VERDICT_ICONS, quantity
from pages.ui.common.focus import await_parts
from pages.ui.common.i18n import _
from pages.ui.common.messages import notice
from pages.ui.common.questions import check_yourself
from pages.ui.experiments.quiz import quiz
from pages.ui.experiments.state import CLAIM, EXPERIMENT, images_key
from tlcore.datasets import get_dataset_spec
from tlcore.experiments import get_experiment
from tlcore.experiments.board import BoardCell, board

BOARD_CODE = """from tlcore.experiments.board import board

for row in board():
    for cell in row:
        print(cell.experiment, cell.dataset, cell.verdict, cell.figure and cell.figure.quantity)"""
NOT_MEASURED_ICON = ":material/radio_button_unchecked:"
EXCLUDED_ICON = ":material/block:"
_STYLE = """
[class*="st-key-experiments-claim-"] { padding: 0.4rem 0.8rem }
[class*="st-key-experiments-claim-"] button { padding: 0.25rem 0.4rem; height: auto }
[class*="st-key-experiments-claim-"] button p { font-size: 0.85rem; line-height: 1.3; white-space: normal }
@media (max-width: 640px) {
  [class*="st-key-experiments-claim-"] [data-testid="stColumn"] { min-width: 0; flex: 1 1 0 }
  [class*="st-key-experiments-claim-"] [data-testid="stColumn"]:first-child { flex-basis: 100% }
  [class*="st-key-experiments-claim-"] button p { font-size: 0.75rem }
}
"""
FRESH_S = 30  # how long a board may be older than the last measurement on this machine


@st.cache_data(ttl=FRESH_S, show_spinner=False)
def _rows() -> tuple[tuple[BoardCell, ...], ...]:
    """The same for everybody: ready sets only, with each claim's own settings."""
    return board()


def board_section() -> str:
    """A row a claim, a button a dataset; returns code that prints the same."""
    st.caption(_("A button is a claim on a set of images. It says what was measured; a click opens the experiment."))
    st.html(f"<style>{_STYLE}</style>")
    for number, row in enumerate(_rows(), start=1):
        spec = get_experiment(row[0].experiment)
        with st.container(border=True, key=f"experiments-claim-{spec.name}"):
            claim, *places = st.columns([5, 4, 4, 4], vertical_alignment="center", gap="small")
            claim.markdown(f"**{number}. {_(spec.title)}**  \n" + _figure_title(row))
            for place, cell in zip(places, row, strict=False):
                with place:
                    _cell_button(cell)
    notice(
        _(
            "Near tasks and far ones side by side: digits and solar cells resemble the photographs that a base was "
            "trained on far less than hard hats do. On near tasks with few images, fine-tuning often adds nothing to "
            "extraction (Kornblith et al., 2019); the farther the task, the less the last layers carry over (Yosinski "
            "et al., 2014)."
        )
    )
    check_yourself(quiz(""))
    return BOARD_CODE


def _figure_title(row: Sequence[BoardCell]) -> str:
    """What the numbers of this row count, in small print."""
    titles = [_(cell.figure.title) for cell in row if cell.figure is not None]
    return f":small[{titles[0]}]" if titles else ""


def _cell_button(cell: BoardCell) -> None:
    st.button(
        _label(cell),
        key=f"experiments.board.{cell.experiment}.{cell.dataset}",
        help=None if cell.excluded is None else _(cell.excluded),
        disabled=cell.excluded is not None,
        width="stretch",
        on_click=_open,
        args=(cell,),
    )


def _label(cell: BoardCell) -> str:
    words = {"holds": _("holds"), "fails": _("fails"), "unclear": _("unclear"), None: _("not measured yet")}
    word = words[cell.verdict]
    icon = NOT_MEASURED_ICON if cell.verdict is None else VERDICT_ICONS[cell.verdict]
    if cell.excluded is not None:
        icon, word = EXCLUDED_ICON, _("makes no sense here")
    images = "" if cell.dataset is None else f"{_(get_dataset_spec(cell.dataset).title)}: "
    value = "" if cell.figure is None else f" **{quantity(cell.figure.quantity.value, cell.figure.quantity.kind)}**"
    here = " · " + _("measured here") if cell.origin == "measured" else ""
    return f"{icon} {images}{word}{value}{here}"


def _open(cell: BoardCell) -> None:
    """Callback: the claim with these images."""
    EXPERIMENT.set(cell.experiment)
    await_parts(CLAIM)
    if cell.dataset is not None:
        images_key(get_experiment(cell.experiment), cell.dataset).set(cell.dataset)
