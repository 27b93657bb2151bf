"""The compiled steps of training: one batch forward, backward and update; one batch of evaluation."""

from __future__ import annotations

from functools import partial
from typing import Any

from tlcore.features.graph import calls_of
from tlcore.features.inference_clone import clone_network
from tlcore.models.head import HEAD_INPUTS, HEAD_OUTPUT

from .augmentation import augment
from .optimizers import FusedOptimizer


class TrainStep:
    """The part of a network that is trained, compiled.

    The order is the one of slide 39 of the lecture: the layers are frozen before this is built, since what is trainable
    is read here once.

    Args:
        suffix: `keras.Model` from the frontier to the probabilities.
        optimizer: "rmsprop", "adam" or "sgd".
        bfloat16: Compute products in half; variables, loss and updates stay in float32.
        per_batch_prefix: None where the inputs are cached features; else a network that stays frozen and is run, in
            inference mode, on the images of each batch first.
        augmented: Change the images of each batch at random.
        base_in_inference: Run what is below the head in inference mode, trained or not: its BatchNormalization keeps
            the statistics that it came with.
        input_dtypes: Of the inputs, one name each.
    """

    def __init__(
        self,
        suffix: Any,
        optimizer: str,
        *,
        bfloat16: bool,
        input_dtypes: tuple[str, ...],
        per_batch_prefix: Any = None,
        augmented: bool = False,
        base_in_inference: bool = True,
    ) -> None:
        self.suffix = suffix
        self.per_batch_prefix = per_batch_prefix
        self.augmented = augmented
        self.network = suffix
        if bfloat16:
            self.network = clone_network(suffix, bfloat16=True, fold=False, full_precision=frozenset({HEAD_OUTPUT}))
        self.base_part: Any = None
        self.head_part = self.network
        if base_in_inference:
            self.base_part, self.head_part = split_at_head(self.network)
        self.binary = suffix.output_shape[-1] == 1
        self.trained = list(self.network.trainable_variables)
        self.variables = [variable.value for variable in self.trained]
        self.layer_names = layer_names_of(self.network, self.trained)
        self.optimizer = FusedOptimizer(optimizer, self.variables)
        self._compile(input_dtypes)

    def _compile(self, input_dtypes: tuple[str, ...]) -> None:
        import tensorflow as tf
        from keras import losses

        self.loss = losses.BinaryCrossentropy() if self.binary else losses.SparseCategoricalCrossentropy()
        first = self.per_batch_prefix if self.per_batch_prefix is not None else self.network
        inputs = [
            tf.TensorSpec((None, *tensor.shape[1:]), dtype)
            for tensor, dtype in zip(first.inputs, input_dtypes, strict=True)
        ]
        labels, weights = tf.TensorSpec((None,), tf.int64), tf.TensorSpec((None,))
        rate, seed, flag = tf.TensorSpec(()), tf.TensorSpec((2,), tf.int32), tf.TensorSpec((), tf.bool)
        # Without autograph, which would translate each function's source, in twice the time of tracing it, for branches
        # on tensors that are not there.
        compiled = partial(tf.function, autograph=False)
        self.train_batch = compiled(self._train, input_signature=[inputs, labels, weights, rate, seed, flag])
        self.evaluate_batch = compiled(self._evaluate, input_signature=[inputs, labels])

    def _train(self, inputs: list[Any], labels: Any, weights: Any, rate: Any, seed: Any, measure_norms: Any) -> Any:
        """-> loss (of the batch, mean), images classified right, squared gradient norm of each trained tensor."""
        import tensorflow as tf

        features = self._below(self._augmented(inputs, seed))
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self.variables)
            below = features if self.base_part is None else self.base_part(features, training=False)
            probabilities = self.head_part(below, training=True)
            loss = self._mean_loss(labels, probabilities, weights)
        gradients = tape.gradient(loss, self.variables)
        self.optimizer.apply(gradients, rate)
        norms = tf.cond(
            measure_norms,
            lambda: tf.stack([2.0 * tf.nn.l2_loss(gradient) for gradient in gradients]),
            lambda: tf.zeros(len(gradients)),
        )
        return loss, self._correct(labels, probabilities), norms

    def _evaluate(self, inputs: list[Any], labels: Any) -> Any:
        """-> loss (of the batch, mean), images classified right."""
        probabilities = self.network(self._below(inputs), training=False)
        return self._mean_loss(labels, probabilities, None), self._correct(labels, probabilities)

    def _augmented(self, inputs: list[Any], seed: Any) -> list[Any]:
        import tensorflow as tf

        return [augment(tf.cast(inputs[0], tf.float32), seed)] if self.augmented else inputs

    def _below(self, inputs: list[Any]) -> Any:
        """What enters the trained part: the frozen part's outputs, or the inputs where these are outputs already."""
        if self.per_batch_prefix is not None:
            return self.per_batch_prefix(inputs[0], training=False)
        return inputs[0] if len(inputs) == 1 else inputs

    def _mean_loss(self, labels: Any, probabilities: Any, weights: Any) -> Any:
        import tensorflow as tf

        targets = tf.cast(labels[:, None], tf.float32) if self.binary else labels
        loss = self.loss(targets, probabilities, sample_weight=weights)
        return tf.add_n([loss, *self.network.losses])

    def _correct(self, labels: Any, probabilities: Any) -> Any:
        import tensorflow as tf

        chosen = tf.cast(probabilities[:, 0] > 0.5, tf.int64) if self.binary else tf.argmax(probabilities, axis=-1)
        return tf.reduce_sum(tf.cast(chosen == labels, tf.int64))

    def write_back(self) -> None:
        """Copies what was trained in half precision into the network that the run keeps."""
        if self.network is self.suffix:
            return
        copies = {layer.name: layer for layer in self.network.layers}
        for layer in self.suffix.layers:
            if layer.weights:
                layer.set_weights(copies[layer.name].get_weights())


def split_at_head(network: Any) -> tuple[Any, Any]:
    """A network in two parts that share its layers: what is below the head (None if nothing is), and the head."""
    import keras

    features = next(call.inputs[0] for call in calls_of(network) if call.operation.name in HEAD_INPUTS)
    if any(features is tensor for tensor in network.inputs):
        return None, network
    return keras.Model(network.inputs, features), keras.Model(features, network.outputs)


def layer_names_of(network: Any, variables: list[Any]) -> list[str]:
    """Name of the layer of each variable."""
    names = {id(variable): layer.name for layer in network.layers for variable in layer.weights}
    return [names[id(variable)] for variable in variables]
