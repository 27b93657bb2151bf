"""Layers that the classic networks need and Keras does not have; saved models find them by their registered names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

_PACKAGE = "tlcore"


@keras.saving.register_keras_serializable(_PACKAGE)  # type: ignore[untyped-decorator]
def scaled_tanh(x: Any) -> Any:
    """LeNet-5's squashing function, 1.7159·tanh(2/3·x), for which f(1) = 1 and f(-1) = -1.

    Source: LeCun et al. 1998, appendix A.
    """
    return 1.7159 * ops.tanh(x * (2.0 / 3.0))


@keras.saving.register_keras_serializable(_PACKAGE)
class TrainableSubsampling(keras.layers.Layer):  # type: ignore[misc]
    """LeNet-5's sub-sampling: the sum of each 2x2 square, times one number per map, plus one number per map.

    Args:
        pool_size: Side of the square, also the step.
        activation: What the result is squashed with.

    Source: LeCun et al. 1998, section II.B, layers S2 and S4.
    """

    def __init__(self, pool_size: int = 2, activation: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pool_size = (pool_size, pool_size)
        self.strides = self.pool_size
        self.padding = "valid"
        self.activation = keras.activations.get(activation)

    def build(self, input_shape: Sequence[int]) -> None:
        """Makes one coefficient and one bias per map; the sum starts as the mean."""
        count = self.pool_size[0] * self.pool_size[1]
        start = keras.initializers.Constant(1.0 / count)
        self.coefficient = self.add_weight(shape=(input_shape[-1],), initializer=start, name="coefficient")
        self.bias = self.add_weight(shape=(input_shape[-1],), initializer="zeros", name="bias")

    def call(self, inputs: Any) -> Any:
        """`(batch, height, width, maps)` -> `(batch, height/2, width/2, maps)`."""
        count = self.pool_size[0] * self.pool_size[1]
        total = count * ops.average_pool(inputs, self.pool_size, self.strides, "valid")
        return self.activation(total * self.coefficient + self.bias)

    def compute_output_shape(self, input_shape: Sequence[Any]) -> tuple[Any, ...]:
        """Half the height and width."""
        batch, height, width, maps = input_shape
        return batch, height and height // self.pool_size[0], width and width // self.pool_size[1], maps

    def get_config(self) -> dict[str, Any]:
        """What is needed to make the layer again."""
        activation = keras.activations.serialize(self.activation)
        return {**super().get_config(), "pool_size": self.pool_size[0], "activation": activation}


@keras.saving.register_keras_serializable(_PACKAGE)
class PartialConv2D(keras.layers.Layer):  # type: ignore[misc]
    """A convolution whose maps each read only some of the maps before.

    Args:
        connections: For each map, the positions of the maps that it reads.
        kernel_size: Side of the kernels.
        activation: What the result is squashed with.

    Source: LeCun et al. 1998, section II.B, layer C3 and table I.
    """

    def __init__(
        self, connections: Sequence[Sequence[int]], kernel_size: int, activation: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.connections = tuple(tuple(inputs) for inputs in connections)
        self.kernel_size = (kernel_size, kernel_size)
        self.strides, self.padding = (1, 1), "valid"
        self.activation = keras.activations.get(activation)
        self.fan_in = tuple(len(inputs) for inputs in self.connections)

    def build(self, input_shape: Sequence[int]) -> None:
        """Makes one small kernel per connection, and one bias per map."""
        self._maps = input_shape[-1]
        mean_fan_in = sum(self.fan_in) / len(self.fan_in) * self.kernel_size[0] * self.kernel_size[1]
        spread = 1.0 / mean_fan_in**0.5
        self.kernel = self.add_weight(
            shape=(*self.kernel_size, sum(self.fan_in)),
            initializer=keras.initializers.RandomNormal(stddev=spread),
            name="kernel",
        )
        self.bias = self.add_weight(shape=(len(self.connections),), initializer="zeros", name="bias")

    def call(self, inputs: Any) -> Any:
        """`(batch, height, width, maps)` -> `(batch, height - k + 1, width - k + 1, len(connections))`."""
        result = ops.conv(inputs, self._full_kernel(), strides=1, padding="valid")
        return self.activation(result + self.bias)

    def _full_kernel(self) -> Any:
        """The kernels where they belong among zeros, as an ordinary convolution wants them: `(k, k, maps, filters)`."""
        absent = sum(self.fan_in)
        positions = [[absent] * len(self.connections) for _ in range(self._maps)]
        position = 0
        for filter_index, inputs in enumerate(self.connections):
            for map_index in inputs:
                positions[map_index][filter_index] = position
                position += 1
        padded = ops.pad(self.kernel, [[0, 0], [0, 0], [0, 1]])
        flat = ops.take(padded, [index for row in positions for index in row], axis=-1)
        return ops.reshape(flat, (*self.kernel_size, self._maps, len(self.connections)))

    def compute_output_shape(self, input_shape: Sequence[Any]) -> tuple[Any, ...]:
        """As an ordinary convolution without padding."""
        batch, height, width, _ = input_shape
        lost = self.kernel_size[0] - 1
        return batch, height and height - lost, width and width - lost, len(self.connections)

    def get_config(self) -> dict[str, Any]:
        """What is needed to make the layer again."""
        return {
            **super().get_config(),
            "connections": [list(inputs) for inputs in self.connections],
            "kernel_size": self.kernel_size[0],
            "activation": keras.activations.serialize(self.activation),
        }


@keras.saving.register_keras_serializable(_PACKAGE)
class EuclideanRBF(keras.layers.Layer):  # type: ignore[misc]
    """Compares its input with a fixed code for each class: minus the squared distance, so that the nearest is largest.

    Args:
        codes: One code per class, of as many numbers as the input has.

    Source: LeCun et al. 1998, section II.B, output layer.
    """

    def __init__(self, codes: Sequence[Sequence[float]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.codes = tuple(tuple(float(value) for value in code) for code in codes)

    def build(self, input_shape: Sequence[int]) -> None:
        """Keeps the codes as a weight that is never trained, `(features, classes)`."""
        columns = [list(column) for column in zip(*self.codes, strict=True)]
        self.kernel = self.add_weight(
            shape=(input_shape[-1], len(self.codes)),
            initializer=lambda shape, dtype=None: ops.convert_to_tensor(columns, dtype),
            trainable=False,
            name="kernel",
        )

    def call(self, inputs: Any) -> Any:
        """`(batch, features)` -> `(batch, classes)`, zero or less."""
        difference = ops.expand_dims(inputs, -1) - self.kernel  # (batch, features, classes)
        return -ops.sum(ops.square(difference), axis=1)

    def compute_output_shape(self, input_shape: Sequence[Any]) -> tuple[Any, ...]:
        """One number per class."""
        return input_shape[0], len(self.codes)

    def get_config(self) -> dict[str, Any]:
        """What is needed to make the layer again."""
        return {**super().get_config(), "codes": [list(code) for code in self.codes]}


@keras.saving.register_keras_serializable(_PACKAGE)
class LocalResponseNormalization(keras.layers.Layer):  # type: ignore[misc]
    """AlexNet's normalisation: each value is divided by the activity of the maps beside its own.

    Args:
        radius: How many maps to each side.
        bias, alpha, beta: The constants k, α and β of the paper.

    Source: Krizhevsky et al. 2012, section 3.3.
    """

    def __init__(
        self, radius: int = 2, bias: float = 2.0, alpha: float = 1e-4, beta: float = 0.75, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.radius, self.bias, self.alpha, self.beta = radius, bias, alpha, beta

    def call(self, inputs: Any) -> Any:
        """`(batch, height, width, maps)` -> the same shape."""
        maps = inputs.shape[-1]
        squares = ops.pad(ops.square(inputs), [[0, 0], [0, 0], [0, 0], [self.radius, self.radius]])
        neighbours = sum(squares[..., shift : shift + maps] for shift in range(2 * self.radius + 1))
        return inputs / ops.power(self.bias + self.alpha * neighbours, self.beta)

    def compute_output_shape(self, input_shape: Sequence[Any]) -> tuple[Any, ...]:
        """The input's."""
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        """What is needed to make the layer again."""
        constants = {"radius": self.radius, "bias": self.bias, "alpha": self.alpha, "beta": self.beta}
        return {**super().get_config(), **constants}
