"""Folders, lists, layouts, near-duplicates. ZIPs that nobody should trust are in test_dataset_archive.py."""

from __future__ import annotations

import sys
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from dataset_files import SIZE, all_sources, photo, tree
from PIL import Image, ImageEnhance

import tlcore
from tlcore.datasets import Dataset, import_dataset
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


def notes(data: Dataset) -> str:
    return " ".join(map(str, data.notes))


def test_a_class_with_too_few_images_is_left_out_with_what_it_lacks(tmp_path: Path) -> None:
    data = import_dataset(tree(tmp_path, [*two_classes(), "birds/1.png", "birds/2.png"]), image_size=SIZE)
    assert data.class_names == ("cats", "dogs")
    assert len(all_sources(data)) == 10
    assert "class 'birds' was left out. Different images that can be read: 2; each class needs 3" in notes(data)


def test_a_class_with_too_few_images_is_refused_where_one_would_be_left(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="'birds' has 2"):
        import_dataset(tree(tmp_path, ["cats/1.png", "cats/2.png", "cats/3.png", "birds/1.png", "birds/2.png"]))


def test_a_class_of_which_nothing_can_be_read_is_left_out(tmp_path: Path) -> None:
    root = tree(tmp_path, two_classes())
    (root / "birds").mkdir()
    (root / "birds" / "1.jpg").write_bytes(b"not a photo")
    data = import_dataset(root, image_size=SIZE)
    assert data.class_names == ("cats", "dogs")
    assert "'birds' was left out. Different images that can be read: 0" in notes(data)


def test_copies_count_once(tmp_path: Path) -> None:
    root = tree(tmp_path, two_classes())
    (root / "birds").mkdir()
    for number in range(6):
        (root / "birds" / f"{number}.png").write_bytes(photo(70 + number % 2))
    data = import_dataset(root, image_size=SIZE)
    assert data.class_names == ("cats", "dogs")
    assert "'birds' was left out. Different images that can be read: 2" in notes(data)


def test_classes_are_numbered_as_people_count_and_the_order_of_keras_is_told(tmp_path: Path) -> None:
    names = [f"{name}/{number}.png" for name in ("0", "1", "2", "10", "img 9", "img 10") for number in range(3)]
    data = import_dataset(tree(tmp_path, names), image_size=SIZE)
    assert data.class_names == ("0", "1", "2", "10", "img 9", "img 10")
    assert "as people count: 1, 2, 10, img 9. Keras numbers folders letter by letter: 1, 10, 2, img 10" in notes(data)
    assert "Keras" not in notes(import_dataset(tree(tmp_path / "pets", two_classes()), image_size=SIZE))


def test_the_same_picture_in_two_classes_is_kept_and_told(tmp_path: Path) -> None:
    root = tree(tmp_path, two_classes())
    again = Image.open(BytesIO(photo(0))).resize((96, 96))
    again.save(root / "dogs" / "again.jpg", quality=80)
    data = import_dataset(root, image_size=SIZE)
    (found,) = data.contradictions
    assert (found.first, found.first_class, found.second, found.second_class) == (
        "cats/0.png",
        "cats",
        "dogs/again.jpg",
        "dogs",
    )
    assert {found.first, found.second} < set(all_sources(data))


def test_files_are_noted_as_they_came(tmp_path: Path) -> None:
    root = tree(tmp_path, two_classes())
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    Image.open(BytesIO(photo(80))).resize((60, 40)).save(root / "cats" / "tall.jpg", exif=exif)
    data = import_dataset(root, image_size=SIZE)
    files = {
        source: file for split in data.splits.values() for source, file in zip(split.sources, split.files, strict=True)
    }
    assert len(files) == 11
    assert (files["cats/tall.jpg"].width, files["cats/tall.jpg"].height) == (40, 60)
    assert files["dogs/1.png"].num_bytes == (root / "dogs" / "1.png").stat().st_size


def test_parts_are_kept_on_request_and_a_missing_one_is_made(tmp_path: Path) -> None:
    root = tree(tree(tmp_path, two_classes("train/", 8)), two_classes("test/", 4), start=50)
    data = import_dataset(root, image_size=SIZE, keep_split=True)
    assert {source.split("/")[0] for source in data.test.sources} == {"test"}
    assert {source.split("/")[0] for source in (*data.train.sources, *data.validation.sources)} == {"train"}
    assert (len(data.train), len(data.validation), len(data.test)) == (12, 4, 8)
    assert "flatter" not in notes(data)


def test_parts_that_are_kept_and_leak_are_told(tmp_path: Path) -> None:
    root = tree(tree(tmp_path, two_classes("train/", 8)), two_classes("val/", 4))
    tree(root, two_classes("test/", 4), start=50)
    assert "8 images of validation and test look like" in notes(import_dataset(root, image_size=SIZE, keep_split=True))


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
