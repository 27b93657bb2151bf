"""What a run will train, told from the shipped tables: needs no tensorflow, so that pages may ask at each change."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from tlcore.architectures.catalog import catalogued
from tlcore.architectures.summary import ArchitectureSummary, LayerSummary
from tlcore.models.head import HeadSpec, kernel_shapes
from tlcore.models.unfreezing import tabled_unfreeze_layer

from .methods import get_method
from .specification import TrainingSpec


@dataclass(frozen=True)
class PlannedLayer:
    """A layer with weights.

    Attributes:
        name: As Keras has it.
        block: Block of the base, or "head".
        tensors: That may be trained: kernel and bias make two.
        parameters: In these tensors.
    """

    name: str
    block: str
    tensors: int
    parameters: int


@dataclass(frozen=True)
class TrainingPlan:
    """Layers of the base and the head, and what of them each step of the lecture trains (slides 36-46).

    Attributes:
        base: Layers of the base that have weights, in order.
        head: Dense layers on top.
        first_trained: First layer of the base that is trained in the end; None if the base stays as it is.
        unfreeze_from: Where fine-tuning would start.
        method: As in the specification.
    """

    base: tuple[PlannedLayer, ...]
    head: tuple[PlannedLayer, ...]
    first_trained: str | None
    unfreeze_from: str
    method: str

    @property
    def tensors_before(self) -> int:
        """Before anything is frozen (lecture: 30)."""
        return _tensors(self.base) + _tensors(self.head)

    @property
    def tensors_head(self) -> int:
        """With the base frozen (lecture: 4)."""
        return _tensors(self.head)

    @property
    def tensors_unfrozen(self) -> int:
        """Once the layers from `unfreeze_from` on are unfrozen (lecture: 10)."""
        return _tensors(self.head) + _tensors(self._from(self.unfreeze_from))

    def is_trained(self, layer: PlannedLayer) -> bool:
        """Whether the run changes this layer."""
        return layer in self.head or layer in self._from(self.first_trained)

    def blocks(self) -> dict[str, list[PlannedLayer]]:
        """Layers of the base by block, in order."""
        blocks: dict[str, list[PlannedLayer]] = {}
        for layer in self.base:
            blocks.setdefault(layer.block, []).append(layer)
        return blocks

    def _from(self, name: str | None) -> tuple[PlannedLayer, ...]:
        names = [layer.name for layer in self.base]
        return self.base[names.index(name) :] if name in names else ()


def training_plan(spec: TrainingSpec, image_size: tuple[int, int], num_classes: int) -> TrainingPlan:
    """Lists what `spec` trains.

    Args:
        spec: The run.
        image_size: (height, width) of the images; decides how large the head is.
        num_classes: 2 gives one sigmoid unit, more give a softmax.

    Returns:
        The plan; its base is empty for a network without a shipped table.

    Example:
        >>> plan = training_plan(TrainingSpec(base="VGG16", method="fine_tuning"), (150, 150), 2)
        >>> plan.tensors_before, plan.tensors_head, plan.tensors_unfrozen
        (30, 4, 10)
    """
    summary = catalogued(spec.base, include_top=False)
    base = tuple(_planned(layer) for layer in summary.layers if layer.num_params) if summary else ()
    first_unfrozen = tabled_unfreeze_layer(spec.base, spec.unfreeze_from)
    first: str | None = None
    method = get_method(spec.method)
    if method.trains_everything_at_once and base:
        first = base[0].name
    elif method.fine_tunes:
        first = first_unfrozen
    features = feature_shape(summary, image_size) if summary else (0, 0, 0)
    head = _head(spec.head_spec(num_classes), features)
    return TrainingPlan(base, head, first, first_unfrozen, spec.method)


def feature_shape(summary: ArchitectureSummary, image_size: tuple[int, int]) -> tuple[int, int, int]:
    """(height, width, channels) of a base's output at another image size than the table's.

    Args:
        summary: Table without the top.
        image_size: (height, width) of the images.
    """
    last = summary.layers[-1]
    return (*layer_sizes(summary, image_size)[last.name], int(last.output_shape[-1] or 0))


def layer_sizes(summary: ArchitectureSummary, image_size: tuple[int, int]) -> dict[str, tuple[int, int]]:
    """(height, width) of each layer's output at another image size than the table's.

    Args:
        summary: Table without the top.
        image_size: (height, width) of the images.
    """
    sizes: dict[str, tuple[int, int]] = {}
    for layer in summary.layers:
        read = [sizes[name] for name in layer.connected_to if name in sizes] or [image_size]
        before = max(read, key=prod)
        sizes[layer.name] = (_after(layer, before[0], 0), _after(layer, before[1], 1))
    return sizes


def _after(layer: LayerSummary, size: int, axis: int) -> int:
    """Size along one axis behind a layer."""
    if layer.type in ("ZeroPadding2D", "Cropping2D") and layer.padding:
        margins = [int(part) for part in layer.padding.split()]  # top, bottom, left, right
        return size + margins[2 * axis] + margins[2 * axis + 1]
    if layer.kernel_size is None or len(layer.kernel_size) < 2:
        return 1 if layer.type.startswith("Global") else size
    stride = (layer.strides or (1, 1))[axis]
    return -(-size // stride) if layer.padding == "same" else (size - layer.kernel_size[axis]) // stride + 1


def _planned(layer: LayerSummary) -> PlannedLayer:
    return PlannedLayer(layer.name, layer.block, layer.num_trainable_tensors, layer.num_trainable_params)


def _head(spec: HeadSpec, features: tuple[int, int, int]) -> tuple[PlannedLayer, ...]:
    shapes = kernel_shapes(spec, features)
    return tuple(PlannedLayer(name, "head", 2, (width + 1) * units) for name, (width, units) in shapes.items())


def _tensors(layers: tuple[PlannedLayer, ...]) -> int:
    return sum(layer.tensors for layer in layers)
