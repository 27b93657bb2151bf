"""The live prediction page: an answer, its doubt, and why it was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import i18n, trained
from pages.ui.common.reliability import reliability_sentence
from pages.ui.common.state import Key
from pages.ui.live_prediction import answer as prediction_answer
from pages.ui.live_prediction.batch_table import batch_sentence
from pages.ui.live_prediction.code import answer_code
from pages.ui.live_prediction.familiar import familiarity_sentence
from pages.ui.live_prediction.state import METHOD
from pages.ui.live_prediction.why import check_sentence, why_sentence
from tests.pages.acting import press, run_until_done, texts
from tests.unit.dataset_files import photo, zipped
from tlcore.architectures import PROPOSED_BASE
from tlcore.engine import Engine
from tlcore.engine.tasks.batch import BatchAnswer, BatchPhoto
from tlcore.engine.tasks.familiarity import PhotoFamiliarity
from tlcore.engine.tasks.prediction import MapCheck, PhotoAnswer, PhotoExplanation
from tlcore.engine.tasks.references import DatasetReference, NetworkReference
from tlcore.engine.tasks.trained_run import run_metrics
from tlcore.inference import Prediction, evaluate
from tlcore.store import OwnerStore, StoredItem
from tlcore.training import TrainingSpec

OpenPage = Callable[..., AppTest]


def test_an_answer_comes_with_its_doubt_and_with_what_it_hangs_on(open_page: OpenPage, engine: Engine) -> None:
    app = open_page("datasets", "en", source="digits", images="80", size="32")
    press(app, "Prepare these images")
    run_until_done(app, engine)
    app.switch_page("pages/live_prediction.py").run()
    assert "written to its disk" in texts(app)
    assert "forgotten 24 hours later" in texts(app)
    assert app.selectbox(key="live_prediction.model").value == f"{PROPOSED_BASE}/imagenet"
    app.selectbox(key="live_prediction.model").set_value("VGG16Slim/embedded")  # a small one, which is asked a lot here
    app.pills(key="live_prediction.source").set_value("sample").run()
    run_until_done(app, engine)  # the answer: a photo is there, so it is asked for
    app.slider(key="live_prediction.threshold").set_value(100).run()
    run_until_done(app, engine)  # why
    written = texts(app)
    assert "Not sure: the likeliest is" in written
    assert "VGG16 slim (embedded) with its own classes. It knows 200 classes" in written
    assert "What speaks most for" in written
    press(app, "Does the map hang on what was learned? Try random weights")
    run_until_done(app, engine)
    assert "Adebayo" in texts(app)
    assert any(words in texts(app) for words in ("learned nothing is", "With random weights nothing"))
    app.slider(key="live_prediction.threshold").set_value(0).run()
    assert "The network says" in texts(app)

    app.pills(key="live_prediction.method").set_value("occlusion").run()
    run_until_done(app, engine)
    assert any(word in texts(app) for word in ("Covering the brightest", "Covering any one", "No part of the photo"))
    assert "occlusion_map(model, 'photo.jpg', answers[0].index)" in app.code[0].value

    app.pills(key="live_prediction.source").set_value("upload").run()
    assert "The last answer, to the photo before." in texts(app)
    for name, content in (("dog.png", photo(1)), ("scan.jpg", b"%PDF-1.7")):
        app.file_uploader(key="live_prediction.upload").upload(name, content)
    app.run()
    run_until_done(app, engine)
    assert "The last answer" not in texts(app)
    assert "- scan.jpg is a PDF" in texts(app), "beside the row of those that could be read"
    app.session_state["live_prediction.uploaded"] = 1  # as a press on a picture does
    app.run()
    run_until_done(app, engine)
    assert any("scan.jpg is a PDF" in error.value for error in app.error)

    app.pills(key="live_prediction.source").set_value("batch").run()
    assert "Choose the photos first." in texts(app)
    app.file_uploader[0].upload("photos.zip", zipped({"a/1.png": photo(1), "2.png": photo(2)}), "application/zip").run()
    press(app, "Look at all of them")
    run_until_done(app, engine)
    assert "2 photos: " in texts(app)
    assert "No folder is called like a class" not in texts(app), "of a network of one's own only"
    assert len(app.dataframe[0].value) == 2
    (seen,) = OwnerStore(app.session_state["app.owner"]).items("uploads")
    app.session_state["live_prediction.batch_opened"] = (seen.item_id, 1)  # as a tick in the table does
    app.run()
    run_until_done(app, engine)
    assert "Why it says so" in texts(app)
    app.slider(key="live_prediction.batch_range").set_value((0, 0)).run()
    assert "0 of 2 photos" in texts(app)

    app = open_page("live_prediction", "en", app.session_state["app.owner"], source="camera", model="run:" + "0" * 32)
    assert "The last answer, to the photo before." in texts(app), "found again after a reload"
    assert any("nothing of this name" in warning.value for warning in app.warning), "a network of another browser"


def test_two_networks_explain_side_by_side_and_know_what_they_learned_from(open_page: OpenPage, engine: Engine) -> None:
    app = open_page("datasets", "en", source="digits", images="80", size="32")
    press(app, "Prepare these images")
    run_until_done(app, engine)
    data = DatasetReference(name="digits", num_images=80, image_size=(32, 32))
    for method in ("frozen", "fine_tuning"):
        spec = TrainingSpec(
            base="VGG16Slim", weights="random", method=method, head=(8,), epochs=1, fine_tuning_epochs=1
        )
        engine.submit(app.session_state["app.owner"], "train", {"spec": spec, "data": data})
        run_until_done(app, engine)
    app.query_params.clear()
    app.switch_page("pages/live_prediction.py").run()
    app.pills(key="live_prediction.source").set_value("sample").run()
    run_until_done(app, engine)
    run_until_done(app, engine)  # the meter and the map, which the answer has asked for
    written = texts(app)
    assert "of the 40 images that it learned from" in written or "farther from the 40 images" in written
    assert "Can its percentages be believed?" in written
    assert len(app.get("html")) == 1
    app.selectbox(key="live_prediction.other").set_value("before").run()
    run_until_done(app, engine)
    titles = [caption.value.partition(":")[0] for caption in app.caption if "fine-tuning: " in caption.value]
    assert titles == ["After fine-tuning", "Before fine-tuning"]
    other = app.selectbox(key="live_prediction.other")
    other.set_value(other.options[2]).run()
    run_until_done(app, engine)
    maps = [caption.value for caption in app.caption if "% right: " in caption.value]
    assert [caption[:3] for caption in maps] == ["2. ", "1. "], "each is called by its network"
    assert len(app.get("html")) == 2


@pytest.fixture(params=["en", "pt-BR"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(i18n, "language", lambda: request.param)
    return str(request.param)


def test_the_sentence_is_computed_from_the_map(language: str) -> None:
    heat, pixels = np.zeros((4, 4), np.float32), np.zeros((4, 4, 3), np.uint8)
    assert "“dog”" in why_sentence(PhotoExplanation(pixels, heat), "dog", 0.5)
    heat[0, :2] = 1.0
    decimal = "," if language == "pt-BR" else "."
    assert f"12{decimal}5%" in why_sentence(PhotoExplanation(pixels, heat), "dog", 0.5)
    assert f"2{decimal}0 " in why_sentence(PhotoExplanation(pixels, heat, 0.02), "dog", 0.5)
    covered = why_sentence(PhotoExplanation(pixels, heat, 0.3125), "dog", 0.5)
    assert f"31{decimal}2" in covered
    assert f"50{decimal}0%" in covered


def test_the_check_says_what_follows(language: str) -> None:
    heat, blank = np.eye(4, dtype=np.float32), np.zeros((4, 4), np.float32)
    decimal = "," if language == "pt-BR" else "."
    alike, another, nothing = (
        check_sentence(MapCheck(heat, *check)) for check in ((heat, 0.71, 5), (heat, 0.12, 5), (blank, 0.0, 0))
    )
    assert f"0{decimal}71" in alike
    assert f"0{decimal}12" in another
    assert nothing not in (alike, another)


def test_the_meter_says_how_many_are_nearer(language: str) -> None:
    known = np.linspace(0, 1, 40, dtype=np.float32)
    strange, usual = (
        familiarity_sentence(PhotoFamiliarity(distance, 0.95, known, farther, 0.1, ()), 0.98)
        for distance, farther in ((3.0, 1.0), (0.3, 0.25))
    )
    assert "40 " in strange
    assert "100%" in strange
    assert "75%" in usual
    assert all("98" in sentence for sentence in (strange, usual))


@pytest.mark.parametrize(
    ("sure", "right", "said"), [(0.99, 60, "too sure"), (0.6, 95, "modest"), (0.8, 80, "cannot tell")]
)
def test_calibration_says_whether_it_is_too_sure(sure: float, right: int, said: str, in_english: None) -> None:
    scores = np.tile([sure, 1 - sure], (100, 1))
    metrics = run_metrics(evaluate(scores, np.arange(100) >= right, ["a", "b"]))
    assert metrics.calibration is not None
    sentence = reliability_sentence(metrics, metrics.calibration)
    assert said in sentence
    assert f"{abs(100 * sure - right):.1f} percentage points" in sentence


def test_many_photos_are_summed_up(language: str) -> None:
    photos = tuple(
        BatchPhoto("a.png", None, None, (Prediction("dog", share, 0),), None, share > 0.9, b"") for share in (0.5, 0.95)
    )
    network = NetworkReference(base="VGG16Slim", weights="embedded")
    known = batch_sentence(BatchAnswer(network, photos, (), None, 0.4), ["dog", "dog"], 60)
    unknown = batch_sentence(BatchAnswer(network, photos, (), None, None), ["dog", "dog"], 60)
    assert "“dog” 2×" in known
    assert known.startswith(unknown)
    assert known.endswith(": 1.")


@pytest.mark.parametrize("method", ["grad_cam", "occlusion", "smooth_gradients"])
@pytest.mark.parametrize(
    ("model", "asked"),
    [
        (None, "tlcore.load_project('project.zip')"),
        ("VGG16Slim/embedded", "tlcore.build_base(\n    'VGG16Slim', weights='embedded', include_top=True"),
        ("run:" + "0" * 32, "tlcore.load_project('project.zip')"),
    ],
)
def test_code_asks_the_network_that_is_chosen(
    model: str | None, asked: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values: dict[str, Any] = {METHOD.name: method}
    monkeypatch.setattr(Key, "get", lambda key: values.get(key.name, key.default))
    shown = answer_code(model)
    assert asked in shown
    assert ("tlcore.grad_cam(" in shown) == (method == "grad_cam")


@pytest.mark.parametrize(
    ("titles", "word"), [(("no hard hat", "hard hat"), "com capacete"), (("no_hardhat", "hardhat"), "hardhat")]
)
def test_classes_of_a_trained_network_are_called_as_on_the_other_pages(
    titles: tuple[str, str], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The names of a ready set are translated, those of somebody's folders are theirs."""
    run = StoredItem("a" * 32, "runs", "run", facts_of_a_run(titles), num_bytes=0, created_s=0.0)
    monkeypatch.setattr(i18n, "language", lambda: "pt-BR")
    monkeypatch.setattr(trained, "owner", lambda: "b" * 32)
    monkeypatch.setattr(OwnerStore, "items", lambda store, kind: [run])
    said = (Prediction("hardhat", 0.9, 1), Prediction("no_hardhat", 0.1, 0))
    answer = PhotoAnswer(NetworkReference(run_id=run.item_id), said, b"", b"")
    assert prediction_answer._predictions(answer)[0] == (word, 0.9)


