"""Workers: a skeleton in a pose, clothes over it, things in the hands.

Lengths are in half head widths, as in `head`; the neck's base is (0, 0) of the body and down is positive.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from numpy.random import Generator

from .head import Looks, draw_head
from .headwear import View, draw_helmet
from .palette import CLOTHES, VESTS, Colour, between, chance, pick, shade, vary
from .pen import Pen, Point

_UPPER_ARM, _FOREARM, _TORSO = 2.7, 2.5, 5.0
_STRIPE = (214, 218, 214)

#: Where the hands are, right and left, for each thing that arms do.
_HANDS: dict[str, tuple[Point, Point]] = {
    "down": ((2.2, 5.0), (-2.2, 5.0)),
    "hips": ((1.5, 4.4), (-1.5, 4.4)),
    "crossed": ((-0.9, 2.7), (0.9, 2.9)),
    "box": ((1.3, 3.6), (-1.3, 3.6)),
    "tablet": ((0.9, 2.8), (-0.7, 3.2)),
    "plank": ((1.7, 0.2), (-2.1, 4.8)),
    "phone": ((1.0, -1.1), (-2.1, 4.8)),
    "point": ((4.4, 0.6), (-2.0, 4.8)),
    "wave": ((3.0, -2.2), (-2.0, 4.8)),
    "hat_at_hip": ((2.2, 4.4), (-2.2, 5.0)),
    "hat_at_chest": ((1.2, 2.8), (-2.2, 5.0)),
    "hat_hanging": ((2.5, 4.9), (-2.2, 5.0)),
}
_ACTIONS = ("down", "down", "hips", "crossed", "box", "tablet", "plank", "phone", "point", "wave")
_BENT_ACTIONS = ("down", "down", "box", "hips", "tablet")
_CARRIED_HELMET = ("hat_at_hip", "hat_at_chest", "hat_hanging")


@dataclass(frozen=True)
class Pose:
    """How one worker stands.

    Attributes:
        lean: Angle of the trunk in radians, 0 = upright, positive = to the right.
        action: Key of what the arms do.
        view: Of the head.
        narrow: Width of the shoulders, 1 from the front, less from the side.
    """

    lean: float
    action: str
    view: View
    narrow: float


@dataclass(frozen=True)
class Clothes:
    """What a worker wears below the head."""

    shirt: Colour
    trousers: Colour
    vest: Colour | None
    glove: Colour | None


def choose_clothes(random: Generator) -> Clothes:
    """Clothes, with a vest more often than not."""
    shirt, trousers = vary(random, pick(random, CLOTHES)), vary(random, pick(random, CLOTHES))
    vest = vary(random, pick(random, VESTS)) if chance(random, 0.55) else None
    glove = vary(random, pick(random, CLOTHES)) if chance(random, 0.35) else None
    return Clothes(shirt, trousers, vest, glove)


def choose_pose(random: Generator, carries_helmet: bool) -> Pose:
    """A pose: standing, bending, carrying, seen from any side."""
    turn = between(random, -1, 1)
    from_behind = chance(random, 0.14)
    bending = chance(random, 0.24)
    lean = math.copysign(between(random, 0.5, 1.15), turn) if bending else between(random, -0.09, 0.09)
    if bending:
        turn, from_behind = math.copysign(max(0.5, abs(turn)), turn), False
    action = pick(random, _CARRIED_HELMET if carries_helmet else _BENT_ACTIONS if bending else _ACTIONS)
    return Pose(lean, action, View(turn, from_behind), 1 - 0.4 * abs(turn))


def draw_person(head_pen: Pen, random: Generator, looks: Looks, clothes: Clothes, pose: Pose) -> None:
    """One worker. `head_pen` stands upright at the centre of the head, one unit = half a head's width."""
    nod = pose.lean * 0.55
    to_neck = (-1.5 * math.sin(nod), 1.5 * math.cos(nod))
    body = head_pen.moved(to_neck, angle=pose.lean)
    hips = body.at((0, _TORSO))
    _legs(Pen(head_pen.draw, hips, head_pen.unit), random, clothes, pose)
    shoulders = 1.75 * pose.narrow
    right, left = _HANDS[pose.action]
    mirrored = chance(random, 0.5)
    if mirrored:
        right, left = (-left[0], left[1]), (-right[0], right[1])
    if abs(pose.lean) > 0.4:  # arms of those who bend hang towards the ground
        right, left = _hanging(right, pose.lean), _hanging(left, pose.lean)
    if pose.view.from_behind:
        _arms(body, random, clothes, shoulders, right, left)
        _things(body, random, pose, mirrored)
    _trunk(body, random, clothes, pose, shoulders)
    _neck(body, looks)
    draw_head(head_pen.moved((0, 0), angle=nod), random, looks, pose.view)
    if not pose.view.from_behind:
        _things(body, random, pose, mirrored)
        _arms(body, random, clothes, shoulders, right, left, looks.skin)


