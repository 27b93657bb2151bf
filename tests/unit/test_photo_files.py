"""Photos that a network is to look at: each bad file that people bring is a sentence, and keeps none of the rest."""

from __future__ import annotations

import io
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from PIL import Image

from tests.unit.dataset_files import photo, zipped
from tlcore.datasets import photo_files
from tlcore.datasets.images import decode_image
from tlcore.datasets.photo_files import label_of_folder, read_photos
from tlcore.datasets.photos import blank_note
from tlcore.errors import DatasetError
from tlcore.settings import get_settings


def file_of(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def huge_png() -> bytes:
    """What says that it is a photo of 200 megapixels; its pixels need not be there to be refused."""
    data = bytearray(file_of(Image.new("RGB", (16, 16))))
    data[16:24] = (20_000).to_bytes(4, "big") + (10_000).to_bytes(4, "big")
    data[29:33] = crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


BAD = {
    "huge.png": (huge_png(), f"at most {get_settings().max_image_pixels / 1e6:g} million are read"),
    "dot.png": (file_of(Image.new("RGB", (1, 1))), "measures 1 × 1 pixels"),
    "scan.jpg": (b"%PDF-1.7\n1 0 obj", "is a PDF, not an image"),
    "cut.png": (photo(1)[:200], "is damaged or cut off"),
}


def test_every_photo_is_read_and_every_bad_file_is_a_sentence(tmp_path: Path) -> None:
    files = {"cat/1.png": photo(1), "cat/2.jpg": photo(2, "JPEG"), "dog/1.png": photo(3), "notes.txt": b"hello"}
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(files | {name: data for name, (data, _reason) in BAD.items()}))
    seen = []
    photos = read_photos(path, image_size=(32, 40), progress=lambda done, total: seen.append((done, total)))
    assert photos.images.shape == (3, 32, 40, 3)
    assert photos.names == ("cat/1.png", "cat/2.jpg", "dog/1.png")
    assert photos.folders == ("cat", "cat", "dog")
    np.testing.assert_array_equal(photos.images[2], decode_image(photo(3), image_size=(32, 40)))
    reasons = {file.name: file.reason.format(**file.params) for file in photos.rejected}
    assert reasons.keys() == {*BAD, "notes.txt"}
    for name, (_data, reason) in BAD.items():
        assert reason in reasons[name]
    assert seen[-1] == (8, 8)


def test_a_zip_without_a_photo_or_with_too_many_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"scan.jpg": BAD["scan.jpg"][0]}))
    with pytest.raises(DatasetError, match=r"scan\.jpg is a PDF"):
        read_photos(path, image_size=(32, 32))
    monkeypatch.setattr(photo_files, "MOST_PHOTOS", 1)
    path.write_bytes(zipped({"1.png": photo(1), "2.png": photo(2)}))
    with pytest.raises(DatasetError, match="holds 2 files: at most 1"):
        read_photos(path, image_size=(32, 32))


@pytest.mark.parametrize(
    ("folder", "label"),
    [
        ("no_hardhat", 0),
        ("No hard-hat", 0),
        ("HARDHAT", 1),
        ("com capacete", 1),
        ("dog", None),
        ("", None),
        (None, None),
    ],
)
def test_a_folder_names_a_class_however_it_is_written(folder: str | None, label: int | None) -> None:
    assert label_of_folder(folder, (("no_hardhat", "hardhat"), ("sem capacete", "com capacete"))) == label


@pytest.mark.parametrize(
    "image", [Image.new("RGB", (40, 40)), Image.new("RGBA", (40, 40), (200, 30, 9, 0))], ids=["black", "transparent"]
)
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_that_shows_nothing_is_answered_with_a_warning(image: Image.Image, kind: str) -> None:
    note = blank_note(decode_image(file_of(image, kind), image_size=(32, 32)), "a.png")
    assert note is not None
    assert str(note).startswith("a.png is of one colour")
    assert blank_note(decode_image(photo(1), image_size=(32, 32)), "b.png") is None
