"""How phones find a class: its address, and the address as a picture."""

from __future__ import annotations

import io
from urllib.parse import urlencode, urlsplit

import streamlit as st

from pages.ui.common.i18n import _, language
from pages.ui.common.pictures import show_picture
from tlcore.classroom import Classroom

_LOCAL = ("localhost", "127.0.0.1", "::1")
_DOT, _MARGIN = 8, 4  # pixels, dots
_CODE = '<p style="font-size: 3.4rem; font-weight: 700; letter-spacing: 0.18em; line-height: 1.1; margin: 0">{code}</p>'


def address_of(classroom: Classroom) -> str:
    """The link that a student opens, in the teacher's language."""
    page = str(st.context.url or "").partition("?")[0]
    return f"{page}?{urlencode({'code': classroom.code, 'lang': language()})}"


def invitation(classroom: Classroom) -> None:
    """Code, picture and link, to be projected."""
    address = address_of(classroom)
    words, picture = st.columns([3, 2], vertical_alignment="center")
    with words:
        st.markdown(_("Open the page “Class” of this lab and type this code, or take a photo of the picture:"))
        st.html(_CODE.format(code=classroom.code))
        st.code(address, language=None, wrap_lines=True)
        if urlsplit(address).hostname in _LOCAL:
            st.caption(
                ":material/wifi_off: "
                + _(
                    "This window shows the lab under an address that only this computer knows. Open it under the "
                    "address that the terminal calls “Network URL”: then phones find the class too."
                )
            )
    with picture:
        show_picture(qr_picture(address), alt=_("QR code of the address of the class"), width=260)


@st.cache_data(max_entries=64, show_spinner=False)
def qr_picture(address: str) -> bytes:
    """The address as a PNG, black on white in either theme, since that is what phones read."""
    import segno

    file = io.BytesIO()
    segno.make(address, micro=False, error="m").save(file, kind="png", scale=_DOT, border=_MARGIN)
    return file.getvalue()