def _hanging(hand: Point, lean: float) -> Point:
    """The position of a hand turned back by most of the trunk's lean, around the shoulders."""
    cos, sin = math.cos(-0.8 * lean), math.sin(-0.8 * lean)
    return hand[0] * cos - hand[1] * sin, hand[0] * sin + hand[1] * cos


def _legs(pen: Pen, random: Generator, clothes: Clothes, pose: Pose) -> None:
    stride = between(random, 0.1, 0.8)
    boot = vary(random, pick(random, ((60, 44, 32), (34, 34, 36), (196, 146, 66))))
    for side in (-1, 1):
        colour = shade(clothes.trousers, 0.86 if side < 0 else 1.0)
        knee = (side * (0.6 + stride * 0.5) * pose.narrow + pose.view.turn * 0.3, 3.4)
        foot = (side * (0.65 + stride) * pose.narrow, 6.8)
        pen.line([(side * 0.6 * pose.narrow, -0.1), knee, foot], 1.25, colour)
        pen.ellipse((foot[0] + 0.35 * pose.view.turn, 7.1), (0.8, 0.42), boot)


def _trunk(pen: Pen, random: Generator, clothes: Clothes, pose: Pose, shoulders: float) -> None:
    waist = 1.4 * (0.6 + 0.4 * pose.narrow)
    outline = [
        (-0.5, -0.25),
        (-shoulders - 0.3, 0.35),
        (-shoulders - 0.2, 1.6),
        (-waist, _TORSO + 0.3),
        (waist, _TORSO + 0.3),
        (shoulders + 0.2, 1.6),
        (shoulders + 0.3, 0.35),
        (0.5, -0.25),
    ]
    pen.smooth(outline, clothes.shirt)
    if clothes.vest is not None:
        pen.smooth(
            [
                (-0.6, -0.1),
                (-shoulders - 0.1, 0.3),
                (-shoulders, 1.7),
                (-waist - 0.1, _TORSO),
                (waist + 0.1, _TORSO),
                (shoulders, 1.7),
                (shoulders + 0.1, 0.3),
                (0.6, -0.1),
                (0, 1.2),
            ],
            clothes.vest,
        )
        for height in (2.3, 3.7):
            pen.line([(-waist - 0.15, height), (waist + 0.15, height)], 0.34, _STRIPE)
        for side in (-1, 1):
            pen.line([(side * shoulders * 0.66, 0.15), (side * shoulders * 0.62, 2.2)], 0.3, _STRIPE)
        if not pose.view.from_behind:
            pen.line([(pose.view.turn * 0.6, 1.2), (pose.view.turn * 0.6, _TORSO)], 0.07, shade(clothes.vest, 0.6))
    elif not pose.view.from_behind:
        pen.line([(pose.view.turn * 0.6, 0.5), (pose.view.turn * 0.6, _TORSO)], 0.08, shade(clothes.shirt, 0.7))
    pen.polygon(
        [
            (waist, _TORSO),
            (shoulders + 0.2, 1.6),
            (shoulders + 0.3, 0.5),
            (shoulders * 0.4, 0.8),
            (waist * 0.5, _TORSO),
        ],
        (0, 0, 0, 40),
    )
    pen.line([(-waist, _TORSO + 0.1), (waist, _TORSO + 0.1)], 0.3, shade(clothes.trousers, 0.5))


