"""Files written in one step, and the digest of the source that something depends on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tlcore.files import atomic_path, source_files, source_fingerprint, write_atomically


def test_content_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "note.txt"
    write_atomically(target, "antes\n")
    write_atomically(target, "férias\n")
    assert target.read_bytes() == "férias\n".encode()
    assert list(target.parent.iterdir()) == [target]


def test_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "note.bin"
    write_atomically(target, b"before")
    with pytest.raises(UnicodeEncodeError), atomic_path(target) as draft, draft.open("w", encoding="ascii") as file:
        file.write("half of it, then an ä")
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_full_disk_leaves_what_was_there(tmp_path: Path, full_disk: Callable[[], AbstractContextManager[None]]) -> None:
    target = tmp_path / "note.bin"
    write_atomically(target, b"before")
    with full_disk(), pytest.raises(OSError, match="File too large"):
        write_atomically(target, bytes(10_000))
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_other_people_may_read_it_as_any_other_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("", "utf-8")
    write_atomically(tmp_path / "atomic", "")
    assert (tmp_path / "atomic").stat().st_mode == (tmp_path / "plain").stat().st_mode


FILES = {
    "__init__.py": "from .kitchen import cook\nfrom .cellar import wine\n",
    "kitchen/__init__.py": "from .oven import bake\n",
    "kitchen/oven.py": "def bake():\n    from ..pantry import flour\n    return flour\n",
    "pantry.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import guests\nflour = 1\n",
    "guests.py": "import shop.kitchen.oven\n",
    "cellar.py": "wine = 1\n",
    "kitchen/heat.bin": "hot",
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Source of a small package `shop`, ready to be imported."""
    for name, text in FILES.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / "shop"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shop.kitchen", {"shop.kitchen", "shop.kitchen.oven", "shop.pantry"}),
        ("shop.guests", {"shop.guests", "shop.kitchen", "shop.kitchen.oven", "shop.pantry"}),
        ("shop.pantry", {"shop.pantry"}),
        ("shop", {"shop", "shop.kitchen", "shop.kitchen.oven", "shop.pantry", "shop.guests", "shop.cellar"}),
    ],
)
def test_imports_are_followed(shop: Path, name: str, expected: set[str]) -> None:
    assert set(source_files(name)) == expected


def test_what_decides_nothing_is_left_out(shop: Path) -> None:
    assert set(source_files("shop.guests", without=["shop.kitchen.oven"])) == {"shop.guests", "shop.kitchen"}


@pytest.mark.parametrize(
    ("changed", "counts"),
    [("kitchen/oven.py", True), ("pantry.py", True), ("kitchen/heat.bin", True), ("cellar.py", False)],
)
def test_fingerprint_follows_what_is_reached(shop: Path, changed: str, counts: bool) -> None:
    before = source_fingerprint("shop.kitchen", data=["*.bin"])
    (shop / changed).write_text(FILES[changed] + "# other\n", "utf-8")
    assert (source_fingerprint("shop.kitchen", data=["*.bin"]) != before) == counts


def test_a_name_that_is_wrong_is_told() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"tlcore\.dataset'"):
        source_fingerprint("tlcore.dataset")


def test_drawn_images_depend_on_the_palette() -> None:
    assert "tlcore.datasets.helmets.palette" in source_files("tlcore.datasets.registry")
