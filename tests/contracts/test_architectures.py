"""Every network at its own size: the table says what Keras itself says.

So does that without its top and that of an odd size, of one network of each family, or of all (`chosen.py`). At the
smallest size, `test_bases` reads the table of the network that a base is compared with.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.chosen import networks_to_test
from tests.contracts.tables import assert_table_says_what_keras_says
from tlcore.architectures import describe, describe_model, get_architecture, list_architectures
from tlcore.architectures.build import shapes_only
from tlcore.architectures.describe import build_without_weights
from tlcore.keras_internals import set_aside

NAMES = list_architectures()
CLASSES = 7


def wide_shape(name: str) -> tuple[int, int, int]:
    """Odd on purpose: padding and rounding show; with other channels, where the network takes them."""
    spec = get_architecture(name)
    channels = next((count for count in spec.channels if count != spec.default_input_shape[2]), spec.channels[0])
    return (spec.min_size + 13, spec.min_size + 44, channels)


@pytest.mark.parametrize("name", networks_to_test())
def test_the_table_of_an_odd_size_says_what_keras_says(name: str) -> None:
    model = build_without_weights(name, input_shape=wide_shape(name), num_classes=CLASSES)
    summary = describe_model(model, architecture=name, include_top=True)
    assert_table_says_what_keras_says(summary, model)
    assert (summary.input_shape, summary.output_shape) == (wide_shape(name), (CLASSES,))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str | None]]:
    """Files that keras.applications asks its downloader for, (name, address, hash); nothing is loaded."""
    import keras
    from keras.src.utils import file_utils

    files: list[tuple[str, str, str | None]] = []

    def ask(file_name: str, url: str, file_hash: str | None = None, **_: Any) -> str:
        files.append((file_name, url, file_hash))
        return ""

    monkeypatch.setattr(file_utils, "get_file", ask)
    monkeypatch.setattr(keras.Model, "load_weights", lambda *_, **__: None)
    return files


@pytest.mark.parametrize(
    ("name", "include_top"),
    [(name, True) for name in NAMES] + [(name, False) for name in networks_to_test()],
)
def test_the_shipped_table_and_the_files_of_weights_are_those_of_keras(
    name: str, include_top: bool, asked: list[tuple[str, str, str | None]]
) -> None:
    """Keras builds the whole network before it asks for a file, so that one network serves both."""
    import keras

    spec, files = get_architecture(name), get_architecture(name).weights
    model = None
    if spec.keras_name and files:
        with shapes_only(), set_aside("object_name_uids"):
            model = getattr(keras.applications, spec.builder)(
                weights="imagenet", include_top=include_top, input_shape=spec.default_input_shape
            )
        expected = [getattr(files, fact)(include_top=include_top) for fact in ("file_name", "url", "file_hash")]
        assert asked == [tuple(expected)]
    if model is None or spec.family == "EfficientNet":  # those get one more rescaling where weights are published
        model = build_without_weights(name, include_top=include_top)
    summary = describe_model(model, architecture=name, include_top=include_top)
    assert_table_says_what_keras_says(summary, model)
    assert summary.input_shape == spec.default_input_shape
    assert describe(name, include_top=include_top) == summary, "run python -m scripts.catalog"


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_is_complete(name: str) -> None:
    spec = get_architecture(name)
    assert spec.name == name
    assert len(spec.note) > 60
    assert spec.note.endswith(".")
    assert 1998 <= spec.year <= 2022
    assert spec.paper
    assert spec.paper_url.startswith("https://")
    assert spec.default_input_shape[2] in spec.channels
    assert min(spec.default_input_shape[:2]) >= spec.min_size
    if spec.weights:
        assert spec.weights_licence
        assert spec.weights.url(include_top=True).startswith("https://storage.googleapis.com/")


@pytest.mark.parametrize("name", [name for name in NAMES if get_architecture(name).keras_name])
def test_keras_still_has_it(name: str) -> None:
    import keras

    assert hasattr(keras.applications, get_architecture(name).keras_name or "")


def test_every_network_of_keras_is_registered() -> None:
    import keras

    known = {get_architecture(name).keras_name for name in NAMES}
    assert {name for name in dir(keras.applications) if name[0].isupper()} <= known
