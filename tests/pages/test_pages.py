"""Every page in both languages, and what a person meets on it before and after doing something."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.ui.common.navigation import STOPS, Stop
from tests.conftest import wait_until
from tests.pages.acting import press, run_until_done, texts
from tests.pages.conftest import REPOSITORY
from tlcore import load_dataset
from tlcore.datasets import specification
from tlcore.engine import Engine
from tlcore.engine.tasks.references import DatasetReference
from tlcore.machine import python_command
from tlcore.settings import get_settings
from tlcore.store import OwnerStore
from tlcore.store.datasets import write_dataset
from tlcore.store.recordings import Recording

PAGES = [stop.url_path for stop in STOPS]
OpenPage = Callable[..., AppTest]


DIGITS = DatasetReference(name="digits", num_images=80, image_size=(32, 32))


@pytest.mark.parametrize("language", ["pt-BR", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_page_opens_in_both_languages(open_page: OpenPage, page: str, language: str) -> None:
    app = open_page(page, language)
    assert not app.exception
    assert app.title, "a page has a title"
    written = texts(app)
    assert ("Código Keras exatamente" in written) == (language == "pt-BR")
    assert ("Keras code of exactly" in written) == (language == "en")
    assert len(app.main.code) == 1, "a page has its Code panel"
    app.session_state["code.page"] = False
    assert not app.run().main.code, "a closed panel holds nothing: what colours code is a browser's largest file"


@pytest.mark.parametrize(("page", "following"), list(itertools.pairwise(STOPS)), ids=lambda stop: stop.url_path)
def test_each_page_leads_to_the_one_after_it(open_page: OpenPage, page: Stop, following: Stop) -> None:
    links = [link.proto.label for link in open_page(page.url_path, "en").get("page_link")]
    assert sum(following.title in label for label in links) == 1


def test_images_prepared_on_one_page_are_there_on_the_next(open_page: OpenPage, engine: Engine) -> None:
    """Whoever does not wait on the first page misses nothing."""
    app = open_page("datasets", "en", source="digits", images="80", size="32", seed="7")
    press(app, "Prepare these images")
    app.switch_page("pages/feature_extraction.py").run()
    run_until_done(app, engine)
    assert "80 images of 10 classes" in texts(app)


def test_the_explorers_sample_is_not_taken_for_images_that_somebody_chose(open_page: OpenPage, engine: Engine) -> None:
    """The engine knows both after a reload."""
    owner = "5" * 32
    engine.submit(owner, "preview_dataset", {"data": DIGITS}, tag="architecture_explorer.sample_job")
    wait_until(lambda: all(job.finished for job in engine.jobs(owner)), timeout_s=250)
    app = open_page("feature_extraction", "en", owner=owner)
    assert "80 images of 10 classes" not in texts(app)
    assert "datasets.chosen" not in app.session_state


def test_what_stays_in_memory_is_hidden_from_the_garbage_collector(open_page: OpenPage) -> None:
    open_page("home")
    assert gc.get_freeze_count() > 50_000


def test_after_a_reload_each_page_finds_the_newest_job_that_it_asked_for(open_page: OpenPage, engine: Engine) -> None:
    owner = "6" * 32
    older = engine.submit(owner, "preview_dataset", {"data": DIGITS}, tag="datasets.job")
    wait_until(lambda: engine.job(older, owner).finished, timeout_s=250)
    missing = DatasetReference(item="0" * 32)
    newest = engine.submit(owner, "preview_dataset", {"data": missing}, tag="datasets.job")
    others = engine.submit(owner, "preview_dataset", {"data": DIGITS}, tag="feature_extraction.survey_job")
    engine.submit(owner, "preview_dataset", {"data": DIGITS})
    wait_until(lambda: all(job.finished for job in engine.jobs(owner)), timeout_s=250)
    app = open_page("datasets", "en", owner=owner)
    assert app.session_state["datasets.job"] == newest
    assert app.session_state["feature_extraction.survey_job"] == others
    assert engine.job(newest, owner).state == "failed"
    assert "80 images of 10 classes" in texts(app), "the images that were chosen before it failed are still chosen"


def test_titles_differ_between_languages(open_page: OpenPage) -> None:
    assert open_page("datasets", "pt-BR").title[0].value == "Conjuntos de imagens"
    assert open_page("datasets", "en").title[0].value == "Datasets"


def test_language_switch_changes_the_page_and_the_link(open_page: OpenPage) -> None:
    app = open_page("home", "en")
    app.pills(key="app.language_switch").set_value("pt-BR").run()
    assert app.query_params["lang"] == "pt-BR"
    assert app.title[0].value == "Laboratório de transferência de aprendizado"


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("architecture_explorer", {"size": "100000"}),
        ("architecture_explorer", {"network": "<script>"}),
        ("architecture_explorer", {"layer": "no_such_layer"}),
        ("datasets", {"images": "-5"}),
        ("feature_extraction", {"epochs": "1e9"}),
        ("feature_extraction", {"weights": "/etc/passwd"}),
    ],
)
def test_absurd_link_is_refused_with_a_sentence(open_page: OpenPage, page: str, parameters: dict[str, str]) -> None:
    app = open_page(page, "en", **parameters)
    assert not app.exception
    assert any("was not used" in warning.value for warning in app.warning)


def test_button_waits_until_nothing_is_missing(open_page: OpenPage) -> None:
    app = open_page("feature_extraction", "en")
    assert not app.button(key="feature_extraction.train").disabled, "a ready set is chosen to begin with"
    app.pills(key="feature_extraction.images").set_value("own").run()
    assert app.button(key="feature_extraction.train").disabled
    assert app.button(key="feature_extraction.extract").disabled
    assert any("Each class needs 3 images: “A” has 0." in warning.value for warning in app.warning)


def test_more_images_than_fit_are_refused_before_anything_runs(open_page: OpenPage) -> None:
    app = open_page("datasets", "en", images="10000", size="1024")
    assert "Of 1024 × 1024 pixels, this lab takes 341 images at most." in texts(app)
    assert next(button for button in app.button if button.label == "Prepare these images").disabled


@pytest.mark.parametrize(("language", "shown"), [("pt-BR", True), ("en", False)])
def test_words_that_cannot_be_translated_are_explained(open_page: OpenPage, language: str, shown: bool) -> None:
    assert ("*Press Enter to apply*: tecle Enter para aplicar" in texts(open_page("home", language))) == shown


def test_images_that_were_brought_before_are_used_again(open_page: OpenPage, engine: Engine) -> None:
    """Also after the server was started again, when nothing but the store knows of them."""
    app = open_page("datasets", "en", source="upload")
    owner = app.session_state["app.owner"]
    assert not [box for box in app.selectbox if box.key == "datasets.brought"]
    with OwnerStore(owner).draft("datasets", name="my photos") as draft:
        write_dataset(load_dataset("digits", num_images=100, image_size=(32, 32)), draft.folder)
    app.run()
    assert app.selectbox(key="datasets.brought").options == ["1. my photos"]
    app.button(key="datasets.open").click().run()
    run_until_done(app, engine)
    assert app.session_state["datasets.chosen"].reference == DatasetReference(item=draft.item_id)
    assert "100 images of 10 classes" in texts(app)


def test_upload_says_where_images_go_and_when_they_are_deleted(open_page: OpenPage) -> None:
    app = open_page("datasets", "en", source="upload")
    assert any("deleted 24 hours after" in caption.value for caption in app.caption)
    assert any("Choose a ZIP file first." in warning.value for warning in app.warning)


def test_a_set_of_a_package_says_how_to_get_it(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(specification, "find_spec", lambda name: None)
    app = open_page("datasets", source="solar_cells")
    assert any("elpv-dataset" in info.value and "91 MB" in info.value for info in app.info)
    assert [code.value for code in app.main.code[:1]] == [f"{python_command()} -m pip install elpv-dataset"]
    assert not any("Preparar" in button.label for button in app.button)


def test_a_lesson_from_images_to_a_result(open_page: OpenPage, engine: Engine) -> None:
    """The real engine, on images so small that it takes seconds."""
    app = open_page("datasets", "en", source="digits", images="80", size="32")
    press(app, "Prepare these images")
    run_until_done(app, engine)
    assert any("80 images of 10 classes" in markdown.value for markdown in app.markdown)
    assert "An old result" not in texts(app)
    app.number_input(key="datasets.seed").set_value(1).run()
    assert "An old result" in texts(app)
    app.number_input(key="datasets.seed").set_value(0).run()

    app.switch_page("pages/feature_extraction.py").run()
    app.selectbox(key="feature_extraction.weights").set_value("random").run()
    app.slider(key="feature_extraction.epochs").set_value(2).run()
    press(app, "Extract the features")
    run_until_done(app, engine)
    assert any("(N, 1, 1, 1280)" in markdown.value for markdown in app.markdown)

    app.selectbox(key="feature_extraction.weights").set_value("imagenet").run()
    assert texts(app).count("An old result") == 1, "of the features"
    app.selectbox(key="feature_extraction.weights").set_value("random").run()
    assert "An old result" not in texts(app)

    press(app, "Train")
    run_until_done(app, engine)
    assert "Test accuracy" in {metric.label for metric in app.metric}
    shown = app.metric[0].value
    owner = app.session_state["app.owner"]
    app.slider(key="feature_extraction.epochs").set_value(3).run()
    assert "stale" in texts(app)
    assert texts(app).count("An old result") == 1, "of the head; the features still fit"

    press(app, "Open it in the explorer")
    app.switch_page("pages/architecture_explorer.py").run()  # the test runner forgets where the page has sent it
    run_until_done(app, engine)
    assert "Your network: the base" in texts(app)
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Trainable tensors"] == "4", "the base is frozen, the head has two layers"
    assert "model.summary()" in app.code[0].value

    engine.forget(owner, "feature_extraction.job")  # as after a restart: only what is kept on disk is left
    again = open_page("feature_extraction", "en", owner=owner)
    assert again.metric[0].value == shown


def test_what_the_disk_refuses_is_said_and_neither_a_path_nor_a_traceback() -> None:
    def page() -> None:
        import errno

        from pages.ui.common.messages import errors_in_words

        with errors_in_words():
            raise OSError(errno.ENOSPC, "No space left on device", "/srv/lab/owners")

    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    assert [error.value[:9] for error in app.error] in (["The disk "], ["O disco d"])


def test_strangers_see_no_traceback(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLCORE_HOSTED", "1")
    get_settings.cache_clear()
    shown = st.get_option("client.showErrorDetails")
    try:
        open_page("home")
        assert st.get_option("client.showErrorDetails") == "none"
    finally:
        st.set_option("client.showErrorDetails", shown)


def test_what_no_page_has_caught_is_said_without_a_word_of_the_error() -> None:
    """As the server has it done for every page: Streamlit is told that nothing is left to show."""

    def page() -> None:
        from streamlit.error_util import handle_user_script_exception

        from pages.ui.common.web_server import say_what_failed

        try:
            raise RuntimeError("/srv/lab")
        except RuntimeError as error:
            handle_user_script_exception(error, say_what_failed)

    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    (sentence,) = (error.value for error in app.error)
    assert "/srv/lab" not in sentence
    assert "on_script_error=say_what_failed" in (REPOSITORY / "app.py").read_text("utf-8")


def test_a_photo_of_the_camera_box_goes_into_the_chosen_class(open_page: OpenPage) -> None:
    """The way for browsers that refuse the recorder's script."""
    app = open_page("datasets", "en", source="upload", bring="camera")
    assert [button.disabled for button in app.button if button.label == "Use these images"] == [True]
    app.toggle(key="camera.one_by_one").set_value(True).run()
    app.selectbox(key="camera.one_class").select("1").run()
    app.camera_input(key="camera.one_photo").upload("photo.jpg", b"a photo", "image/jpeg").run()
    assert not app.exception
    recorded = Recording(OwnerStore(app.session_state["app.owner"]), ())
    assert [len(known.frames) for known in recorded.classes()] == [0, 1]
    assert recorded.read(recorded.classes()[1].frames[0]) == b"a photo"
    assert "Each class needs 3 images: “Class 2” has 1." in texts(app)


def test_a_public_set_that_cannot_be_had_stands_there_with_the_reason(open_page: OpenPage, engine: Engine) -> None:
    app = open_page("datasets", "en", source="flowers")
    run_until_done(app, engine)
    assert [error.value[:34] for error in app.error] == ["These images are not available her"]
    assert "229 MB from storage.googleapis.com" in texts(app)
    assert "Prepare these images" not in [button.label for button in app.button]


def test_whose_browser_it_is_is_written_in_every_run_until_the_browser_brings_it(starting_engine: Engine) -> None:
    """A script that a newer run has taken away is never run: a quick click would have made a stranger of a person."""
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60).run().run()
    assert any("tlcore_owner=" in element.proto.body for element in app.get("html"))
