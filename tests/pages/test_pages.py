"""Every page in both languages, and what a person meets on it before and after doing something."""

from __future__ import annotations

import gc
import itertools
import re
from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.ui.common.navigation import STOPS, Stop
from tests.conftest import wait_until
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


def texts(app: AppTest) -> str:
    """Everything that is written on the page."""
    kinds = (app.title, app.markdown, app.caption, app.info, app.warning, app.error, app.header, app.subheader)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


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
    assert app.code, "a page has its Code panel"


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


def test_explorer_shows_the_lectures_numbers_without_waiting(open_page: OpenPage) -> None:
    app = open_page("architecture_explorer", "pt-BR", network="VGG16", top="0")
    assert not app.exception
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Parâmetros"] == "14.714.688"
    assert "528 MB, profundidade 23" in texts(app)
    assert "A profundidade publicada, 23, conta todas as camadas do caminho mais longo." in texts(app)


def test_explorer_opens_at_the_layer_of_a_link(open_page: OpenPage) -> None:
    app = open_page("architecture_explorer", "en", network="VGG16", layer="block5_conv1")
    assert "block5_conv1" in texts(app)
    reveal = next(button for button in app.button if button.label == "Reveal the formula")
    reveal.click().run()
    assert "(3·3·512 + 1)·512 = 2,359,808" in texts(app)


def test_explorer_says_that_a_layer_of_a_link_is_not_there(open_page: OpenPage) -> None:
    app = open_page("architecture_explorer", "en", network="VGG16", top="0", layer="fc1")
    assert any("layer = “fc1” was not used" in warning.value for warning in app.warning)


def test_explorer_reads_the_weights_of_the_layer_of_a_link(open_page: OpenPage, engine: Engine) -> None:
    app = open_page("architecture_explorer", "en", network="VGG16Slim", top="0", layer="block1_conv1")
    run_until_done(app, engine)
    assert re.search(r"`kernel` 3 × 3 × 3 × 16: from -\d\.\d{4} to \d\.\d{4}, mean", texts(app))
    press(app, "block1")
    assert "Click a row of the layer table" in texts(app), "the block's layers, none of them opened"
    app.toggle(key="architecture_explorer.include_top").set_value(True).run()
    assert "2 rows are new: `avg_pool`, `predictions`." in texts(app)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ("C3", "At row 5, column 5, channel"),
        ("C5", "no places, one value a channel"),
        ("F6", "scaled tanh("),
        ("flatten", "(Flatten) works without a kernel"),
    ],
)
def test_explorer_works_out_a_number_of_every_kind_of_layer(
    open_page: OpenPage, engine: Engine, layer: str, words: str
) -> None:
    app = open_page("architecture_explorer", "en", network="LeNet5", tab="activations", layer=layer)
    run_until_done(app, engine)
    run_until_done(app, engine)
    assert words in texts(app)


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


def test_explorer_takes_other_classes_from_a_link(open_page: OpenPage, engine: Engine) -> None:
    app = open_page("architecture_explorer", "en", network="LeNet5Modern", classes="26")
    run_until_done(app, engine)
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Parameters"] == "63,066", "61,706 of the ten digits, and 16 outputs of 84 inputs and a bias more"
    assert "num_classes=26" in app.code[0].value


def test_explorer_says_why_a_trained_network_is_not_here(open_page: OpenPage) -> None:
    app = open_page("architecture_explorer", "en", network="run:" + "0" * 32)
    assert not app.exception
    assert any("stay in the browser that trained them" in warning.value for warning in app.warning)
    assert app.metric, "the page shows its usual network"


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


def test_too_small_a_size_is_refused_with_the_reason(open_page: OpenPage) -> None:
    app = open_page("architecture_explorer", "en", network="Xception", size="32")
    assert not app.exception
    assert any("at least 71" in error.value for error in app.error)


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


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label in (label, f":primary[{label}]")).click()
    app.run()


def run_until_done(app: AppTest, engine: Engine) -> None:
    """Runs the page again until the owner's jobs have ended; waiting happens on the engine's side."""
    owner = app.session_state["app.owner"]
    wait_until(lambda: all(job.finished for job in engine.jobs(owner)), timeout_s=250)
    app.run()
    assert not app.exception


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
