"""The tasks behind the views of the features, called as a worker calls them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sklearn.neighbors import NearestNeighbors

from tlcore.engine.in_worker import check_plain
from tlcore.engine.job import JobContext, JobStoppedError
from tlcore.engine.tasks import channels, datasets, feature_space, features
from tlcore.engine.tasks.image_index import ImageIndex
from tlcore.engine.tasks.references import DatasetReference, FeatureSubject, PhotoReference
from tlcore.errors import DatasetError, InvalidArgumentError

DATA = DatasetReference(name="digits", num_images=80, image_size=(32, 32))
SUBJECT = FeatureSubject(base="VGG16Slim", weights="random", data=DATA)
LAYER = "block3_conv1"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def shared_home(home: Path, isolated_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One home for all tests here: the pass over the images is made once."""
    from tlcore.settings import get_settings

    monkeypatch.setenv("TLCORE_HOME", str(home))
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def events() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def context(events: list[dict[str, Any]]) -> JobContext:
    return JobContext("job", "an-owner-of-a-test", events.append, lambda: False)


@pytest.fixture
def features_at_layer(context: JobContext) -> Any:
    """Features of all images at the layer, by the network itself."""
    images = ImageIndex(datasets.read(context, DATA))
    survey = features.survey_of(SUBJECT, images)
    return survey.of(images.all)[LAYER]


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (50, 40), "green").save(file, "PNG")
    return file.getvalue()


def test_a_survey_tells_its_progress_and_what_it_was_of(context: JobContext, events: list[dict[str, Any]]) -> None:
    answer = check_plain(features.survey_features(context, subject=SUBJECT))
    assert answer.subject == SUBJECT
    assert answer.count == 80
    assert answer.shapes[LAYER][:2] == (8, 8)
    assert events[-1] == {"kind": "progress", "phase": "looking at all images", "done": 80, "total": 80}


def test_a_stopped_survey_ends_without_a_result() -> None:
    stopped = JobContext("job", "an-owner-of-a-test", lambda event: None, lambda: True)
    with pytest.raises(JobStoppedError):
        features.survey_features(stopped, subject=SUBJECT.model_copy(update={"weights": "embedded"}))


def test_channels_of_a_photo_come_most_active_first(context: JobContext) -> None:
    answer = check_plain(channels.photo_channels(context, layer=LAYER, photo=PhotoReference(index=79), subject=SUBJECT))
    means = [entry.mean for entry in answer.channels]
    assert means == sorted(means, reverse=True)
    assert len(means) == answer.shape[2]
    assert answer.pictures.shape == (channels.CHANNELS_SHOWN, *answer.shape[:2])
    assert answer.photo.index == 79
    assert answer.pictures.max(axis=(1, 2)).tolist() == [255] * channels.CHANNELS_SHOWN
    assert Image.open(io.BytesIO(answer.photo.png)).size == (32, 32)


def test_a_map_that_answers_everywhere_alike_is_white() -> None:
    maps = np.stack([np.full((2, 2), 6.0), np.zeros((2, 2)), np.array([[-1, 0], [1, 2]])], axis=-1)
    assert channels._grey(maps.astype(np.float32)).reshape(3, 4).tolist() == [[255] * 4, [0] * 4, [0, 0, 128, 255]]


def test_strongest_images_of_a_channel_are_those_with_its_highest_values(
    context: JobContext, features_at_layer: Any
) -> None:
    answer = check_plain(
        channels.channel_in_set(context, layer=LAYER, channel=5, photo=PhotoReference(image=png()), subject=SUBJECT)
    )
    values = features_at_layer.highest[:, 5]
    assert [found.heat.value for found in answer.images] == sorted(values.tolist(), reverse=True)[:8]
    assert all(values[found.image.index] == found.heat.value for found in answer.images)
    assert answer.mean_value == pytest.approx(values.mean())
    assert Image.open(io.BytesIO(answer.images[0].heat.png)).size == (32, 32)


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_points_carry_their_images(context: JobContext, features_at_layer: Any, method: str) -> None:
    answer = check_plain(feature_space.project_set(context, layer=LAYER, method=method, subject=SUBJECT))
    assert answer.points.shape == (80, 2)
    assert answer.indices == tuple(range(80))
    assert len(answer.labels) == len(answer.splits) == 80
    labels, seen = np.array(answer.labels), features_at_layer.mean
    nearest = NearestNeighbors(n_neighbors=6, metric="cosine").fit(seen).kneighbors(seen, return_distance=False)
    assert answer.agreement == pytest.approx(np.mean(labels[nearest[:, 1:]] == labels[:, np.newaxis]))
    assert answer.by_chance == pytest.approx(np.mean([(labels == label).sum() - 1 for label in labels]) / 79)
    assert (answer.explained is None) == (method == "tsne")


def test_of_a_large_set_some_points_are_shown(context: JobContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feature_space, "MOST_POINTS", 30)
    answer = feature_space.project_set(context, layer=LAYER, method="pca", subject=SUBJECT)
    assert (len(answer.points), answer.total) == (30, 80)
    assert (answer.indices[0], answer.indices[-1]) == (0, 79)


def test_neighbours_of_an_image_leave_itself_out(context: JobContext) -> None:
    of_image = {"layer": LAYER, "photo": PhotoReference(index=3), "measure": "euclidean", "count": 79}
    answer = check_plain(feature_space.nearest_images(context, subject=SUBJECT, **of_image))
    assert sorted(near.image.index for near in answer.images) == [index for index in range(80) if index != 3]
    distances = [near.distance for near in answer.images]
    assert distances == sorted(distances)
    assert sum(answer.counts) == 79


def test_an_own_photo_that_is_in_the_set_finds_itself(context: JobContext) -> None:
    shown = datasets.show_images(context, data=DATA, indices=(41,))[0]
    photo = PhotoReference(image=shown.png)
    answer = feature_space.nearest_images(context, layer=LAYER, photo=photo, measure="cosine", count=1, subject=SUBJECT)
    assert answer.images[0].image.index == 41
    assert answer.images[0].similarity == pytest.approx(1.0, abs=1e-4)
    assert answer.photo.label is None


def test_what_is_not_there_is_refused_with_a_sentence(context: JobContext) -> None:
    with pytest.raises(InvalidArgumentError):
        datasets.show_images(context, data=DATA, indices=(80,))
    with pytest.raises(InvalidArgumentError):
        feature_space.project_set(context, layer="block9", method="pca", subject=SUBJECT)
    photo = PhotoReference(image=b"no image", file_name="a.txt")
    with pytest.raises(DatasetError):
        feature_space.nearest_images(context, layer=LAYER, photo=photo, measure="cosine", count=1, subject=SUBJECT)


def test_the_code_of_the_library_draws_the_same_points(context: JobContext, features_at_layer: Any) -> None:
    from sklearn.decomposition import PCA

    answer = feature_space.project_set(context, layer=LAYER, method="pca", subject=SUBJECT)
    expected = PCA(n_components=2, random_state=0).fit_transform(np.asarray(features_at_layer.mean))
    np.testing.assert_allclose(answer.points, expected, atol=1e-5)
