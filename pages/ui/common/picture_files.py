"""Buttons that download what the page shows as a picture, SVG or PNG.

The browser itself paints the SVG that it shows, so the server needs no renderer.
"""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _

_HTML = '<button type="button"></button>'
_CSS = """
button {
  font: inherit; font-size: 0.875rem; line-height: 1.6; padding: 0.25rem 0.75rem; min-height: 2.5rem; cursor: pointer;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
}
button:hover, button:focus-visible { color: var(--st-primary-color); border-color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); }
"""
# Three times the size of the SVG, so that it is sharp on a slide; browsers refuse canvases of more than 16,384 pixels.
_JS = """
const SHARPNESS = 3, LARGEST = 16000;

// A chart is made of several layers, each an SVG of the same size.
function allLayers(selector) {
  const layers = [...document.querySelectorAll(selector)];
  if (layers.length < 2) return layers[0];
  const whole = layers[0].cloneNode(true);
  for (const layer of layers.slice(1)) whole.append(...layer.cloneNode(true).childNodes);
  const [width, height] = sizeOf(layers[0]);
  whole.setAttribute("viewBox", `0 0 ${width} ${height}`);
  return whole;
}

function sizeOf(svg) {
  const box = svg.viewBox.baseVal;
  if (box && box.width) return [box.width, box.height];
  return [svg.width.baseVal.value, svg.height.baseVal.value];
}

function textOf(svg) {
  const [width, height] = sizeOf(svg);
  const copy = svg.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  return new XMLSerializer().serializeToString(copy);
}

function asFile(svg) {
  return new Blob([textOf(svg)], {type: "image/svg+xml"});
}

function paint(svg, background) {
  const [width, height] = sizeOf(svg), text = textOf(svg);
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onerror = reject;
    image.onload = () => {
      const scale = Math.min(SHARPNESS, LARGEST / Math.max(width, height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      const pen = canvas.getContext("2d");
      pen.fillStyle = background;
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(resolve, "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  });
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = async () => {
    const svg = data.svg
      ? new DOMParser().parseFromString(data.svg, "image/svg+xml").documentElement
      : allLayers(data.shown);
    if (!svg) return;
    const background = getComputedStyle(document.querySelector(".stApp")).backgroundColor;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(data.kind === "svg" ? asFile(svg) : await paint(svg, background));
    link.download = data.name + "." + data.kind;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
}
"""
_picture_button = st.components.v2.component("tlcore.picture_button", html=_HTML, css=_CSS, js=_JS)


def png_of_svg(svg: str, name: str, *, key: str) -> None:
    """A button that downloads `svg` as a PNG on the page's background.

    Args:
        svg: The picture.
        name: Of the file, without ending.
        key: Unique on the page.
    """
    _button({"svg": svg, "name": name, "kind": "png", "label": _("Download the picture (PNG)")}, key)


def files_of_shown(selector: str, name: str, *, key: str) -> None:
    """Two buttons that download an SVG which the page shows, as it is and as a PNG.

    Args:
        selector: CSS selector of the SVG, or of the layers of a chart, the lowest first.
        name: Of the files, without ending.
        key: Unique on the page.
    """
    for kind, label in (("svg", _("Download the picture (SVG)")), ("png", _("Download the picture (PNG)"))):
        _button({"shown": selector, "name": name, "kind": kind, "label": label}, f"{key}.{kind}")


def _button(data: dict[str, str], key: str) -> None:
    _picture_button(data=data, key=key, width="content")
