"""The guided lesson and its questions: complete, kept with the person, and ticked by what really happened."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from itertools import groupby

import pytest
from streamlit.testing.v1 import AppTest

import pages.ui
from pages.ui.common.lesson.steps import STEPS, Step
from pages.ui.common.links import Link
from pages.ui.common.navigation import STOPS
from pages.ui.common.questions import Question
from tests.pages.acting import press, texts
from tests.pages.conftest import REPOSITORY
from tlcore.engine import Engine
from tlcore.store import OwnerStore
from tlcore.store.lesson import read_progress

OpenPage = Callable[..., AppTest]
OWNER = "7" * 32


def all_questions() -> Iterator[Question]:
    """Every question of every page, each once."""
    seen: dict[str, Question] = {}
    for module in pkgutil.walk_packages(pages.ui.__path__, "pages.ui."):
        values = list(vars(importlib.import_module(module.name)).values())
        values += [entry for value in values if isinstance(value, dict) for entry in value.values()]
        seen |= {value.name: value for value in values if isinstance(value, Question)}
    yield from seen.values()


def test_each_question_has_one_right_choice_and_says_something_of_every_choice() -> None:
    questions = list(all_questions())
    assert len(questions) >= 20
    for question in questions:
        assert [choice.right for choice in question.choices].count(True) == 1, question.name
        told = [choice.feedback for choice in question.choices] + [choice.text for choice in question.choices]
        assert len(set(told)) == 2 * len(question.choices) >= 6, question.name
    places = {[choice.right for choice in question.choices].index(True) for question in questions}
    assert places == {0, 1, 2}, "who always takes the same place is not always right"
    assert len({question.text for question in questions}) == len(questions)


def test_the_lesson_leads_through_every_page_in_their_order() -> None:
    assert [page for page, _steps in groupby(step.page for step in STEPS)] == [stop.url_path for stop in STOPS]


@pytest.mark.parametrize("step", [step for step in STEPS if step.link], ids=lambda step: step.name)
def test_each_step_opens_its_page_with_what_that_page_knows(step: Step) -> None:
    state = importlib.import_module(f"pages.ui.{step.page}.state")
    models = [value for value in vars(state).values() if isinstance(value, type) and issubclass(value, Link)]
    link = dict(step.link)
    assert any(set(link) <= set(model.model_fields) and model.model_validate(link) for model in models)


def test_a_lesson_is_begun_answered_and_found_again(starting_engine: Engine) -> None:
    app = at_home()
    assert "lesson.next" not in {button.key for button in app.button}
    press(app, f"Guided lesson: {len(STEPS)} steps")

    app = at_home()
    app.radio(key="lesson.lesson.home").set_value(1).run()
    assert any(STEPS[0].question.choices[1].feedback in info.value for info in app.info)

    app = at_home()
    assert app.radio(key="lesson.lesson.home").value == 1
    assert "Questions of the lesson answered right: 0 of" in texts(app)
    app.radio(key="lesson.lesson.home").set_value(0).run()
    assert any(STEPS[0].question.choices[0].feedback in success.value for success in app.success)

    app = at_home()
    assert "Questions of the lesson answered right: 1 of" in texts(app)
    app.button(key="lesson.close").click().run()
    assert "lesson.next" not in {button.key for button in app.button}

    press(at_home(), f"Go on with the lesson: step 1 of {len(STEPS)}")
    app = at_home()
    app.button(key="lesson.next").click().run()
    assert not app.exception
    assert read_progress(OwnerStore(OWNER)).step == "explorer"


def at_home() -> AppTest:
    """A new session of one browser. It begins at the router, which draws the strip; the test runner skips it later."""
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    app.session_state["app.owner"] = OWNER
    app.query_params["lang"] = "en"
    return app.run()


def test_a_step_is_ticked_by_what_happened_and_the_summary_has_its_numbers(open_page: OpenPage) -> None:
    app = open_page("architecture_explorer", "en", owner="8" * 32, network="VGG16", tab="table", layer="block5_conv1")
    assert "formula" not in read_progress(OwnerStore("8" * 32)).done
    app.number_input(key="architecture_explorer.guess.VGG16/block5_conv1").set_value(7).run()
    press(app, "Reveal the formula")
    facts = read_progress(OwnerStore("8" * 32)).done["formula"]
    assert facts == {"layer": "VGG16/block5_conv1", "parameters": 2_359_808, "guess": 7}
    app.switch_page("pages/home.py").run()
    press(app, f"Guided lesson: {len(STEPS)} steps")
    app.switch_page("pages/home.py").run()
    assert "`VGG16/block5_conv1`: 2,359,808 parameters. Your guess was 7." in texts(app)
    assert not app.exception
