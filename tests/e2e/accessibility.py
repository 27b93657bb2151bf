"""What keeps people out of a page, found in the browser: by axe-core, and by a look at what it cannot judge."""

from __future__ import annotations

from typing import Any

from scripts.access import severe

_FAULTS = r"""
() => {
  const faults = [];
  const shown = element => element.checkVisibility({opacityProperty: true, visibilityProperty: true})
    && !element.closest('[aria-hidden="true"], [inert]');
  if (!document.documentElement.lang.startsWith(LANGUAGE)) faults.push('language: ' + document.documentElement.lang);
  for (const chart of document.querySelectorAll('[data-testid="stPlotlyChart"]'))
    if (!chart.closest('[aria-label]') && !chart.querySelector('[aria-label]')) faults.push('chart without words');
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    if (!shown(heading)) continue;
    const own = Number(heading.tagName[1]);
    if (own > level + 1) faults.push(`heading skips a level: ${heading.innerText}`);
    level = own;
  }

  const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1});
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const rgba = colour => {  // whatever notation the browser reports
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, place) => sum + v * [0.2126, 0.7152, 0.0722][place], 0);
  const contrast = (a, b) => { const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05); };
  const behind = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(rgba(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !shown(element) || element.closest('svg, canvas, style, script')) continue;
    if (element.closest(':disabled, [aria-disabled="true"], label:has(:disabled)')) continue;
    if (element.closest('.stSlider, .stSelectSlider')) continue;  // its number floats above it
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) continue;  // for screen readers only
    const style = getComputedStyle(element);
    let [r, g, b, alpha] = rgba(style.color);
    for (let e = element; e; e = e.parentElement) alpha *= Number(getComputedStyle(e).opacity);
    const ground = behind(element);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const ratio = contrast(over([r, g, b, alpha], ground), ground);
    if (ratio < least - 0.01) faults.push(`faint (${ratio.toFixed(2)}): ${node.data.trim().slice(0, 60)}`);
  }
  return [...new Set(faults)];
}
"""


def faults(page: Any, language: str, rules: list[str] | None = None) -> list[str]:
    """Each fault of the page as it is now, in words; text needs the contrast of WCAG 2.1 AA.

    Args:
        page: Playwright's page.
        language: That it should be declared to be in.
        rules: Names or tags of axe's rules; all without.
    """
    found: list[str] = page.evaluate(_FAULTS.replace("LANGUAGE", f"'{language}'"))
    return [*found, *severe(page, rules)]
