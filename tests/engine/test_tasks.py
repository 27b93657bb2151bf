"""The tasks that pages submit, run by real workers on real input."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import wait_until
from tests.unit.dataset_files import zipped
from tlcore.engine import Engine, JobView
from tlcore.engine.tasks.batch import seen_photo
from tlcore.engine.tasks.prediction import PhotoAnswer
from tlcore.engine.tasks.references import DatasetReference, NetworkReference
from tlcore.engine.tasks.trained_run import kept_run
from tlcore.errors import DatasetError, InvalidArgumentError
from tlcore.store import OwnerStore, new_owner
from tlcore.training import TrainingSpec

Run = Callable[..., JobView]
DIGITS = DatasetReference(name="digits", num_images=100, image_size=(32, 32))
HEAD = TrainingSpec(base="VGG16Slim", weights="random", head=(8,), epochs=2, batch_size=8)


@pytest.fixture
def owner() -> str:
    return new_owner()


@pytest.fixture
def run(engine: Engine, owner: str) -> Run:
    """Runs a task and waits for it to finish."""

    def run_task(task: str, **arguments: object) -> JobView:
        job_id = engine.submit(owner, task, arguments)
        look = lambda: engine.job(job_id, owner)  # noqa: E731
        wait_until(lambda: look().finished, 120, look)
        return look()

    return run_task


def png(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(file, "PNG")
    return file.getvalue()


def test_describe(run: Run) -> None:
    summary = run(
        "describe", network=NetworkReference(base="VGG16", input_shape=(150, 150, 3), include_top=False)
    ).result
    assert summary.total_params == 14_714_688
    assert "tensorflow" not in type(summary).__module__


def test_preview_shows_counts_and_real_pictures(run: Run) -> None:
    preview = run("preview_dataset", data=DIGITS).result
    assert sum(map(sum, preview.counts.values())) == 100
    assert Image.open(io.BytesIO(preview.samples["train"][0].png)).size == (32, 32)
    assert preview == run("preview_dataset", data=DIGITS).result, "read back from disk the second time"


def test_imported_archive_becomes_the_sessions_dataset(run: Run, owner: str, image_zip: Path) -> None:
    store = OwnerStore(owner)
    item = store.add("uploads", image_zip.read_bytes(), name="photos.zip")
    preview = run("import_dataset", item=item, image_size=(32, 32)).result
    assert preview.class_names == ("blue", "red")
    assert [shown.label for shown in preview.samples["train"]] == [0, 1] * 4, "mixed, not class by class"
    assert store.items("uploads") == []
    (kept,) = store.items("datasets")
    assert preview.reference == DatasetReference(item=kept.item_id)
    assert run("preview_dataset", data=preview.reference).result == preview, "brought once, opened again"


def test_somebody_elses_upload_is_out_of_reach(run: Run) -> None:
    item = OwnerStore(new_owner()).add("uploads", b"private", name="private.zip")
    assert isinstance(run("import_dataset", item=item).error, InvalidArgumentError)


def test_what_is_no_archive_is_refused_with_a_sentence(run: Run, owner: str) -> None:
    item = OwnerStore(owner).add("uploads", b"this is no archive", name="photos.zip")
    error = run("import_dataset", item=item).error
    assert isinstance(error, DatasetError)
    assert str(error).startswith("photos.zip is not a ZIP"), "by the name that the person gave it, not the store's"
    assert OwnerStore(owner).items("uploads") == [], "what is refused is deleted too"


def test_features_have_the_shape_of_the_base(run: Run) -> None:
    job = run("extract_features", base="VGG16Slim", weights="random", data=DIGITS)
    assert job.error is None
    assert job.result.shape[:2] == (1, 1)
    assert sum(job.result.counts.values()) == 100
    assert job.events[-1] == {"kind": "progress", "phase": "extracting features", "done": 100, "total": 100}


def test_training_leaves_a_run_that_predicts(run: Run, owner: str) -> None:
    job = run("train", spec=HEAD, data=DIGITS)
    assert job.error is None
    assert [row["epoch"] for row in job.result.history] == [1, 2]
    assert [event["epoch"] for event in job.events if event["kind"] == "epoch"] == [1, 2]
    stored = OwnerStore(owner).item("runs", job.result.run_id)
    assert stored.details["test_metrics"]["accuracy"] == job.result.test_metrics.accuracy
    assert kept_run(OwnerStore(owner), job.result.run_id).run == job.result, "what is kept is read back as it was told"
    network = NetworkReference(run_id=job.result.run_id)
    table = run("describe", network=network).result
    assert table.trainable_tensors == job.result.trainable_tensors_after
    assert [layer.name for layer in table.layers if layer.num_trainable_params] == ["head_dense_1", "head_output"]
    assert table.layers[0].name == "images"
    answer = run("predict", image=png("white"), network=network)
    assert answer.error is None
    assert sorted(prediction.index for prediction in answer.result.predictions) == list(range(10))
    assert Image.open(io.BytesIO(answer.result.photo)).size == (32, 32)
    likeliest = answer.result.predictions[0].index
    for method in ("grad_cam", "occlusion", "smooth_gradients"):
        why = run("explain", image=answer.result.photo, class_index=likeliest, method=method, network=network)
        assert why.error is None
        assert (why.result.fall is None) == (method != "occlusion")
        assert why.result.share == pytest.approx(answer.result.predictions[0].probability, abs=1e-5)
        assert why.result.heat.shape == (32, 32)
        assert why.result.heat.min() >= 0
        highest = why.result.heat.max()
        assert highest == pytest.approx(1) or not why.result.heat.any(), "scaled to 1, unless nothing speaks for it"
    asked = {"image": answer.result.photo, "network": network}
    check = run("check_map", class_index=likeliest, layer="block3_conv1", **asked)
    assert check.error is None
    assert check.result.random_heat.shape == (32, 32)
    assert -1 <= check.result.likeness <= 1
    assert 0 <= check.result.draws <= 5
    assert check.result.random_heat.any() == (check.result.draws > 0)
    _look_at_strange_photos(run, owner, network, answer.result)


def _look_at_strange_photos(run: Run, owner: str, network: NetworkReference, white: PhotoAnswer) -> None:
    """A network that learned digits is shown an empty page, some digits in folders, and what is no photo."""
    assert white.note is not None
    assert "of one colour" in str(white.note)
    page = run("familiarity", image=white.photo, network=network)
    assert page.error is None
    assert page.result.is_strange == (page.result.distance > page.result.threshold)
    assert len(page.result.known) == sum(run("preview_dataset", data=DIGITS).result.counts["train"])
    assert len(page.result.nearest) == 4
    base = run("familiarity", image=white.photo, network=NetworkReference(base="VGG16Slim", weights="embedded"))
    assert isinstance(base.error, InvalidArgumentError), "nobody knows here what it learned from"

    samples = run("preview_dataset", data=DIGITS).result.samples["train"]
    files = {f"digits/{shown.label}/{shown.index}.png": shown.png for shown in samples}
    files |= {"digits/elsewhere/white.png": png("white"), "digits/elsewhere/scan.jpg": b"%PDF-1.7"}
    store = OwnerStore(owner)
    item = store.add("uploads", zipped(files), name="photos.zip")
    batch = run("predict_batch", item=item, network=network)
    assert batch.error is None
    assert store.items("uploads") == [], "looked at and deleted"
    photos = {photo.name: photo for photo in batch.result.photos}
    assert [file.name for file in batch.result.rejected] == ["digits/elsewhere/scan.jpg"]
    assert photos.keys() == {*files} - {"digits/elsewhere/scan.jpg"}
    assert photos["digits/elsewhere/white.png"].label is None
    assert photos["digits/elsewhere/white.png"].is_strange == page.result.is_strange
    assert photos["digits/elsewhere/white.png"].predictions == white.predictions[:3]
    first = photos[f"digits/{samples[0].label}/{samples[0].index}.png"]
    assert (first.folder, first.label) == (str(samples[0].label), samples[0].label)
    assert Image.open(io.BytesIO(first.thumbnail)).size == (32, 32)
    assert sum(map(sum, batch.result.metrics.confusion_matrix)) == len(samples)
    assert batch.result.metrics.calibration is not None
    plain = store.add("uploads", zipped({"1.png": png("white")}), name="photos.zip")
    base = NetworkReference(base="VGG16Slim", weights="embedded")
    answer = run("predict_batch", item=plain, network=base, keep=True).result
    assert (answer.metrics, answer.threshold, answer.photos[0].distance) == (None, None, None)
    (kept,) = store.items("uploads")
    seen = seen_photo(store, answer.item, 0)
    assert kept.item_id == answer.item
    assert run("predict", network=base, image=seen).result.predictions[:3] == answer.photos[0].predictions


def test_a_kept_run_that_is_not_the_last_one_is_gone_on_with(run: Run) -> None:
    first = run("train", spec=HEAD, data=DIGITS, go_on=False).result
    run("train", spec=HEAD.model_copy(update={"seed": 1, "epochs": 1}), data=DIGITS, go_on=False)
    assert first.can_go_on
    longer_spec = HEAD.model_copy(update={"epochs": 3})
    how = {"spec": longer_spec, "go_on": True, "from_run": first.run_id, "more": True}
    longer = run("train", data=DIGITS, **how).result
    assert longer.history[:2] == first.history
    assert [row["epoch"] for row in longer.history] == [1, 2, 3]
    other = run("train", data=DIGITS.model_copy(update={"seed": 1}), **how)
    assert isinstance(other.error, InvalidArgumentError)


def test_a_run_without_its_state_cannot_be_gone_on_with(run: Run) -> None:
    kept = run("train", spec=HEAD.model_copy(update={"epochs": 1}), data=DIGITS).result
    assert not kept.can_go_on
    again = run("train", spec=HEAD, data=DIGITS, go_on=True, from_run=kept.run_id)
    assert isinstance(again.error, InvalidArgumentError)
