"""After a step, what is new is scrolled to and gets the focus, for eyes, keyboards and screen readers alike.

A button that has been pressed is disabled while its job runs, and the browser would give the focus to the whole page.
"""

from __future__ import annotations

import json

import streamlit as st

from pages.ui.common.state import APP_AWAITED, APP_PARTS_SHOWN

_SCRIPT = """(() => {{
  let tries = 100;
  const look = () => {{
    const part = document.querySelector('.st-key-' + {part});
    if (!part) {{ if (tries--) setTimeout(look, 50); return; }}
    const focus = () => {{
      const now = document.querySelector('.st-key-' + {part});
      if (!now) return;
      now.style.scrollMarginTop = '3.5rem';
      const box = now.getBoundingClientRect();
      const seen = {gentle} && box.top > 50 && box.bottom < innerHeight - 70;
      if (!moved && !seen) now.scrollIntoView({{block: 'start'}});
      if (document.activeElement && document.activeElement !== document.body) return;
      now.tabIndex = -1;
      now.focus({{preventScroll: true}});
    }};
    let moved = false;  // by the person, who is not to be pulled back
    for (const kind of ['wheel', 'touchmove', 'keydown', 'pointerdown'])
      addEventListener(kind, () => {{ moved = true; }}, {{once: true, passive: true}});
    if (document.activeElement) document.activeElement.blur();
    for (const wait of [0, 300, 900, 2000, 4000]) setTimeout(focus, wait);  // what is drawn again loses it
  }};
  look();
}})() // {step}"""


def await_parts(*parts: str) -> None:
    """Says which parts of the page come next, by the keys of their containers; call where a step begins."""
    APP_AWAITED.set(parts)


def arrived(part: str, *, gentle: bool = False) -> None:
    """Call where a part is drawn: if it is the next one that was waited for, the page goes there, once.

    Args:
        part: Key of its container.
        gentle: Do not scroll where the whole part is in sight already; not for one that grows while it is drawn.
    """
    awaited = APP_AWAITED.get()
    if part not in awaited:
        return
    APP_AWAITED.set(awaited[awaited.index(part) + 1 :])
    APP_PARTS_SHOWN.set(APP_PARTS_SHOWN.get() + 1)
    name = json.dumps(part.replace(".", "-"))
    script = _SCRIPT.format(part=name, gentle=json.dumps(gentle), step=APP_PARTS_SHOWN.get())
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
