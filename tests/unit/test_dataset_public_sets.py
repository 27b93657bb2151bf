"""Public sets from a server on this machine that has small files of the same layout: fetched once, checked, read."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.unit.weights_server import Server, serving
from tlcore import load_dataset
from tlcore.datasets import fetch_dataset, get_dataset_spec, registry
from tlcore.datasets.fetching import check_reachable, fetch
from tlcore.datasets.specification import Download
from tlcore.engine.job import JobStoppedError
from tlcore.errors import DatasetError
from tlcore.settings import get_settings

EACH = 5  # images of a class


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("TLCORE_HOME", str(tmp_path / "home"))
    get_settings.cache_clear()
    with serving() as server:
        yield server


def noise(seed: int, side: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)


def photo(seed: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(noise(seed, 6)).resize((60, 40), Image.Resampling.NEAREST).save(file, "JPEG")
    return file.getvalue()


def flowers() -> dict[str, bytes]:
    """The archive with its licence file, and a path that leads out."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for number, name in enumerate(["daisy", "dandelion", "roses", "sunflowers", "tulips"] * EACH):
            add(archive, f"flower_photos/{name}/{number}_f52e8ee070_n.jpg", photo(number))
        add(archive, "flower_photos/LICENSE.txt", b"CC BY")
        add(archive, "flower_photos/../../outside/1_a_n.jpg", photo(0))
    return {"flower_photos.tgz": packed.getvalue()}


def cats_and_dogs() -> dict[str, bytes]:
    """Photographs, one of them damaged, as in the original."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(EACH + 1):
            for name in ("Cat", "Dog"):
                damaged = number == 0 and name == "Cat"
                archive.writestr(
                    f"PetImages/{name}/{number}.jpg", b"" if damaged else photo(number + 50 * (name == "Cat"))
                )
        archive.writestr("PetImages/Cat/Thumbs.db", b"x")
    return {"kagglecatsanddogs_5340.zip": packed.getvalue()}


def cifar10() -> dict[str, bytes]:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for number, name in enumerate([*(f"data_batch_{batch}" for batch in range(1, 6)), "test_batch"]):
            rows = [bytes([label]) + noise(100 * number + label, 32).tobytes() for label in range(10)]
            add(archive, f"cifar-10-batches-bin/{name}.bin", b"".join(rows))
        add(archive, "cifar-10-batches-bin/batches.meta.txt", b"airplane\n")
    return {"cifar-10-binary.tar.gz": packed.getvalue()}


def fashion_mnist() -> dict[str, bytes]:
    files = {}
    for part, count in (("train", 40), ("t10k", 20)):
        pixels = np.random.default_rng(count).integers(0, 256, (count, 28, 28), np.uint8)
        files[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(bytes(16) + pixels.tobytes())
        files[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(bytes(8) + bytes(index % 10 for index in range(count)))
    return files


def add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


MADE = {"flowers": flowers, "cats_and_dogs": cats_and_dogs, "cifar10": cifar10, "fashion_mnist": fashion_mnist}


def published(name: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> Download:
    """The set as if its publisher were the server of the test; what else is known of it stays."""
    server.bodies = MADE[name]()
    spec = get_dataset_spec(name)
    assert spec.download is not None
    files = tuple(
        replace(
            file,
            url=server.url(file.name),
            file_hash=hashlib.sha256(server.bodies[file.name]).hexdigest(),
            num_bytes=len(server.bodies[file.name]),
        )
        for file in spec.download.files
    )
    wanted = replace(spec.download, files=files)
    monkeypatch.setitem(registry._DATASETS, name, replace(spec, download=wanted))
    return wanted


@pytest.mark.parametrize("name", MADE)
def test_a_set_is_fetched_once_and_read(name: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = published(name, server, monkeypatch)
    with pytest.raises(DatasetError, match="page Datasets"):
        load_dataset(name, num_images=30)
    check_reachable(wanted)
    steps: list[tuple[int, int]] = []
    fetch_dataset(name, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (wanted.num_bytes, wanted.num_bytes)
    asked = len(server.ranges)
    fetch_dataset(name)
    assert len(server.ranges) == asked, "it is here"
    assert get_dataset_spec(name).is_available
    home = get_settings().home
    assert sorted(path.name for path in (home / "downloads").iterdir() if path.suffix != ".lock") == [wanted.folder]
    assert not list(home.rglob("outside")), "no file of an archive leaves its folder"

    classes = get_dataset_spec(name).num_classes
    data = load_dataset(name, num_images=EACH * classes, image_size=(24, 40))
    counts = sum(np.bincount(split.labels, minlength=classes) for split in data.splits.values())
    assert counts.tolist() == [EACH] * classes
    assert data.train.images.shape[1:] == (24, 40, 3)
    assert [file.name for file in data.rejected] in ([], ["Cat/0.jpg"])


def test_colours_of_cifar10_stand_where_they_belong(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    published("cifar10", server, monkeypatch)
    red = np.zeros((3, 32, 32), np.uint8)
    red[0] = 200
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        rows = [bytes([label]) + (red if label == 6 else red[::-1]).tobytes() for label in range(10)] * 3
        add(archive, "cifar-10-batches-bin/data_batch_1.bin", b"".join(rows))
    wanted = get_dataset_spec("cifar10").download
    assert wanted is not None
    server.bodies = {"cifar-10-binary.tar.gz": packed.getvalue()}
    digest = hashlib.sha256(packed.getvalue()).hexdigest()
    fetch(replace(wanted, files=(replace(wanted.files[0], file_hash=digest),)))
    made = get_dataset_spec("cifar10").source(30, (16, 16), 0)
    frogs = made.images[made.labels == 6]
    assert frogs.reshape(-1, 3).mean(axis=0).tolist() == [200, 0, 0]


def test_what_is_stopped_is_taken_up_and_what_is_damaged_is_not_kept(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = published("flowers", server, monkeypatch)

    def stop(done: int, total: int) -> None:
        raise JobStoppedError

    with pytest.raises(JobStoppedError):
        fetch_dataset("flowers", progress=stop)
    fetch_dataset("flowers")
    assert server.ranges[-1] is not None, "from where it was"
    other = replace(wanted, folder="other", files=(replace(wanted.files[0], file_hash="0" * 64),))
    with pytest.raises(DatasetError, match="checksum"):
        fetch(other)
    assert not other.is_here


def test_what_is_too_large_or_not_to_be_had_is_said_within_seconds(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = published("flowers", server, monkeypatch)
    server.status = 404
    with pytest.raises(DatasetError, match="answers 404"):
        check_reachable(wanted)
    gone = replace(wanted, files=(replace(wanted.files[0], url="https://not-there.invalid/flowers.tgz"),))
    with pytest.raises(DatasetError, match="not available here"):
        check_reachable(gone)
    monkeypatch.setenv("TLCORE_MAX_DOWNLOAD_BYTES", "1000")
    get_settings.cache_clear()
    with pytest.raises(DatasetError, match="at most"):
        check_reachable(wanted)
