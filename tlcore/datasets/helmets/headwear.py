"""What people at a building site have on their heads.

All coordinates are those of the head: its centre is (0, 0), its half width 0.82, its half height 1.05, up is negative.
`turn` is where the face looks: -1 to the left, 0 to the viewer, 1 to the right.
"""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from .palette import HAT_COLOURS, Colour, between, chance, pick, shade, vary
from .pen import Pen

_DARK = (0, 0, 0)


@dataclass(frozen=True)
class View:
    """How a head is seen."""

    turn: float
    from_behind: bool

    @property
    def front(self) -> float:
        """How much of a visor or brim sticks out sideways; behind the head it is hidden."""
        return self.turn


def draw_helmet(pen: Pen, random: Generator, view: View, colour: Colour | None = None) -> None:
    """A hard hat: stiff shiny dome with ridges, and a brim."""
    colour = vary(random, colour or pick(random, HAT_COLOURS), 18)
    rim, full_brim = between(random, -0.4, -0.22), chance(random, 0.18)
    width, height = between(random, 1.02, 1.12) + 0.1 * abs(view.turn), between(random, 0.98, 1.16)
    back = 0.1 * view.turn
    reach = (1.55 if full_brim else 1.17) + 0.1 * abs(view.turn)
    forward = view.front * (0.12 if full_brim else between(random, 0.34, 0.46))
    pen.ellipse((forward, rim + 0.16), (reach * 0.8, 0.2), (*_DARK, 60))
    pen.ellipse((forward, rim + 0.04), (reach, 0.17 if view.from_behind else 0.24), shade(colour, 0.66))
    pen.dome((-back, rim), (width, height), colour, power=2.35, low=0.12)
    _shade_dome(pen, view, rim, (width, height), colour)
    _ridges(pen, view, rim, (width, height), colour)
    pen.ellipse((forward, rim + 0.0), (reach, 0.15 if view.from_behind else 0.19), shade(colour, 0.94))
    pen.dome((-back, rim + 0.02), (width * 0.97, 0.16), shade(colour, 0.8))
    _extras(pen, random, view, rim, width)


def _shade_dome(pen: Pen, view: View, rim: float, size: tuple[float, float], colour: Colour) -> None:
    width, height = size
    pen.smooth(
        [
            (width * 0.98, rim),
            (width * 0.85, rim - 0.62 * height),
            (width * 0.3, rim - 0.97 * height),
            (width * 0.55, rim - 0.4 * height),
            (width * 0.5, rim),
        ],
        (*_DARK, 46),
    )
    pen.ellipse((-0.42 * width, rim - 0.62 * height), (0.2, 0.3), (255, 255, 255, 120), angle=0.6)
    pen.ellipse((-0.46 * width, rim - 0.68 * height), (0.09, 0.15), (255, 255, 255, 170), angle=0.6)


def _ridges(pen: Pen, view: View, rim: float, size: tuple[float, float], colour: Colour) -> None:
    width, height = size
    for offset in (-0.42, 0.0, 0.42):
        x = view.turn * 0.55 + offset * (1 - 0.5 * abs(view.turn))
        if abs(x) > 0.85:
            continue
        path = [
            (x * width, rim - 0.16),
            (x * width * 0.92, rim - 0.6 * height),
            (x * width * 0.5, rim - height * (1.0 - 0.12 * abs(x))),
        ]
        pen.line(path, 0.17, shade(colour, 1.28))
        pen.line([(a + 0.09, b) for a, b in path], 0.06, shade(colour, 0.72))


def _extras(pen: Pen, random: Generator, view: View, rim: float, width: float) -> None:
    if chance(random, 0.35) and not view.from_behind:  # chin strap
        strap = vary(random, (60, 60, 64))
        for side in (-1, 1):
            pen.line([(side * 0.8, rim), (side * 0.68, 0.55), (view.turn * 0.4, 1.06)], 0.06, strap)
    if chance(random, 0.16):  # ear muffs
        muff = vary(random, pick(random, ((30, 30, 34), (190, 40, 36), (240, 190, 30))))
        for side in (-1, 1):
            if side * view.turn < 0.6:
                pen.ellipse((side * (0.9 - 0.3 * abs(view.turn)), 0.12), (0.24, 0.42), muff)
    if chance(random, 0.22) and not view.from_behind:  # badge or lamp
        pen.ellipse((view.turn * 0.7, rim - 0.46), (0.2, 0.17), vary(random, pick(random, HAT_COLOURS)))
    if view.from_behind:
        pen.ellipse((0, rim + 0.16), (0.24, 0.12), (50, 50, 54))


def draw_cap(pen: Pen, random: Generator, view: View) -> None:
    """A baseball cap: soft low crown with seams, and a visor on one side only; now and then worn backwards."""
    colour = vary(random, pick(random, HAT_COLOURS), 18)
    rim, height = between(random, -0.36, -0.22), between(random, 0.72, 0.86)
    backwards = chance(random, 0.2) != view.from_behind
    direction = -view.turn if backwards else view.turn
    pen.dome((-0.06 * view.turn, rim), (between(random, 0.9, 0.98), height), colour, power=2.0, low=0.1)
    seam = shade(colour, 0.84)
    for x in (-0.5, 0.0, 0.5):
        pen.line([(x, rim), (x * 0.8, rim - height * 0.6), (0, rim - height)], 0.035, seam)
    pen.ellipse((0, rim - height), (0.09, 0.06), seam)
    pen.smooth([(0.9, rim), (0.8, rim - height * 0.55), (0.35, rim - height * 0.9), (0.5, rim)], (*_DARK, 36))
    if not backwards or abs(view.turn) > 0.4:
        _visor(pen, rim, direction, shade(colour, 0.84))
    if not backwards and chance(random, 0.5):
        pen.ellipse((view.turn * 0.55, rim - height * 0.5), (0.22, 0.2), vary(random, pick(random, HAT_COLOURS)))


