"""The network that a run starts with: the base, and the lecture's dense head on top."""

from __future__ import annotations

from typing import Any

from tlcore.models.head import Network, add_head

from .methods import get_method
from .spare_base import own_base
from .specification import TrainingSpec


def build_network(spec: TrainingSpec, input_shape: tuple[int, int, int], num_classes: int) -> Network:
    """Builds the base named in `spec` and puts a new head on it (lecture, slide 35).

    Args:
        spec: The run; its seed decides all new weights.
        input_shape: (height, width, 3) of the images.
        num_classes: 2 gives one sigmoid unit, more give a softmax.

    Returns:
        A network of its own: nothing of it is shared with another run.
    """
    weights = "random" if get_method(spec.method).starts_at_random else spec.weights
    base = own_base(spec.base, weights=weights, input_shape=input_shape, seed=spec.seed)
    if base.tlcore_info.weights_source == "random":
        initialize_for_relu(base, spec.seed)
    return add_head(base, spec.head_spec(num_classes))


def initialize_for_relu(base: Any, seed: int) -> None:
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
