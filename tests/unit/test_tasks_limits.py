"""What a job may ask for: said before it begins."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from tlcore.datasets import Dataset, Split
from tlcore.engine.tasks.limits import check_features, check_image_bytes, check_image_count, check_upload
from tlcore.errors import DatasetError, InvalidArgumentError
from tlcore.settings import get_settings


@pytest.fixture(autouse=True)
def small_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers of 2 GB, and 1,000 images a session."""
    monkeypatch.setenv("TLCORE_WORKER_MEMORY_BYTES", str(2 * 1024**3))
    monkeypatch.setenv("TLCORE_OWNER_IMAGES", "1000")
    get_settings.cache_clear()


def images(count: int, side: int) -> Dataset:
    """Black images that take no memory."""
    pixels = np.broadcast_to(np.uint8(0), (count, side, side, 3))
    part = Split(pixels, np.zeros(count, np.int64), ("black",) * count)
    return Dataset("black", ("a", "b"), part, part, part)


def test_features_and_images_that_a_worker_cannot_hold_are_refused_with_their_size() -> None:
    check_features("VGG16", images(200, 150))
    with pytest.raises(DatasetError, match=r"at most 716 MB of memory. Those of 6000 images of 300×300 take \d+ MB"):
        check_features("VGG16", images(2000, 300))
    check_image_bytes(1000, (150, 150))
    with pytest.raises(DatasetError, match=r"at most 819 MB of memory\. 10000 of 224×224 take 1435 MB"):
        check_image_bytes(10_000, (224, 224))


def test_a_session_keeps_no_more_images_than_it_may() -> None:
    check_image_count(1000)
    with pytest.raises(InvalidArgumentError, match="at most 1000 images; with these it would be 1001"):
        check_image_count(1001)


def test_an_upload_of_more_than_a_worker_can_hold_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(300):
            archive.writestr(f"{number % 2}/{number}.jpg", b"")
    check_upload(path, "photos.zip", (150, 150))
    with pytest.raises(DatasetError, match="300 of 1024×1024"):
        check_upload(path, "photos.zip", (1024, 1024))
    path.write_bytes(b"no ZIP")
    check_upload(path, "photos.zip", (1024, 1024))  # what it is says the import