def _visor(pen: Pen, rim: float, direction: float, colour: Colour) -> None:
    tip = direction * 1.02
    drop = 0.34 * (1 - abs(direction)) + 0.06
    pen.smooth(
        [
            (tip - 0.72, rim - 0.06),
            (tip - 0.4, rim + drop),
            (tip + 0.4, rim + drop),
            (tip + 0.72, rim - 0.04),
            (tip, rim - 0.14),
        ],
        colour,
    )
    pen.line(
        [(tip - 0.55, rim + drop * 0.75), (tip, rim + drop + 0.05), (tip + 0.55, rim + drop * 0.75)],
        0.07,
        shade(colour, 0.62),
    )


def draw_beanie(pen: Pen, random: Generator, view: View) -> None:
    """A knitted hat with a folded band."""
    colour = vary(random, pick(random, HAT_COLOURS), 18)
    rim, height = between(random, -0.34, -0.2), between(random, 0.9, 1.25)
    pen.dome((0, rim), (0.92, height), colour, power=1.9)
    for x in (-0.7, -0.42, -0.14, 0.14, 0.42, 0.7):
        pen.line([(x, rim), (x * 0.72, rim - height * 0.7)], 0.04, shade(colour, 0.76))
    pen.smooth(
        [(-0.98, rim - 0.26), (0.98, rim - 0.26), (0.98, rim + 0.06), (0, rim + 0.14), (-0.98, rim + 0.06)],
        shade(colour, 0.86),
    )
    if chance(random, 0.35):
        pen.ellipse((0, rim - height), (0.26, 0.24), vary(random, pick(random, HAT_COLOURS)))


def draw_bucket_hat(pen: Pen, random: Generator, view: View) -> None:
    """A cloth or straw hat with a soft brim all around."""
    straw = chance(random, 0.45)
    colour = vary(random, (222, 188, 120) if straw else pick(random, HAT_COLOURS), 18)
    rim, reach = between(random, -0.38, -0.24), between(random, 1.6, 2.0) if straw else between(random, 1.2, 1.4)
    pen.smooth(
        [(-reach, rim + 0.3), (-0.8, rim - 0.16), (0.8, rim - 0.16), (reach, rim + 0.3), (0, rim + 0.3)],
        shade(colour, 0.82),
    )
    pen.polygon(
        [(-0.9, rim), (-0.74, rim - 0.82), (-0.5, rim - 0.96), (0.5, rim - 0.96), (0.74, rim - 0.82), (0.9, rim)],
        colour,
    )
    pen.polygon([(-0.9, rim), (-0.86, rim - 0.22), (0.86, rim - 0.22), (0.9, rim)], shade(colour, 0.6))
    pen.polygon([(0.9, rim), (0.74, rim - 0.82), (0.5, rim - 0.96), (0.4, rim - 0.5), (0.5, rim)], (*_DARK, 36))


def draw_hood(pen: Pen, random: Generator, view: View, colour: Colour) -> None:
    """The hood of a jacket, around head and neck, the face left open."""
    shift = 0.16 * view.turn
    outline = [
        (-1.12, 0.5),
        (-1.12, -0.5),
        (-0.62, -1.22),
        (0, -1.42),
        (0.62, -1.22),
        (1.12, -0.5),
        (1.12, 0.5),
        (0.8, 1.5),
        (-0.8, 1.5),
    ]
    pen.smooth(outline, colour)
    pen.smooth([(1.12, 0.5), (1.12, -0.5), (0.62, -1.22), (0.5, -0.4), (0.62, 1.3)], (*_DARK, 40))
    if view.from_behind:
        pen.line([(0, -1.36), (0.05, 0.2), (0, 1.4)], 0.06, shade(colour, 0.75))
    else:
        pen.ellipse((shift + 0.2 * view.turn, 0.08), (0.76, 0.98), shade(colour, 0.4))


def draw_scarf(pen: Pen, random: Generator, view: View) -> None:
    """A cloth tied around the head."""
    colour = vary(random, pick(random, HAT_COLOURS), 18)
    rim = between(random, -0.4, -0.24)
    pen.dome((0, rim), (0.9, 0.86), colour, low=0.06)
    for _ in range(7):
        pen.ellipse((between(random, -0.6, 0.6), rim - between(random, 0.1, 0.6)), (0.06, 0.06), shade(colour, 1.6))
    side = -1 if view.turn > 0 else 1
    pen.smooth(
        [(side * 0.8, rim), (side * 1.3, rim + 0.5), (side * 1.05, rim + 0.62), (side * 0.75, rim + 0.16)],
        shade(colour, 0.85),
    )
