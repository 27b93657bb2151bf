"""The bug museum: real mistakes of transfer learning, to be recognised, found and mended."""

from __future__ import annotations

from pages.ui.common.code import code_panel
from pages.ui.common.i18n import _
from pages.ui.common.messages import page_head
from pages.ui.common.url import read_url, write_url
from pages.ui.museum.hall import hall
from pages.ui.museum.piece import piece_section
from pages.ui.museum.state import KEYS, PIECE, MuseumLink

page_head(
    _("The bug museum"),
    _("Fourteen short programs that run, report no error, and are wrong. Name the symptom, find the line, mend it."),
    ("base", "head"),
)
read_url("museum", MuseumLink, KEYS)
code_panel(piece_section() if PIECE.get() else hall())
write_url("museum", KEYS)
