"""`describe_model`: any Keras model, such as the one that was just trained."""

from __future__ import annotations

from typing import Any

import pytest

from tlcore.architectures import build_network, describe_model
from tlcore.architectures.build import shapes_only
from tlcore.architectures.tables import freeze_rows


@pytest.fixture
def lecture_network() -> Any:
    """The lecture's: VGG16's base as a layer, then Flatten, Dense 256, Dense 1. Without weights in memory."""
    import keras

    with shapes_only():
        base = build_network("VGG16", input_shape=(150, 150, 3), include_top=False)
        return keras.Sequential(
            [
                base,
                keras.layers.Flatten(name="flatten_1"),
                keras.layers.Dense(256, activation="relu", name="dense_1"),
                keras.layers.Dense(1, activation="sigmoid", name="dense_2"),
            ]
        )


def test_the_lectures_network_with_its_base_expanded(lecture_network: Any) -> None:
    table = describe_model(lecture_network)
    names = [row.name for row in table.layers]
    assert names[1:3] == ["block1_conv1", "block1_conv2"]
    assert names[-4:] == ["block5_pool", "flatten_1", "dense_1", "dense_2"]
    assert table.layers[-3].connected_to == ("block5_pool",)
    assert table.total_params == 16_812_353
    assert table.layers[-2].param_formula == "(8,192 + 1)·256 = 2,097,408"
    assert [row.block for row in table.layers[-3:]] == ["top"] * 3
    assert table.trainable_tensors == 30
    assert table.include_top


def test_freezing_the_base_leaves_four_tensors(lecture_network: Any) -> None:
    told = freeze_rows(describe_model(lecture_network), {"dense_1", "dense_2"})
    lecture_network.layers[0].trainable = False
    table = describe_model(lecture_network)
    assert told == table, "told which layers are trained, or read off the model"
    assert table.trainable_tensors == 4
    assert table.trainable_params == 2_097_665
    assert table.total_params == 16_812_353
    frozen = next(row for row in table.layers if row.name == "block5_conv1")
    assert (frozen.num_params, frozen.num_trainable_params) == (2_359_808, 0)


def test_preprocessing_before_the_base_has_a_block_of_its_own() -> None:
    import keras

    inputs = keras.Input((64, 64, 3), name="images")
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1, name="scale")(inputs)
    base = build_network("VGG16Slim", input_shape=(64, 64, 3), include_top=False, input_tensor=scaled)
    pooled = keras.layers.GlobalAveragePooling2D(name="pool")(base.output)
    table = describe_model(keras.Model(base.input, keras.layers.Dense(2, name="head")(pooled), name="mine"))
    assert table.architecture == "mine"
    blocks = {row.name: row.block for row in table.layers}
    assert (blocks["scale"], blocks["block1_conv1"], blocks["head"]) == ("preprocessing", "block1", "top")
    assert describe_model(base).total_params == 3_769_488
