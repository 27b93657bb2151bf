"""What a training run leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from .specification import TrainingSpec

if TYPE_CHECKING:
    from .trained_network import TrainedNetwork


@dataclass
class Run:
    """The result of `tlcore.train`.

    Attributes:
        spec: What was asked for.
        network: What was trained; `model` is the whole of it.
        class_names: One name a label.
        history: One row an epoch: `epoch` (from 1), `phase` ("head", "fine_tuning", ...), `loss`, `accuracy`,
            `val_loss`, `val_accuracy`, `learning_rate`, `seconds`.
        trainable_tensors_before: Tensors that would be trained before anything was frozen (lecture: 30).
        trainable_tensors_after: Tensors trained in the first phase (lecture: 4).
        trainable_tensors_fine_tuning: Tensors trained after unfreezing (lecture's example: 10); None without it.
        weight_drift: Layer name -> ||W - W0|| / ||W0||; exactly 0.0 for a layer that stayed frozen.
        timings: Phase -> seconds.
        test_metrics: At least `accuracy`, `balanced_accuracy`, `confusion_matrix` (rows: true class), plain types.
        cost_ledger: What the run cost, and what the plain way would have cost (marked as an estimate).
        notes: Translatable remarks: (template, params), for example why the cache was not used.
        layer_history: One row an epoch: `weight_drift` and `gradient_norm` by layer, as they were then.
        checkpoint: Where the run stands, for `tlcore.training.continue_training`; not part of a project file.
        stopped: True if the person stopped the run before its last epoch.
        head_before: Weights of the head by name, as they were when fine-tuning began, for `before_fine_tuning`; empty
            where nothing was unfrozen.
    """

    spec: TrainingSpec
    network: TrainedNetwork = field(repr=False)
    class_names: tuple[str, ...]
    history: list[dict[str, Any]]
    trainable_tensors_before: int
    trainable_tensors_after: int
    trainable_tensors_fine_tuning: int | None
    weight_drift: dict[str, float]
    timings: dict[str, float]
    test_metrics: dict[str, Any]
    cost_ledger: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    stopped: bool = False
    layer_history: list[dict[str, Any]] = field(default_factory=list)
    checkpoint: Any = field(default=None, repr=False, compare=False)
    head_before: dict[str, NDArray[Any]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def model(self) -> Any:
        """One flat `keras.Model`, preprocessing inside.

        Raw `uint8`/`float32` RGB in [0, 255] `(N, H, W, 3)` -> `float32` probabilities, `(N, 1)` for two classes (of
        class 1) else `(N, num_classes)`.
        """
        return self.network.model
