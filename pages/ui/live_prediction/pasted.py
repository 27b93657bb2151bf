"""Pictures that are pasted: by Ctrl+V anywhere on the page, or by a button; Streamlit's box takes files only."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any

import streamlit as st
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from pages.ui.common.focus import await_parts
from pages.ui.common.i18n import _
from pages.ui.common.photo import MOST_MB
from pages.ui.live_prediction.state import ANSWER, PASTE, PASTED, UPLOAD, UPLOADED, BroughtPhoto

_MOST_BYTES = MOST_MB * 1024**2
_MOST_PICTURES = 20  # that stay; the oldest go
_HTML = """<div class="paste"><button type="button"></button>
<div class="box" contenteditable="true" role="textbox" tabindex="0"></div>
<span class="hint"></span><p class="said" role="status"></p></div>"""
_CSS = """
.paste { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; color: var(--st-text-color);
  font-family: var(--st-font); font-size: 0.95rem }
.paste > [hidden] { display: none }
button { min-height: 40px; padding: 6px 12px; border: 1px solid var(--st-border-color); font: inherit; cursor: pointer;
  border-radius: var(--st-base-radius); background: var(--st-background-color); color: var(--st-text-color) }
button:hover { color: var(--st-primary-color); border-color: var(--st-primary-color) }
.box { min-width: 14em; min-height: 40px; padding: 8px 12px; border: 1px dashed var(--st-border-color);
  border-radius: var(--st-base-radius); background: var(--st-secondary-background-color) }
.box:empty::before { content: attr(data-shown); color: inherit }
button:focus-visible, .box:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px }
@media (pointer: coarse) { .hint { display: none } }
.said { flex: 1 0 100%; margin: 0; font-weight: 600 }
.said:empty { display: none }
"""
_paste = st.components.v2.component(
    "tlcore.paste", html=_HTML, css=_CSS, js=Path(__file__).with_name("paste.js").read_text("utf-8")
)


class _Picture(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str = Field(max_length=255)
    image: Annotated[Base64Bytes, Field(min_length=1, max_length=_MOST_BYTES)]


_PICTURES = TypeAdapter(Annotated[list[_Picture], Field(min_length=1, max_length=_MOST_PICTURES)])


def pasted_photos() -> tuple[BroughtPhoto, ...]:
    """The button, and the pictures that were pasted so far."""
    _paste(data={"words": _words(), "most": _MOST_BYTES}, key=PASTE.name, on_pasted_change=_arrived, width="stretch")
    photos = PASTED.get()
    if photos:
        st.button(
            _("Take the pasted pictures away"),
            icon=":material/close:",
            key="live_prediction.unpaste",
            on_click=PASTED.set,
            args=((),),
        )
    return photos


def pictures_of(sent: Any) -> tuple[BroughtPhoto, ...]:
    """What the browser sends; () where that is no pictures."""
    try:
        pictures = _PICTURES.validate_python(sent)
    except ValidationError:
        return ()
    return tuple(BroughtPhoto(each.name, hashlib.sha256(each.image).hexdigest(), each.image) for each in pictures)


def _arrived() -> None:
    """Callback: the first of the new ones is looked at; one that was pasted before is not there twice."""
    new = pictures_of((PASTE.get() or {}).get("pasted"))
    if not new:
        return
    by_mark = {photo.mark: photo for photo in (*PASTED.get(), *new)}
    kept = tuple(by_mark.values())[-_MOST_PICTURES:]
    PASTED.set(kept)
    UPLOADED.set(len(UPLOAD.get() or []) + kept.index(by_mark[new[0].mark]))
    await_parts(ANSWER)


def _words() -> dict[str, str]:
    return {
        "button": _("Paste a picture"),
        "box": _("Paste a picture here"),
        "hint": _("or press Ctrl+V (⌘V) anywhere on this page"),
        "none": _("There is no picture on the clipboard. Copy one first, for example with “Copy image” in a browser."),
        "refused": _("The browser did not hand over the clipboard. Allow it, or press Ctrl+V."),
        "large": _("A picture may have at most {most} MB.").format(most=MOST_MB),
    }
