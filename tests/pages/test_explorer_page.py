"""The page of the architectures: what a link opens, what a person changes, and what is worked out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.acting import press, run_until_done, texts
from tlcore.engine import Engine

OpenPage = Callable[..., AppTest]


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


def test_too_small_a_size_is_refused_with_the_reason(open_page: OpenPage) -> None:
    app = open_page("architecture_explorer", "en", network="Xception", size="32")
    assert not app.exception
    assert any("at least 71" in error.value for error in app.error)
