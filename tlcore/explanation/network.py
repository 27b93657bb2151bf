"""Finds the parts of a network that explanations need: a layer by its name, its scores before the last activation."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ..datasets.photos import with_files_read
from ..errors import InvalidArgumentError
from ..features.graph import Call, calls_of
from ..keras_internals import operation_behind
from ..models.images import image_batch
from ..models.layers import unknown_layer
from ..translatable import N_

#: Where they stand behind a convolution, the convolution's own map is finer than theirs.
_COARSENING = ("MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D", "Dropout", "Reshape")


#: Networks with models inside them, and the same networks with the layers of these in sight.
_FLAT: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def flat_network(model: Any) -> Any:
    """The `keras.Model` of a model or of a `Run`; the layers of models inside it stand where these stood.

    So ConvNeXt's stem and a base that was added to a network as one layer can be looked into. The layers are shared.
    """
    network = getattr(model, "model", model)
    if not hasattr(network, "inputs"):
        raise InvalidArgumentError(
            N_("Expected `model` to be a keras.Model or a Run. Received: {kind}. Pass `run.model` or a base."),
            kind=type(model).__name__,
        )
    if not any(hasattr(call.operation, "layers") for call in calls_of(network)):
        return network
    if network not in _FLAT:
        _FLAT[network] = _flat(network)
    return _FLAT[network]


def _flat(network: Any) -> Any:
    import keras

    return keras.Model(network.inputs[0], _applied(network, network.inputs[0]), name=network.name)


def _applied(layer: Any, *arguments: Any, **options: Any) -> Any:
    """What a layer gives; of a model, its layers are called one by one, so that they get into the graph themselves."""
    import keras

    if isinstance(layer, keras.Sequential):
        value = arguments[0]
        for inner in layer.layers:
            value = _applied(inner, value)
        return value
    if not isinstance(layer, keras.Model):
        return layer(*arguments, **options)
    copy = keras.models.clone_model(
        layer, input_tensors=arguments[0], clone_function=lambda inner: inner, call_function=_applied
    )
    return copy.outputs[0]


def batch_of_one(network: Any, image: Any) -> NDArray[Any]:
    """An image, or an image file, as a batch of one, `(1, H, W, C)`, checked against what the network takes."""
    batch = image_batch(with_files_read(image, network.input_shape[1:]), input_shape=network.input_shape[1:])
    if len(batch) != 1:
        raise InvalidArgumentError(
            N_("Expected one image. Received: {count}. Explain them one after the other."), count=len(batch)
        )
    return batch


def find_call(network: Any, layer: str) -> Call:
    """The call of the layer named `layer`.

    Raises:
        InvalidArgumentError: If the network has no such layer.
    """
    calls = {call.operation.name: call for call in calls_of(network)}
    if layer not in calls:
        raise unknown_layer(network.name, layer, calls)
    return calls[layer]


def last_feature_map(network: Any) -> Call:
    """The call that gives the last feature map with positions to point at: the last convolution or block's output.

    Raises:
        InvalidArgumentError: If the network has no feature map.
    """
    for call in reversed(calls_of(network)):
        shape = call.outputs[0].shape
        is_map = len(shape) == 4 and None not in shape[1:3] and shape[1] * shape[2] > 1
        if call.inputs and is_map and type(call.operation).__name__ not in _COARSENING:
            return call
    raise InvalidArgumentError(
        N_("Expected a network with a feature map to look at. Received: {network}, which has none. Choose a `layer`."),
        network=network.name,
    )


class Scores:
    """Class scores of a network before its last activation, which flattens out where the network is sure.

    Args:
        network: A flat `keras.Model` that ends in a sigmoid of one unit or a softmax; of any other network the
            outputs themselves are the scores.
    """

    def __init__(self, network: Any) -> None:
        if len(network.output_shape) != 2:
            raise InvalidArgumentError(
                N_(
                    "Expected a network that ends in classes, with an output (N, classes). Received: the output shape "
                    "{shape}. Take `run.model`, or a base built with include_top=True."
                ),
                shape=network.output_shape,
            )
        self._last = find_call(network, operation_behind(network.outputs[0]).name)
        activation = getattr(self._last.operation, "activation", None)
        kind = type(self._last.operation).__name__
        self.activation = getattr(activation, "__name__", kind.lower())
        self._is_dense = kind == "Dense" and self.activation in ("sigmoid", "softmax")
        self._skips_last = kind in ("Activation", "Softmax") and self.activation in ("sigmoid", "softmax")
        self.units = int(network.output_shape[1])
        #: Symbolic tensor from which `of` computes the scores.
        self.tensor = self._last.inputs[0] if self._is_dense or self._skips_last else network.outputs[0]

    @property
    def num_classes(self) -> int:
        """How many classes the outputs stand for; a single sigmoid tells two apart."""
        return 2 if self.units == 1 else self.units

    def of(self, values: Any) -> Any:
        """Scores `(N, units)` from values of `tensor`, differentiable."""
        import tensorflow as tf

        if not self._is_dense:
            return tf.cast(values, tf.float32)
        layer = self._last.operation
        scores = tf.matmul(tf.cast(values, tf.float32), tf.cast(tf.convert_to_tensor(layer.kernel), tf.float32))
        return scores if layer.bias is None else scores + tf.cast(tf.convert_to_tensor(layer.bias), tf.float32)

    def choose(self, scores: Any, class_index: int | None) -> int:
        """`class_index` if it is a class, the predicted class if it is None."""
        row = np.asarray(scores)[0]
        if class_index is None:
            threshold = 0.0 if self.activation == "sigmoid" and (self._is_dense or self._skips_last) else 0.5
            return int(row[0] > threshold) if self.units == 1 else int(np.argmax(row))
        if isinstance(class_index, bool) or not 0 <= int(class_index) < self.num_classes:
            raise InvalidArgumentError(
                N_("Expected `class_index` to be from 0 to {most}, or None. Received: {value!r}. Choose one of these."),
                most=self.num_classes - 1,
                value=class_index,
            )
        return int(class_index)

    def for_class(self, scores: Any, class_index: int) -> Any:
        """The score that grows with the class: of a single sigmoid unit, class 0 is the negative direction."""
        if self.units == 1:
            return scores[:, 0] if class_index == 1 else -scores[:, 0]
        return scores[:, class_index]


def evaluate_scores(network: Any, scores: Scores, batch: Any) -> Any:
    """Scores `(N, units)` of a batch, in inference mode."""
    return scores.of(evaluate_tensors(network, [scores.tensor], batch)[0])


def evaluate_tensors(network: Any, tensors: list[Any], batch: Any) -> list[Any]:
    """Values of symbolic `tensors` of the network for a batch, in inference mode."""
    import keras

    values = keras.Model(network.inputs, tensors)([batch], training=False)
    return list(values) if isinstance(values, list | tuple) else [values]
