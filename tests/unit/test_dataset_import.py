"""Folders, lists, layouts, near-duplicates. ZIPs that nobody should trust are in test_dataset_archive.py."""

from __future__ import annotations

import sys
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from dataset_files import SIZE, all_sources, photo, tree
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

import tlcore
from tlcore.datasets import decode_image, duplicates, import_dataset
from tlcore.errors import DatasetError, InvalidArgumentError
from tlcore.settings import get_settings


def two_classes(prefix: str = "", count: int = 5) -> list[str]:
    return [f"{prefix}{name}/{number}.png" for name in ("cats", "dogs") for number in range(count)]


def test_folders_name_the_classes(tmp_path: Path) -> None:
    data = import_dataset(tree(tmp_path / "pets", two_classes()), image_size=SIZE)
    assert data.name == "pets"
    assert data.class_names == ("cats", "dogs")
    assert {part: np.bincount(split.labels).tolist() for part, split in data.splits.items()} == {
        "train": [3, 3],
        "validation": [1, 1],
        "test": [1, 1],
    }
    for split in data.splits.values():
        assert split.images.shape[1:] == (32, 32, 3)
        for source, label in zip(split.sources, split.labels, strict=True):
            assert source.startswith(data.class_names[label])


@pytest.mark.parametrize("prefix", ["wrapper/", "a/b/", "wrapper/train/"])
def test_folders_around_all_classes_are_looked_through(tmp_path: Path, prefix: str) -> None:
    assert import_dataset(tree(tmp_path, two_classes(prefix)), image_size=SIZE).class_names == ("cats", "dogs")


def test_spaces_around_a_folders_name_make_no_other_class(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(12):
            archive.writestr(f"{('cats', ' cats ', 'dogs')[number % 3]}/{number}.png", photo(number))
    assert import_dataset(path, image_size=SIZE).class_names == ("cats", "dogs")


def test_folders_named_after_splits_are_looked_through(tmp_path: Path) -> None:
    root = tree(tree(tmp_path, two_classes("train/")), two_classes("test/"), start=50)
    data = import_dataset(root, image_size=SIZE)
    assert data.class_names == ("cats", "dogs")
    assert len(all_sources(data)) == 20


def test_folders_inside_a_class_belong_to_it(tmp_path: Path) -> None:
    names = [f"{name}/{place}/{number}.png" for name in ("a", "b") for place in ("in", "out") for number in range(3)]
    assert import_dataset(tree(tmp_path, names), image_size=SIZE).class_names == ("a", "b")


def test_the_good_are_kept_and_the_bad_are_listed_with_reasons(tmp_path: Path) -> None:
    root = tree(tmp_path, two_classes())
    (root / "cats" / "notes.txt").write_text("buy milk")
    (root / "cats" / "cut.png").write_bytes(photo(99)[:80])
    (root / "stray.png").write_bytes(photo(98))
    (root / "dogs" / "empty.jpg").write_bytes(b"")
    for junk in (".DS_Store", "Thumbs.db", "._0.png"):
        (root / "cats" / junk).write_bytes(b"junk")
    data = import_dataset(root, image_size=SIZE)
    reasons = {bad.name: bad.reason.format(**bad.params) for bad in data.rejected}
    assert set(reasons) == {"cats/notes.txt", "cats/cut.png", "stray.png", "dogs/empty.jpg"}
    assert "not an image" in reasons["cats/notes.txt"]
    assert "cut off" in reasons["cats/cut.png"]
    assert "no class folder" in reasons["stray.png"]
    assert all(name in reason for name, reason in reasons.items())
    assert len(all_sources(data)) == 10


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only some users make links")
def test_links_are_not_followed(tmp_path: Path) -> None:
    root = tree(tmp_path / "pets", two_classes())
    outside = tree(tmp_path / "outside", ["secret.png", "more/secret.png"], start=90)
    (root / "dogs" / "link.png").symlink_to(outside / "secret.png")
    (root / "dogs" / "folder").symlink_to(outside / "more")
    data = import_dataset(root, image_size=SIZE)
    assert [bad.name for bad in data.rejected] == ["dogs/folder", "dogs/link.png"]
    assert all("is a link" in bad.reason.format(**bad.params) for bad in data.rejected)
    assert len(all_sources(data)) == 10


def test_lists_of_bytes_are_read_in_memory() -> None:
    items = [(photo(number), ("ripe", "unripe")[number % 2]) for number in range(12)]
    data = import_dataset(items, image_size=SIZE, name="fruit")
    assert data.name == "fruit"
    assert data.class_names == ("ripe", "unripe")
    named = [(photo(number), ("ripe", "unripe")[number % 2], f"photo {number}.jpg") for number in range(12)]
    assert "photo 3.jpg" in all_sources(import_dataset(named, image_size=SIZE))


@pytest.mark.parametrize("source", [None, 3, b"PK", [("x", "y")], [(b"x",)], [(b"x", "")], [(b"x", 1)]])
def test_other_sources_are_refused(source: object) -> None:
    with pytest.raises(InvalidArgumentError, match="Received"):
        import_dataset(source)


def test_a_path_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"nowhere\.zip"):
        import_dataset(tmp_path / "nowhere.zip")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="No image could be read"):
        import_dataset(tmp_path)


def test_images_without_folders_are_told_to_be_put_into_some(tmp_path: Path) -> None:
    for number in range(3):
        Image.new("RGB", (40, 40), (number, 9, 9)).save(tmp_path / f"{number}.png")
    with pytest.raises(DatasetError, match="lie in no folder"):
        import_dataset(tmp_path)


def test_one_class_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="'cats'"):
        import_dataset(tree(tmp_path, [f"cats/{number}.png" for number in range(5)]))


