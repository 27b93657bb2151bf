"""A network in parts for the browser: together they answer as the whole, and only the untrained part is public."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tlcore.engine import JobContext
from tlcore.engine.tasks.browser import teach_head
from tlcore.errors import ExportError
from tlcore.export import browser
from tlcore.export.browser import BrowserParts, DenseWeights, browser_file, browser_parts, file_key
from tlcore.inference import class_probabilities
from tlcore.models import build_base
from tlcore.training import TrainingSpec
from tlcore.training.network import build_network
from tlcore.training.run import Run
from tlcore.training.trained_network import OwnNetwork

SIZE = (32, 32)
IMAGE = np.random.default_rng(0).integers(0, 256, (1, *SIZE, 3)).astype(np.float32)


def run_of(drift: dict[str, float], *, classes: int = 2, **settings: Any) -> Run:
    """A run with the weights that a network starts with, whose layers are said to have moved."""
    spec = TrainingSpec(base="VGG16Slim", weights="embedded", head=(8,), **settings)
    network = OwnNetwork(build_network(spec, (*SIZE, 3), classes))
    names = tuple(f"class {number}" for number in range(classes))
    return Run(spec, network, names, [], 30, 4, None, weight_drift=drift, timings={}, test_metrics={})


def answer(parts: BrowserParts, image: Any) -> Any:
    """As `frontend/src` computes it, with the server's LiteRT."""
    for part in (parts.shared, parts.own):
        image = image if part is None else litert(browser_file(part), image)
    values = image.mean(axis=(1, 2)) if parts.pooling == "average" else image.reshape(1, -1)
    for layer in parts.dense:
        values = dense(layer, values)
    return class_probabilities(values)


def litert(file: bytes, image: Any) -> Any:
    (values,) = litert_outputs(file, image)
    return values


def litert_outputs(file: bytes, image: Any) -> list[Any]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    entry = interpreter.get_input_details()[0]
    assert entry["shape"].tolist() == list(image.shape), "a browser takes no other number of images"
    interpreter.set_tensor(entry["index"], image)
    interpreter.invoke()
    return [interpreter.get_tensor(output["index"]) for output in interpreter.get_output_details()]


def dense(layer: DenseWeights, values: Any) -> Any:
    kernel = np.frombuffer(layer.kernel, "<f2").astype(np.float32).reshape(-1, layer.units)
    sums = values @ kernel + np.frombuffer(layer.bias, "<f4")
    if layer.activation == "softmax":
        return np.exp(sums) / np.exp(sums).sum()
    return np.maximum(sums, 0) if layer.activation == "relu" else 1 / (1 + np.exp(-sums))


@pytest.mark.parametrize(
    ("drift", "settings", "shared", "own"),
    [
        ({}, {"pooling": "average"}, True, False),
        ({"block5_conv1": 0.1, "head_output": 0.1}, {"classes": 3}, True, True),
        ({"block1_conv1": 0.1}, {"pooling": "average"}, False, True),
    ],
)
def test_the_parts_answer_as_the_whole(drift: Any, settings: Any, shared: bool, own: bool) -> None:
    run = run_of(drift, **settings)
    parts = browser_parts(run)
    assert (parts.shared is not None, parts.own is not None) == (shared, own)
    np.testing.assert_allclose(answer(parts, IMAGE), class_probabilities(run.model(IMAGE)), atol=2e-3)
    if shared and own:
        assert "block5_conv1" not in [layer.name for layer in parts.shared.layers], "what was trained is not public"


def test_the_public_part_is_the_same_for_all_and_too_large_a_network_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine, theirs = browser_parts(run_of({}, seed=1)), browser_parts(run_of({}, seed=2, classes=3))
    assert file_key(mine.shared) == file_key(theirs.shared)
    assert mine.dense != theirs.dense
    monkeypatch.setattr(browser, "MOST_BYTES", 2**20)
    with pytest.raises(ExportError, match="at most 1 MB"):
        browser_parts(run_of({}))


def test_a_base_with_its_own_classes_shows_where_it_sees_them() -> None:
    import keras

    base = build_base("VGG16Slim", input_shape=(64, 64, 3), weights="embedded", include_top=True)
    image = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 3)).astype(np.float32)
    outputs = litert_outputs(browser_file(browser_parts(base).shared), image)
    (probabilities,) = (values for values in outputs if values.ndim == 2)
    (maps,) = (values for values in outputs if values.ndim == 4)
    np.testing.assert_allclose(probabilities, np.asarray(base(image)), atol=2e-3)
    features = np.asarray(keras.Model(base.input, base.get_layer("avg_pool").input)(image))  # (1, 2, 2, channels)
    np.testing.assert_allclose(maps, features @ base.layers[-1].get_weights()[0], atol=0.05)
    assert browser_parts(base).shared is browser_parts(base).shared, "for each visitor the same"
    headless = build_base("VGG16Slim", input_shape=(*SIZE, 3), include_top=False)
    assert browser.with_class_maps(headless) is headless


def test_a_head_learns_from_features_alone() -> None:
    labels = tuple(number % 2 for number in range(30))
    rows = np.random.default_rng(0).normal(size=(30, 40)).astype(np.float32)
    rows[:, 0] += 4 * np.asarray(labels)
    context = JobContext("job", "owner", print, lambda: False)
    taught = teach_head(context, features=rows.tobytes(), labels=labels, num_classes=2)
    assert taught.accuracy == 1.0
    values = rows
    for layer in taught.dense:
        values = dense(layer, values)
    assert ((values[:, 0] > 0.5) == np.asarray(labels, bool)).all(), "the weights that travel are those that learned"
