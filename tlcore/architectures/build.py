"""Builds networks as Keras models, without loading weights."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from tlcore.errors import InvalidArgumentError
from tlcore.keras_internals import never_saved, set_aside
from tlcore.translatable import N_

from .registry import get_architecture
from .specification import ArchitectureSpec

_LARGEST_SIZE = 4096
MOST_CLASSES = 100_000


def check_input_shape(spec: ArchitectureSpec, input_shape: Any) -> tuple[int, int, int]:
    """Returns the shape as three integers, or says why the network cannot take it.

    Args:
        spec: The network.
        input_shape: (height, width, channels), or None for the network's own.

    Raises:
        InvalidArgumentError: Not three positive integers, too small or too large, or a number of channels that it
            cannot take.
    """
    if input_shape is None:
        return spec.default_input_shape
    shape = _three_integers(input_shape)
    if min(shape[:2]) < spec.min_size:
        raise InvalidArgumentError(
            N_(
                "Expected pictures of at least {minimum}x{minimum} for {name}: with less, nothing would be left after "
                "its sub-sampling. Received: input_shape={value}. Choose a larger size or another network."
            ),
            minimum=spec.min_size,
            name=spec.name,
            value=str(shape),
        )
    if max(shape[:2]) > _LARGEST_SIZE:
        raise InvalidArgumentError(
            N_(
                "Expected pictures of at most {maximum}x{maximum}. Received: input_shape={value}. Choose a smaller "
                "size."
            ),
            maximum=_LARGEST_SIZE,
            value=str(shape),
        )
    if shape[2] not in spec.channels:
        raise InvalidArgumentError(
            N_("Expected {name} to get {channels} channels. Received: input_shape={value}."),
            name=spec.name,
            channels=" / ".join(map(str, spec.channels)),
            value=str(shape),
        )
    return shape


def _three_integers(input_shape: Any) -> tuple[int, int, int]:
    try:
        height, width, channels = (int(part) for part in input_shape)
        whole = all(int(part) == part and not isinstance(part, bool) for part in input_shape)
    except (TypeError, ValueError):
        whole, height, width, channels = False, 0, 0, 0
    if whole and min(height, width, channels) > 0:
        return height, width, channels
    raise InvalidArgumentError(
        N_("Expected `input_shape` to be (height, width, channels), three positive integers. Received: {value}."),
        value=repr(input_shape),
    )


def check_pooling(pooling: Any) -> str | None:
    """Returns `pooling` if it is None, "avg" or "max".

    Raises:
        InvalidArgumentError: It is something else.
    """
    if pooling is None or pooling in ("avg", "max"):
        return None if pooling is None else str(pooling)
    raise InvalidArgumentError(
        N_("Expected `pooling` to be None, 'avg' or 'max'. Received: {value}."), value=repr(pooling)
    )


def check_num_classes(spec: ArchitectureSpec, num_classes: Any) -> int:
    """Returns the number of classes, the network's own where none is given.

    Raises:
        InvalidArgumentError: Not an integer from 1 to 100,000.
    """
    if num_classes is None:
        return spec.num_classes
    if isinstance(num_classes, int) and not isinstance(num_classes, bool) and 1 <= num_classes <= MOST_CLASSES:
        return num_classes
    raise InvalidArgumentError(
        N_("Expected `num_classes` to be an integer from 1 to {maximum}. Received: {value}."),
        maximum=MOST_CLASSES,
        value=repr(num_classes),
    )


def build_network(
    name: str,
    *,
    input_shape: Any = None,
    include_top: bool = True,
    num_classes: int | None = None,
    pooling: str | None = None,
    input_tensor: Any = None,
) -> Any:
    """Builds a network with random weights.

    Layers that Keras names itself get the same names each time, whatever was built before in this process.

    Args:
        name: One of `list_architectures()`.
        input_shape: (height, width, channels), or None for the network's own.
        include_top: Whether its dense layers are included.
        num_classes: Classes of the top; None for the network's own number.
        pooling: None, "avg" or "max": what follows the last feature maps without a top.
        input_tensor: Symbolic Keras tensor to build upon, for example the output of preprocessing layers, which need
            names of their own. The model then starts at that tensor's input.

    Returns:
        A functional keras.Model.

    Raises:
        InvalidArgumentError: An argument that the network cannot take.

    Example:
        >>> build_network("VGG16", input_shape=(150, 150, 3), include_top=False).count_params()
        14714688
    """
    spec = get_architecture(name)
    if input_shape is None and input_tensor is not None and None not in input_tensor.shape[1:]:
        input_shape = tuple(input_tensor.shape[1:])
    shape = check_input_shape(spec, input_shape)
    classes, pooling = check_num_classes(spec, num_classes), check_pooling(pooling)
    with set_aside("object_name_uids"):  # automatic layer names are counted from the start
        if spec.keras_name:
            return _from_keras(spec, shape, include_top, classes, pooling, input_tensor)
        return _built_here(spec, shape, include_top, classes, pooling, input_tensor)


def _from_keras(
    spec: ArchitectureSpec, shape: tuple[int, ...], include_top: bool, classes: int, pooling: str | None, tensor: Any
) -> Any:
    import keras

    with warnings.catch_warnings():
        # Keras warns of sizes that have no published weights; none are loaded here.
        warnings.simplefilter("ignore", UserWarning)
        model = getattr(keras.applications, spec.builder)(
            weights=None,
            input_shape=shape,
            include_top=include_top,
            classes=classes,
            pooling=None if include_top else pooling,
            input_tensor=tensor,
        )
    if tensor is None or not isinstance(model.input, list):
        return model
    # Some of them make a list of their one input, which then warns at each call.
    return keras.Model(model.inputs[0], model.outputs[0], name=model.name)


def _built_here(
    spec: ArchitectureSpec, shape: tuple[int, ...], include_top: bool, classes: int, pooling: str | None, tensor: Any
) -> Any:
    import keras

    module, function = spec.builder.split(":")
    build = getattr(import_module(f".{module}", __package__), function)
    inputs = keras.Input(shape=shape) if tensor is None else tensor
    output = build(inputs, include_top=include_top, num_classes=classes, pooling=pooling)
    source = inputs if tensor is None else keras.utils.get_source_inputs(tensor)[0]
    return keras.Model(source, output, name=spec.name.lower())


@contextmanager
def shapes_only() -> Iterator[None]:
    """What is built within it has shapes and no values: it takes no memory, and nothing can be computed with it.

    Keras puts such variables on a list and fills whatever is there the next time that it works out a shape, gigabytes
    after a few networks; those built here get a list of their own, which is thrown away.
    """
    import keras

    with never_saved(), set_aside("uninitialized_variables"), keras.StatelessScope(initialize_variables=False):
        yield
