"""What the table of a network has to say, read off the network itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tlcore.architectures import ArchitectureSummary


def assert_table_says_what_keras_says(summary: ArchitectureSummary, model: Any) -> None:
    """Every shape, number of parameters and formula, layer by layer and in all."""
    rows = {row.name: row for row in summary.layers}
    assert summary.input_shape == tuple(model.input_shape[1:])
    assert summary.output_shape == tuple(model.output_shape[1:])
    assert summary.total_params == model.count_params()
    assert summary.trainable_tensors == len(model.trainable_weights)
    assert len(rows) == len(summary.layers), "a name stands for one layer"
    for layer in flattened(model):
        assert rows[layer.name].num_params == layer.count_params(), layer.name
        assert rows[layer.name].output_shape == tuple(layer.output.shape[1:]), layer.name
    for row in summary.layers:
        assert bool(row.param_formula) == bool(row.num_params), row.name
        if row.param_formula:
            assert arithmetic(row.param_formula) == row.num_params, row.name
        assert all(source in rows for source in row.connected_to)


def flattened(model: Any) -> Iterator[Any]:
    """Every layer, those of networks inside of it too."""
    for layer in model.layers:
        yield from flattened(layer) if hasattr(layer, "layers") else (layer,)


def arithmetic(formula: str) -> float:
    """What the left side of "(3·3·512 + 1)·512 = 2,359,808" comes to."""
    left = formula.partition(" = ")[0].replace("·", "*").replace(",", "")
    assert re.fullmatch(r"[\d\s()+*/]+", left), formula
    return float(eval(left))  # digits and operators only, as the line above makes sure
