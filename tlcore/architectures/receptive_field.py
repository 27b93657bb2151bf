"""What part of the picture one unit sees.

A unit at (row, column) of a layer sees the rows `start + row·stride` to `start + row·stride + size - 1` of the input,
and the columns likewise. Padding makes `start` negative: the part outside the picture is not there. Where branches
meet, what is seen is the union of what they see. These are the figures of an
endless picture; `receptive_field_box` minds the edges.

Source: Araujo et al., Computing receptive fields of convolutional neural networks, Distill 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tlcore.errors import InvalidArgumentError
from tlcore.translatable import N_

from .reading import ReadLayer, Shape
from .summary import ArchitectureSummary, LayerSummary


@dataclass(frozen=True)
class Field:
    """Along one axis of the picture: where the first unit's view starts, how far it reaches, the step to the next."""

    start: int
    size: int
    stride: int


@dataclass(frozen=True)
class View:
    """What units of a layer see; `whole` where each sees the whole picture (after a global pooling or a Flatten)."""

    vertical: Field
    horizontal: Field
    whole: bool = False


class Box(NamedTuple):
    """Rows `top` to `bottom - 1` and columns `left` to `right - 1` of the input picture."""

    top: int
    left: int
    bottom: int
    right: int


_COLLAPSING = ("GlobalAveragePooling2D", "GlobalMaxPooling2D", "Flatten")


def views(layers: Sequence[ReadLayer]) -> list[View]:
    """What the units of each layer see, in the order of `layers`."""
    seen: list[View] = []
    for layer in layers:
        seen.append(_view(layer, [seen[index] for index in layer.inputs]))
    return seen


def _view(layer: ReadLayer, inputs: list[View]) -> View:
    if not inputs:
        return View(Field(0, 1, 1), Field(0, 1, 1), whole=len(layer.output_shape) < 3)
    merged = View(
        _union([view.vertical for view in inputs]),
        _union([view.horizontal for view in inputs]),
        any(view.whole for view in inputs),
    )
    if layer.type in _COLLAPSING:
        return View(merged.vertical, merged.horizontal, whole=True)
    if layer.margins:
        top, _, left, _ = layer.margins
        return View(_shifted(merged.vertical, top), _shifted(merged.horizontal, left), merged.whole)
    if layer.kernel_size is None or len(layer.kernel_size) != 2:
        return merged
    return View(_windowed(layer, merged.vertical, 0), _windowed(layer, merged.horizontal, 1), merged.whole)


def _union(fields: list[Field]) -> Field:
    start = min(field.start for field in fields)
    end = max(field.start + field.size for field in fields)
    return Field(start, end - start, max(field.stride for field in fields))


def _shifted(field: Field, padding: int) -> Field:
    return Field(field.start - padding * field.stride, field.size, field.stride)


def _windowed(layer: ReadLayer, field: Field, axis: int) -> Field:
    kernel, stride = (layer.kernel_size or (1, 1))[axis], (layer.strides or (1, 1))[axis]
    reach = (kernel - 1) * layer.dilation[axis]  # from the window's first row to its last
    before = _same_padding(layer.input_shape, axis, reach + 1, stride) if layer.padding == "same" else 0
    return Field(field.start - before * field.stride, field.size + reach * field.stride, field.stride * stride)


def _same_padding(shape: Shape, axis: int, window: int, stride: int) -> int:
    """Rows that "same" adds before the first one; the odd one goes to the end."""
    size = shape[axis] or stride
    return max((-(-size // stride) - 1) * stride + window - size, 0) // 2


def receptive_field_box(summary: ArchitectureSummary, layer: str, row: int = 0, col: int = 0) -> Box:
    """The part of the picture that one unit of a layer sees, cut off at the picture's edges.

    Args:
        summary: Table of the network.
        layer: Name of a layer.
        row: Position of the unit in the layer's map, from 0.
        col: The same across.

    Returns:
        The box in input pixels. The whole picture for layers without a map, such as Dense.

    Raises:
        InvalidArgumentError: There is no such layer or no such unit.

    Example:
        >>> receptive_field_box(describe("VGG16"), "block1_conv2", 0, 0)
        Box(top=0, left=0, bottom=3, right=3)
    """
    found = find_layer(summary, layer)
    height, width, _ = summary.input_shape
    if found.sees_everything or len(found.output_shape) < 3:
        return Box(0, 0, height, width)
    _check_unit(found, row, col)
    (top, bottom), (left, right) = (_traced(summary, found, axis, unit) for axis, unit in ((0, row), (1, col)))
    return Box(top, left, bottom + 1, right + 1)


def _traced(summary: ArchitectureSummary, found: LayerSummary, axis: int, unit: int) -> tuple[int, int]:
    """First and last position of the input that a unit sees along one axis.

    Followed back through every layer, since what a window holds outside a map is padding and sees nothing.
    """
    rows = {row.name: row for row in summary.layers}
    spans = {found.name: (unit, unit)}
    for row in reversed(summary.layers):
        for source in row.connected_to if row.name in spans else ():
            first, last = _read_span(row, rows[source], axis, spans[row.name])
            known = spans.get(source, (first, last))
            if first <= last:
                spans[source] = (min(first, known[0]), max(last, known[1]))
    return spans[summary.layers[0].name]


def _read_span(row: LayerSummary, source: LayerSummary, axis: int, span: tuple[int, int]) -> tuple[int, int]:
    """What the positions `span` of a layer read of the layer before it, cut off at the edges of its map."""
    size = source.output_shape[axis] or 1
    first, last = span
    if row.type in ("ZeroPadding2D", "Cropping2D") and row.padding:
        before = int(row.padding.split()[2 * axis])
        first, last = first - before, last - before
    elif row.kernel_size is not None:
        stride = (row.strides or (1, 1))[axis]
        # From the fields rather than from the kernel, so that dilation is in it.
        reach = (row.receptive_field[axis] - source.receptive_field[axis]) // source.effective_stride[axis]
        before = _same_padding(source.output_shape, axis, reach + 1, stride) if row.padding == "same" else 0
        first, last = first * stride - before, last * stride - before + reach
    return max(first, 0), min(last, size - 1)


def find_layer(summary: ArchitectureSummary, name: str) -> LayerSummary:
    """The layer of that name.

    Raises:
        InvalidArgumentError: There is none.
    """
    for layer in summary.layers:
        if layer.name == name:
            return layer
    raise InvalidArgumentError(
        N_("Expected `layer` to be a layer of {architecture}. Received: {value!r}. Its table lists the {count} names."),
        architecture=summary.architecture,
        value=str(name),
        count=len(summary.layers),
    )


def _check_unit(layer: LayerSummary, row: int, col: int) -> None:
    rows, columns = layer.output_shape[0] or 0, layer.output_shape[1] or 0
    if 0 <= row < rows and 0 <= col < columns:
        return
    raise InvalidArgumentError(
        N_("Expected a unit within the {rows}x{columns} map of {layer}. Received: row {row}, column {col}."),
        rows=rows,
        columns=columns,
        layer=layer.name,
        row=row,
        col=col,
    )
