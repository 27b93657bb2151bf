"""Pictures of sixteen bits a colour that use twelve: none is nearly black, whatever the file calls its numbers."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.datasets.images import read_image

SIDE = 40
TWELVE_BITS, ALL_BITS = 4095, 65535
RISING = np.linspace(0, 1, SIDE * SIDE * 3).reshape(SIDE, SIDE, 3)


def colours(most: int, channels: int) -> NDArray[np.uint16]:
    """Numbers up to `most`; the fourth channel, or the second of grey, says that nothing is transparent."""
    values = np.rint(RISING[..., : 1 if channels < 3 else 3] * most)
    opaque = np.full((SIDE, SIDE, 1), ALL_BITS)
    return np.concatenate([values, opaque] if channels in (2, 4) else [values], axis=-1).astype(np.uint16)


def png(values: NDArray[np.uint16]) -> bytes:
    kind = {2: 4, 3: 2, 4: 6}[values.shape[-1]]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    parts = (b"IHDR" + struct.pack(">IIBBBBB", SIDE, SIDE, 16, kind, 0, 0, 0), b"IDAT" + zlib.compress(rows), b"IEND")
    chunks = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def tiff(values: NDArray[np.uint16], order: str, *, packed: bool) -> bytes:
    """A TIFF with its numbers in one order or the other, packed or plain."""
    channels = values.shape[-1]
    pixels = values.astype(f"{order}u2").tobytes()
    pixels = zlib.compress(pixels) if packed else pixels
    entries = {256: SIDE, 257: SIDE, 259: 8 if packed else 1, 262: 2, 277: channels, 278: SIDE, 279: len(pixels)}
    entries |= {338: 2} if channels == 4 else {}
    behind = 8 + 2 + 12 * (len(entries) + 2) + 4
    entries |= {258: behind, 273: behind + 2 * channels}
    directory = b"".join(
        struct.pack(f"{order}HHII", tag, 4, 1, value)
        if tag != 258
        else struct.pack(f"{order}HHII", tag, 3, channels, value)
        for tag, value in sorted(entries.items())
    )
    start = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    bits = struct.pack(f"{order}{channels}H", *[16] * channels)
    return start + struct.pack(f"{order}H", len(entries)) + directory + struct.pack(f"{order}I", 0) + bits + pixels


FILES = {
    **{f"PNG, {channels} channels": lambda values: png(values) for channels in (2, 3, 4)},
    **{
        f"TIFF, {channels} channels, {order}, {packed=}": (
            lambda values, order=order, packed=packed: tiff(values, order, packed=packed)
        )
        for channels in (3, 4)
        for order in "<>"
        for packed in (False, True)
    },
}


@pytest.mark.parametrize("name", FILES)
def test_twelve_bits_are_scaled_and_said_to_be(name: str) -> None:
    channels = int(name.split(", ")[1].split()[0])
    image = read_image(FILES[name](colours(TWELVE_BITS, channels)))
    wanted = RISING if channels > 2 else RISING[..., :1]
    assert np.abs(image.pixels - 255 * wanted).max() <= 1
    assert image.rescaled
    whole = read_image(FILES[name](colours(ALL_BITS, channels)))
    assert np.abs(whole.pixels - 255 * wanted).max() <= 1
    assert not whole.rescaled, "sixteen bits in use: nothing was scaled"
