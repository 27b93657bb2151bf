"""One person's image file, of every kind that cameras and programs write."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tlcore.datasets import decode_image, images, upright
from tlcore.datasets.images import PixelBudget, UploadRefusedError
from tlcore.errors import DatasetError
from tlcore.settings import get_settings


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def halves(left: tuple[int, ...], right: tuple[int, ...], mode: str = "RGB") -> Image.Image:
    """40x20 pixels, the left half of one colour and the right of another."""
    image = Image.new(mode, (40, 20), left)
    image.paste(right, (20, 0, 40, 20))
    return image


def assert_halves(pixels: np.ndarray, left: tuple[int, ...], right: tuple[int, ...], tolerance: int = 6) -> None:
    assert pixels.dtype == np.uint8
    np.testing.assert_allclose(pixels[10, 5], left, atol=tolerance)
    np.testing.assert_allclose(pixels[10, 34], right, atol=tolerance)


RED, BLUE, WHITE = (220, 30, 30), (30, 30, 220), (255, 255, 255)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "AVIF", "JPEG2000", "MPO"])
def test_each_format_is_read(kind: str) -> None:
    options = {"quality": 95} if kind in ("JPEG", "WEBP", "AVIF", "MPO") else {}
    assert_halves(decode_image(encoded(halves(RED, BLUE), kind, **options)), RED, BLUE, tolerance=12)


def test_cmyk_becomes_rgb() -> None:
    pixels = decode_image(encoded(halves((0, 255, 255, 0), (255, 255, 0, 0), "CMYK"), "JPEG", quality=95))
    assert_halves(pixels, (255, 0, 0), (0, 0, 255), tolerance=12)


def test_palette_becomes_rgb() -> None:
    assert_halves(decode_image(encoded(halves(RED, BLUE).convert("P", palette=Image.Palette.ADAPTIVE))), RED, BLUE)


def test_transparent_parts_are_put_on_white() -> None:
    pixels = decode_image(encoded(halves((0, 0, 0, 0), (30, 30, 220, 255), "RGBA")))
    assert_halves(pixels, WHITE, BLUE)


def test_transparent_palette_is_put_on_white() -> None:
    image = Image.new("P", (40, 20), 0)
    image.putpalette([0, 0, 0, *BLUE])
    image.paste(1, (20, 0, 40, 20))
    assert_halves(decode_image(encoded(image, transparency=0)), WHITE, BLUE)


def test_grey_with_transparency_is_put_on_white() -> None:
    assert_halves(decode_image(encoded(halves((10, 0), (10, 255), "LA"))), WHITE, (10, 10, 10))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(kind: str) -> None:
    values = np.full((20, 40), 16384, np.uint16)
    values[:, 20:] = 49152
    assert_halves(decode_image(encoded(Image.fromarray(values), kind)), (64,) * 3, (191,) * 3)


@pytest.mark.parametrize("scale", [1.0, 255.0])
def test_floating_point_grey_is_scaled(scale: float) -> None:
    values = np.full((20, 40), 0.25 * scale, np.float32)
    values[:, 20:] = 0.75 * scale
    values[0, 0] = np.nan
    assert_halves(decode_image(encoded(Image.fromarray(values), "TIFF")), (64,) * 3, (191,) * 3)


def test_black_and_white_is_read() -> None:
    assert_halves(decode_image(encoded(halves((0,), (255,), "L").convert("1"))), (0, 0, 0), WHITE)


def test_orientation_of_the_camera_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    assert_halves(decode_image(encoded(halves(RED, BLUE), exif=exif)), BLUE, RED)
    exif[0x0112] = 6  # a quarter turn
    assert decode_image(encoded(halves(RED, BLUE), exif=exif)).shape == (40, 20, 3)


def test_damaged_orientation_does_not_lose_the_photo() -> None:
    assert_halves(decode_image(encoded(halves(RED, BLUE), "JPEG", exif=b"Exif\0\0II*\0\xff\xff")), RED, BLUE, 12)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF"])
def test_the_first_frame_of_an_animation_is_taken(kind: str) -> None:
    frames = [halves(BLUE, RED)]
    data = encoded(halves(RED, BLUE), kind, save_all=True, append_images=frames)
    assert_halves(decode_image(data), RED, BLUE, tolerance=12)


def test_proportions_are_kept_by_cutting_both_sides() -> None:
    pixels = decode_image(encoded(halves(RED, BLUE)), image_size=(20, 20))
    assert pixels.shape == (20, 20, 3)
    np.testing.assert_allclose(pixels[10, 2], RED, atol=6)
    np.testing.assert_allclose(pixels[10, 17], BLUE, atol=6)


def test_a_whole_image_is_made_smaller_and_never_larger() -> None:
    image = encoded(halves(RED, BLUE))
    assert decode_image(image, longest_side=10).shape == (5, 10, 3)
    assert decode_image(image, longest_side=80).shape == (20, 40, 3)


def test_large_photos_are_scaled_down() -> None:
    image = halves(RED, BLUE).resize((1600, 800), Image.Resampling.NEAREST)
    assert decode_image(encoded(image, "JPEG"), image_size=(30, 60)).shape == (30, 60, 3)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_files_cut_off_are_refused_by_name(kind: str, share: float) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8))
    data = encoded(noise, kind)
    with pytest.raises(DatasetError, match=r"holiday\.jpg"):
        decode_image(data[: int(share * len(data))], name="holiday.jpg")


@pytest.mark.parametrize("data", [b"", b"hello, world", b"%PDF-1.7 and so on", b"<svg></svg>", b"PK\x03\x04"])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(DatasetError, match="not an image"):
        decode_image(data)


@pytest.mark.parametrize(
    ("data", "words", "name"),
    [
        (b"", "is empty", "a.jpg"),
        (bytes(5000), "nothing but zeros", "a.jpg"),
        (b"bplist00", "stands for a photo in a cloud", ".IMG_1.HEIC.icloud"),
        (b"%PDF-1.7\n1 0 obj", "is a PDF", "a.jpg"),
        (b"\xef\xbb\xbf\n<!doctype html><html>", "is a web page", "a.jpg"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">', "vector drawing", "a.svg"),
        (b"II*\0\x10\0\0\0CR\2\0" + bytes(90), "RAW photo", "a.CR2"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1", "RAW photo", "a.cr3"),
        (b"MM\0*\0\0\0\x08" + bytes(90), "RAW photo", "a.NEF"),
        (b"FUJIFILMCCD-RAW 0201", "RAW photo", "a.raf"),
        (b"\0\0\0\x18ftypqt  \0\0\0\0qt  ", "is a video", "IMG_1.MOV"),
        (b"RIFF\0\0\0\0AVI LIST", "is a video", "a.avi"),
        (b"RIFF\0\0\0\0WAVEfmt ", "is a sound", "a.wav"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office program", "a.doc"),
        (b"PK\3\4\x14\0\6\0\x08\0\0\0!\0" + bytes(16) + b"[Content_Types].xml", "office program", "a.docx"),
        (b"Rar!\x1a\7\1\0", "is an archive", "a.rar"),
        (b"8BPS\0\1", "Photoshop", "a.psd"),
        (b"\xff\x0a\xfa\x1f", "JPEG XL", "a.jxl"),
        (bytes(128) + b"DICM", "DICOM", "a.dcm"),
        (b"\x93NUMPY\1\0", "NumPy", "a.npy"),
        (b"L\0\0\0\1\x14\2\0\0\0", "shortcut", "a.jpg.lnk"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS", "a.jpg"),
        (b'{"title": "IMG_1.jpg"}', "is text", "IMG_1.jpg.json"),
        (b"\7\1\2\3\xff\xfe\xc3", "Use JPEG, PNG", "a.xyz"),
    ],
)
def test_what_is_refused_is_called_by_its_kind(data: bytes, words: str, name: str) -> None:
    with pytest.raises(DatasetError, match=words) as caught:
        decode_image(data, name=name)
    assert name in str(caught.value)


def test_a_small_white_of_many_bits_stays_dark_where_the_sensor_has_so_many() -> None:
    """Twelve bits are not stretched to the brightest pixel: two photos of one camera keep their difference."""
    values = np.full((40, 40), 2100, np.uint16)
    assert decode_image(encoded(Image.fromarray(values)))[0, 0, 0] == pytest.approx(255 * 2100 / 4095, abs=1)


def test_too_many_pixels_are_refused_before_they_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLCORE_MAX_IMAGE_PIXELS", "700")
    get_settings.cache_clear()
    with pytest.raises(DatasetError, match="40 × 20"):
        decode_image(encoded(halves(RED, BLUE)))


def test_a_png_that_claims_to_be_enormous_is_refused() -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0)
    pixels = b"IDAT" + zlib.compress(bytes(1000))
    chunks = [
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (header, pixels)
    ]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
    with pytest.raises(DatasetError, match="pixels"):
        decode_image(data)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "I;16", "F"])
def test_large_images_are_converted_in_bands_to_the_same(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    values: Any = {
        "RGBA": random.integers(0, 256, (50, 40, 4), np.uint8),
        "LA": random.integers(0, 256, (50, 40, 2), np.uint8),
        "I;16": random.integers(0, 60_000, (50, 40), np.uint16),
        "F": random.random((50, 40), np.float32),
    }[mode]
    file = encoded(Image.fromarray(values), "TIFF" if mode == "F" else "PNG")
    at_once = decode_image(file)
    monkeypatch.setattr(upright, "_BAND_ROWS", 7)
    np.testing.assert_array_equal(decode_image(file), at_once)


def test_what_would_not_fit_into_memory_is_refused_with_how_much_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_SHARE_OF_MEMORY", 1e-9)
    with pytest.raises(DatasetError, match=r"would take 8 MB of memory to read, and only \d+ MB are free"):
        decode_image(encoded(Image.new("L", (1000, 1000))))


def test_a_budget_counts_pixels_and_a_jpeg_as_what_is_unpacked_of_it() -> None:
    budget = PixelBudget(2 * 800, "photos.zip")
    decode_image(encoded(halves(RED, BLUE), "PNG"), budget=budget)
    for _ in range(4):
        decode_image(encoded(halves(RED, BLUE), "JPEG"), budget=budget)
    with pytest.raises(UploadRefusedError, match=r"photos\.zip"):
        decode_image(encoded(halves(RED, BLUE), "PNG"), budget=budget)


def test_specks_are_refused() -> None:
    with pytest.raises(DatasetError, match="1 × 1"):
        decode_image(encoded(Image.new("RGB", (1, 1))))