def test_too_few_images_of_a_class_are_refused_with_the_count(tmp_path: Path) -> None:
    root = tree(tmp_path, [*two_classes(), "birds/1.png", "birds/2.png"], start=0)
    with pytest.raises(DatasetError, match="'birds' has 2"):
        import_dataset(root)


def test_a_class_of_which_nothing_can_be_read_is_named(tmp_path: Path) -> None:
    root = tree(tmp_path, two_classes())
    (root / "birds").mkdir()
    (root / "birds" / "1.jpg").write_bytes(b"not a photo")
    with pytest.raises(DatasetError, match="'birds' has 0"):
        import_dataset(root)


def test_copies_count_once(tmp_path: Path) -> None:
    root = tree(tmp_path, two_classes())
    (root / "birds").mkdir()
    for number in range(6):
        (root / "birds" / f"{number}.png").write_bytes(photo(70 + number % 2))
    with pytest.raises(DatasetError, match="'birds' has 2"):
        import_dataset(root)


def test_near_duplicates_never_straddle_splits() -> None:
    items = []
    for number in range(24):
        with Image.open(BytesIO(photo(number))) as image:
            versions = [image.copy(), image.resize((120, 120)), ImageEnhance.Brightness(image).enhance(1.02)]
        for version, picture in enumerate(versions):
            buffer = BytesIO()
            picture.save(buffer, "JPEG", quality=(60, 95, 80)[version])
            items.append((buffer.getvalue(), "ab"[number % 2], f"n{number} version {version}"))
    data = import_dataset(items, image_size=SIZE)
    shown = [{source.split()[0] for source in part.sources} for part in data.splits.values()]
    assert not shown[0] & (shown[1] | shown[2])
    assert not shown[1] & shown[2]


def test_crops_of_one_photograph_stay_together() -> None:
    items = [(photo(n), "ab"[n % 2], f"{n // 4}_{n % 4:02}.jpg") for n in range(80)]
    data = import_dataset(items, image_size=SIZE)
    shown = [{source.split("_")[0] for source in part.sources} for part in data.splits.values()]
    assert not shown[0] & (shown[1] | shown[2])
    assert not shown[1] & shown[2]


def test_dates_in_names_do_not_make_a_day_one_photograph() -> None:
    items = [(photo(n), "ab"[n % 2], f"20240131_1203{n:02}.jpg") for n in range(20)]
    assert len(all_sources(import_dataset(items, image_size=SIZE))) == 20


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    items = [(photo(number), "ab"[number % 2]) for number in range(6)]
    import_dataset(items, image_size=SIZE, progress=lambda done, total: told.append((done, total)))
    assert told == [(number, 6) for number in range(1, 7)]


def test_comparing_is_told_to_its_end_and_can_be_stopped() -> None:
    items = [(photo(number), "ab"[number % 2]) for number in range(6)]
    told: list[tuple[int, int]] = []
    import_dataset(items, image_size=SIZE, comparing=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (12, 12)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_dataset(items, image_size=SIZE, comparing=stop)


@pytest.fixture
def many_kinds() -> NDArray[np.uint8]:
    """Pictures, the same with noise and brightness changed, and flat ones of many shades."""
    random = np.random.default_rng(0)
    pictures = np.stack([decode_image(photo(number), image_size=SIZE) for number in range(60)])
    noisy = np.clip(pictures + random.integers(-6, 7, pictures.shape), 0, 255)
    brighter = np.clip(pictures[:30].astype(int) + 5, 0, 255)
    flat = np.broadcast_to(random.integers(0, 256, (100, 1, 1, 3)), (100, *SIZE, 3))
    return np.concatenate([pictures, noisy, brighter, flat, pictures[:5]]).astype(np.uint8)


def test_the_groups_are_those_of_all_pairs(many_kinds: NDArray[np.uint8]) -> None:
    links = duplicates.near_duplicate_links(many_kinds, lambda done, total: None)
    every_pair = duplicates.near_duplicate_pairs(many_kinds)
    count = len(many_kinds)
    np.testing.assert_array_equal(duplicates._components(links, count), duplicates._components(every_pair, count))


@pytest.mark.parametrize("noise", [0, 4])
def test_images_that_are_all_alike_are_not_compared_each_with_each(noise: int, monkeypatch: pytest.MonkeyPatch) -> None:
    count, compared = 600, []
    picture = decode_image(photo(1), image_size=SIZE).astype(int)
    alike = picture + np.random.default_rng(0).integers(-noise, noise + 1, (count, *SIZE, 3))
    real = duplicates._hash_distance
    monkeypatch.setattr(duplicates, "_hash_distance", lambda a, b: compared.append(len(a)) or real(a, b))
    links = duplicates.near_duplicate_links(np.clip(alike, 0, 255).astype(np.uint8), lambda done, total: None)
    assert len(set(duplicates._components(links, count))) == 1
    assert sum(compared) <= 20 * count, "all pairs would be 300 times as many as images"


def test_more_pixels_than_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLCORE_MAX_ARCHIVE_BYTES", "20000")
    get_settings.cache_clear()
    with pytest.raises(DatasetError, match="smaller size"):
        import_dataset([(photo(number), "ab"[number % 2]) for number in range(10)], image_size=SIZE)


def test_hard_hat_photographs_leak_no_photograph(shared_folder: Path) -> None:
    data = tlcore.import_dataset(shared_folder / "data" / "hardhat", image_size=(64, 64))
    assert data.class_names == ("hardhat", "no_hardhat")
    assert data.rejected == ()
    shown = [{source.split("/")[1].split("_")[0] for source in part.sources} for part in data.splits.values()]
    assert not shown[0] & (shown[1] | shown[2])
    assert not shown[1] & shown[2]
    assert np.bincount(data.test.labels).min() > 15
