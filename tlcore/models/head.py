"""The head: the lecture's dense layers on top of a base, described as data and built from that description."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, Literal

#: Name of the head's last layer.
HEAD_OUTPUT = "head_output"
#: Name of its first layer by kind of pooling.
_FIRST = {"flatten": "head_flatten", "average": "head_pooling"}
HEAD_INPUTS = frozenset(_FIRST.values())


@dataclass(frozen=True)
class HeadSpec:
    """What a head is made of (lecture, slide 35).

    Attributes:
        num_classes: 2 gives one sigmoid unit, more give a softmax.
        units: Of the dense layers before the classifier; () for none.
        pooling: "flatten" as in the lecture, or "average" (global average pooling).
        dropout: Share of the units dropped after each dense layer, in [0, 1).
        l2: L2 penalty on the kernels.
        seed: Of the new weights and of dropout.
    """

    num_classes: int
    units: tuple[int, ...] = (256,)
    pooling: Literal["flatten", "average"] = "flatten"
    dropout: float = 0.0
    l2: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class HeadLayer:
    """One layer of a head.

    Attributes:
        name: As Keras has it.
        type: Its Keras class: "Flatten", "GlobalAveragePooling2D", "Dense" or "Dropout".
        units: Of a dense layer, else 0.
        activation: Of a dense layer, else "".
        seed: Of its weights or of its draws; 0 where it has none.
    """

    name: str
    type: str
    units: int = 0
    activation: str = ""
    seed: int = 0


def head_layers(spec: HeadSpec) -> list[HeadLayer]:
    """The layers of a head, in order; needs no tensorflow.

    Example:
        >>> [layer.name for layer in head_layers(HeadSpec(num_classes=2))]
        ['head_flatten', 'head_dense_1', 'head_output']
    """
    kind = {"flatten": "Flatten", "average": "GlobalAveragePooling2D"}[spec.pooling]
    layers = [HeadLayer(_FIRST[spec.pooling], kind)]
    for number, units in enumerate(spec.units, start=1):
        layers.append(HeadLayer(f"head_dense_{number}", "Dense", units, "relu", spec.seed + number))
        if spec.dropout:
            layers.append(HeadLayer(f"head_dropout_{number}", "Dropout", seed=spec.seed + number))
    units, activation = classifier_of(spec.num_classes)
    return [*layers, HeadLayer(HEAD_OUTPUT, "Dense", units, activation, spec.seed)]


def classifier_of(num_classes: int) -> tuple[int, str]:
    """(units, activation) of the last layer: two classes share one sigmoid unit, the probability of class 1."""
    return (1, "sigmoid") if num_classes == 2 else (num_classes, "softmax")


def loss_of(num_classes: int) -> str:
    """Name of the Keras loss that belongs to `classifier_of`."""
    return "binary_crossentropy" if num_classes == 2 else "sparse_categorical_crossentropy"


def kernel_shapes(spec: HeadSpec, feature_shape: tuple[int, ...]) -> dict[str, tuple[int, int]]:
    """Name -> (inputs, units) of each dense layer; needs no tensorflow.

    Args:
        spec: The head.
        feature_shape: (height, width, channels) of the base's output.
    """
    width = feature_shape[-1] if spec.pooling == "average" else prod(feature_shape)
    shapes = {}
    for layer in head_layers(spec):
        if layer.type == "Dense":
            shapes[layer.name] = width, layer.units
            width = layer.units
    return shapes


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
        """How many tensors training changes."""
        return len(self.model.trainable_weights)

    @property
    def trainable_parameters(self) -> int:
        """How many numbers training changes."""
        return count_elements(self.model.trainable_weights)


def count_elements(variables: list[Any]) -> int:
    """Numbers in Keras variables."""
    return sum(int(variable.value.shape.num_elements()) for variable in variables)


def add_head(base: Any, spec: HeadSpec) -> Network:
    """Puts a new head on `base`.

    Returns:
        A network whose layers below the head are those of `base`, not copies.
    """
    import keras

    model = keras.Model(base.input, _stack(base.output, spec), name=f"{base.name}_transfer")
    return Network(base, model, tuple(layer.name for layer in head_layers(spec)))


def build_head(feature_shape: tuple[int, ...], spec: HeadSpec) -> Any:
    """The same head alone, on an input of its own.

    Args:
        feature_shape: (height, width, channels) of the base's output.
        spec: The head.

    Returns:
        Functional `keras.Model`, features -> probabilities.
    """
    import keras

    features = keras.Input(feature_shape, name="features")
    return keras.Model(features, _stack(features, spec))


def _stack(x: Any, spec: HeadSpec) -> Any:
    for layer in head_layers(spec):
        x = _keras_layer(layer, spec)(x)
    return x


def _keras_layer(layer: HeadLayer, spec: HeadSpec) -> Any:
    from keras import initializers, layers, regularizers

    if layer.type == "Dense":
        return layers.Dense(
            layer.units,
            activation=layer.activation,
            kernel_initializer=initializers.GlorotUniform(seed=layer.seed),
            kernel_regularizer=regularizers.L2(spec.l2) if spec.l2 else None,
            name=layer.name,
        )
    if layer.type == "Dropout":
        return layers.Dropout(spec.dropout, seed=layer.seed, name=layer.name)
    return getattr(layers, layer.type)(name=layer.name)
