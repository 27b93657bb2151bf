"""Which room of `pages` knows which, and where what a session remembers is declared."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pages.ui.common.navigation import STOPS
from scripts.journey import PRIMARY

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = REPOSITORY / "pages" / "ui"
PAGES = {stop.url_path for stop in STOPS}
SOURCES = sorted([*(REPOSITORY / "pages").rglob("*.py"), REPOSITORY / "app.py"])
# Widgets whose value a person chooses: it has to come through a Key, which gives it a default and keeps it.
CHOICES = {
    *("checkbox", "date_input", "feedback", "multiselect", "number_input", "pagination", "pills", "radio"),
    *("segmented_control", "select_slider", "selectbox", "slider", "text_area", "text_input", "toggle"),
}


def room(path: Path) -> str:
    """ "common" or the name of a page; "" for the pages themselves."""
    return path.relative_to(ROOMS).parts[0] if path.is_relative_to(ROOMS) else ""


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@cache
def known_rooms(path: Path) -> set[str]:
    """Rooms of `pages.ui` from which a file imports."""
    modules = {node.module or "" for node in nodes(path) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in nodes(path) if isinstance(node, ast.Import) for alias in node.names}
    names = [alias for node in nodes(path) if isinstance(node, ast.ImportFrom) for alias in node.names]
    modules |= {f"pages.ui.{alias.name}" for alias in names if "pages.ui" in modules}
    return {module.split(".")[2] for module in modules if module.startswith("pages.ui.")}


def declared_keys() -> list[tuple[Path, str]]:
    """Every `Key(name, ...)` with the file it stands in; of an f-string the part that does not change."""
    found = []
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Key":
                found.append((path, constant_start(node.args[0])))
    return found


def constant_start(node: ast.expr) -> str:
    """What a text begins with, whatever is put into it."""
    if isinstance(node, ast.JoinedStr):
        return constant_start(node.values[0])
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def given_keys() -> Iterator[tuple[Path, ast.Call, ast.expr]]:
    """Every call with a `key=`, and what is given there."""
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                for keyword in node.keywords:
                    if keyword.arg == "key":
                        yield path, node, keyword.value


def test_each_page_has_a_room_of_its_own_name_beside_the_common_one() -> None:
    assert {path.name for path in ROOMS.iterdir() if path.is_dir() and path.name[0] != "_"} == {*PAGES, "common"}
    assert [path.name for path in ROOMS.glob("*.py")] == ["__init__.py"]
    assert {path.stem for path in (REPOSITORY / "pages").glob("*.py")} == {*PAGES, "__init__"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_a_room_knows_itself_and_what_is_common(path: Path) -> None:
    own = room(path) or path.stem
    allowed = {"common"} if own == "common" else {"common", own}
    if path.name != "app.py":  # the router knows all pages
        assert known_rooms(path) <= allowed


def test_no_page_ends_a_run_before_the_router_has_drawn_its_end() -> None:
    """`st.stop` would leave out the next link, the document's language and the owner's cookie."""
    stops = {path.name for path in SOURCES for node in nodes(path) if getattr(node, "attr", "") == "stop"}
    assert stops == set()


def test_only_the_key_touches_the_session() -> None:
    users = {path for path in SOURCES for node in nodes(path) if getattr(node, "attr", "") == "session_state"}
    ending = ROOMS / "common" / "closed_sessions.py"  # which empties those of others
    assert users == {ROOMS / "common" / "state.py", ending}


def test_keys_are_declared_in_the_state_of_their_page_and_bear_its_name() -> None:
    for path, name in declared_keys():
        assert path.name == "state.py", f"{path}: {name}"
        if room(path) != "common":
            assert name.startswith((f"{room(path)}.", f"{room(path)}-")), f"{path}: {name}"
    names = Counter(name for _path, name in declared_keys() if name and not name.endswith("."))
    assert [name for name, count in names.items() if count > 1] == []


def test_what_a_person_chooses_is_kept_under_a_declared_key() -> None:
    """A button, a frame, a chart or a file box needs a name only; a choice needs a `Key`, and so a default."""
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHOICES:
                key = next((keyword.value for keyword in node.keywords if keyword.arg == "key"), None)
                assert isinstance(key, ast.Call | ast.Attribute), f"{path}:{node.lineno}"
                method = key.func if isinstance(key, ast.Call) else key
                assert isinstance(method, ast.Attribute), f"{path}:{node.lineno}"
                assert method.attr in ("widget", "name"), f"{path}:{node.lineno}"


def test_a_name_that_is_given_to_a_widget_begins_with_the_page() -> None:
    for path, node, key in given_keys():
        start = constant_start(key)
        if start and room(path) not in ("", "common"):
            assert start.startswith((f"{room(path)}.", f"{room(path)}-")), f"{path}:{node.lineno}: {start}"


def test_no_picture_is_at_an_address_that_somebody_else_could_open() -> None:
    """`show_picture` sends the bytes with the page, and asks for words for who does not see them."""
    calls = [(path, node.func) for path in SOURCES for node in nodes(path) if isinstance(node, ast.Call)]
    users = {path for path, function in calls if getattr(function, "attr", "") in ("image", "logo", "video", "audio")}
    assert users == {ROOMS / "common" / "pictures.py"}


def test_every_declared_key_is_used() -> None:
    for path in SOURCES:
        if path.name == "state.py":
            declared = {node.target.id for node in ast.parse(path.read_text("utf-8")).body if is_key(node)}
            readers = [other for other in SOURCES if room(other) == room(path) or room(path) in known_rooms(other)]
            used = [name for other in readers for name in names_read(other)]
            assert sorted(declared - set(used)) == [], path


def is_key(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Call)


def names_read(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_the_way_to_each_page_is_counted() -> None:
    assert set(PRIMARY) == PAGES
