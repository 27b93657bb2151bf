"""The network of a run: the base, the lecture's dense head on top, and what of it is frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tlcore.errors import InvalidArgumentError
from tlcore.features.extraction import find_layer
from tlcore.translatable import N_

from .specification import TrainingSpec

#: Names of the head's first and last layer; the ones between are head_dense_1, head_dropout_1, ...
HEAD_OUTPUT = "head_output"


@dataclass(frozen=True)
class Network:
    """Base and head in one flat functional model.

    Attributes:
        base: Functional `keras.Model`, raw images -> features `(N, h, w, c)`.
        model: Functional `keras.Model`, raw images -> probabilities; shares the layers of `base`.
        head_names: Names of the layers of the head.
    """

    base: Any
    model: Any
    head_names: tuple[str, ...]

    @property
    def trainable_tensors(self) -> int:
        return len(self.model.trainable_weights)

    @property
    def trainable_parameters(self) -> int:
        return sum(int(variable.value.shape.num_elements()) for variable in self.model.trainable_weights)


def build_network(spec: TrainingSpec, input_shape: tuple[int, int, int], num_classes: int) -> Network:
    """Builds the base named in `spec` and puts a new head on it (lecture, slide 35).

    Args:
        spec: The run; its seed decides all new weights.
        input_shape: (height, width, 3) of the images.
        num_classes: 2 gives one sigmoid unit, more give a softmax.

    Returns:
        A network of its own: nothing of it is shared with another run.
    """
    import keras

    from tlcore.models import build_base

    keras.utils.set_random_seed(spec.seed)
    weights = "random" if spec.method in ("scratch", "random_frozen") else spec.weights
    base = build_base(spec.base, input_shape=input_shape, weights=weights)
    if base.tlcore_info.weights_source == "random":
        start_for_relu(base, spec.seed)
    return add_head(base, spec, num_classes)


def start_for_relu(base: Any, seed: int) -> None:
    """Gives convolutions with ReLU the start of He et al. instead of Glorot's, which is Keras's default.

    Glorot's halves the signal in each layer with ReLU; after the 13 of VGG16 hardly a hundredth is left, and a network
    from scratch stays at guessing, which would make it an unfairly weak rival of transfer. Layers that bring a start of
    their own, as AlexNet's do, keep it.

    Args:
        base: With random weights; changed in place.
        seed: Of the new weights.

    Source: He et al., "Delving deep into rectifiers" (2015), equation 10.
    """
    from keras import initializers, random

    start = initializers.HeNormal(seed=random.SeedGenerator(seed))
    for layer in base.layers:
        if _is_relu_with_default_start(layer):
            layer.kernel.assign(start(layer.kernel.shape))


def _is_relu_with_default_start(layer: Any) -> bool:
    from keras import initializers

    if type(layer).__name__ != "Conv2D" or layer.activation.__name__ != "relu":
        return False
    return isinstance(layer.kernel_initializer, initializers.GlorotUniform)


def add_head(base: Any, spec: TrainingSpec, num_classes: int) -> Network:
    """Puts Flatten (or global average pooling), dense layers with dropout and a classifier on `base`."""
    import keras

    x, names = base.output, []
    for layer in _head_layers(spec, num_classes):
        x = layer(x)
        names.append(layer.name)
    return Network(base, keras.Model(base.input, x, name=f"{base.name}_transfer"), tuple(names))


def _head_layers(spec: TrainingSpec, num_classes: int) -> list[Any]:
    from keras import initializers, layers, regularizers

    def dense(units: int, activation: str, name: str, seed: int) -> Any:
        penalty = regularizers.L2(spec.l2) if spec.l2 else None
        start = initializers.GlorotUniform(seed=seed)
        return layers.Dense(
            units, activation=activation, kernel_initializer=start, kernel_regularizer=penalty, name=name
        )

    pooled = spec.pooling == "average"
    head = [layers.GlobalAveragePooling2D(name="head_pooling") if pooled else layers.Flatten(name="head_flatten")]
    for number, units in enumerate(spec.head, start=1):
        head.append(dense(units, "relu", f"head_dense_{number}", spec.seed + number))
        if spec.dropout:
            head.append(layers.Dropout(spec.dropout, seed=spec.seed + number, name=f"head_dropout_{number}"))
    units, activation = (1, "sigmoid") if num_classes == 2 else (num_classes, "softmax")
    return [*head, dense(units, activation, HEAD_OUTPUT, spec.seed)]


def freeze_base(network: Network, first_trained: str | None) -> None:
    """Freezes the base up to a layer, as on slides 37 and 45 of the lecture. The head stays trainable.

    Compile after this, never before: what is trained is read when training starts.

    Args:
        network: Changed in place.
        first_trained: Name of the first layer of the base that is trained; None freezes all of it.
    """
    trained = False
    for layer in network.base.layers:
        trained = trained or layer.name == first_trained
        layer.trainable = trained


def trained_layers(network: Network, first_trained: str | None) -> set[str]:
    """Names of the layers that training changes or that act differently during training: from `first_trained` on."""
    names = [layer.name for layer in network.base.layers]
    start = len(names) if first_trained is None else names.index(first_trained)
    return {*names[start:], *network.head_names}


def find_unfreeze_layer(base: Any, name: str | None) -> str:
    """The first layer to train in fine-tuning.

    Args:
        base: The base.
        name: A layer ("block5_conv1"), or a block ("block5"); None for the last block.

    Returns:
        The name of a layer of `base`.

    Raises:
        InvalidArgumentError: There is no such layer or block; the nearest names are offered.
    """
    names: list[str] = [layer.name for layer in base.layers if layer.weights or layer.name == name]
    if name is None:
        return _last_block_start(base)
    if name in names:
        return name
    in_block = [layer for layer in names if layer.startswith(f"{name}_")]
    if in_block:
        return in_block[0]
    return str(find_layer(base, name).name)


def _last_block_start(base: Any) -> str:
    """First layer of the block that holds the last convolution; that convolution alone where blocks have no names."""
    weighted: list[str] = [layer.name for layer in base.layers if layer.weights]
    convolutions: list[str] = [layer.name for layer in base.layers if "Conv" in type(layer).__name__]
    last = (convolutions or weighted)[-1]
    if not weighted:
        raise InvalidArgumentError(
            N_("Expected a base with weights to fine-tune. Received: {network}. Choose another base."),
            network=base.name,
        )
    block = [name for name in weighted if name.split("_")[0] == last.split("_")[0]]
    return block[0] if "_" in last and len(block) <= max(len(weighted) // 3, 6) else last
