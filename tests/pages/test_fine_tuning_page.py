"""Fine-tuning: its five steps, presets, links, warning and words, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from streamlit.testing.v1 import AppTest

from pages.ui.common.charts import epoch_axis
from pages.ui.fine_tuning.export_panel import export_progress
from pages.ui.fine_tuning.job import one_more
from pages.ui.fine_tuning.layers import strip_cells
from pages.ui.fine_tuning.settings import FineTuningState, parsed_head
from pages.ui.fine_tuning.state import FineTuningLink
from tests.conftest import wait_until
from tests.pages.acting import texts
from tlcore.engine import Engine, get_engine
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.references import DatasetReference
from tlcore.engine.tasks.trained_run import kept_run, project_file
from tlcore.engine.tasks.unfinished import unfinished_run
from tlcore.errors import InvalidArgumentError
from tlcore.settings import get_settings
from tlcore.store import OwnerStore
from tlcore.training import TrainingSpec

REPOSITORY = Path(__file__).resolve().parents[2]
OpenPage = Callable[..., AppTest]


def button(app: AppTest, key: str) -> Any:
    return next(widget for widget in app.button if widget.key == key)


@pytest.mark.parametrize(
    ("language", "title", "tensors"),
    [
        ("pt-BR", "Congelamento e sintonia fina", "Tensores treináveis: **30 → 4**"),
        ("en", "Freeze and fine-tune", "Trainable tensors: **30 → 4**"),
    ],
)
def test_five_steps_count_the_lectures_tensors(open_page: OpenPage, language: str, title: str, tensors: str) -> None:
    app = open_page("fine_tuning", language, base="VGG16")
    assert not app.exception
    assert app.title[0].value == title
    written = texts(app)
    assert tensors in written
    assert "**4 → 10**" in written
    assert "block5_conv1" in app.code[0].value


def test_a_clicked_block_and_layer_move_the_unfreeze_point(open_page: OpenPage) -> None:
    app = open_page("fine_tuning", "en", base="VGG16")
    button(app, "fine_tuning.block.block4_conv1").click().run()
    assert "**4 → 16**" in texts(app)
    button(app, "fine_tuning.layer.block4_conv3").click().run()
    assert "**4 → 12**" in texts(app)
    assert "block4_conv3" in app.query_params["unfreeze"]  # text or list of texts
    assert "if layer.name == 'block4_conv3':" in app.code[0].value


def test_unfreezing_before_the_head_is_trained_is_warned_of(open_page: OpenPage) -> None:
    app = open_page("fine_tuning", "en")
    assert not any("has not been trained yet" in warning.value for warning in app.warning)
    button(app, "fine_tuning.block.block4a_expand_conv").click().run()
    assert any("has not been trained yet" in warning.value for warning in app.warning)
    assert button(app, "fine_tuning.break_it").label == "See what happens: unfreeze everything now"


def test_a_step_that_was_stopped_is_not_ticked(engine: Engine) -> None:
    owner, data = "fedcba9876543210" * 2, DatasetReference(name="digits", num_images=60, image_size=(32, 32))
    spec = TrainingSpec(
        base="VGG16Slim", weights="random", dataset="digits", method="fine_tuning", epochs=1, fine_tuning_epochs=900
    )
    engine.submit(owner, "preview_dataset", {"data": data}, tag="datasets.job")
    job_id = engine.submit(owner, "train", {"spec": spec, "data": data}, tag="fine_tuning.job")
    tuning = {"kind": "epoch", "phase": "fine_tuning"}

    def tunes() -> bool:
        view = engine.job(job_id, owner)
        assert not view.finished, view.error
        return any(tuning.items() <= event.items() for event in view.events)

    wait_until(tunes, 240)
    engine.cancel(job_id, owner)
    assert finished(engine, owner, "train").result.stopped
    written = texts(reopen(owner))
    assert "On images that were never used" in written, "the result of what was reached"
    assert ":orange-badge[:material/stop_circle: stopped]" in written
    assert ":material/stop_circle: retrain" in written
    assert "Stopped. Nothing was lost" not in written
    assert ":green-badge[:material/radio_button_checked: **done**]" in written


def test_presets_change_what_is_trained(open_page: OpenPage) -> None:
    app = open_page("fine_tuning", "en", base="VGG16", method="scratch")
    assert "**30**" in texts(app)
    button(app, "fine_tuning.block.head_dense_1").click().run()
    assert not app.exception
    assert "frozen" in app.query_params["method"]
    assert "base_model.trainable = False" in app.code[0].value


def test_nothing_starts_before_images_are_chosen(open_page: OpenPage) -> None:
    app = open_page("fine_tuning", "pt-BR")
    assert button(app, "fine_tuning.start").disabled
    assert any("Ainda não há imagens" in warning.value for warning in app.warning)


def test_a_teacher_can_hide_the_controls(open_page: OpenPage) -> None:
    app = open_page("fine_tuning", "en", controls="0", method="frozen")
    assert not [widget for widget in app.select_slider if widget.key == "fine_tuning.dropout"]
    assert "**Frozen base**" in texts(app)


def test_an_absurd_link_is_refused_in_words(open_page: OpenPage) -> None:
    app = open_page("fine_tuning", "en", epochs="100000")
    assert any("100000" in warning.value for warning in app.warning)
    assert app.number_input(key="fine_tuning.epochs").value == 10


@pytest.mark.parametrize(
    "parameters",
    [
        {"base": "NoSuchNet"},
        {"method": "magic"},
        {"rate": "-1"},
        {"rate": "inf"},
        {"dropout": "1"},
        {"batch": "0"},
        {"unfreeze": "../../etc/passwd"},
        {"head": "256; import os"},
        {"weights": "/tmp/weights.h5"},
    ],
)
def test_absurd_parameters_are_refused(parameters: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        FineTuningLink.model_validate(parameters)


def test_head_is_read_from_text() -> None:
    assert parsed_head("256, 64") == (256, 64)
    assert parsed_head("") == ()
    with pytest.raises(InvalidArgumentError, match="256, abc"):
        parsed_head("256, abc")


@pytest.mark.parametrize("head", ["256, abc", "999999"])
def test_a_head_that_cannot_be_built_is_refused_and_not_replaced(open_page: OpenPage, head: str) -> None:
    app = open_page("fine_tuning", "en")
    app.text_input(key="fine_tuning.head").set_value(head).run()
    assert any("Expected" in error.value for error in app.error)
    assert any("Correct the setting" in warning.value for warning in app.warning)


def test_the_strip_shows_each_layer_as_frozen_or_by_how_far_it_moved() -> None:
    frozen, moved = strip_cells({"conv1": 0.0, "conv2": 0.02, "head_dense": 0.4}, "drift", "y3")
    assert frozen["z"] == [[1.0, None, None]]
    assert moved["z"] == [[None, 0.02, 0.4]]
    assert frozen["x"] == moved["x"] == ["conv1", "conv2", "head_dense"]


def test_one_more_epoch_belongs_to_the_last_phase() -> None:
    spec = TrainingSpec(method="fine_tuning", epochs=2, fine_tuning_epochs=1)
    head = [{"phase": "head"}, {"phase": "head"}]
    assert one_more(spec, head).model_dump(include={"epochs", "fine_tuning_epochs"}) == {
        "epochs": 3,
        "fine_tuning_epochs": 0,
    }
    assert one_more(spec, [*head, {"phase": "fine_tuning"}]).fine_tuning_epochs == 2


def test_an_interrupted_run_is_said_and_continued_with_what_it_was_asked(open_page: OpenPage) -> None:
    owner, data = "0123456789abcdef" * 2, DatasetReference(name="digits", num_images=60, image_size=(32, 32))
    spec = TrainingSpec(base="VGG16Slim", weights="random", epochs=7, method="frozen")
    with unfinished_run(OwnerStore(owner), None, name="my *run*") as run:
        run.remember(spec, data)
    app = open_page("fine_tuning", "pt-BR", owner)
    assert any("foi interrompid" in line.value and "my \\*run\\*" in line.value for line in app.markdown)
    button(app, f"fine_tuning.continue.{run.item_id}").click().run()
    assert not app.exception
    assert app.number_input(key="fine_tuning.epochs").value == 7
    (view,) = get_engine().jobs(owner)
    get_engine().cancel(view.job_id, owner)
    finished(get_engine(), owner, "train")
    again = open_page("fine_tuning", "en", owner)
    button(again, f"fine_tuning.forget.{run.item_id}").click().run()
    assert OwnerStore(owner).items("unfinished") == []


@pytest.mark.timeout(900)
def test_a_run_ends_with_a_test_and_is_found_after_a_reload(open_page: OpenPage, engine: Engine) -> None:
    app = open_page("fine_tuning", "en", weights="random", epochs="1", fine_epochs="1")
    button(app, "fine_tuning.quick.digits").click().run()
    owner = app.session_state["app.owner"]
    finished(engine, owner, "preview_dataset")
    app.run()
    app.number_input(key="fine_tuning.accuracy_guess").set_value(97).run()
    button(app, "fine_tuning.start").click().run()
    view = finished(engine, owner, "train")
    assert view.state == "done", view.error
    app.run()
    app.selectbox(key="fine_tuning.format").set_value("savedmodel").run()
    button(app, "fine_tuning.export").click().run()
    exported = finished(engine, owner, "export")
    assert exported.result is not None, exported.error
    assert exported.result.file == "model.zip"
    step, steps, text = export_progress(exported, exported.started_s + 31.2)
    assert (step, steps) == (2, 2)
    assert "31 s" in text
    assert not app.exception
    written = texts(app)
    assert "On images that were never used" in written
    assert "Your runs, side by side" in written
    assert "You guessed 97 of 100; measured: " in written
    frozen = [drift for layer, drift in view.result.weight_drift.items() if layer.startswith("block4")]
    assert frozen
    assert set(frozen) == {0.0}
    again = reopen(owner)
    written = texts(again)
    assert again.query_params["weights"] in ("random", ["random"]), "the widgets say what the run was asked to do"
    assert again.number_input(key="fine_tuning.epochs").value == 1
    assert "On images that were never used" in written
    assert "stale" not in written
    assert "later" not in written, "all five steps are done"
    assert "Not taken along yet" in written
    again.number_input(key="fine_tuning.seed").set_value(3).run()
    assert "An old result" in texts(again)
    open_a_project_elsewhere(open_page, engine, project_file(OwnerStore(owner), view.result.run_id).read())


def open_a_project_elsewhere(open_page: OpenPage, engine: Engine, project: bytes) -> None:
    """A damaged file first: it is said in Portuguese from beginning to end, and the next one is opened."""
    owner = "e" * 32
    app = open_page("fine_tuning", "pt-BR", owner)

    def bring(content: bytes) -> Any:
        box = next(box for box in app.file_uploader if str(box.key).startswith("fine_tuning.project"))
        box.upload("aula.zip", content, "application/zip").run()
        button(app, "fine_tuning.open").click().run()
        newest = next(job.job_id for job in engine.jobs(owner) if job.task == "open_project")
        view = wait_until(lambda: (view := engine.job(newest, owner)).finished and view, 240)
        app.run()
        assert not app.exception
        return view

    bring(project[:-100])
    (error,) = app.error
    assert "aula, que está danificado" in error.value
    assert "não é um arquivo ZIP inteiro" in error.value
    opened = bring(project).result
    assert any("está aberto" in success.value for success in app.success)
    assert "Em imagens nunca usadas" in texts(app), "it is the run of the page"
    assert "Ainda não foi levada" not in texts(app), "its person has the file"
    assert app.number_input(key="fine_tuning.epochs").value == 1
    assert kept_run(OwnerStore(owner), opened.run_id) is not None


def reopen(owner: str) -> AppTest:
    """The page in a new session of the same browser."""
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    app.session_state["app.owner"] = owner
    app.query_params["lang"] = "en"
    app.run()
    return app.switch_page("pages/fine_tuning.py").run()


def finished(engine: Engine, owner: str, task: str) -> Any:
    """The newest job of a task, once it has ended."""

    def ended() -> Any:
        return next((view for view in engine.jobs(owner) if view.task == task and view.finished), None)

    return wait_until(ended, 240)


def test_a_link_of_before_that_names_its_base_is_still_the_lectures_lesson(open_page: OpenPage) -> None:
    app = open_page("fine_tuning", "en", base="VGG16Slim", unfreeze="block5_conv1")
    assert app.selectbox(key="fine_tuning.weights").value == "embedded"
    assert not any("There are no weights" in info.value for info in app.info)
    assert "**4 → 10**" in texts(app)


def _rare_class() -> None:
    from pages.ui.fine_tuning.balance import balance_advice
    from tlcore.engine.tasks.datasets import DatasetPreview
    from tlcore.engine.tasks.references import DatasetReference

    counts = dict.fromkeys(("train", "validation", "test"), (95, 5))
    names = ("healthy", "ill")
    reference = DatasetReference(item="0" * 32)
    balance_advice(DatasetPreview("x-rays", names, names, reference, (32, 32), counts, {}, ()))


def test_class_weights_are_proposed_with_the_reason_and_set_by_a_press() -> None:
    app = AppTest.from_function(_rare_class).run()
    assert not app.exception
    assert "quem sempre diz “healthy” acerta em 95%" in app.info[0].value
    button(app, "fine_tuning.weigh_classes").click().run()
    assert app.session_state["fine_tuning.class_weights"] is True
    assert not app.info


def test_an_axis_of_epochs_has_whole_numbers_and_few_of_them() -> None:
    assert [epoch_axis(last)["dtick"] for last in (1, 10, 11, 100)] == [1, 1, 2, 10]


@pytest.mark.usefixtures("in_english")
def test_what_would_take_too_much_memory_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLCORE_WORKER_MEMORY_BYTES", str(3 * 1024**3))
    get_settings.cache_clear()
    names, counts = ("hat", "no hat"), {"train": (240, 240), "validation": (60, 60), "test": (60, 60)}
    data = DatasetPreview("helmets", names, names, DatasetReference(name="helmets"), (150, 150), counts, {}, ())
    eager = TrainingSpec(base="VGG16", method="scratch", batch_size=512)
    (sentence,) = FineTuningState(eager, data).missing()
    assert "takes at most 3072 MB of memory" in sentence
    assert "Train with batches of " in sentence
    assert FineTuningState(eager.model_copy(update={"batch_size": 8}), data).missing() == []
