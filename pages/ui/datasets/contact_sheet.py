"""Many pictures to choose some of, and what to do with them: they are chosen in the browser, which needs no server.

The pictures come as one file; each is a button that shows its part of it. Only what is done with the chosen ones is
sent.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui.common.i18n import _
from pages.ui.common.state import Key

_HTML = '<div class="bar" role="toolbar"></div><div class="grid" role="group"></div>'
_CSS = """
.bar { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 6px; align-items: center;
  padding: 6px 0; background: var(--st-background-color); color: var(--st-text-color); font-size: 0.9rem }
.bar button, .bar select { font: inherit; color: inherit; background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); padding: 4px 10px; min-height: 32px;
  max-width: 100% }
.bar button { cursor: pointer }
.bar button:disabled, .bar select:disabled { opacity: 0.55; cursor: default }
.bar label { display: flex; gap: 6px; align-items: center; max-width: 100% }
.bar span { margin-right: 4px }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(var(--side), 1fr)); gap: 6px; padding: 3px;
  align-items: start }
.grid button { padding: 0; border: 2px solid var(--st-border-color); border-radius: var(--st-base-radius);
  overflow: hidden; background: var(--st-secondary-background-color); color: var(--st-text-color); cursor: pointer;
  font: inherit; font-size: 0.75rem; text-align: left }
.grid button:focus-visible, .bar :focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px }
.grid button[aria-pressed=true] { border-color: var(--st-primary-color); box-shadow: 0 0 0 3px var(--st-primary-color) }
.grid .picture { display: block; position: relative; aspect-ratio: 1; background-image: var(--sheet);
  background-repeat: no-repeat }
.grid [aria-pressed=true] .picture::after { content: "✓"; position: absolute; right: 3px; top: 3px; width: 18px;
  height: 18px; border-radius: 50%; background: var(--st-primary-color); color: var(--st-background-color);
  text-align: center; line-height: 18px }
.grid .words { display: block; padding: 1px 4px; overflow-wrap: anywhere; line-height: 1.3 }
"""
_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const bar = parentElement.querySelector(".bar"), grid = parentElement.querySelector(".grid"), words = data.words;
  const memory = grid.memory ??= { chosen: new Set(), last: null, stamp: null, sheet: null };
  if (memory.stamp !== data.stamp) { memory.stamp = data.stamp; memory.chosen.clear(); memory.last = null }
  if (memory.sheet !== data.sheet) {
    memory.sheet = data.sheet;
    if (memory.url) URL.revokeObjectURL(memory.url);
    const bytes = Uint8Array.from(atob(data.sheet), letter => letter.charCodeAt(0));
    memory.url = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
    grid.style.setProperty("--sheet", `url(${memory.url})`);
  }
  grid.setAttribute("aria-label", words.label);
  bar.setAttribute("aria-label", words.bar);
  const make = (name, text, act) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (name === "button") { made.type = "button"; made.onclick = act }
    return made;
  };
  const send = (action, class_name) =>
    setTriggerValue("edit", { action, class_name: class_name ?? null, indices: [...memory.chosen], stamp: data.stamp });
  const count = make("span", ""), acts = [];
  count.setAttribute("aria-live", "polite");
  const all = make("button", words.all, () => { data.images.forEach(image => memory.chosen.add(image.index)); draw() });
  const none = make("button", words.none, () => { memory.chosen.clear(); draw() });
  const parts = [count, all, none];
  if (data.actions.includes("accept")) acts.push(make("button", words.accept, () => send("accept")));
  if (data.actions.includes("move")) {
    const label = make("label", words.move), list = make("select", "");
    const [first, ...others] = ["", ...data.classes.map(each => each.name)];
    list.append(new Option("…", first), ...others.map((name, place) => new Option(data.classes[place].title, name)));
    // A button of its own: by keyboard, an arrow key in the list chooses already.
    const move = make("button", words.to_move, () => { send("move", list.value); list.value = ""; draw() });
    move.needs = list;
    list.onchange = () => draw();
    label.append(list);
    parts.push(label);
    acts.push(list, move);
  }
  if (data.actions.includes("delete")) acts.push(make("button", words.delete, () => send("delete")));
  bar.replaceChildren(...parts, ...acts.filter(act => act.tagName === "BUTTON"));
  const draw = () => {
    const chosen = memory.chosen.size;
    count.textContent = chosen ? words.chosen.replace("{count}", chosen) : words.hint;
    acts.forEach(act => { act.disabled = data.busy || !chosen || (act.needs && !act.needs.value) });
    none.disabled = !chosen;
    [...grid.children].forEach((button, place) =>
      button.setAttribute("aria-pressed", String(memory.chosen.has(data.images[place].index))));
  };
  const columns = Math.min(data.columns, data.images.length), rows = Math.ceil(data.images.length / data.columns);
  const share = (place, count) => count > 1 ? 100 * place / (count - 1) : 0;  // of the sheet that does not fit
  grid.style.setProperty("--side", `${data.side}px`);
  grid.replaceChildren(...data.images.map((image, place) => {
    const button = make("button", ""), picture = make("span", ""), text = make("span", image.title);
    picture.className = "picture";
    text.className = "words";
    const across = place % data.columns, down = Math.floor(place / data.columns);
    picture.style.backgroundSize = `${100 * columns}% auto`;
    picture.style.backgroundPosition = `${share(across, columns)}% ${share(down, rows)}%`;
    button.title = image.details;
    button.setAttribute("aria-label", `${image.title}, ${image.details}`);
    button.append(picture, text);
    button.onclick = event => {
      const chosen = memory.chosen, index = image.index;
      if (event.shiftKey && memory.last !== null) {
        const [from, to] = [memory.last, place].sort((a, b) => a - b);
        data.images.slice(from, to + 1).forEach(each => chosen.add(each.index));
      } else if (!chosen.delete(index)) chosen.add(index);
      memory.last = place;
      draw();
    };
    return button;
  }));
  draw();
}
"""
_sheet = st.components.v2.component("tlcore.contact_sheet", html=_HTML, css=_CSS, js=_JS)


