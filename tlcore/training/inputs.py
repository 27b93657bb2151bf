"""What a phase trains on: cached features where the frozen part can be run once, images where it can't."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from tlcore.features.cache import CachedOutputs
from tlcore.features.cut import Cut
from tlcore.features.frozen import FrozenNetwork
from tlcore.features.inference_clone import clone_network
from tlcore.translatable import N_

from .memory import most_feature_bytes
from .phases import Phase
from .specification import TrainingSpec

if TYPE_CHECKING:
    from tlcore.datasets import Dataset

    from .events import RunEvents
    from .trained_network import TrainedNetwork

NO_CACHE_AUGMENTATION = N_(
    "The frozen layers run again for each image in each epoch: augmentation changes the images, so that their features "
    "cannot be kept."
)
NO_CACHE_ASKED = N_("The frozen layers run again for each image in each epoch, as asked for (`cache` is off).")
NO_CACHE_TRAINED = N_("Nothing can be cached: the first layer is trained already.")
NO_CACHE_TOO_LARGE = N_(
    "The frozen layers run again for each image in each epoch: their features of all images would take {megabytes} MB, "
    "too much for the memory of this machine. It takes less where fewer layers are unfrozen."
)
NOT_ON_DISK = N_("The features did not fit in the cache on disk and are kept in memory for this run only.")


@dataclass
class PhaseInputs:
    """Inputs of one phase.

    Attributes:
        cut: Where the network was cut.
        arrays: Split name -> inputs of what is trained, one array a tensor that crosses the cut.
        per_batch_prefix: Frozen network to run on each batch first, or None.
        outputs: Split name -> what the cache said about it; empty without a cut.
    """

    cut: Cut
    arrays: dict[str, list[NDArray[Any]]]
    per_batch_prefix: Any = None
    outputs: dict[str, CachedOutputs] = field(default_factory=dict)

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Types of the arrays that training reads."""
        return tuple(array.dtype.name for array in self.arrays["train"])

    @property
    def bfloat16(self) -> bool:
        """Whether the features came out faster in half here."""
        return any(output.computation.precision == "bfloat16" for output in self.outputs.values())


class InputPlanner:
    """Prepares the inputs of each phase of a run, reusing what an earlier one computed."""

    def __init__(
        self, spec: TrainingSpec, network: TrainedNetwork, data: Dataset, phases: list[Phase], events: RunEvents
    ) -> None:
        self.spec = spec
        self.data = data
        self.events = events
        self.cuts = [network.cut(phase.first_trained) for phase in phases]
        self._networks: dict[int, FrozenNetwork] = {}
        self._middles: dict[int, FrozenNetwork] = {}

    def prepare(self, phase_number: int) -> PhaseInputs:
        """Inputs of one phase, counted from 0."""
        cut = self.cuts[phase_number]
        images = {name: [split.images] for name, split in self.data.splits.items()}
        if cut.prefix is None:
            self.events.note(NO_CACHE_TRAINED)
            return PhaseInputs(cut, images)
        if self.spec.augmentation or not self.spec.cache or self._is_too_large(phase_number):
            self._note_why(phase_number)
            half = self.spec.precision == "bfloat16"
            return PhaseInputs(cut, images, clone_network(cut.prefix, bfloat16=half, fold=False))
        outputs = {name: self._cached(phase_number, name) for name in images}
        if not all(output.on_disk for output in outputs.values()):
            self.events.note(NOT_ON_DISK)
        return PhaseInputs(cut, {name: output.arrays for name, output in outputs.items()}, None, outputs)

    def _note_why(self, phase_number: int) -> None:
        if self.spec.augmentation:
            self.events.note(NO_CACHE_AUGMENTATION)
        elif not self.spec.cache:
            self.events.note(NO_CACHE_ASKED)
        else:
            self.events.note(NO_CACHE_TOO_LARGE, megabytes=self._feature_bytes(phase_number) // 1024**2)

    def _feature_bytes(self, phase_number: int) -> int:
        """Size of what crosses a cut, for the images of all parts."""
        numbers: int = sum(prod(tensor.shape[1:]) for tensor in self.cuts[phase_number].tensors)
        return self.data.num_images * numbers * (2 if self.spec.precision == "bfloat16" else 4)

    def _is_too_large(self, phase_number: int) -> bool:
        return self._feature_bytes(phase_number) > most_feature_bytes()

    def _cached(self, phase_number: int, split: str) -> CachedOutputs:
        def features_at_next_cut() -> tuple[FrozenNetwork, NDArray[Any], float]:
            below = self._cached(phase_number + 1, split)
            return self._middle(phase_number), below.arrays[0], below.computation.seconds_per_image

        return self._frozen(phase_number).outputs(
            self.data.splits[split].images,
            source=features_at_next_cut if self._next_cut_is_below(phase_number) else None,
            progress=self.events.progress_of(split, {name: len(part) for name, part in self.data.splits.items()}),
            should_stop=self.events.should_stop,
        )

    def _frozen(self, phase_number: int) -> FrozenNetwork:
        if phase_number not in self._networks:
            self._networks[phase_number] = FrozenNetwork(self.cuts[phase_number].prefix, self.spec.precision)
        return self._networks[phase_number]

    def _middle(self, phase_number: int) -> FrozenNetwork:
        """From the next phase's cut up to this one's."""
        if phase_number not in self._middles:
            middle = cut_middle(self.cuts[phase_number + 1], self.cuts[phase_number])
            self._middles[phase_number] = FrozenNetwork(middle, self.spec.precision)
        return self._middles[phase_number]

    def _next_cut_is_below(self, phase_number: int) -> bool:
        """Fine-tuning will need the features at its own, lower cut anyway: the head's are then computed from them."""
        following = self.cuts[phase_number + 1 : phase_number + 2]
        is_cut = bool(following) and following[0].prefix is not None and len(following[0].frontier) == 1
        return is_cut and not self._is_too_large(phase_number + 1)


def cut_middle(lower: Cut, upper: Cut) -> Any:
    """The network between two cuts of the same model; the lower one crosses a single tensor."""
    import keras

    return keras.Model(lower.tensors[0], upper.tensors[0] if len(upper.tensors) == 1 else list(upper.tensors))
