"""Looking at the chosen images: changes that are kept and taken back, what is found, and what the network sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.datasets.changes import edit_of
from pages.ui.datasets.contact_sheet import SheetAction, chosen_action
from tests.pages.acting import press, run_until_done, texts
from tests.unit.dataset_files import photo, zipped
from tlcore.datasets.edits import DeleteImages, MoveImages
from tlcore.datasets.shortcuts import ShortcutProbe
from tlcore.engine import Engine

OpenPage = Callable[..., AppTest]


def test_changes_are_kept_beyond_the_page_and_taken_back(open_page: OpenPage, engine: Engine) -> None:
    app = open_page("datasets", "en", source="digits", images="80", size="32", seed="3")
    press(app, "Prepare these images")
    run_until_done(app, engine)
    app.toggle(key="datasets.all_images").set_value(True).run()
    run_until_done(app, engine)
    assert "Images 1 to 60 of 80" in texts(app)
    app.selectbox(key="datasets.renamed").set_value("3")
    app.text_input(key="datasets.new_name").set_value("8")
    press(app, "Rename")
    run_until_done(app, engine)
    assert "1 change; the last: “3” is now “8”." in texts(app)
    assert "80 images of 9 classes" in texts(app)

    reloaded = open_page("datasets", "en", owner=app.session_state["app.owner"])
    assert "80 images of 9 classes" in texts(reloaded)
    reloaded.switch_page("pages/fine_tuning.py").run()
    assert "my copy" in texts(reloaded), "what is trained on is the changed set"
    portuguese = open_page("datasets", "pt-BR", owner=app.session_state["app.owner"])
    assert "minha cópia" in texts(portuguese), "in the language of whoever looks, not of the change"
    reloaded.switch_page("pages/datasets.py").run()
    press(reloaded, "Undo")
    run_until_done(reloaded, engine)
    assert "80 images of 10 classes" in texts(reloaded)
    assert "the last:" not in texts(reloaded)

    app = open_page("datasets", "en", owner=app.session_state["app.owner"], look="faults")
    press(app, "Look through all images")
    run_until_done(app, engine)
    assert "Each bar is a classifier that sees this trait only" in texts(app)
    assert "mean image" in texts(app)


def test_an_import_asks_for_no_file_any_more_and_tells_a_contradiction_once(
    open_page: OpenPage, engine: Engine
) -> None:
    app = open_page("datasets", "en", source="upload", size="32")
    assert "Choose a ZIP file first." in texts(app)
    files = {
        f"{name}/{number}.png": photo(10 * place + number) for place, name in enumerate("ab") for number in range(9)
    }
    files["b/the same.png"] = files["a/0.png"]
    app.file_uploader[0].upload("photos.zip", zipped(files), "application/zip").run()
    press(app, "Use these images")
    run_until_done(app, engine)
    assert "Choose a ZIP file first." not in texts(app)
    assert app.button(key="datasets.import").disabled
    assert "The same picture is in two classes" in texts(app)
    app.pills(key="datasets.look").set_value("faults").run()
    assert "The same picture is in two classes" in texts(app), "not looked through yet"
    press(app, "Look through all images")
    run_until_done(app, engine)
    assert "has two classes" in texts(app)
    assert "The same picture is in two classes" not in texts(app)


@pytest.mark.parametrize(
    ("value", "action"),
    [
        ({"action": "delete", "indices": [3, 4]}, SheetAction("delete", (3, 4), None)),
        ({"action": "move", "indices": [3, 99], "class_name": "cat"}, SheetAction("move", (3,), "cat")),
        ({"action": "move", "indices": [3], "class_name": "cow"}, None),
        ({"action": "accept", "indices": [3]}, None),
        ({"action": "delete", "indices": [99, "3", None]}, None),
        ({"action": "delete"}, None),
        ("delete", None),
    ],
)
def test_only_what_can_be_done_with_images_on_the_sheet_is_done(value: Any, action: SheetAction | None) -> None:
    assert chosen_action(value, ("move", "delete"), {"cat": "Cat"}, {3, 4}) == action


def test_what_is_done_with_images_is_an_edit() -> None:
    suggestions = {3: "cat", 4: "dog"}
    assert edit_of(SheetAction("delete", (3, 4), None), {}) == DeleteImages(indices=(3, 4))
    moved = MoveImages(indices=(4, 3), class_names=("owl", "owl"))
    assert edit_of(SheetAction("move", (4, 3), "owl"), suggestions) == moved
    taken = MoveImages(indices=(4, 3), class_names=("dog", "cat"))
    assert edit_of(SheetAction("accept", (4, 3), None), suggestions) == taken


def test_a_trap_is_explained_and_chance_is_none(in_english: None) -> None:
    def page() -> None:
        import streamlit as st

        from pages.ui.datasets.shortcuts import shortcuts_view

        shortcuts_view(st.session_state["probes"])

    app = AppTest.from_function(page)
    colour = ShortcutProbe("colour", 0.55, 0.45, 0.65, 0.5, 80)
    app.session_state["probes"] = (colour, ShortcutProbe("border", 0.93, 0.85, 1.0, 0.5, 80))
    app.run()
    assert not app.exception
    (warning,) = app.warning
    assert "**Trap: the outermost twelfth alone names the class of 93% of the images.**" in warning.value
    assert any("The border alone names 93.0% right; chance is 50.0%." in each.value for each in app.markdown)
