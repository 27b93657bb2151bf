"""The views of the features on the extraction page, on images so small that the real engine takes seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import i18n, url
from pages.ui.common.state import Key
from pages.ui.feature_extraction import channels, code, map, neighbours
from pages.ui.feature_extraction.scene import Scene
from pages.ui.feature_extraction.state import COUNT, MEASURE, METHOD, NUMBER, SOURCE
from tests.pages.acting import press, run_until_done, texts
from tlcore.engine import Engine
from tlcore.engine.tasks.channels import ActivatingImage, ChannelHeat, ChannelInSet
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.feature_space import NearestImages, NearImage, ProjectedSet
from tlcore.engine.tasks.image_index import ShownImage, ShownPhoto
from tlcore.engine.tasks.references import DatasetReference, FeatureSubject

OpenPage = Callable[..., AppTest]
DATA = DatasetReference(name="digits", num_images=80, image_size=(32, 32))
PHOTOS = DatasetPreview(
    name="photos",
    class_names=("cat", "dog"),
    class_titles=("cat", "dog"),
    reference=DatasetReference(item="x"),
    image_size=(32, 32),
    counts={},
    samples={},
    rejected=(),
)
SCENE = Scene(
    data=PHOTOS,
    subject=FeatureSubject(base="VGG16Slim", weights="random", data=DATA),
    count=80,
    layer="block1_conv1",
    shape=(32, 32, 32),
)


@pytest.fixture(params=["en", "pt-BR"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(i18n, "language", lambda: request.param)
    return str(request.param)


def shown(app: AppTest, engine: Engine) -> str:
    """What is written once all questions that the page asks have been answered: each may lead to another."""
    for _question in range(3):
        run_until_done(app, engine)
    return texts(app)


def test_features_are_looked_at_in_three_ways_and_found_again(open_page: OpenPage, engine: Engine) -> None:
    app = open_page("datasets", "en", source="digits", images="80", size="32")
    press(app, "Prepare these images")
    run_until_done(app, engine)
    app.switch_page("pages/feature_extraction.py").run()
    app.selectbox(key="feature_extraction.weights").set_value("random").run()
    press(app, "Look at all images with this base")

    written = shown(app, engine)
    assert "Of the 1,280 channels of top_activation" in written
    assert "that activate it most" in written

    app.pills(key="feature_extraction.view").set_value("map").run()
    assert "by chance it would be" in shown(app, engine)
    app.multiselect(key="feature_extraction.picked").set_value([40, 2]).run()
    assert "Selected: 2" in shown(app, engine)

    press(app, "Nearest neighbours of image 41")
    assert "of the 8 nearest images share its class" in shown(app, engine)
    assert app.query_params["view"] == "neighbours"
    assert app.query_params["image"] == "41"

    app.selectbox(key="feature_extraction.weights").set_value("imagenet").run()
    assert "The base or the images have changed since" in texts(app)


def test_questions_that_cannot_be_asked_yet_say_why(open_page: OpenPage) -> None:
    app = open_page("feature_extraction", "en", view="map")
    app.pills(key="feature_extraction.images").set_value("own").run()
    button = next(button for button in app.button if button.label == "Look at all images with this base")
    assert button.disabled


def test_link_with_an_unknown_view_is_refused(open_page: OpenPage) -> None:
    app = open_page("feature_extraction", "en", view="umap")
    assert any("was not used" in warning.value for warning in app.warning)
    app.run()  # as a page does by itself that finds a job
    assert any("was not used" in warning.value for warning in app.warning)


def test_a_click_is_not_undone_by_a_request_that_still_carries_the_old_url(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(url, "ON_ITS_WAY_S", 600.0)  # however slow this machine is
    app = open_page("feature_extraction", "en", epochs="7")
    before = dict(app.query_params)
    app.slider(key="feature_extraction.epochs").set_value(9).run()
    app.query_params.clear()
    app.query_params.update(before)
    app.run()
    assert app.slider(key="feature_extraction.epochs").value == 9
    assert app.query_params["epochs"] == "9"


def page_that_still_answers() -> None:
    """As Streamlit sees a page in the middle of a run: its end, where the URL is written for good, is not reached."""
    import streamlit as st

    from pages.ui.common.url import read_url
    from pages.ui.feature_extraction.state import VIEW, FeatureExtractionLink

    read_url("feature_extraction", FeatureExtractionLink, {"view": VIEW})
    st.pills("View", ["channels", "map"], key=VIEW.widget())
    st.stop()


def test_what_was_clicked_is_in_the_url_before_the_page_has_answered() -> None:
    """Whoever reloads at once must not lose the view that they see."""
    app = AppTest.from_function(page_that_still_answers).run()
    assert "view" not in app.query_params
    app.pills(key="feature_extraction.view").set_value("map").run()
    assert app.query_params["view"] == "map"


def shown_image(index: int, label: int) -> ShownImage:
    return ShownImage(index, label, "a.png", b"")


def in_set(*images: tuple[int, int, float]) -> ChannelInSet:
    """Index, label and value of each image that activates the channel."""
    found = [ActivatingImage(shown_image(index, label), ChannelHeat(value, b"")) for index, label, value in images]
    return ChannelInSet(ChannelHeat(0.0, b""), tuple(found), mean_value=0.25)


def nearest(label: int | None, *labels: int) -> NearestImages:
    """The neighbours of a photo, by their labels."""
    images = tuple(NearImage(shown_image(index, other), 0.9, 0.1) for index, other in enumerate(labels))
    return NearestImages(ShownPhoto(b"", None if label is None else 9, label), images, 64, (60, 20))


def projected() -> ProjectedSet:
    """Three images as points."""
    return ProjectedSet(
        points=np.arange(6, dtype=np.float32).reshape(3, 2),
        indices=(0, 1, 2),
        labels=(0, 1, 0),
        splits=("train",) * 3,
        explained=(0.6, 0.2),
        channels=64,
        neighbours=5,
        agreement=0.9,
        by_chance=0.5,
        total=3,
    )


@pytest.mark.usefixtures("language")
def test_sentences_are_computed_from_the_answers(language: str) -> None:
    strongest = channels.strongest_takeaway(in_set((0, 0, 2.5), (4, 1, 1.5), (7, 1, 1.0)), 3, SCENE)
    own = neighbours.neighbours_takeaway(nearest(None, 0, 1, 1), SCENE)
    of_set = neighbours.neighbours_takeaway(nearest(0, 0, 1, 1), SCENE)
    if language == "en":
        assert strongest.endswith("Of the 3 images that activate it most, 2 are “dog”.")
        assert own.startswith("2 of the 3 nearest images are “dog”")
        assert of_set == "1 of the 3 nearest images share its class, “cat”; drawn at random, 2.2 would."
        assert "90.0%" in map.map_takeaway(projected(), SCENE)
    else:
        assert "“cão”" in strongest
        assert own != of_set
        assert "2,2" in of_set
        assert "90,0%" in map.map_takeaway(projected(), SCENE)


def test_a_channel_that_answers_to_nothing_is_called_silent(language: str) -> None:
    silent = channels.strongest_takeaway(in_set((0, 0, 0.0)), 3, SCENE)
    assert "3" in silent


@pytest.mark.usefixtures("language")
def test_classes_differ_by_colour_and_by_symbol(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.ui.common.palette.is_dark", lambda: False)
    figure = map.map_figure(projected(), SCENE)
    assert figure.layout.dragmode == "pan", "in any other mode a click selects no point"
    first, second = figure.data
    assert first.marker.color != second.marker.color
    assert first.marker.symbol != second.marker.symbol
    assert [row[0] for row in first.customdata] == [0, 2]


@pytest.fixture
def widgets(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Values of the widgets, without a session."""
    values: dict[str, Any] = {}
    monkeypatch.setattr(Key, "get", lambda key: values.get(key.name, key.default))
    return values


@pytest.mark.parametrize("view", ["channels", "map", "neighbours"])
@pytest.mark.parametrize("source", ["set", "upload"])
def test_code_says_what_the_widgets_do(view: str, source: str, widgets: dict[str, Any]) -> None:
    widgets.update({SOURCE.name: source, METHOD.name: "tsne", NUMBER.name: 7, COUNT.name: 4, MEASURE.name: "euclidean"})
    shown = code.view_code(view, SCENE)
    assert "tlcore.load_dataset('digits', num_images=80, image_size=(32, 32), seed=0)" in shown
    if view == "map":
        assert "TSNE(perplexity=" in shown
    else:
        assert ("photo = images[[6]]" in shown) == (source == "set")
    if view == "neighbours":
        assert f"n_neighbors={5 if source == 'set' else 4}, metric='euclidean'" in shown
