"""One run from the built network to the trained one, phase after phase."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tlcore.features.forward import StoppedError
from tlcore.translatable import N_
from tlcore.weights.loading import load_tensors

from .checkpoint import Checkpoint, CheckpointWriter, StartingPoint
from .costs import PhaseCosts, phase_costs
from .drift import Drift
from .events import RunEvents
from .inputs import InputPlanner, PhaseInputs
from .loop import Examples, PhaseLoop
from .network import build_network
from .phases import Phase, phases_of
from .specification import TrainingSpec
from .timings import PhaseTimings
from .train_step import TrainStep
from .trained_network import HeadOnSharedBase, OwnNetwork, TrainedNetwork, reads_base_only

if TYPE_CHECKING:
    from tlcore.datasets import Dataset

NOTE_STOPPED = N_("Stopped by the person in epoch {epoch}; the best weights so far were kept.")
NOTE_OUT_OF_TIME = N_(
    "Stopped in epoch {epoch}: a training here may take no longer. The best weights so far were tested and kept."
)
NOTE_NOT_KEPT = N_("The disk did not take the checkpoint; if the program stops, this run cannot go on from here.")
NOTE_RESUMED = N_("Went on after epoch {epoch}, from the last checkpoint.")


@dataclass
class RunInProgress:
    """A run while it is going on.

    Attributes:
        spec: What was asked for.
        data: Images and labels.
        events: Where events go.
        start: Where it begins.
        writer: Keeps checkpoints on disk; may be None.
        shared_base: A base with the weights that `spec` names, for images of this size, which others use at the same
            time. It is taken where it is only read, instead of building one; may be None.
        history: Rows so far.
        layer_history: Drift and gradient norms of each epoch.
        timings: How long each phase took.
        stopped: It was stopped before its end, by the person or because its time was over.
        tensors: Tensors trained in each phase.
        parameters: Parameters trained in each phase.
        optimizer_bytes: Largest memory of an optimiser.
        costs: What the inputs of each phase cost, those of before an interruption included.
        inputs: What each phase trained on, in this process.
        checkpoint: Where the run stands at its end.
        head_before: See `Run`.
    """

    spec: TrainingSpec
    data: Dataset
    events: RunEvents
    start: StartingPoint
    writer: CheckpointWriter | None = None
    shared_base: Any = None
    history: list[dict[str, Any]] = field(default_factory=list)
    layer_history: list[dict[str, Any]] = field(default_factory=list)
    timings: PhaseTimings = field(default_factory=PhaseTimings)
    stopped: bool = False
    tensors: list[int] = field(default_factory=list)
    parameters: list[int] = field(default_factory=list)
    optimizer_bytes: int = 0
    costs: list[PhaseCosts] = field(default_factory=list)
    inputs: dict[int, PhaseInputs] = field(default_factory=dict)
    checkpoint: Checkpoint | None = None
    head_before: dict[str, NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.timings.measure("build"):
            self.network = self._network()
            self.tensors_before = len(self.network.trainable_weights)
            self.phases = phases_of(self.spec, self.network.base)
            self.drift = Drift(self.network)  # from the weights that the settings name, also where a file brings others
            self._take_up_tensors()
            self.planner = InputPlanner(self.spec, self.network, self.data, self.phases, self.events)

    def _network(self) -> TrainedNetwork:
        num_classes = self.data.num_classes
        brings_own = self.start.checkpoint is not None and self.start.checkpoint.tensors
        if self.shared_base is not None and reads_base_only(self.spec) and not brings_own:
            return HeadOnSharedBase(self.spec, self.shared_base, num_classes)
        return OwnNetwork(build_network(self.spec, (*self.data.image_size, 3), num_classes))

    def _take_up_tensors(self) -> None:
        checkpoint = self.start.checkpoint
        if checkpoint is not None and checkpoint.tensors:
            stored = dict(zip(checkpoint.tensor_names, checkpoint.tensors, strict=True))
            load_tensors(self.network.model, Path(self.spec.base), stored)

    def run(self) -> None:
        """All phases, or those that a checkpoint has not done yet."""
        resume = self.start.checkpoint
        first = resume.phase_number if resume is not None else 0
        for phase_number in range(len(self.phases)):
            self.network.freeze(self.phases[phase_number].first_trained)
            self.tensors.append(len(self.network.trainable_weights))
            self.parameters.append(self.network.trainable_parameters)
            if phase_number < first or self.stopped:
                continue
            try:
                self._run_phase(phase_number, resume if phase_number == first else None)
            except StoppedError:
                self._note_stop()

    def _run_phase(self, phase_number: int, resume: Checkpoint | None) -> None:
        phase = self.phases[phase_number]
        facts = {"trainable_tensors": self.tensors[phase_number], "trainable_parameters": self.parameters[phase_number]}
        if self.planner.cuts[phase_number].prefix is not None:
            self.events.emit("phase", phase="extraction", phase_number=phase_number, phases=len(self.phases))
        with self.timings.measure("extraction"):
            inputs = self.planner.prepare(phase_number)
        self.inputs[phase_number] = inputs
        if resume is not None:
            self.costs = list(resume.costs)
        self.costs.append(phase_costs(phase.name, inputs))
        frontier = list(inputs.cut.frontier)
        self.events.emit(
            "phase",
            phase=phase.name,
            phase_number=phase_number,
            phases=len(self.phases),
            epochs=phase.epochs,
            frontier=frontier,
            base_output_shape=list(self.network.base.output_shape[1:]),
            **facts,
        )
        if phase.name == "fine_tuning":
            self.head_before = self._head_before(resume)
        with self.timings.measure(phase.name):
            loop = self._loop(phase_number, inputs)
            if resume is not None:
                self._restore(loop, resume)
            initial_values = loop.values() if phase_number else None
            self._epochs(phase_number, loop, initial_values)
            loop.train_step.write_back()

    def _head_before(self, resume: Checkpoint | None) -> dict[str, NDArray[Any]]:
        tensors = self.network.head_tensors
        if resume is None:
            return {name: variable.numpy().copy() for name, variable in tensors.items()}
        return dict(zip(tensors, resume.head_before, strict=True)) if resume.head_before else {}

    def _loop(self, phase_number: int, inputs: PhaseInputs) -> PhaseLoop:
        train_step = TrainStep(
            inputs.cut.suffix,
            self.spec.optimizer,
            bfloat16=trains_in_bfloat16(self.spec, self.phases[phase_number], inputs),
            input_dtypes=inputs.dtypes,
            per_batch_prefix=inputs.per_batch_prefix,
            augmented=self.spec.augmentation,
            base_in_inference=self.spec.base_in_inference,
        )
        self.optimizer_bytes = max(self.optimizer_bytes, train_step.optimizer.num_bytes)
        meter = self.drift.meter(train_step.layer_names, train_step.variables)
        examples = self._examples("train", inputs), self._examples("validation", inputs)
        return PhaseLoop(self.spec, self.phases[phase_number], phase_number, train_step, examples, self.events, meter)

    def _examples(self, split: str, inputs: PhaseInputs) -> Examples:
        labels = self.data.splits[split].labels.astype(np.int64)
        weights = class_weights(self.spec, self.data.train.labels, self.data.num_classes)
        return Examples(inputs.arrays[split], labels, weights[labels])

    def _epochs(self, phase_number: int, loop: PhaseLoop, initial_values: list[NDArray[Any]] | None) -> None:
        while not loop.finished:
            row = loop.run_epoch(len(self.history) + 1)
            if row is None:
                self.checkpoint = self._capture(phase_number, loop)
                self._write(self.checkpoint)
                # Before the first whole epoch of a later phase, what came in is the best there is.
                loop.restore(loop.state.best or initial_values or [])
                self._note_stop()
                return
            self.layer_history.append({name: row.pop(name) for name in ("weight_drift", "gradient_norm")})
            self.history.append(row)
            if self.writer is not None and self.writer.is_due(last=loop.finished):
                self._write(self._capture(phase_number, loop))
        self.checkpoint = self._capture(phase_number, loop)
        if self.spec.early_stopping is not None:
            loop.restore(loop.state.best)

    def _write(self, checkpoint: Checkpoint) -> None:
        if self.writer is not None and not self.writer.write(checkpoint):
            self.events.note(NOTE_NOT_KEPT)

    def _capture(self, phase_number: int, loop: PhaseLoop) -> Checkpoint:
        return Checkpoint(
            fingerprint=self.start.fingerprints[phase_number],
            phase_number=phase_number,
            state=replace(loop.state),
            history=list(self.history),
            layer_history=list(self.layer_history),
            timings=self.timings.seconds(),
            costs=list(self.costs),
            values=loop.values(),
            optimizer=[variable.numpy().copy() for variable in loop.train_step.optimizer.state],
            tensors=self.start.checkpoint.tensors if self.start.checkpoint is not None else [],
            tensor_names=self.start.checkpoint.tensor_names if self.start.checkpoint is not None else [],
            head_before=list(self.head_before.values()),
        )

    def _restore(self, loop: PhaseLoop, resume: Checkpoint) -> None:
        loop.restore(resume.values)
        for variable, value in zip(loop.train_step.optimizer.state, resume.optimizer, strict=bool(resume.optimizer)):
            variable.assign(value)
        loop.state = replace(resume.state)
        self.history, self.layer_history = list(resume.history), list(resume.layer_history)
        self.timings.add_earlier(resume.timings)
        self.checkpoint = resume
        self.events.note(NOTE_RESUMED, epoch=len(self.history))

    def _note_stop(self) -> None:
        self.stopped = True
        why = NOTE_OUT_OF_TIME if self.events.out_of_time() else NOTE_STOPPED
        self.events.note(why, epoch=len(self.history) + 1)


def trains_in_bfloat16(spec: TrainingSpec, phase: Phase, inputs: PhaseInputs) -> bool:
    """Whether the products of a phase are computed in bfloat16.

    A head alone is bound by memory, not by products: half would only add conversions. With precision="auto" half is
    taken where it was faster for the features and the trained layers are plain convolutions, as in VGG: backward
    passes of depthwise convolutions and of batch normalisation gain nothing from it on processors.
    """
    if phase.first_trained is None or spec.precision == "float32":
        return False
    kinds = {type(layer).__name__ for layer in inputs.cut.suffix.layers if layer.weights}
    return spec.precision == "bfloat16" or (inputs.bfloat16 and kinds <= {"Conv2D", "Dense"})


def class_weights(spec: TrainingSpec, labels: NDArray[np.int64], num_classes: int) -> NDArray[np.float32]:
    """One weight a class: 1, or the inverse of its frequency such that the mean over the images is 1."""
    if not spec.class_weights:
        return np.ones(num_classes, np.float32)
    counts = np.bincount(labels, minlength=num_classes)
    return (len(labels) / (num_classes * counts)).astype(np.float32)
