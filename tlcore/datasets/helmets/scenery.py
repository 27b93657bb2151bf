"""Building sites, on a square canvas."""

from __future__ import annotations

from collections.abc import Callable

from numpy.random import Generator
from PIL.ImageDraw import ImageDraw

from .palette import HAT_COLOURS, Colour, between, chance, pick, shade, vary
from .pen import Pen

_SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((104, 156, 214), (206, 226, 240)),
    ((150, 164, 178), (212, 216, 218)),
    ((228, 232, 236), (250, 250, 248)),
    ((232, 150, 96), (250, 214, 160)),
)
_GROUNDS: tuple[Colour, ...] = ((150, 130, 104), (120, 112, 104), (170, 160, 146), (132, 98, 70), (106, 118, 88))


def draw_scenery(draw: ImageDraw, random: Generator, side: int) -> None:
    """One of the backgrounds, with its ground."""
    pick(random, _SCENES)(draw, random, side)


def _gradient(draw: ImageDraw, side: int, top: int, bottom: int, colours: tuple[Colour, Colour]) -> None:
    steps = 14
    first, last = colours
    for step in range(steps):
        mix = step / (steps - 1)
        colour = tuple(int(a + (b - a) * mix) for a, b in zip(first, last, strict=True))
        y0, y1 = top + (bottom - top) * step / steps, top + (bottom - top) * (step + 1) / steps
        draw.rectangle((0, y0, side, y1 + 1), fill=colour)


def _ground(draw: ImageDraw, random: Generator, side: int, horizon: float) -> None:
    colour = vary(random, pick(random, _GROUNDS), 18)
    _gradient(draw, side, int(horizon), side, (shade(colour, 1.15), shade(colour, 0.8)))
    for _ in range(10):
        x, y, size = between(random, 0, side), between(random, horizon, side), between(random, 4, 26)
        draw.ellipse((x, y, x + size, y + size * 0.3), fill=vary(random, shade(colour, 0.85)))


def _open_air(draw: ImageDraw, random: Generator, side: int) -> float:
    horizon = between(random, 0.55, 0.85) * side
    first, last = pick(random, _SKIES)
    _gradient(draw, side, 0, int(horizon), (vary(random, first), vary(random, last)))
    if chance(random, 0.6):
        for _ in range(4):
            x, y, size = between(random, -40, side), between(random, 0, horizon * 0.6), between(random, 20, 70)
            for part in range(3):
                left = x + part * size * 0.5
                draw.ellipse((left, y - part % 2 * size * 0.16, left + size, y + size * 0.42), fill=(255, 255, 255, 70))
    return horizon


