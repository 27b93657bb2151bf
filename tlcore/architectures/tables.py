"""Makes the table of a network out of a Keras model."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from math import prod
from typing import Any

from .blocks import TOP, assign_blocks
from .formulas import macs, param_formula
from .reading import ReadLayer, read_layers
from .receptive_field import View, views
from .summary import ArchitectureSummary, LayerSummary

_BYTES_PER_FLOAT = 4


def describe_model(
    model: Any, *, architecture: str | None = None, include_top: bool | None = None
) -> ArchitectureSummary:
    """The table of any built Keras model, such as the network that has just been trained.

    Models inside it are expanded; frozen layers have no trainable parameters in the table.

    Args:
        model: Functional or sequential keras.Model with one input `(batch, height, width, channels)`.
        architecture: Name for the table; the model's own where none is given.
        include_top: Whether it has a top; None finds out.

    Returns:
        Its table.
    """
    layers = read_layers(model)
    blocks = assign_blocks(layers)
    rows = tuple(
        _row(layer, block, view, layers, tuple(model.input_shape[1:]))
        for layer, block, view in zip(layers, blocks, views(layers), strict=True)
    )
    return summary_of_rows(
        rows,
        architecture=architecture or str(model.name),
        input_shape=tuple(model.input_shape[1:]),
        include_top=any(block == TOP for block in blocks) if include_top is None else include_top,
        output_shape=tuple(model.output_shape[1:]),
    )


def freeze_rows(summary: ArchitectureSummary, trained: Collection[str]) -> ArchitectureSummary:
    """The same table with only some layers trainable.

    Args:
        summary: Table of a network.
        trained: Names of the layers that are trained; all others are frozen.

    Returns:
        The table with the trainable parameters and tensors of frozen layers at 0.
    """
    rows = tuple(
        row if row.name in trained else replace(row, num_trainable_params=0, num_trainable_tensors=0)
        for row in summary.layers
    )
    return summary_of_rows(
        rows,
        architecture=summary.architecture,
        input_shape=summary.input_shape,
        include_top=summary.include_top,
        output_shape=summary.output_shape,
    )


def summary_of_rows(
    rows: tuple[LayerSummary, ...],
    *,
    architecture: str,
    input_shape: tuple[int, ...],
    include_top: bool,
    output_shape: tuple[int | None, ...],
) -> ArchitectureSummary:
    """Adds the totals to the rows."""
    total = sum(row.num_params for row in rows)
    trainable = sum(row.num_trainable_params for row in rows)
    height, width, channels = input_shape
    return ArchitectureSummary(
        architecture=architecture,
        input_shape=(height, width, channels),
        include_top=include_top,
        output_shape=output_shape,
        total_params=total,
        trainable_params=trainable,
        non_trainable_params=total - trainable,
        trainable_tensors=sum(row.num_trainable_tensors for row in rows),
        total_macs=sum(row.macs for row in rows),
        layers=rows,
    )


def _row(
    layer: ReadLayer, block: str, view: View, layers: list[ReadLayer], input_shape: tuple[int, ...]
) -> LayerSummary:
    trained = [weight for weight in layer.weights if weight.trainable]
    height, width = input_shape[:2]
    return LayerSummary(
        name=layer.name,
        type=layer.type,
        block=block,
        kernel_size=layer.kernel_size,
        strides=layer.strides,
        padding=layer.padding if layer.margins is None else " ".join(f"{margin:+d}" for margin in layer.margins),
        output_shape=layer.output_shape,
        num_params=layer.num_params,
        num_trainable_params=sum(weight.size for weight in trained),
        num_trainable_tensors=len(trained),
        param_formula=param_formula(layer),
        macs=macs(layer),
        activation_bytes=_BYTES_PER_FLOAT * prod(size or 1 for size in layer.output_shape),
        receptive_field=(height, width) if view.whole else (view.vertical.size, view.horizontal.size),
        effective_stride=(view.vertical.stride, view.horizontal.stride),
        connected_to=tuple(layers[index].name for index in layer.inputs),
        receptive_field_start=(0, 0) if view.whole else (view.vertical.start, view.horizontal.start),
        sees_everything=view.whole,
        groups=layer.groups,
        activation=layer.activation,
        weight_shapes=tuple((weight.name, weight.shape) for weight in layer.weights),
    )
