"""What people brought to other programs of this kind and reported in public: each case with its thread."""

from __future__ import annotations

import base64
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.unit.dataset_files import SIZE, all_sources, photo
from tlcore.datasets import Dataset, import_dataset
from tlcore.errors import DatasetError

#: 80 × 40 pixels, the left half red and the right half blue, as an iPhone writes photos.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAAEkAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCiBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwYkAAAATY29scm5j"
    "bHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAUAAAAEAAAAAoY2xhcAAAAFAAAAABAAAAKAAAAAEAAAAAAAAAAv///+gAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAFFtZGF0AAAARSgBrwnRsoA5IyS///kEf//4xG5D+BPUxr7ig7Nf"
    "9+3nehrf/EWSBoubVJ+3moxABaejGsF+1gvjKwTgvrfX0b4LW8eTgA=="
)


def saved(number: int, kind: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    """A picture of its own in another format or mode."""
    buffer = BytesIO()
    Image.open(BytesIO(photo(number))).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def turned(number: int) -> bytes:
    """A picture that lies on its side, with the note that says so."""
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = BytesIO()
    upright = Image.open(BytesIO(photo(number)))
    upright.transpose(Image.Transpose.ROTATE_90).save(buffer, "PNG", exif=exif)
    return buffer.getvalue()


def deep(colour: bool = False) -> bytes:
    """A PNG of sixteen bits that uses twelve, from black to white."""
    shape = (40, 40, 3) if colour else (40, 40)
    values = np.linspace(0, 4095, int(np.prod(shape))).reshape(shape).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in values)
    header = struct.pack(">IIBBBBB", 40, 40, 16, 2 if colour else 0, 0, 0, 0)
    parts = (b"IHDR" + header, b"IDAT" + zlib.compress(rows), b"IEND")
    chunks = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def with_palette_transparency() -> bytes:
    image = Image.open(BytesIO(photo(600))).convert("P")
    buffer = BytesIO()
    image.save(buffer, "PNG", transparency=bytes(range(256)))
    return buffer.getvalue()


PETS = [f"{name}/{number}.png" for name in ("cats", "dogs") for number in range(4)]
IN_PARTS = [f"{part}/{name}" for part in ("train", "test") for name in PETS]


@dataclass(frozen=True)
class Case:
    """Files, and what is to become of them.

    Attributes:
        source: Thread where somebody reports it.
        files: Names, or names with contents; a picture of its own where no content is given.
        more: Further files with their contents.
        classes: Names of the classes that are found.
        images: How many are used; None for all that are pictures.
        rejected: Files that are listed, each with words of the reason.
        note: Words of a remark; "" for none.
        refused: Words of the error where the whole set is refused.
        zipped: Whether they come as a ZIP.
    """

    source: str
    files: list[str]
    more: Mapping[str, bytes] = field(default_factory=dict)
    classes: tuple[str, ...] = ("cats", "dogs")
    images: int = 8
    rejected: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    refused: str = ""
    zipped: bool = False


