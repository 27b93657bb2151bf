"""A training specification refuses what cannot be, with a sentence that can be translated."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from tlcore.errors import InvalidArgumentError
from tlcore.training import TrainingSpec

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "rate of zero": ({"learning_rate": 0}, "greater than 0.0. Received: 0."),
    "rate of ten": ({"learning_rate": 10}, "at most 1.0. Received: 10."),
    "rate that is no number": ({"learning_rate": float("nan")}, "to be a number. Received: nan."),
    "negative rate of fine-tuning": ({"fine_tuning_learning_rate": -1e-5}, "greater than 0.0"),
    "unknown method": ({"method": "magic"}, "one of 'feature_extraction', 'frozen'"),
    "misspelt setting": ({"epocs": 3}, "Did you mean 'epochs'?"),
    "layer without units": ({"head": (0,)}, "at least 1. Received: 0."),
    "head that is no list": ({"head": "big"}, "list of whole numbers"),
    "too many layers": ({"head": (8,) * 9}, "at most 8 layers"),
    "half an epoch": ({"epochs": 1.5}, "a whole number. Received: 1.5."),
    "no epochs": ({"epochs": 0}, "at least 1. Received: 0."),
    "dropping everything": ({"dropout": 1.0}, "less than 1.0. Received: 1.0."),
    "base that is no name": ({"base": 16}, "to be a text. Received: 16."),
    "neither true nor false": ({"cache": "perhaps"}, "true or false. Received: 'perhaps'."),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("way", ["constructor", "dictionary", "JSON"])
def test_bad_settings_are_refused_with_a_sentence(case: str, way: str) -> None:
    settings, sentence = REFUSED[case]
    ways: dict[str, Callable[[], TrainingSpec]] = {
        "constructor": lambda: TrainingSpec(**settings),
        "dictionary": lambda: TrainingSpec.model_validate(settings),
        "JSON": lambda: TrainingSpec.model_validate_json(json.dumps(settings)),
    }
    with pytest.raises(InvalidArgumentError) as caught:
        ways[way]()
    assert sentence in str(caught.value) or (way == "JSON" and "NaN" in json.dumps(settings))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_damaged_json_is_refused() -> None:
    with pytest.raises(InvalidArgumentError):
        TrainingSpec.model_validate_json('{"epochs": ')


def test_a_base_has_its_usual_weights_where_none_are_named() -> None:
    assert (TrainingSpec().base, TrainingSpec().weights) == ("EfficientNetLite0", "imagenet")
    assert TrainingSpec(base="VGG16Slim").weights == "embedded"
    assert TrainingSpec(base="MobileNetV2").weights == "imagenet"
    assert TrainingSpec(base="VGG16Slim", weights=None).weights is None, "random weights are asked for"


def test_a_specification_survives_json() -> None:
    spec = TrainingSpec(base="VGG16", method="fine_tuning", unfreeze_from="block5_conv1", head=(64, 32), weights=None)
    assert TrainingSpec.model_validate_json(spec.model_dump_json()) == spec
