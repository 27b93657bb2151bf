"""The table of a network: what `describe` returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LayerSummary:
    """One layer of a network. Shapes are without the batch dimension.

    Attributes:
        name: Name as Keras has it, for example "block5_conv1".
        type: Keras class, for example "Conv2D".
        block: Name of the block or stage it belongs to, for grouping.
        kernel_size, strides, padding: Of layers that have a window, else None. The padding of ZeroPadding2D and
            Cropping2D is "+top +bottom +left +right", negative for cropping.
        output_shape: For example (9, 9, 512); None where a dimension is not known.
        num_params: All parameters, trainable or not.
        num_trainable_params: Those that training may change.
        num_trainable_tensors: Kernel and bias make two.
        param_formula: With the layer's own numbers, for example "(3·3·512 + 1)·512 = 2,359,808"; "" without any.
        macs: Multiply-accumulate operations for one image (FLOPs are about twice as many).
        activation_bytes: Size of the output for one image in float32.
        receptive_field: (height, width) in input pixels that one output unit sees; the maximum over paths.
        effective_stride: (height, width) in input pixels between neighbouring units.
        connected_to: Names of the layers it reads.
        receptive_field_start: (row, column) of the input where the view of unit (0, 0) begins; negative with padding.
        sees_everything: Each unit sees the whole picture, as after a global pooling.
        groups: Groups that a convolution's channels are cut into.
        activation: Name of the activation inside the layer, for example "relu".
        weight_shapes: Name and shape of each weight.
    """

    name: str
    type: str
    block: str
    kernel_size: tuple[int, ...] | None
    strides: tuple[int, ...] | None
    padding: str | None
    output_shape: tuple[int | None, ...]
    num_params: int
    num_trainable_params: int
    num_trainable_tensors: int
    param_formula: str
    macs: int
    activation_bytes: int
    receptive_field: tuple[int, int]
    effective_stride: tuple[int, int]
    connected_to: tuple[str, ...]
    receptive_field_start: tuple[int, int] = (0, 0)
    sees_everything: bool = False
    groups: int = 1
    activation: str | None = None
    weight_shapes: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class ArchitectureSummary:
    """The table of a whole network, see `LayerSummary`."""

    architecture: str
    input_shape: tuple[int, int, int]
    include_top: bool
    output_shape: tuple[int | None, ...]
    total_params: int
    trainable_params: int
    non_trainable_params: int
    trainable_tensors: int
    total_macs: int
    layers: tuple[LayerSummary, ...]