def _sky(draw: ImageDraw, random: Generator, side: int) -> None:
    horizon = _open_air(draw, random, side)
    x = between(random, -20, 20)
    while x < side:
        width, height = between(random, 20, 60), between(random, 20, 150)
        colour = vary(random, (140, 146, 154), 30)
        draw.rectangle((x, horizon - height, x + width, horizon), fill=colour)
        for row in range(int(height // 16)):
            draw.line(
                (x + 4, horizon - height + 8 + row * 16, x + width - 4, horizon - height + 8 + row * 16),
                fill=shade(colour, 0.8),
                width=4,
            )
        x += width + between(random, 0, 50)
    _ground(draw, random, side, horizon)
    if chance(random, 0.6):
        _crane(draw, random, side, horizon)


def _crane(draw: ImageDraw, random: Generator, side: int, horizon: float) -> None:
    colour = vary(random, pick(random, HAT_COLOURS), 20)
    x, top = between(random, 0.1, 0.9) * side, between(random, 10, 70)
    draw.line((x, horizon, x, top), fill=colour, width=6)
    draw.line((x - 50, top + 14, x + 140, top + 14), fill=colour, width=5)
    draw.line((x, top, x + 120, top + 14), fill=shade(colour, 0.7), width=2)
    draw.line((x + 90, top + 14, x + 90, top + 70), fill=(60, 60, 60), width=1)


def _scaffolding(draw: ImageDraw, random: Generator, side: int) -> None:
    wall = vary(random, pick(random, ((196, 188, 176), (168, 120, 96), (150, 154, 160), (214, 214, 210))), 20)
    _gradient(draw, side, 0, side, (shade(wall, 1.1), shade(wall, 0.85)))
    step, floor = int(between(random, 56, 100)), int(between(random, 64, 110))
    for x in range(int(between(random, -30, 10)), side, step):
        for y in range(int(between(random, 0, 20)), side, floor):
            if chance(random, 0.4):
                draw.rectangle((x + 14, y + 16, x + step - 14, y + floor - 22), fill=vary(random, (70, 84, 98), 24))
    pole = vary(random, pick(random, ((132, 136, 142), (190, 150, 40), (80, 100, 140), (176, 70, 50))))
    for x in range(int(between(random, -20, 20)), side, step):
        draw.line((x, 0, x + 4, side), fill=pole, width=6)
        draw.line((x + 2, 0, x + 6, side), fill=shade(pole, 1.4), width=2)
    for y in range(int(between(random, 10, 60)), side, floor):
        draw.rectangle((0, y, side, y + 9), fill=vary(random, (168, 130, 84)))
        draw.line((0, y - 28, side, y - 28), fill=pole, width=4)
    if chance(random, 0.5):
        draw.line((0, side, side, between(random, 0, side)), fill=pole, width=5)
    _ground(draw, random, side, between(random, 0.82, 1.0) * side)


def _brick(draw: ImageDraw, random: Generator, side: int) -> None:
    colour = vary(
        random, pick(random, ((168, 84, 60), (190, 120, 84), (150, 70, 60), (196, 178, 156), (226, 222, 214))), 18
    )
    draw.rectangle((0, 0, side, side), fill=shade(colour, 0.7) if chance(random, 0.4) else shade(colour, 1.35))
    height, width = between(random, 12, 20), between(random, 30, 48)
    rows = int(side / height) + 1
    tones = [vary(random, colour, 18) for _ in range(12)]
    for row in range(rows):
        x = -width * 0.5 * (row % 2)
        while x < side:
            draw.rectangle(
                (x, row * height, x + width - 3, (row + 1) * height - 3), fill=tones[int(random.integers(12))]
            )
            x += width
    _ground(draw, random, side, between(random, 0.8, 1.0) * side)


def _concrete(draw: ImageDraw, random: Generator, side: int) -> None:
    colour = vary(random, pick(random, ((156, 156, 152), (184, 182, 176), (120, 122, 124), (226, 226, 222))), 12)
    _gradient(draw, side, 0, side, (shade(colour, 1.15), shade(colour, 0.85)))
    step = int(between(random, 60, 110))
    for position in range(int(between(random, 0, 50)), side, step):
        draw.line((position, 0, position, side), fill=shade(colour, 0.8), width=3)
        draw.line((0, position, side, position), fill=shade(colour, 0.84), width=2)
    for _ in range(5):
        x, y, size = between(random, 0, side), between(random, 0, side), between(random, 20, 90)
        draw.ellipse((x, y, x + size * 0.5, y + size), fill=(*shade(colour, 0.7), 60))
    for x in range(int(between(random, 0, 60)), side, 40):
        if chance(random, 0.4):
            draw.line((x, 0, x, between(random, 10, 60)), fill=(122, 76, 50), width=3)
    _ground(draw, random, side, between(random, 0.78, 1.0) * side)


def _machinery(draw: ImageDraw, random: Generator, side: int) -> None:
    horizon = _open_air(draw, random, side)
    _ground(draw, random, side, horizon)
    colour = vary(
        random, pick(random, (HAT_COLOURS[0], HAT_COLOURS[0], HAT_COLOURS[4], HAT_COLOURS[2], HAT_COLOURS[1])), 16
    )
    flip = -1 if chance(random, 0.5) else 1
    pen = Pen(draw, (between(random, 0.25, 0.75) * side, horizon + 10), between(random, 14, 26))
    pen.smooth([(-5, 0), (-5, 1.6), (-4, 2.2), (4, 2.2), (5, 1.6), (5, 0), (4, -0.5), (-4, -0.5)], (50, 48, 46))
    for wheel in (-3.6, -1.2, 1.2, 3.6):
        pen.ellipse((wheel, 0.9), (0.9, 0.9), (92, 88, 84))
    pen.polygon([(-4.4, -0.6), (-4.4, -3.4), (4.4, -3.4), (4.4, -0.6)], colour)
    pen.polygon([(-4.4, -0.6), (-4.4, -1.6), (4.4, -1.6), (4.4, -0.6)], shade(colour, 0.8))
    pen.polygon([(flip * 0.6, -3.4), (flip * 1.0, -6.8), (flip * 3.8, -6.8), (flip * 4.2, -3.4)], shade(colour, 0.94))
    pen.polygon([(flip * 1.2, -3.7), (flip * 1.4, -6.4), (flip * 3.4, -6.4), (flip * 3.6, -3.7)], (120, 146, 160))
    pen.line([(flip * 4.0, -2.6), (flip * 8.5, -8.0), (flip * 12.0, -4.0)], 1.1, colour)
    pen.line([(flip * 12.0, -4.0), (flip * 12.6, -0.4)], 0.8, shade(colour, 0.85))
    pen.polygon([(flip * 11.4, -0.6), (flip * 13.6, -0.8), (flip * 13.2, 1.2), (flip * 11.0, 1.0)], (84, 82, 80))


def _trees(draw: ImageDraw, random: Generator, side: int) -> None:
    horizon = _open_air(draw, random, side)
    for _ in range(5):
        x, size = between(random, 0, side), between(random, 30, 80)
        green = vary(random, pick(random, ((70, 104, 54), (96, 126, 60), (52, 84, 56), (140, 130, 60))), 18)
        draw.rectangle((x - 5, horizon - size, x + 5, horizon + 6), fill=(88, 66, 48))
        for _ in range(9):
            dx, dy, part = (
                between(random, -size * 0.6, size * 0.6),
                between(random, -size * 1.5, -size * 0.5),
                between(random, 0.24, 0.5) * size,
            )
            draw.ellipse(
                (x + dx - part, horizon + dy - part, x + dx + part, horizon + dy + part), fill=vary(random, green, 16)
            )
    _ground(draw, random, side, horizon)


def _indoor(draw: ImageDraw, random: Generator, side: int) -> None:
    wall = vary(
        random, pick(random, ((204, 198, 186), (176, 170, 160), (222, 222, 218), (150, 140, 126), (196, 70, 60))), 16
    )
    floor, ceiling = between(random, 0.74, 0.95) * side, between(random, 0, 0.2) * side
    draw.rectangle((0, 0, side, side), fill=wall)
    draw.polygon([(0, 0), (side, 0), (side * 0.85, ceiling), (side * 0.15, ceiling)], fill=shade(wall, 0.7))
    for stud in range(int(between(random, 10, 40)), side, int(between(random, 34, 70))):
        draw.rectangle((stud, ceiling, stud + 7, floor), fill=vary(random, (190, 154, 106)))
    if chance(random, 0.6):
        x, y = between(random, 0.05, 0.6) * side, between(random, 0.15, 0.4) * side
        draw.rectangle((x, y, x + 90, y + 100), fill=(236, 242, 246))
        draw.line((x + 45, y, x + 45, y + 100), fill=(120, 120, 120), width=4)
    for across in (0.3, 0.7):
        if chance(random, 0.5):
            draw.ellipse((side * across - 16, ceiling - 4, side * across + 16, ceiling + 12), fill=(255, 250, 220))
    _ground(draw, random, side, floor)


def _containers(draw: ImageDraw, random: Generator, side: int) -> None:
    horizon = _open_air(draw, random, side)
    top = between(random, 0.0, 0.3) * side
    for y0, y1 in ((top, (top + horizon) / 2), ((top + horizon) / 2, horizon)):
        x = between(random, -90, 0)
        while x < side:
            width, colour = between(random, 110, 220), vary(random, pick(random, HAT_COLOURS), 24)
            draw.rectangle((x, y0, x + width, y1), fill=colour)
            for rib in range(int(x) + 6, int(x + width), 12):
                draw.line((rib, y0 + 4, rib, y1 - 4), fill=shade(colour, 0.78), width=4)
            draw.line((x, y1, x + width, y1), fill=shade(colour, 0.5), width=3)
            x += width + 4
    _ground(draw, random, side, horizon)


def _barrier(draw: ImageDraw, random: Generator, side: int) -> None:
    horizon = _open_air(draw, random, side)
    _ground(draw, random, side, horizon)
    first, second = pick(
        random, (((206, 40, 36), (240, 240, 236)), ((240, 200, 40), (40, 40, 44)), ((240, 120, 30), (240, 240, 236)))
    )
    for y in (horizon - between(random, 10, 90), horizon + between(random, 0, 40)):
        for x in range(-20, side + 20, 44):
            draw.polygon([(x, y), (x + 22, y), (x + 34, y + 24), (x + 12, y + 24)], fill=first)
            draw.polygon([(x + 22, y), (x + 44, y), (x + 56, y + 24), (x + 34, y + 24)], fill=second)
        draw.line((40, y + 24, 40, y + 80), fill=(110, 110, 110), width=6)
        draw.line((side - 50, y + 24, side - 50, y + 80), fill=(110, 110, 110), width=6)


_SCENES: tuple[Callable[[ImageDraw, Generator, int], None], ...] = (
    _sky,
    _scaffolding,
    _brick,
    _concrete,
    _machinery,
    _trees,
    _indoor,
    _containers,
    _barrier,
)