CASES = {
    "folder of a notebook beside the classes": Case(
        "tensorflow/tensorflow#46595",
        PETS,
        {".ipynb_checkpoints/1-checkpoint.png": photo(90)},
        note=".ipynb_checkpoints",
    ),
    "folder of a notebook inside a class": Case(
        "huggingface/autotrain-advanced#264", PETS, {"cats/.ipynb_checkpoints/1.png": photo(90)}, note="files: 1"
    ),
    "macOS's note on a folder": Case("pytorch/vision#109", PETS, {".DS_Store": b"\0\0\0\1Bud1"}, note=".DS_Store"),
    "macOS's notes on files in a ZIP": Case(
        "udacity/deep-learning-v2-pytorch#217",
        PETS,
        {"__MACOSX/cats/._0.png": b"\0\5\x16\7", "cats/._0.png": b"\0\5\x16\7"},
        note="__MACOSX",
        zipped=True,
    ),
    "Windows's thumbnails": Case(
        "meetps/pytorch-semseg#83", PETS, {"cats/Thumbs.db": b"\xd0\xcf\x11\xe0"}, note="Thumbs"
    ),
    "Windows's note on a folder": Case(
        "coobird/thumbnailator#146", PETS, {"dogs/desktop.ini": b"[.ShellClassInfo]"}, note="desktop.ini"
    ),
    "Synology's thumbnails": Case(
        "mbrrg/synology-thumbgen#10",
        PETS,
        {"cats/@eaDir/0.png/SYNOPHOTO_THUMB_M.jpg": saved(91), "@eaDir/x/1.jpg": saved(92)},
        note="@eaDir",
    ),
    "a class without an image": Case(
        "pytorch/vision#4925",
        PETS,
        {"birds/list.jpg": b"to be taken"},
        rejected={"birds/list.jpg": "is text"},
        note="'birds' was left out",
    ),
    "iPhone photos": Case("replicate/dreambooth#23", PETS, {"cats/IMG_1.HEIC": HEIC}, images=9),
    "an iPhone photo called .jpg": Case("Esri/data-collection-ios#184", PETS, {"cats/IMG_1.jpg": HEIC}, images=9),
    "a JPEG called .HEIC": Case("strukturag/libheif#675", PETS, {"dogs/IMG_1.HEIC": saved(93)}, images=9),
    "PNG and GIF called .jpg": Case(
        "tensorflow/models#2194", PETS, {"cats/a.jpg": photo(94), "cats/b.jpg": saved(95, "GIF")}, images=10
    ),
    "WebP called .jpg": Case("webscraperio/image-downloader#5", PETS, {"cats/a.jpg": saved(96, "WEBP")}, images=9),
    "a web page called .jpg": Case(
        "xroche/httrack#280",
        PETS,
        {"cats/a.jpg": b"<!DOCTYPE html>\n<html><head><title>404</title>"},
        rejected={"cats/a.jpg": "is a web page"},
    ),
    "a pointer of Git LFS": Case(
        "jinnovation/rainy-image-dataset#2",
        PETS,
        {"cats/a.png": b"version https://git-lfs.github.com/spec/v1\noid sha256:dd7b8e\nsize 1395\n"},
        rejected={"cats/a.png": "git lfs pull"},
    ),
    "a file cut off": Case(
        "eg4000/SKU110K_CVPR19#28", PETS, {"dogs/a.jpg": saved(97)[:-200]}, rejected={"dogs/a.jpg": "cut off"}
    ),
    "bytes too many before the end of a JPEG": Case(
        "tensorflow/datasets#2188", PETS, {"dogs/a.jpg": saved(98)[:-2] + bytes(99) + b"\xff\xd9"}, images=9
    ),
    "JPEG for printing": Case("vlfeat/matconvnet#91", PETS, {"dogs/a.jpg": saved(99, mode="CMYK")}, images=9),
    "palette with transparency": Case(
        "OlafenwaMoses/ImageAI#200", PETS, {"dogs/a.png": with_palette_transparency()}, images=9
    ),
    "PNG with a fourth channel": Case(
        "AlexeyAB/darknet#4131", PETS, {"dogs/a.png": saved(101, "PNG", "RGBA")}, images=9
    ),
    "grey of sixteen bits": Case(
        "python-pillow/Pillow#3011", PETS, {"dogs/a.png": deep()}, images=9, note="more than 8 bits a channel: 1"
    ),
    "colours of sixteen bits": Case(
        "torch/image#75", PETS, {"dogs/a.png": deep(colour=True)}, images=9, note="more than 8 bits a channel: 1"
    ),
    "endings in capitals": Case(
        "open-edge-platform/datumaro#151", [name.upper() for name in PETS], classes=("CATS", "DOGS")
    ),
    "no endings at all": Case("keras-team/keras#15575", [name.removesuffix(".png") for name in PETS]),
    "train, validation and test, and a folder of results": Case(
        "ultralytics/ultralytics#4310",
        IN_PARTS,
        {"validation/cats/9.png": photo(102), "runs/curve.png": photo(103)},
        images=17,
        rejected={"runs/curve.png": "no class folder"},
        note="parts of a split",
    ),
    "a test part without classes": Case(
        "fastai/fastai#2336",
        [name for name in IN_PARTS if name.startswith("train")],
        {"test/1.png": photo(104), "labels.csv": b"name,label\ntrain/cats/0.png,0\n"},
        rejected={"test/1.png": "no class folder", "labels.csv": "is text"},
        note="parts of a split",
    ),
    "a validation part without classes": Case(
        "facebookresearch/dinov2#496",
        [name for name in IN_PARTS if name.startswith("train")],
        {f"val/ILSVRC2012_val_{number:08}.JPEG": saved(110 + number) for number in range(2)},
        rejected=dict.fromkeys((f"val/ILSVRC2012_val_{number:08}.JPEG" for number in range(2)), "no class folder"),
        note="parts of a split",
    ),
    "Fruits-360, with a test of several fruits": Case(
        "googlecreativelab/teachablemachine-community#113",
        [f"fruits/{part}/{name}" for part in ("Training", "Test") for name in PETS],
        {"fruits/test-multiple_fruits/apples.jpg": saved(105), "fruits/papers/figure.jpg": saved(106)},
        images=16,
        rejected={"fruits/test-multiple_fruits/apples.jpg": "no class", "fruits/papers/figure.jpg": "no class"},
        note="parts of a split",
    ),
    "Tiny ImageNet": Case(
        "Continvvm/continuum#222",
        [f"tiny/train/{name}/images/{name}_{n}.JPEG" for name in ("n01", "n02") for n in range(4)],
        {"tiny/val/images/val_0.JPEG": saved(107), "tiny/test/images/test_0.JPEG": saved(108)},
        classes=("n01", "n02"),
        rejected={"tiny/val/images/val_0.JPEG": "no class", "tiny/test/images/test_0.JPEG": "no class"},
        note="parts of a split",
    ),
    "names and breeds in a CSV": Case(
        "keras-team/keras-preprocessing#164",
        [f"train/{number:032x}.jpg" for number in range(8)],
        {"labels.csv": b"id,breed\n" + b"".join(b"%032x,%s\n" % (n, (b"cats", b"dogs")[n % 2]) for n in range(8))},
        note="read from labels.csv",
    ),
    "a text file with numbers and names": Case(
        "huggingface/pytorch-image-models#1081",
        [f"val/ILSVRC2012_val_{number:08}.JPEG" for number in range(8)],
        {"truth.csv": b"ImageId,Class\n" + b"".join(b"ILSVRC2012_val_%08d,n0%d\n" % (n, n % 2) for n in range(8))},
        classes=("n00", "n01"),
        note="read from truth.csv",
    ),
    "classes in the names of the files": Case(
        "rdcolema/tensorflow-image-classification#16",
        [f"train/{name}.{number}.jpg" for name in ("cats", "dogs") for number in range(4)],
        {"test1/1.jpg": saved(109)},
        rejected={"test1/1.jpg": "no class folder"},
        note="beginnings of the files' names",
    ),
    "images and nothing that says their class": Case(
        "keras-team/keras#3946", [f"IMG_{number}.jpg" for number in range(8)], refused="lie in no folder"
    ),
    "boxes of YOLO": Case(
        "ultralytics/ultralytics#753",
        [f"{part}/images/{number}.jpg" for part in ("train", "valid") for number in range(4)],
        {f"train/labels/{number}.txt": b"0 0.5 0.5 0.2 0.3\n1 0.1 0.2 0.2 0.3\n" for number in range(4)},
        refused="finding objects .YOLO.*one folder for each class",
    ),
    "numbers as classes": Case(
        "keras-team/keras#19761",
        [f"{name}/{number}.png" for name in range(11) for number in range(3)],
        classes=tuple(map(str, range(11))),
        images=33,
        note="Keras numbers folders letter by letter: 1, 10, 2, 3",
    ),
    "an accent in two ways": Case(
        "rubyzip/rubyzip#84",
        [f"{unicodedata.normalize(form, 'maçã')}/{form}{n}.png" for form in ("NFC", "NFD") for n in range(2)]
        + [f"pera/{n}.png" for n in range(4)],
        classes=("maçã", "pera"),
        zipped=True,
    ),
}


