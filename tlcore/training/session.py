"""One run from the built network to the trained one, phase after phase."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tlcore.features.forward import StoppedError
from tlcore.models.freezing import freeze_base
from tlcore.models.head import Network
from tlcore.translatable import N_

from .checkpoint import Checkpoint, CheckpointWriter
from .costs import PhaseCosts, phase_costs
from .inputs import InputPlanner, PhaseInputs
from .loop import Examples, PhaseLoop
from .network import build_network
from .phases import Phase, phases_of
from .specification import TrainingSpec
from .steps import Trainee
from .watch import Drift, Watch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tlcore.datasets import Dataset

NOTE_STOPPED = N_("Stopped by the person in epoch {epoch}; the best weights so far were kept.")
NOTE_NOT_KEPT = N_("The disk did not take the checkpoint; if the program stops, this run cannot go on from here.")
NOTE_RESUMED = N_("Went on after epoch {epoch}, from the last checkpoint.")


@dataclass
class Session:
    """A run while it is going on.

    Attributes:
        spec: What was asked for.
        data: Images and labels.
        watch: Where events go.
        identities: Fingerprints of the phases.
        writer: Keeps checkpoints on disk; may be None.
        history: Rows so far.
        layer_history: Drift and gradient norms of each epoch.
        timings: Phase -> seconds.
        stopped: The person stopped it.
        tensors: Tensors trained in each phase.
        parameters: Parameters trained in each phase.
        optimizer_bytes: Largest memory of an optimiser.
        costs: What the inputs of each phase cost, those of before an interruption included.
        inputs: What each phase trained on, in this process.
        checkpoint: Where the run stands at its end.
    """

    spec: TrainingSpec
    data: Dataset
    watch: Watch
    identities: tuple[str, str]
    writer: CheckpointWriter | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    layer_history: list[dict[str, Any]] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    stopped: bool = False
    tensors: list[int] = field(default_factory=list)
    parameters: list[int] = field(default_factory=list)
    optimizer_bytes: int = 0
    costs: list[PhaseCosts] = field(default_factory=list)
    inputs: dict[int, PhaseInputs] = field(default_factory=dict)
    checkpoint: Checkpoint | None = None

    def __post_init__(self) -> None:
        with self._timed("build"):
            shape = (*self.data.image_size, 3)
            self.network: Network = build_network(self.spec, shape, self.data.num_classes)
            self.tensors_before = self.network.trainable_tensors
            self.phases = phases_of(self.spec, self.network)
            self.drift = Drift(self.network)
            self.planner = InputPlanner(self.spec, self.network, self.data, self.phases, self.watch)

    def run(self, resume: Checkpoint | None) -> None:
        """All phases, or those that a checkpoint has not done yet."""
        start = resume.place if resume is not None else 0
        for place in range(len(self.phases)):
            freeze_base(self.network.base, self.phases[place].first_trained)
            self.tensors.append(self.network.trainable_tensors)
            self.parameters.append(self.network.trainable_parameters)
            if place < start or self.stopped:
                continue
            try:
                self._run_phase(place, resume if place == start else None)
            except StoppedError:
                self._note_stop()

    def _run_phase(self, place: int, resume: Checkpoint | None) -> None:
        phase = self.phases[place]
        facts = {"trainable_tensors": self.tensors[place], "trainable_parameters": self.parameters[place]}
        if self.planner.cuts[place].prefix is not None:
            self.watch.emit("phase", phase="extraction", place=place, phases=len(self.phases))
        with self._timed("extraction"):
            inputs = self.planner.prepare(place)
        self.inputs[place] = inputs
        if resume is not None:
            self.costs = list(resume.costs)
        self.costs.append(phase_costs(phase.name, inputs))
        frontier = list(inputs.cut.frontier)
        self.watch.emit(
            "phase",
            phase=phase.name,
            place=place,
            phases=len(self.phases),
            epochs=phase.epochs,
            frontier=frontier,
            **facts,
        )
        with self._timed(phase.name):
            loop = self._loop(place, inputs)
            if resume is not None:
                self._restore(loop, resume)
            begun_with = loop.values() if place else None
            self._epochs(place, loop, begun_with)
            loop.trainee.write_back()

    def _loop(self, place: int, inputs: PhaseInputs) -> PhaseLoop:
        trainee = Trainee(
            inputs.cut.suffix,
            self.spec.optimizer,
            bfloat16=trains_in_half(self.spec, self.phases[place], inputs),
            input_dtypes=inputs.dtypes,
            front=inputs.front,
            augmented=self.spec.augmentation,
        )
        self.optimizer_bytes = max(self.optimizer_bytes, trainee.optimizer.num_bytes)
        meter = self.drift.meter(trainee.owners, trainee.variables)
        examples = self._examples("train", inputs), self._examples("validation", inputs)
        return PhaseLoop(self.spec, self.phases[place], place, trainee, examples, self.watch, meter)

    def _examples(self, split: str, inputs: PhaseInputs) -> Examples:
        labels = self.data.splits[split].labels.astype(np.int64)
        weights = class_weights(self.spec, self.data.train.labels, self.data.num_classes)
        return Examples(inputs.arrays[split], labels, weights[labels])

    def _epochs(self, place: int, loop: PhaseLoop, begun_with: list[NDArray[Any]] | None) -> None:
        while not loop.finished:
            row = loop.run_epoch(len(self.history) + 1)
            if row is None:
                self.checkpoint = self._capture(place, loop)
                self._write(self.checkpoint)
                # Before the first whole epoch of a later phase, what came in is the best there is.
                loop.restore(loop.state.best or begun_with or [])
                self._note_stop()
                return
            self.layer_history.append({name: row.pop(name) for name in ("weight_drift", "gradient_norm")})
            self.history.append(row)
            if self.writer is not None and self.writer.is_due(last=loop.finished):
                self._write(self._capture(place, loop))
        self.checkpoint = self._capture(place, loop)
        if self.spec.early_stopping is not None:
            loop.restore(loop.state.best)

    def _write(self, checkpoint: Checkpoint) -> None:
        if self.writer is not None and not self.writer.write(checkpoint):
            self.watch.note(NOTE_NOT_KEPT)

    def _capture(self, place: int, loop: PhaseLoop) -> Checkpoint:
        return Checkpoint(
            fingerprint=self.identities[place],
            place=place,
            state=replace(loop.state),
            history=list(self.history),
            layer_history=list(self.layer_history),
            timings=self._timings_now(),
            costs=list(self.costs),
            values=loop.values(),
            optimizer=[variable.numpy().copy() for variable in loop.trainee.optimizer.state],
        )

    def _restore(self, loop: PhaseLoop, resume: Checkpoint) -> None:
        loop.restore(resume.values)
        for variable, value in zip(loop.trainee.optimizer.state, resume.optimizer, strict=True):
            variable.assign(value)
        loop.state = replace(resume.state)
        self.history, self.layer_history = list(resume.history), list(resume.layer_history)
        before, now = resume.timings, self.timings
        self.timings = {name: before.get(name, 0.0) + now.get(name, 0.0) for name in [*before, *now]}
        self.checkpoint = resume
        self.watch.note(NOTE_RESUMED, epoch=len(self.history))

    def _note_stop(self) -> None:
        self.stopped = True
        self.watch.note(NOTE_STOPPED, epoch=len(self.history) + 1)

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        self._running = name, time.perf_counter()
        try:
            yield
        finally:
            self.timings = self._timings_now()

    def _timings_now(self) -> dict[str, float]:
        """Timings with what is going on at the moment."""
        name, start_s = self._running
        return {**self.timings, name: self.timings.get(name, 0.0) + time.perf_counter() - start_s}


def trains_in_half(spec: TrainingSpec, phase: Phase, inputs: PhaseInputs) -> bool:
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
