"""Named classes, best first, from every kind of model that a person may hold."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.errors import InvalidArgumentError
from tlcore.inference import predict, predict_probabilities
from tlcore.models import build_base
from tlcore.settings import get_settings

SHAPE = (32, 32, 3)


@pytest.fixture(scope="module")
def classifier() -> Any:
    return build_base("VGG16Slim", input_shape=SHAPE, include_top=True)


@pytest.fixture(scope="module")
def yes_or_no() -> Any:
    import keras

    inputs = keras.Input(SHAPE)
    features = keras.layers.GlobalAveragePooling2D()(keras.layers.Rescaling(1 / 255)(inputs))
    return keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(features))


def test_a_base_with_its_top_ranks_all_its_classes(classifier: Any, tiny_images: NDArray[np.uint8]) -> None:
    ranked = predict(classifier, tiny_images[0])

    probabilities = [prediction.probability for prediction in ranked]
    assert len(ranked) == 200
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1, abs=1e-4)


def test_a_batch_gives_a_list_for_each_image(classifier: Any, tiny_images: NDArray[np.uint8]) -> None:
    many = predict(classifier, np.concatenate([tiny_images] * 4), top=3)  # more than one batch

    assert [len(row) for row in many] == [3] * 48
    one = predict(classifier, tiny_images[5], top=3)
    assert [prediction.index for prediction in many[5]] == [prediction.index for prediction in one]


def test_one_sigmoid_output_names_both_classes(yes_or_no: Any, tiny_images: NDArray[np.uint8]) -> None:
    ranked = predict(yes_or_no, tiny_images[0], class_names=("without", "with"))

    of_class_1 = float(np.asarray(yes_or_no(tiny_images[:1]))[0, 0])
    assert {prediction.class_name: prediction.probability for prediction in ranked} == {
        "with": pytest.approx(of_class_1),
        "without": pytest.approx(1 - of_class_1),
    }


def test_a_run_brings_its_own_names(yes_or_no: Any, tiny_images: NDArray[np.uint8]) -> None:
    run = SimpleNamespace(model=yes_or_no, class_names=("red", "blue"))
    assert {prediction.class_name for prediction in predict(run, tiny_images[0])} == {"red", "blue"}


def test_without_names_classes_are_numbered(yes_or_no: Any, tiny_images: NDArray[np.uint8]) -> None:
    assert {prediction.class_name for prediction in predict(yes_or_no, tiny_images[0])} == {"class 0", "class 1"}


@pytest.mark.parametrize("pooling", [None, "avg"])
def test_a_base_without_a_classifier_is_refused(pooling: str | None, tiny_images: NDArray[np.uint8]) -> None:
    base = build_base("VGG16Slim", input_shape=SHAPE, pooling=pooling)
    with pytest.raises(InvalidArgumentError, match="include_top=True"):
        predict(base, tiny_images)


def test_wrong_questions_are_refused(yes_or_no: Any, tiny_images: NDArray[np.uint8]) -> None:
    with pytest.raises(InvalidArgumentError, match="2 class names"):
        predict(yes_or_no, tiny_images, class_names=("a", "b", "c"))
    with pytest.raises(InvalidArgumentError, match="top"):
        predict(yes_or_no, tiny_images, top=0)
    with pytest.raises(InvalidArgumentError, match="Resize"):
        predict(yes_or_no, tiny_images[:, :16])


@pytest.mark.parametrize("runtime", ["tensorflow", "litert"])
def test_many_images_get_the_answers_of_the_network_as_it_is_now(
    classifier: Any, tiny_images: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    """From 96 images on another runtime answers; weights that have changed since must not be answered for."""
    monkeypatch.setenv("TLCORE_RUNTIME", runtime)
    get_settings.cache_clear()
    import keras

    many = np.concatenate([tiny_images] * 8)
    model = keras.models.clone_model(classifier)
    done: list[int] = []
    for scale in (1.0, -2.0):
        model.set_weights([scale * values for values in classifier.get_weights()])
        answers = predict_probabilities(model, many, progress=lambda count, _: done.append(count))
        expected = np.asarray(model(tiny_images.astype(np.float32), training=False))
        np.testing.assert_allclose(answers, np.concatenate([expected] * 8), rtol=1e-3, atol=1e-6)
        assert done[-1] == len(many)
