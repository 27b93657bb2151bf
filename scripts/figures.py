"""Draws a chart of `tlcore.experiments` as SVG, for the documentation: no program beside this one is needed."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape

from tlcore.experiments.specification import Chart, Series

WIDTH, HEIGHT = 680, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 28, 76
#: Told apart without seeing red or green, as on the pages; readable on white and on black.
COLOURS = ("#1a9090", "#d0710f", "#8a4fc0", "#4c86c6", "#86929a", "#9a8a10", "#c0507a")
MOST_LABELS = 12
_TICKS = 5


def svg(chart: Chart) -> str:
    """The chart as one SVG element.

    Args:
        chart: Lines, bars or points.
    """
    places = _places(chart)
    heights = [value for series in chart.series for value in series.y if value is not None]
    heights += [0.0] if chart.kind == "bar" else []
    low, high = min(heights), max(heights)
    vertical = _scale(low, high if high > low else low + 1, HEIGHT - BOTTOM, TOP, logarithmic=chart.y_log)
    parts = [*_y_axis(chart, low, high, vertical), *_x_axis(chart, places)]
    for number, series in enumerate(chart.series):
        parts += _draw(chart, series, number, places, vertical)
    parts += _legend(chart)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12" fill="#7a868e">{"".join(parts)}</svg>\n'
    )


def _places(chart: Chart) -> dict[str, float]:
    """Where each value of x stands: by its size where all are numbers, else side by side."""
    shown = [value for series in chart.series for value in series.x]
    values = list(dict.fromkeys(value if isinstance(value, int | float) else str(value) for value in shown))
    if chart.kind != "bar" and all(isinstance(value, int | float) for value in values):
        numbers = [float(value) for value in values]
        low, high = min(numbers), max(numbers)
        place = _scale(low, high if high > low else low + 1, LEFT + 20, WIDTH - RIGHT - 20, logarithmic=chart.x_log)
        return {str(value): place(float(value)) for value in values}
    step = (WIDTH - LEFT - RIGHT) / len(values)
    return {str(value): LEFT + step * (number + 0.5) for number, value in enumerate(values)}


def _scale(low: float, high: float, start: float, end: float, *, logarithmic: bool) -> Callable[[float], float]:
    if logarithmic and low > 0:
        first, last = math.log(low), math.log(high)
        return lambda value: start + (math.log(max(value, low)) - first) / (last - first) * (end - start)
    return lambda value: start + (value - low) / (high - low) * (end - start)


def _y_axis(chart: Chart, low: float, high: float, vertical: Callable[[float], float]) -> list[str]:
    high = high if high > low else low + 1
    if chart.y_log and low > 0:
        ticks = [low * (high / low) ** (step / (_TICKS - 1)) for step in range(_TICKS)]
    else:
        ticks = [low + (high - low) * step / (_TICKS - 1) for step in range(_TICKS)]
    parts = [f'<text x="0" y="14">{escape(chart.y_title)}</text>']
    for tick in ticks:
        y = vertical(tick)
        said = f"{100 * tick:.0f}%" if chart.y_kind == "percent" else f"{tick:.3g}"
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#7a868e" stroke-opacity=".25"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{said}</text>')
    return parts


def _x_axis(chart: Chart, places: dict[str, float]) -> list[str]:
    every = max(1, math.ceil(len(places) / MOST_LABELS))
    labels = list(places.items())[::every] if len(places) <= 2 * MOST_LABELS else []
    room = max(6, int((WIDTH - LEFT - RIGHT) / max(1, len(labels)) / 6.5))
    y = HEIGHT - BOTTOM + 18
    texts = [
        f'<text x="{x:.1f}" y="{y}" text-anchor="middle">{escape(_short(_number(value), room))}</text>'
        for value, x in labels
    ]
    title = f'<text x="{WIDTH - RIGHT}" y="{y + 18}" text-anchor="end">{escape(chart.x_title)}</text>'
    return [*texts, title]


def _number(value: str) -> str:
    try:
        return f"{float(value):.3g}"
    except ValueError:
        return value


def _short(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"


def _draw(
    chart: Chart, series: Series, number: int, places: dict[str, float], vertical: Callable[[float], float]
) -> list[str]:
    colour = COLOURS[number % len(COLOURS)]
    points = [(places[str(x)], vertical(y)) for x, y in zip(series.x, series.y, strict=True) if y is not None]
    if chart.kind == "bar":
        width = 0.8 * (WIDTH - LEFT - RIGHT) / len(places) / len(chart.series)
        ground = vertical(0.0)
        return [
            f'<rect x="{x + (number - len(chart.series) / 2) * width:.1f}" y="{min(y, ground):.1f}" '
            f'width="{width:.1f}" height="{abs(ground - y):.1f}" fill="{colour}"/>'
            for x, y in points
        ]
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
    if chart.kind == "scatter":
        return dots
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>', *dots]


def _legend(chart: Chart) -> list[str]:
    parts: list[str] = []
    x, y = float(LEFT), HEIGHT - BOTTOM + 52
    for number, series in enumerate(chart.series):
        name = str(series.name)
        width = 22 + 6.5 * len(name)
        if x + width > WIDTH - RIGHT and x > LEFT:
            x, y = float(LEFT), y + 16
        parts.append(f'<rect x="{x:.1f}" y="{y - 9}" width="10" height="10" fill="{COLOURS[number % len(COLOURS)]}"/>')
        parts.append(f'<text x="{x + 15:.1f}" y="{y}">{escape(name)}</text>')
        x += width + 10
    return parts
