"""ZIPs that nobody should trust."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from dataset_files import SIZE, all_sources, photo

from tlcore.datasets import archive, images, import_dataset
from tlcore.errors import DatasetError
from tlcore.settings import get_settings

Fill = Callable[[zipfile.ZipFile], None]


@pytest.fixture
def make_zip(tmp_path: Path) -> Callable[..., Path]:
    def make(fill: Fill | None = None, *, good: bool = True) -> Path:
        """A ZIP of two classes with four images each, and what `fill` adds."""
        path = tmp_path / "photos.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(8 if good else 0):
                archive.writestr(f"{'cats' if number % 2 else 'dogs'}/{number}.png", photo(number))
            if fill is not None:
                fill(archive)
        return path

    return make


def reasons(path: Path) -> dict[str, str]:
    data = import_dataset(path, image_size=SIZE)
    assert len(all_sources(data)) == 8
    return {bad.name: bad.reason.format(**bad.params) for bad in data.rejected}


def limit(monkeypatch: pytest.MonkeyPatch, **values: int) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"TLCORE_{name.upper()}", str(value))
    get_settings.cache_clear()


def test_a_good_zip_is_read(make_zip: Callable[..., Path]) -> None:
    data = import_dataset(make_zip(), image_size=SIZE)
    assert data.name == "photos"
    assert data.class_names == ("cats", "dogs")
    assert data.rejected == ()


@pytest.mark.parametrize("content", [b"", b"hello", b"Rar!\x1a\x07\x00" + bytes(50), b"PK\x03\x04" + bytes(100)])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "photos.zip"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"photos\.zip is not a ZIP"):
        import_dataset(path)


def test_a_zip_cut_off_is_refused(make_zip: Callable[..., Path]) -> None:
    path = make_zip()
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(DatasetError, match="not a ZIP"):
        import_dataset(path)


def test_an_empty_zip_is_refused(make_zip: Callable[..., Path]) -> None:
    with pytest.raises(DatasetError, match="is empty"):
        import_dataset(make_zip(good=False))
    with pytest.raises(DatasetError, match="is empty"):
        import_dataset(make_zip(lambda archive: archive.mkdir("cats"), good=False))


def protect(path: Path, *, first: int = 0) -> None:
    """Marks the members from number `first` on as encrypted, in their own headers and in the ZIP's directory."""
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start, number = data.find(signature), 0
        while start >= 0:
            data[start + offset] |= number >= first
            start, number = data.find(signature, start + 1), number + 1
    path.write_bytes(data)


def test_a_password_is_named(make_zip: Callable[..., Path]) -> None:
    path = make_zip()
    protect(path)
    with pytest.raises(DatasetError, match=r"photos\.zip is protected by a password"):
        import_dataset(path)


def test_one_protected_file_among_others_is_listed(make_zip: Callable[..., Path]) -> None:
    path = make_zip(lambda archive: archive.writestr("cats/secret.png", photo(70)))
    protect(path, first=8)
    assert "protected by a password" in reasons(path)["cats/secret.png"]


@pytest.mark.parametrize(
    "name", ["../out.png", "cats/../../out.png", "/etc/cats/out.png", "C:/cats/out.png", "..\\x.png"]
)
def test_paths_that_lead_out_are_listed_and_nothing_is_written(make_zip: Callable[..., Path], name: str) -> None:
    path = make_zip(lambda archive: archive.writestr(name, photo(50)))
    before = sorted(path.parent.parent.rglob("*"))
    (reason,) = reasons(path).values()
    assert "leads out" in reason
    assert sorted(path.parent.parent.rglob("*")) == before


def test_links_are_listed(make_zip: Callable[..., Path]) -> None:
    def add_link(archive: zipfile.ZipFile) -> None:
        link = zipfile.ZipInfo("cats/link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    assert "is a link" in reasons(make_zip(add_link))["cats/link.png"]


def test_more_entries_than_allowed_are_refused(make_zip: Callable[..., Path]) -> None:
    def add_many(archive: zipfile.ZipFile) -> None:
        for number in range(10_000):
            archive.writestr(f"cats/{number}.txt", b"")

    with pytest.raises(DatasetError, match="more than 5000 files"):
        import_dataset(make_zip(add_many))


def test_a_directory_longer_than_any_honest_one_is_not_even_read(
    make_zip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, max_archive_entries=1)
    path = make_zip(lambda archive: [archive.writestr("cats/" + "x" * 4000 + str(n), b"") for n in range(3)])
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(DatasetError, match="more than 1 files"):
        import_dataset(path)


def test_a_bomb_is_stopped_while_it_unpacks(make_zip: Callable[..., Path]) -> None:
    def add_bomb(archive: zipfile.ZipFile) -> None:
        archive.writestr("cats/bomb.bmp", b"BM" + bytes(100 * 1024**2), zipfile.ZIP_DEFLATED)

    with pytest.raises(DatasetError, match="unpacks to far more"):
        import_dataset(make_zip(add_bomb))


def test_a_bomb_that_lies_about_its_size_is_stopped(
    make_zip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, max_archive_bytes=2 * 1024**2)
    path = make_zip(lambda archive: archive.writestr("cats/b.bmp", b"BM" + bytes(2**22), zipfile.ZIP_DEFLATED))
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 2**22 + 2), struct.pack("<I", 2**30)))
    with pytest.raises(DatasetError, match="unpacks to far more"):
        import_dataset(path)