def test_two_equal_runs_are_two_in_every_list(open_page: OpenPage) -> None:
    """Streamlit finds a choice by its words: of two that are alike, it would always take the first."""
    app = open_page("live_prediction", "en")
    store = OwnerStore(app.session_state["app.owner"])
    ids = []
    for _run in range(2):
        with store.draft("runs", name="VGG16") as draft:
            draft.details.update(facts_of_a_run(("no hard hat", "hard hat")))
        ids.append(draft.item_id)
    app.run()
    titles = [title for title in app.selectbox(key="live_prediction.model").options if "you trained it" in title]
    assert len(set(titles)) == 2
    assert all("100.0% right" in title for title in titles)
    app.session_state["live_prediction.model"] = f"run:{ids[0]}"
    app.run()
    assert app.session_state["live_prediction.model"] == f"run:{ids[0]}"
    app.query_params["network"] = f"run:{ids[0]}"
    app.switch_page("pages/architecture_explorer.py").run()
    app.run()  # with the choice that the browser sends
    assert app.session_state["architecture_explorer.network"] == f"run:{ids[0]}", "the older one stays chosen"


def facts_of_a_run(titles: tuple[str, str]) -> dict[str, Any]:
    """As the store keeps them."""
    costs = {"trained_parameters": {}, "total_parameters": 1, "optimizer_bytes": 0, "cached_bytes": 0, "seconds": {}}
    costs |= {"base_forward_passes": 0, "base_forward_passes_plain": 0, "precision": "float32"}
    metrics = {"accuracy": 1.0, "balanced_accuracy": 1.0, "confusion_matrix": [[1, 0], [0, 1]]}
    metrics |= {"wilson_interval": {"low": 0.5, "high": 1.0, "level": 0.95}, "per_class": [], "mistakes": []}
    return {
        "spec": {},
        "data": {"name": "helmets"},
        "dataset": "helmets",
        "class_names": ["no_hardhat", "hardhat"],
        "class_titles": list(titles),
        "history": [],
        "layer_history": [],
        "trainable_tensors_before": 30,
        "trainable_tensors_after": 4,
        "trainable_tensors_fine_tuning": None,
        "weight_drift": {},
        "timings": {},
        "test_metrics": metrics,
        "cost_ledger": {**costs, "plain_seconds_estimated": None},
        "notes": [],
        "stopped": False,
        "can_go_on": False,
    }