@dataclass(frozen=True)
class SheetImage:
    """A picture of the sheet.

    Attributes:
        index: What it is called in what is done with it.
        title: Below it.
        details: Said by screen readers, and where the mouse rests.
    """

    index: int
    title: str
    details: str


@dataclass(frozen=True)
class SheetAction:
    """What a person does with some pictures.

    Attributes:
        action: "delete", "move" or "accept".
        indices: Of the chosen pictures.
        class_name: Of "move": the class they go to.
    """

    action: str
    indices: tuple[int, ...]
    class_name: str | None


def contact_sheet(
    sheet: bytes,
    images: Sequence[SheetImage],
    *,
    columns: int,
    side: int,
    classes: Mapping[str, str],
    actions: Sequence[str],
    on_action: Callable[[SheetAction], None],
    key: Key[Any],
    stamp: str,
    busy: bool = False,
) -> None:
    """The pictures of a sheet, and buttons for those that are chosen.

    Args:
        sheet: A JPEG file with the pictures in rows.
        images: One each.
        columns: Pictures in a row of the file.
        side: Of each picture on the screen, in pixels, at least: where a line has room left, they are larger.
        classes: Name -> title of those that pictures can be moved to.
        actions: Of "accept", "move" and "delete", those that there are.
        on_action: Called before the page is drawn again.
        key: Of the component.
        stamp: Says which set in which edition is shown: with another one, nothing is chosen any more.
        busy: Whether nothing can be done right now.
    """
    known = {image.index for image in images}

    def acted() -> None:
        action = chosen_action((key.get() or {}).get("edit"), actions, classes, known)
        if action is not None:
            on_action(action)

    data = {
        "sheet": base64.b64encode(sheet).decode(),
        "images": [vars(image) for image in images],
        "columns": columns,
        "side": side,
        "classes": [{"name": name, "title": title} for name, title in classes.items()],
        "actions": list(actions),
        "stamp": stamp,
        "busy": busy,
        "words": _words(),
    }
    _sheet(data=data, key=key.name, on_edit_change=acted, width="stretch")


def chosen_action(
    value: Any, actions: Sequence[str], classes: Mapping[str, str], known: set[int]
) -> SheetAction | None:
    """What came from the browser, where it can be.

    Args:
        value: That came.
        actions: That there are.
        classes: Name -> title of those that images can be moved to.
        known: Numbers of the images on the sheet.
    """
    if not isinstance(value, dict) or value.get("action") not in actions:
        return None
    indices = tuple(index for index in value.get("indices") or () if isinstance(index, int) and index in known)
    class_name = value.get("class_name")
    if not indices or (value["action"] == "move" and class_name not in classes):
        return None
    return SheetAction(value["action"], indices, class_name)


def _words() -> dict[str, str]:
    return {
        "label": _("Images to choose from"),
        "bar": _("What to do with the chosen images"),
        "hint": _("Choose images; with Shift, a whole row."),
        "chosen": _("{count} chosen"),
        "all": _("All on this page"),
        "none": _("None"),
        "move": _("Move to"),
        "to_move": _("Move"),
        "delete": _("Delete"),
        "accept": _("Take the suggestion"),
    }
