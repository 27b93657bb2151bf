"""Draws shapes in the coordinates of a head or a thing, wherever and however turned it is on the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL.ImageDraw import ImageDraw

Point = tuple[float, float]
Fill = tuple[int, int, int] | tuple[int, int, int, int]

_CIRCLE = [(math.cos(2 * math.pi * step / 28), math.sin(2 * math.pi * step / 28)) for step in range(28)]


class Pen:
    """A pen with its own origin, unit and turn.

    Args:
        draw: Pillow's drawing of the picture, in mode RGBA so that shades may be transparent.
        origin: Where (0, 0) lies, in pixels.
        unit: Pixels per unit.
        angle: Turn in radians, clockwise on the screen.
    """

    def __init__(self, draw: ImageDraw, origin: Point, unit: float, angle: float = 0.0) -> None:
        self.draw, self.origin, self.unit, self.angle = draw, origin, unit, angle
        self._cos, self._sin = unit * math.cos(angle), unit * math.sin(angle)

    def at(self, point: Point) -> Point:
        """Pixels of a point in the pen's coordinates."""
        x, y = point
        return self.origin[0] + x * self._cos - y * self._sin, self.origin[1] + x * self._sin + y * self._cos

    def moved(self, point: Point, scale: float = 1.0, angle: float = 0.0) -> Pen:
        """A pen whose origin is `point` of this one."""
        return Pen(self.draw, self.at(point), self.unit * scale, self.angle + angle)

    def polygon(self, points: Sequence[Point], fill: Fill) -> None:
        """Fills the area within these corners."""
        self.draw.polygon([self.at(point) for point in points], fill=fill)

    def ellipse(self, centre: Point, radii: Point, fill: Fill, angle: float = 0.0) -> None:
        """Fills an ellipse, turned by `angle` radians."""
        self.polygon(_ellipse(centre, radii, angle), fill)

    def dome(self, centre: Point, radii: Point, fill: Fill, power: float = 2.0, low: float = 0.0) -> None:
        """The upper half of a (super)ellipse; `low` makes its base sag."""
        steps = [math.pi * step / 18 for step in range(19)]
        points = [
            (centre[0] + radii[0] * _root(math.cos(a), power), centre[1] - radii[1] * _root(math.sin(a), power))
            for a in steps
        ]
        if low:
            points += [(centre[0] - radii[0] * math.cos(a), centre[1] + low * math.sin(a)) for a in steps[1:-1]]
        self.polygon(points, fill)

    def line(self, points: Sequence[Point], width: float, fill: Fill) -> None:
        """A line with round ends; `width` in the pen's units."""
        pixels = [self.at(point) for point in points]
        thick = max(1, round(width * self.unit))
        self.draw.line(pixels, fill=fill, width=thick, joint="curve")
        if thick > 2 and len(fill) == 3:
            half = thick / 2
            for x, y in (pixels[0], pixels[-1]):
                self.draw.ellipse((x - half, y - half, x + half, y + half), fill=fill)

    def smooth(self, points: Sequence[Point], fill: Fill) -> None:
        """A closed curve through `points`."""
        self.polygon(_rounded(points), fill)


def _root(value: float, power: float) -> float:
    return math.copysign(abs(value) ** (2 / power), value)


def _ellipse(centre: Point, radii: Point, angle: float) -> list[Point]:
    cos, sin = math.cos(angle), math.sin(angle)
    return [
        (centre[0] + radii[0] * x * cos - radii[1] * y * sin, centre[1] + radii[0] * x * sin + radii[1] * y * cos)
        for x, y in _CIRCLE
    ]


def _rounded(points: Sequence[Point]) -> list[Point]:
    """A Catmull-Rom curve through the points, closed."""
    count, curve = len(points), []
    for index in range(count):
        p0, p1, p2, p3 = (points[(index + offset) % count] for offset in (-1, 0, 1, 2))
        for step in range(5):
            t = step / 5
            curve.append((_catmull_rom(p0[0], p1[0], p2[0], p3[0], t), _catmull_rom(p0[1], p1[1], p2[1], p3[1], t)))
    return curve


def _catmull_rom(p0: float, p1: float, p2: float, p3: float, t: float) -> float:
    return 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