def _neck(pen: Pen, looks: Looks) -> None:
    pen.line([(0, 0.35), (0, -0.7)], 0.78, shade(looks.skin, 0.8))
    pen.line([(-0.55, 0.1), (0, 0.5), (0.55, 0.1)], 0.24, shade(looks.jacket, 0.8))


def _arms(
    pen: Pen,
    random: Generator,
    clothes: Clothes,
    shoulders: float,
    right: Point,
    left: Point,
    skin: Colour | None = None,
) -> None:
    hand_colour = clothes.glove or skin or (90, 70, 60)
    bare = clothes.vest is not None and skin is not None and chance(random, 0.4)
    for side, hand in ((1, right), (-1, left)):
        shoulder = (side * shoulders, 0.55)
        elbow, hand = _bend(shoulder, hand, outwards=side)
        pen.line([shoulder, elbow], 1.0, shade(clothes.shirt, 0.94))
        pen.line([elbow, hand], 0.8, skin if bare and skin else shade(clothes.shirt, 0.86))
        pen.ellipse(hand, (0.44, 0.44), hand_colour)


def _bend(shoulder: Point, hand: Point, outwards: int) -> tuple[Point, Point]:
    """Elbow and hand of an arm that reaches for `hand` as far as it can."""
    dx, dy = hand[0] - shoulder[0], hand[1] - shoulder[1]
    distance = max(0.3, math.hypot(dx, dy))
    reach = min(distance, 0.99 * (_UPPER_ARM + _FOREARM))
    hand = (shoulder[0] + dx / distance * reach, shoulder[1] + dy / distance * reach)
    cosine = (_UPPER_ARM**2 + reach**2 - _FOREARM**2) / (2 * _UPPER_ARM * reach)
    side = outwards if dy > 0 else -outwards  # elbows point away from the body, whether the hand is below or above
    angle = math.atan2(dy, dx) - side * math.acos(max(-1.0, min(1.0, cosine)))
    return (shoulder[0] + _UPPER_ARM * math.cos(angle), shoulder[1] + _UPPER_ARM * math.sin(angle)), hand


def _things(pen: Pen, random: Generator, pose: Pose, mirrored: bool) -> None:
    """What the hands hold."""
    side = -1 if mirrored else 1
    if pose.action == "box":
        colour = vary(random, pick(random, ((176, 132, 84), (120, 120, 124), (196, 150, 60), (160, 60, 50))))
        pen.polygon([(-1.5, 2.3), (1.5, 2.3), (1.5, 4.2), (-1.5, 4.2)], colour)
        pen.polygon([(-1.5, 2.3), (-1.1, 1.9), (1.9, 1.9), (1.5, 2.3)], shade(colour, 1.2))
        pen.polygon([(1.5, 2.3), (1.9, 1.9), (1.9, 3.8), (1.5, 4.2)], shade(colour, 0.7))
    elif pose.action == "tablet":
        pen.polygon([(-1.0, 2.0), (0.9, 1.9), (1.0, 3.2), (-0.9, 3.3)], vary(random, (236, 236, 230)))
        pen.polygon([(-0.85, 2.15), (0.78, 2.06), (0.86, 3.06), (-0.76, 3.14)], vary(random, (90, 120, 150)))
    elif pose.action == "plank":
        colour = vary(random, pick(random, ((190, 148, 96), (150, 152, 156), (200, 96, 40))))
        pen.line([(side * 1.7 - 7, 0.9), (side * 1.7 + 7, -0.9)], 0.6, colour)
        pen.line([(side * 1.7 - 7, 1.1), (side * 1.7 + 7, -0.7)], 0.14, shade(colour, 0.7))
    elif pose.action == "phone":
        pen.polygon([(side * 0.86, -1.9), (side * 1.16, -1.9), (side * 1.2, -0.8), (side * 0.9, -0.8)], (30, 30, 34))
    elif pose.action in _CARRIED_HELMET:
        hand = _HANDS[pose.action][0]
        position = (side * (hand[0] + (0.3 if pose.action != "hat_at_chest" else -0.4)), hand[1] + 0.5)
        tilt = between(random, -0.6, 0.6) + (math.pi if chance(random, 0.25) else 0)
        draw_helmet(pen.moved(position, 1.05, tilt), random, View(between(random, -1, 1), False))
