"""The codes that LeNet-5's output compares with: each digit as a picture of 7x12 points, drawn here after the paper's.

Source: LeCun et al. 1998, figure 3: similar digits get similar codes, so that confusions are not far apart.
"""

from __future__ import annotations

_PICTURES = """
.......  .......  .......  .......  .......  .......  .......  .......  .......  .......
..###..  ...#...  .#####.  #######  .....#.  #######  ..####.  #######  .#####.  .#####.
.##.##.  ..##...  ##...##  .....##  ....##.  ##.....  .##....  .....##  ##...##  ##...##
##...##  .###...  .....##  ....##.  ...###.  ##.....  ##.....  .....##  ##...##  ##...##
##...##  ...#...  .....##  ...##..  ..####.  ######.  ##.....  ....##.  ##...##  ##...##
##...##  ...#...  ....##.  ..####.  .##.##.  .....##  ######.  ....##.  .#####.  .######
##...##  ...#...  ...##..  .....##  ##..##.  .....##  ##...##  ...##..  ##...##  .....##
##...##  ...#...  ..##...  .....##  #######  .....##  ##...##  ...##..  ##...##  .....##
.##.##.  ...#...  .##....  ##...##  ....##.  ##...##  ##...##  ..##...  ##...##  ....##.
..###..  .#####.  #######  .#####.  ....##.  .#####.  .#####.  ..##...  .#####.  .####..
.......  .......  .......  .......  .......  .......  .......  .......  .......  .......
.......  .......  .......  .......  .......  .......  .......  .......  .......  .......
"""


def digit_codes(num_classes: int) -> list[list[float]]:
    """One code of 84 numbers, each 1 or -1, per class.

    Args:
        num_classes: The first ten are the digits; more classes get fixed patterns without a meaning.

    Returns:
        `num_classes` codes.
    """
    rows = [line.split() for line in _PICTURES.split("\n") if line]
    digits = [[1.0 if point == "#" else -1.0 for row in rows for point in row[digit]] for digit in range(10)]
    return (digits + [_pattern(index) for index in range(10, num_classes)])[:num_classes]


def _pattern(index: int) -> list[float]:
    """A fixed sequence of 84 signs for each number, by a small congruential generator."""
    signs, state = [], index
    for _ in range(84):
        state = (1_103_515_245 * state + 12_345) % 2**31
        signs.append(1.0 if state >= 2**30 else -1.0)
    return signs