def brought(case: Case, folder: Path) -> Path:
    """The files of a case on the disk."""
    contents = {name: photo(number) for number, name in enumerate(case.files)} | dict(case.more)
    if case.zipped:
        path = folder / "photos.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in contents.items():
                archive.writestr(name, content)
        return path
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_people_brought_elsewhere(case: Case, tmp_path: Path) -> None:
    path = brought(case, tmp_path)
    if case.refused:
        with pytest.raises(DatasetError, match=case.refused):
            import_dataset(path, image_size=SIZE)
        return
    data = import_dataset(path, image_size=SIZE)
    assert data.class_names == case.classes
    assert len(all_sources(data)) == case.images
    reasons = {file.name: file.reason.format(**file.params) for file in data.rejected}
    assert reasons.keys() == case.rejected.keys()
    assert all(words in reasons[name] for name, words in case.rejected.items())
    notes = " ".join(map(str, data.notes))
    assert case.note in notes if case.note else not notes


def picture_of(data: Dataset, name: str) -> np.ndarray:
    return next(
        image
        for split in data.splits.values()
        for image, source in zip(split.images, split.sources, strict=True)
        if source.endswith(name)
    )


def test_pixels_of_the_odd_kinds_are_right(tmp_path: Path) -> None:
    """python-pillow/Pillow#5991 (grey), torch/image#75 (colour), kohya-ss/sd-scripts#1316 (turned), dreambooth#23."""
    odd = {
        "cats/grey.png": deep(),
        "cats/colour.png": deep(colour=True),
        "dogs/a.HEIC": HEIC,
        "dogs/turned.png": turned(0),
    }
    data = import_dataset(brought(Case("", PETS, odd), tmp_path), image_size=SIZE)
    for name in ("grey.png", "colour.png"):
        rows = picture_of(data, name).mean(axis=(1, 2))
        assert rows[0] < 8
        assert rows[-1] > 247
        assert np.all(np.diff(rows) > 0)
    iphone = picture_of(data, "a.HEIC").astype(int)
    assert iphone[16, 4, 0] > 180 > 80 > iphone[16, 28, 0]
    np.testing.assert_allclose(picture_of(data, "turned.png"), picture_of(data, "cats/0.png"), atol=3)
    assert [(pair.first, pair.second) for pair in data.contradictions] == [("cats/0.png", "dogs/turned.png")]
