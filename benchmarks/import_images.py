"""How fast people's photos are read: ours against Keras's own reading of the same folder, in the same run.

Photos of 12 megapixels and about 3 MB are made for the run, as many as this machine reads in `--seconds`, at most
`--photos`. Both sides bring them to 150 × 150 pixels in memory, file cache warm; ours splits them and searches them for
near-duplicates as well. The aim is twice Keras's images a second, and 1,000 such photos in 60 s on two cores.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import tlcore

SIZE = (150, 150)
WIDTH, HEIGHT = 4000, 3000
QUALITY = 88
CLASSES = ("indoors", "outdoors")
PHOTOS_TO_JUDGE_BY = 8
OF_THE_ISSUE = 1000


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds how many photos there may be, and how long both sides together may take."""
    parser.add_argument("--photos", type=int, default=OF_THE_ISSUE, help="at most")
    parser.add_argument("--seconds", type=float, default=300.0, help="for both sides together, about")


def make_photo(path: Path, number: int) -> None:
    """A picture with large shapes, fine texture and the noise of a sensor: about 3 MB as a JPEG."""
    random = np.random.default_rng(number)
    shapes = Image.fromarray(random.integers(0, 256, (12, 16, 3), np.uint8))
    pixels = np.asarray(shapes.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), np.int16)  # (H, W, 3)
    texture = random.integers(-14, 15, (HEIGHT // 4, WIDTH // 4, 1), np.int16)
    texture = texture.repeat(4, 0).repeat(4, 1) + random.integers(-7, 8, (HEIGHT, WIDTH, 1), np.int16)
    Image.fromarray(np.clip(pixels + texture, 0, 255).astype(np.uint8)).save(path, "JPEG", quality=QUALITY)


def _make_photos(folder: Path, first: int, last: int) -> None:
    for number in range(first, last):
        path = folder / CLASSES[number % len(CLASSES)] / f"photo {number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        make_photo(path, number)


def _read_by_keras(folder: Path) -> int:
    from keras.utils import image_dataset_from_directory

    batches = image_dataset_from_directory(folder, image_size=SIZE, crop_to_aspect_ratio=True, verbose=False)
    return int(sum(len(labels) for _images, labels in batches))


def _read_by_us(folder: Path) -> int:
    data = tlcore.import_dataset(folder, image_size=SIZE)
    return sum(len(split) for split in data.splits.values())


def _seconds(read: Any, folder: Path, expected: int) -> tuple[float, float]:
    """Seconds by the clock, and seconds of processors, which say more where others use the machine as well."""
    start, start_cpu = time.perf_counter(), time.process_time()
    count = read(folder)
    took, took_cpu = time.perf_counter() - start, time.process_time() - start_cpu
    if count != expected:
        raise RuntimeError(f"Expected {expected} images to be read. Received: {count}.")
    return took, took_cpu


def _number_of_photos(folder: Path, most: int, seconds: float) -> int:
    """How many both sides read in the time, judged by a few; making one takes about as long as reading it twice."""
    started = time.perf_counter()
    _make_photos(folder, 0, PHOTOS_TO_JUDGE_BY)
    each = time.perf_counter() - started
    _read_by_keras(folder)  # imports it
    each += sum(_seconds(read, folder, PHOTOS_TO_JUDGE_BY)[0] for read in (_read_by_keras, _read_by_us))
    return int(min(most, max(PHOTOS_TO_JUDGE_BY, seconds / (each / PHOTOS_TO_JUDGE_BY))))


def measure(photos: int = OF_THE_ISSUE, seconds: float = 300.0) -> Iterator[dict[str, Any]]:
    """Reads the folder with both, one after the other, and says what 1,000 photos would take."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = _number_of_photos(folder, photos, seconds)
        _make_photos(folder, PHOTOS_TO_JUDGE_BY, count)
        megabytes = sum(path.stat().st_size for path in folder.rglob("*.jpg")) / 1e6
        (ours, ours_cpu), (theirs, theirs_cpu) = (
            _seconds(read, folder, count) for read in (_read_by_us, _read_by_keras)
        )
        yield {
            "case": f"{count} photos of 12 megapixels, {megabytes / count:.1f} MB each, to {SIZE[1]} × {SIZE[0]}",
            "ours_s": round(ours, 2),
            "theirs_s": round(theirs, 2),
            "ratio": round(theirs / ours, 2),
            "cpu_ratio": round(theirs_cpu / ours_cpu, 2),
        }
        yield {"case": "ours", "value": round(count / ours, 1), "unit": "images/s"}
        yield {"case": "ours, of one core's time", "value": round(count / ours_cpu, 1), "unit": "images/s"}
        yield {"case": "Keras's image_dataset_from_directory", "value": round(count / theirs, 1), "unit": "images/s"}
        yield {"case": "1,000 such photos, by ours", "value": round(ours * OF_THE_ISSUE / count, 1), "unit": "s"}
