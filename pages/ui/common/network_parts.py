"""What the figure of the network is drawn of, as SVG in the colours of the theme in use."""

from __future__ import annotations

from pages.ui.common.palette import colour

_LOCK = "M3 9 h14 v11 h-14 z M6 9 v-3 a4 4 0 0 1 8 0 v3"
_PENCIL = "M2 18 l2 -6 L14 2 l4 4 L8 16 z"
_DEPTH = 10  # of a box, to its right and above


def images(left: float, height: float) -> str:
    """A small pile of photos, a head with a helmet on the top one."""
    top = height - 112
    fill, line = colour("surface"), colour("muted")
    pile = "".join(
        f'<rect x="{left + 12 * n}" y="{top + 12 * n}" width="76" height="76" rx="6" fill="{fill}" stroke="{line}" '
        'stroke-width="2"/>'
        for n in range(3)
    )
    middle, eyes = left + 62, top + 64
    return pile + (
        f'<circle cx="{middle}" cy="{eyes}" r="15" fill="{colour("validation")}"/>'
        f'<path d="M{middle - 18} {eyes - 5} a18 18 0 0 1 36 0 z" fill="{colour("accent")}"/>'
        f'<path d="M{middle - 24} {eyes + 34} a24 20 0 0 1 48 0 z" fill="{line}"/>'
    )


def block(left: float, floor: float, size: tuple[float, float], *, moves: bool, dashed: bool = False) -> str:
    """A block of the base as a box in perspective, with a lock or a pencil on it.

    Args:
        left, floor: Of its front.
        size: Width and height of its front.
        moves: Whether it is trained.
        dashed: Whether it begins at random.
    """
    width, height = size
    top, fill = floor - height, colour("trainable" if moves else "frozen")
    edge = f'stroke="{colour("text")}" stroke-width="2" stroke-dasharray="5 4"' if dashed else ""
    front = f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" {edge}/>'
    side = (
        f'<path d="M{left:.1f} {top:.1f} l{_DEPTH} -{_DEPTH} h{width:.1f} v{height:.1f} l-{_DEPTH} {_DEPTH} '
        f'v-{height:.1f} z" fill="{fill}" fill-opacity="0.55"/>'
    )
    return side + front + sign(left + width / 2, floor - min(height, 70) / 2, colour("on_accent"), moves=moves)


def sign(x: float, y: float, ink: str, *, moves: bool) -> str:
    """A pencil or a lock around a point."""
    drawn = f'd="{_PENCIL}" fill="{ink}"' if moves else f'd="{_LOCK}" fill="none"'
    return (
        f'<path transform="translate({x - 9:.1f} {y - 10:.1f}) scale(0.9)" {drawn} stroke="{ink}" stroke-width="2.4"/>'
    )


def features(left: float, height: float) -> str:
    """What the base says of an image, kept: a column of numbers."""
    fill = colour("muted")
    return "".join(
        f'<rect x="{left}" y="{height - 104 + 16 * n}" width="14" height="12" rx="2" fill="{fill}" '
        f'fill-opacity="{(0.9, 0.3, 0.6, 0.2, 0.75, 0.45)[n]}"/>'
        for n in range(6)
    )


def head(left: float, height: float, *, own: bool = False) -> str:
    """Two dense layers as columns of units, with a pencil; `own`: those that came with the base, with a lock."""
    fill = colour("frozen" if own else "dense")
    columns = ((left + 6, 5), (left + 42, 2))
    units = [[(x, height - 66 + 15 * (n - (count - 1) / 2)) for n in range(count)] for x, count in columns]
    lines = "".join(
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{fill}" stroke-width="1"/>'
        for x1, y1 in units[0]
        for x2, y2 in units[1]
    )
    circles = "".join(f'<circle cx="{x}" cy="{y}" r="6" fill="{fill}"/>' for column in units for x, y in column)
    return lines + circles + sign(left + 24, height - 14, fill, moves=not own)


def answers(left: float, height: float) -> str:
    """Two bars, the likelier class and the other."""
    return (
        f'<rect x="{left}" y="{height - 90}" width="96" height="20" rx="3" fill="{colour("accent")}"/>'
        f'<rect x="{left}" y="{height - 62}" width="28" height="20" rx="3" fill="{colour("faint")}"/>'
    )
