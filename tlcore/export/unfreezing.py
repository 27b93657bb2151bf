"""Which layer fine-tuning starts from, as a name that code can compare with; told from the shipped tables."""

from __future__ import annotations

from ..architectures.catalog import catalogued
from ..architectures.summary import LayerSummary
from ..training.specification import TrainingSpec


def unfreeze_layer(spec: TrainingSpec) -> str:
    """Name of the first layer that fine-tuning trains; needs no tensorflow.

    The same rule as in training: a layer's name is taken as it is, a block's name means its first layer with weights,
    and None means the last block, or the last convolution alone where blocks have no names.
    """
    summary = catalogued(spec.base, include_top=False)
    layers = [layer for layer in summary.layers if layer.num_params] if summary else []
    names = [layer.name for layer in layers]
    if spec.unfreeze_from is None:
        return _last_block(layers) if layers else ""
    if spec.unfreeze_from in names:
        return spec.unfreeze_from
    return next((name for name in names if name.startswith(f"{spec.unfreeze_from}_")), spec.unfreeze_from)


def _last_block(layers: list[LayerSummary]) -> str:
    convolutions = [layer for layer in layers if "Conv" in layer.type]
    last = (convolutions or layers)[-1].name
    block = [layer.name for layer in layers if layer.name.split("_")[0] == last.split("_")[0]]
    return block[0] if "_" in last and len(block) <= max(len(layers) // 3, 6) else last