def test_bytes_in_all_are_limited(make_zip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, max_archive_bytes=30_000)

    def add_large(archive: zipfile.ZipFile) -> None:
        archive.writestr("cats/large.bmp", b"BM" + bytes(200_000))

    with pytest.raises(DatasetError, match="unpacks to far more"):
        import_dataset(make_zip(add_large), image_size=(16, 16))


def test_an_upload_that_is_too_large_is_refused(make_zip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, max_upload_bytes=100_000)
    with pytest.raises(DatasetError, match=r"photos\.zip has 0\.2 MB: at most 0\.1 MB are read, about \d\d % of it"):
        import_dataset(make_zip(lambda archive: archive.writestr("cats/large.png", bytes(200_000))))


def test_a_damaged_member_is_listed_and_the_others_are_kept(make_zip: Callable[..., Path]) -> None:
    path = make_zip(lambda archive: archive.writestr("cats/bad.png", photo(60)))
    data = path.read_bytes()
    path.write_bytes(data.replace(photo(60)[100:140], bytes(40)))
    assert "damaged inside the ZIP" in reasons(path)["cats/bad.png"]


def test_macos_leftovers_are_passed_over_in_silence(make_zip: Callable[..., Path]) -> None:
    def add_junk(archive: zipfile.ZipFile) -> None:
        for name in ("__MACOSX/cats/._1.png", "cats/.DS_Store", "._cats", "dogs/Thumbs.db"):
            archive.writestr(name, b"\0\x05\x16\x07")

    assert reasons(make_zip(add_junk)) == {}


def test_names_in_any_script_and_length_are_read(make_zip: Callable[..., Path]) -> None:
    long_name = "fotografia " * 30

    def add_names(archive: zipfile.ZipFile) -> None:
        for number, name in enumerate(("coração ❤", "头盔", long_name)):
            for image in range(3):
                archive.writestr(f"{name}/{long_name}{image}.png", photo(100 + 3 * number + image))

    data = import_dataset(make_zip(add_names), image_size=SIZE)
    assert {"coração ❤", "头盔"} < set(data.class_names)
    assert len(data.class_names) == 5
    assert max(map(len, data.class_names)) < 140
    assert max(map(len, all_sources(data))) <= 120


def test_utf8_names_without_the_flag_are_read_as_macos_writes_them(make_zip: Callable[..., Path]) -> None:
    def add_unflagged(archive: zipfile.ZipFile) -> None:
        for number in range(3):
            archive.writestr(f"a{'_' * 2}o/{number}.png", photo(200 + number))

    path = make_zip(add_unflagged)
    path.write_bytes(path.read_bytes().replace(b"a__o/", "aço/".encode()))
    assert "aço" in import_dataset(path, image_size=SIZE).class_names


def test_wrapping_folder_with_a_readme_is_looked_through(make_zip: Callable[..., Path]) -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        archive.writestr("pets/README.txt", "hello")
        for number in range(8):
            archive.writestr(f"pets/{'cats' if number % 2 else 'dogs'}/{number}.png", photo(number))

    data = import_dataset(make_zip(fill, good=False), image_size=SIZE)
    assert data.class_names == ("cats", "dogs")
    assert [bad.name for bad in data.rejected] == ["pets/README.txt"]


def test_more_pixels_than_one_upload_may_cost_are_refused_before_any_is_decoded(
    make_zip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, max_upload_pixels=8 * 48 * 48)
    assert import_dataset(make_zip(), image_size=SIZE).rejected == ()
    limit(monkeypatch, max_upload_pixels=8 * 48 * 48 - 1)
    monkeypatch.setattr(images, "_decoded", lambda *_: pytest.fail("an image was decoded"))
    with pytest.raises(DatasetError, match=r"of photos\.zip have more pixels.*about 7 images of this size fit"):
        import_dataset(make_zip(), image_size=SIZE)


def test_sizes_that_stand_too_far_behind_are_counted_when_they_are_known(
    make_zip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_HEAD_BYTES", 8)
    limit(monkeypatch, max_upload_pixels=3 * 48 * 48)
    with pytest.raises(DatasetError, match="more pixels together"):
        import_dataset(make_zip(), image_size=SIZE)
