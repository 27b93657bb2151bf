"""What a run trains: a network of its own, or a head on a base that other runs read, too."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path
from typing import Any

from tlcore.features.cut import Cut, cut_before
from tlcore.models.freezing import freeze_base, trained_layers
from tlcore.models.head import Network, add_head, build_head, count_elements, loss_of
from tlcore.weights.naming import tensors_by_name

from .methods import get_method
from .optimizers import keras_optimizer
from .phases import phase_names
from .specification import TrainingSpec


class TrainedNetwork(ABC):
    """Base and head of a run.

    Attributes:
        base: Functional `keras.Model`, raw images -> features.
    """

    base: Any

    @property
    @abstractmethod
    def model(self) -> Any:
        """One flat `keras.Model`, raw images -> probabilities; the run's own."""

    @property
    @abstractmethod
    def head_layers(self) -> list[Any]:
        """Keras layers of the head, in order."""

    @property
    @abstractmethod
    def base_is_kept(self) -> bool:
        """Whether the base stays as it is in every phase."""

    @property
    @abstractmethod
    def trainable_weights(self) -> list[Any]:
        """Keras variables that are trained as it is frozen now."""

    @abstractmethod
    def freeze(self, first_trained: str | None) -> None:
        """Freezes the base below a layer; None freezes all of it."""

    @abstractmethod
    def cut(self, first_trained: str | None) -> Cut:
        """What is frozen, and what is trained from that layer on."""

    @abstractmethod
    def tensors(self) -> dict[str, Any]:
        """All weights by name, see `tensors_by_name`."""

    @property
    def layers(self) -> list[Any]:
        """All Keras layers, those of the base first."""
        return [*self.base.layers, *self.head_layers]

    @property
    def head_tensors(self) -> dict[str, Any]:
        """Weights of the head by name."""
        own = {id(variable) for layer in self.head_layers for variable in layer.weights}
        return {name: variable for name, variable in self.tensors().items() if id(variable) in own}

    @property
    def trainable_parameters(self) -> int:
        """How many numbers training changes."""
        return count_elements(self.trainable_weights)

    @property
    def total_parameters(self) -> int:
        """How many numbers there are in all."""
        return sum(layer.count_params() for layer in self.layers)


class OwnNetwork(TrainedNetwork):
    """A network that is the run's own from the first layer on.

    Args:
        network: Base and head.
    """

    base_is_kept = False

    def __init__(self, network: Network) -> None:
        self._network = network
        self.base = network.base

    @property
    def model(self) -> Any:
        """See `TrainedNetwork.model`."""
        return self._network.model

    @property
    def head_layers(self) -> list[Any]:
        """See `TrainedNetwork.head_layers`."""
        return [self.model.get_layer(name) for name in self._network.head_names]

    @property
    def trainable_weights(self) -> list[Any]:
        """See `TrainedNetwork.trainable_weights`."""
        return list(self.model.trainable_weights)

    def freeze(self, first_trained: str | None) -> None:
        """See `TrainedNetwork.freeze`."""
        freeze_base(self.base, first_trained)

    def cut(self, first_trained: str | None) -> Cut:
        """See `TrainedNetwork.cut`."""
        return cut_before(self.model, trained_layers(self._network, first_trained))

    def tensors(self) -> dict[str, Any]:
        """See `TrainedNetwork.tensors`."""
        return tensors_by_name(self.model)


class HeadOnSharedBase(TrainedNetwork):
    """A head on features, and the base that they come from, which is read and never changed.

    Building a base takes longer than training a head on features that are known; here neither is a layer of it made
    nor one added to it. A network of the run's own comes into being when `model` is first asked for.

    Args:
        spec: The run, of a method that `reads_base_only`.
        base: With the weights that `spec` names.
        num_classes: As for `build_network`.
    """

    base_is_kept = True

    def __init__(self, spec: TrainingSpec, base: Any, num_classes: int) -> None:
        self.base = base
        self._spec, self._num_classes = spec, num_classes
        self._head_spec = spec.head_spec(num_classes)
        self._head = build_head(base.output_shape[1:], self._head_spec)
        self._is_frozen = False

    @cached_property
    def model(self) -> Any:
        """See `TrainedNetwork.model`."""
        from tlcore.models import build_base
        from tlcore.weights.loading import load_tensors

        shape = self.base.input_shape[1:]
        network = add_head(build_base(self._spec.base, input_shape=shape), self._head_spec)
        stored = {name: variable.numpy() for name, variable in self.tensors().items()}
        load_tensors(network.model, Path(self._spec.base), stored)
        freeze_base(network.base, None)
        compile_for_use(network.model, self._spec, self._num_classes)
        return network.model

    @property
    def head_layers(self) -> list[Any]:
        """See `TrainedNetwork.head_layers`."""
        return list(self._head.layers[1:])

    @property
    def trainable_weights(self) -> list[Any]:
        """See `TrainedNetwork.trainable_weights`."""
        return [*([] if self._is_frozen else self.base.trainable_weights), *self._head.trainable_weights]

    def freeze(self, first_trained: str | None) -> None:
        """See `TrainedNetwork.freeze`."""
        self._is_frozen = True

    def cut(self, first_trained: str | None) -> Cut:
        """See `TrainedNetwork.cut`."""
        return Cut(self.base, self._head, (self.base.output,))

    def tensors(self) -> dict[str, Any]:
        """See `TrainedNetwork.tensors`."""
        return {**tensors_by_name(self.base), **tensors_by_name(self._head)}


def reads_base_only(spec: TrainingSpec) -> bool:
    """Whether a run trains nothing of its base, which has weights that others can have, too."""
    has_weights = spec.weights not in (None, "random") and not get_method(spec.method).starts_at_random
    return has_weights and set(phase_names(spec)) == {"head"}


def compile_for_use(model: Any, spec: TrainingSpec, num_classes: int) -> None:
    """Compiles a network after freezing and as the run's last phase was, for Keras's own `evaluate` and `fit`."""
    is_fine_tuned = phase_names(spec)[-1] == "fine_tuning"
    learning_rate = spec.fine_tuning_learning_rate if is_fine_tuned else spec.learning_rate
    optimizer = keras_optimizer(spec.optimizer, learning_rate)
    model.compile(optimizer=optimizer, loss=loss_of(num_classes), metrics=["accuracy"])
