"""Pictures: small ones with their pixels visible, and downloads as SVG and PNG.

For those the browser itself paints the SVG that it shows, so the server needs no renderer.
"""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import streamlit as st

from pages.ui.common.i18n import _

GAP = 4  # pixels around a small picture

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
      : document.querySelector(data.shown);
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


def framed(picture: Any, side: int) -> Any:
    """A small picture enlarged to about `side` pixels, each of its own pixels a square, with a gap around it.

    Args:
        picture: `uint8 (h, w)` grey or `(h, w, 3)` RGB.
        side: Of the result, without the gap.

    Returns:
        `uint8 (H, W, 4)`: the gap is transparent.
    """
    colours = picture if picture.ndim == 3 else np.repeat(picture[..., np.newaxis], 3, axis=2)
    times = max(1, -(-side // max(picture.shape[:2])))
    colours = colours.repeat(times, 0).repeat(times, 1)
    opaque = np.full((*colours.shape[:2], 1), 255, np.uint8)
    return np.pad(np.concatenate([colours, opaque], axis=2), ((GAP, GAP), (GAP, GAP), (0, 0)))


def data_uri_of_pixels(picture: Any) -> str:
    """A picture `uint8 (h, w)`, `(h, w, 1)` or `(h, w, 3)` as a PNG that an SVG can show."""
    from PIL import Image

    grey = picture.ndim == 3 and picture.shape[2] == 1
    file = io.BytesIO()
    Image.fromarray(picture[..., 0] if grey else picture).save(file, "PNG")
    return data_uri(file.getvalue())


def data_uri(image: bytes) -> str:
    """An encoded image for the browser to decode; this process never opens people's images."""
    kind = "png" if image.startswith(b"\x89PNG") else "webp" if image.startswith(b"RIFF") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(image).decode()}"


def data_uri_of_svg(svg: str) -> str:
    """An SVG that an image element can show."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


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
        selector: CSS selector of the SVG.
        name: Of the files, without ending.
        key: Unique on the page.
    """
    for kind, label in (("svg", _("Download the picture (SVG)")), ("png", _("Download the picture (PNG)"))):
        _button({"shown": selector, "name": name, "kind": kind, "label": label}, f"{key}.{kind}")


def _button(data: dict[str, str], key: str) -> None:
    _picture_button(data=data, key=key, width="content")
