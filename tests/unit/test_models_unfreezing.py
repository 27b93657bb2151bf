"""Which layer fine-tuning starts from, told by a table; `contracts/test_bases` has each network say the same."""

from __future__ import annotations

import pytest

from tlcore.errors import InvalidArgumentError
from tlcore.models.unfreezing import (
    LayerFacts,
    resolve_unfreeze_layer,
    tabled_unfreeze_layer,
)


@pytest.mark.parametrize(
    ("asked", "layer"),
    [
        (None, "block5_conv1"),
        ("block4", "block4_conv1"),
        ("block4_conv2", "block4_conv2"),
        ("block4_pool", "block4_pool"),  # it has no weights, but it is a layer
        ("block9", "block9"),  # for training to refuse
    ],
)
def test_layers_and_blocks_of_a_table(asked: str | None, layer: str) -> None:
    assert tabled_unfreeze_layer("VGG16Slim", asked) == layer


def test_where_blocks_have_no_names_the_last_convolution_is_unfrozen_alone() -> None:
    layers = [LayerFacts(f"conv{number}", "Conv2D", True) for number in range(5)]
    assert resolve_unfreeze_layer("network", [*layers, LayerFacts("flatten", "Flatten", False)], None) == "conv4"


def test_a_network_without_weights_cannot_be_fine_tuned() -> None:
    with pytest.raises(InvalidArgumentError, match="weights to fine-tune"):
        resolve_unfreeze_layer("network", [LayerFacts("pool", "MaxPooling2D", False)], None)
