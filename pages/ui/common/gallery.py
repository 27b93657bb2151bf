"""Pictures to choose one of: each is a button that says what it shows."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.ui.common.pictures import data_uri
from pages.ui.common.state import Key

_THUMBNAIL = 160  # pixels of the longer side: sharp at twice the density of the screen
_HTML = '<div class="row"></div>'
_CSS = """
.row { display: flex; gap: 8px; overflow-x: auto; padding: 3px 3px 8px }
.row button { flex: none; padding: 0; border: 2px solid var(--st-border-color); border-radius: var(--st-base-radius);
  background: var(--st-secondary-background-color); color: var(--st-text-color); cursor: pointer; overflow: hidden;
  font: inherit; font-size: 0.8rem }
.row button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px }
.row button[aria-pressed=true] { border-color: var(--st-primary-color); box-shadow: 0 0 0 2px var(--st-primary-color) }
.row img { display: block; object-fit: cover }
.row span { display: block; padding: 2px 4px; overflow-wrap: anywhere; line-height: 1.3 }
"""
_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const row = parentElement.querySelector(".row");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", data.label);
  if (row.children.length !== data.sources.length || row.dataset.first !== data.sources[0]) {
    row.dataset.first = data.sources[0];
    row.replaceChildren(...data.sources.map((source, place) => {
      const button = document.createElement("button"), image = new Image(data.side, data.side);
      button.type = "button";
      button.style.width = `${data.side + 4}px`;
      image.src = source;
      image.alt = "";
      button.append(image, document.createElement("span"));
      return button;
    }));
  }
  [...row.children].forEach((button, place) => {
    button.lastChild.textContent = data.captions[place];
    button.setAttribute("aria-pressed", String(place === data.chosen));
    button.onclick = () => setTriggerValue("chosen", place);
  });
}
"""
_gallery = st.components.v2.component("tlcore.gallery", html=_HTML, css=_CSS, js=_JS)


def gallery(
    label: str,
    images: Sequence[bytes],
    captions: Sequence[str],
    *,
    side: int,
    chosen: int | None,
    on_choice: Callable[[int], None],
    key: Key[Any],
) -> None:
    """One row of pictures that can be pressed; it scrolls to the side where it does not fit.

    Args:
        label: What the pictures are, for screen readers.
        images: Picture files.
        captions: Below each; also what a screen reader calls it.
        side: Of each picture on the screen, in pixels.
        chosen: The place of the one that is marked.
        on_choice: Called with the place of the pressed one, before the page is drawn again.
        key: Of the component.
    """

    def pressed() -> None:
        place = (key.get() or {}).get("chosen")
        if isinstance(place, int) and 0 <= place < len(images):
            on_choice(place)

    data = {
        "label": label,
        "sources": [_thumbnail(image) for image in images],
        "captions": list(captions),
        "side": side,
        "chosen": chosen,
    }
    _gallery(data=data, key=key.name, on_chosen_change=pressed, width="stretch")


@st.cache_data(max_entries=128, show_spinner=False, scope="session")  # goes with the session: people's photos
def _thumbnail(image: bytes) -> str:
    """A picture file, small enough for the row, as an address."""
    from PIL import Image

    small, file = Image.open(io.BytesIO(image)).convert("RGB"), io.BytesIO()
    small.thumbnail((_THUMBNAIL, _THUMBNAIL))
    small.save(file, "JPEG", quality=88)
    return data_uri(file.getvalue())
