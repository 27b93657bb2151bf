"""Where people wait for answers nothing is done that takes minutes, unless it is known already."""

from __future__ import annotations

from pathlib import Path

import pytest

from tlcore.engine.job import JobContext, LongJobError
from tlcore.engine.tasks import datasets, effort, features, networks
from tlcore.engine.tasks.references import DatasetReference, FeatureSubject, NetworkReference

DATA = DatasetReference(name="digits", num_images=60, image_size=(32, 32))
OWNER = "an-owner-of-a-test"


@pytest.fixture
def quick(isolated_home: Path) -> JobContext:
    return JobContext("job", OWNER, lambda event: None, lambda: False, may_take_minutes=False)


@pytest.fixture
def patient(isolated_home: Path) -> JobContext:
    return JobContext("job", OWNER, lambda event: None, lambda: False)


def test_features_are_answered_from_the_cache_or_where_there_is_time(
    quick: JobContext, patient: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"base": "VGG16Slim", "weights": "embedded", "data": DATA}
    subject = FeatureSubject(base="VGG16Slim", weights="embedded", data=DATA)
    monkeypatch.setattr(effort, "SHORT_MACS", 1.0)
    with pytest.raises(LongJobError):
        features.extract_features(quick, **asked)
    with pytest.raises(LongJobError):
        features.survey_features(quick, subject=subject)
    there = features.extract_features(patient, **asked)
    assert features.extract_features(quick, **asked).shape == there.shape
    features.survey_features(patient, subject=subject)
    assert features.survey_features(quick, subject=subject).count == 60


def test_a_probe_of_sixty_images_is_quick_and_a_large_base_on_them_is_not() -> None:
    assert effort.forward_is_short("VGG16Slim", (150, 150), 60)
    assert effort.forward_is_short("EfficientNetLite0", (224, 224), 60)
    assert not effort.forward_is_short("VGG16", (150, 150), 60)


def test_a_large_upload_is_left_for_the_worker_that_reads_it(
    quick: JobContext, patient: JobContext, image_zip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = quick.store.add("uploads", image_zip.read_bytes(), name="photos")
    for limit in ("SHORT_FILES", "SHORT_DECODED_PIXELS"):
        with monkeypatch.context() as small:
            small.setattr(effort, limit, 11)
            with pytest.raises(LongJobError):
                datasets.import_dataset(quick, item=item, image_size=(32, 32))
    assert datasets.import_dataset(patient, item=item, image_size=(32, 32)).num_classes == 2


def test_many_images_are_drawn_where_there_is_time(
    quick: JobContext, patient: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "SHORT_PIXELS", 60 * 32 * 32 - 1)
    for ask in (datasets.preview_dataset, datasets.show_images):
        with pytest.raises(LongJobError):
            ask(quick, data=DATA, **({"indices": (0,)} if ask is datasets.show_images else {}))
    drawn = datasets.preview_dataset(patient, data=DATA)
    assert datasets.preview_dataset(quick, data=DATA).counts == drawn.counts, "they lie there"


def test_converters_run_where_there_is_time(quick: JobContext) -> None:
    with pytest.raises(LongJobError):
        networks.export(quick, run_id="0" * 32, format="tflite")


def test_weights_are_downloaded_where_there_is_time(
    quick: JobContext, isolated_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(isolated_home))
    assert effort.weights_are_short("EfficientNetLite0", "imagenet")
    assert effort.weights_are_short("VGG16Slim", "embedded")
    assert not effort.weights_are_short("VGG16", "imagenet")
    with pytest.raises(LongJobError):
        networks.open_network(quick, NetworkReference(base="VGG16", weights="imagenet"))
    with pytest.raises(LongJobError):
        features.survey_features(quick, subject=FeatureSubject(base="VGG16", weights="imagenet", data=DATA))
    with pytest.raises(LongJobError):
        features.extract_features(quick, base="VGG16", weights="imagenet", data=DATA)
