"""Chooses the fastest way to run a network here, by a short measurement that is remembered on disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlcore.machine import OthersShare, has_bfloat16
from tlcore.settings import get_settings

from .forward import ForwardRuntime, Plan, images_per_second
from .litert_files import ConversionError, estimated_seconds, find_converted
from .runtime_litert import LiteRTForward, is_installed
from .runtime_tensorflow import TensorFlowForward
from .speeds import Speeds, recall_speeds, remember_speeds

#: A measurement takes a few batches and is repaid by jobs that are longer than that.
WORTH_MEASURING_IMAGES = 96
#: Images that a measurement of speed runs at most.
_SAMPLE_IMAGES = 32
#: A runtime that is as many times as fast as `predict` leaves the compiled call behind, which is 0.9 to 1.9 times as
#: fast: it is then neither built nor traced.
_CLEARLY_AHEAD = 2.0
#: Images that every runtime computes first, untimed: what they give is compared, and what is compiled is compiled.
_COMPARED_IMAGES = 4
#: As many times as TensorFlow's float32 LiteRT is guessed to be fast before it was measured; it is 1.2 to 3.
_GUESSED_GAIN = 2.0
#: Times that a base is run on sets like the one at hand, so that a conversion, which stays on disk, is shared by them:
#: a dataset has three parts, and a lesson comes back to its base.
_REUSES = 4
#: Largest relative difference to TensorFlow's float32 at which another runtime may stand for it.
_SAME = 1e-4

FULL = Plan()
HALF = Plan("bfloat16")
LITERT = Plan(runtime="litert")


@dataclass(frozen=True)
class Choice:
    """The runtime that was chosen, and what is known about its speed here."""

    forward: ForwardRuntime
    speeds: Speeds

    @property
    def times_predict(self) -> float | None:
        """How many times as fast as Keras's `predict` it is; None where that was not measured."""
        return self.speeds.times_predict(self.forward.plan.name)


def choose_forward(
    model: Any,
    images: NDArray[Any],
    *,
    precision: str = "auto",
    runtime: str | None = None,
    batch_size: int | None = None,
) -> Choice:
    """The network in the fastest runtime that is known or can be found in a moment.

    What is not known yet is measured, in one to two processor seconds for a base of a lesson at 150x150 where its
    converted file is there, in about one and a half more where LiteRT is expected to repay the conversion (measured on
    two cores: EfficientNetLite0 1.3 and 2.8, VGG16Slim 1.2 and 1.6, MobileNetV2 1.7 and 2.8). The file is kept on disk,
    as are the speeds.

    Args:
        model: Functional `keras.Model` with one input.
        images: The raw images that will be run; the first ones are the sample.
        precision: "float32" takes the fastest of the exact runtimes, "bfloat16" pins half, "auto" takes the fastest.
        runtime: "tensorflow" or "litert" pins the runtime where it can run this, "auto" takes the fastest; None for
            what `TLCORE_RUNTIME` says.
        batch_size: Images a call; None chooses.
    """
    contest = _Contest(model, images, batch_size)
    plans = offered_plans(precision, runtime or get_settings().runtime)
    if len(images) >= WORTH_MEASURING_IMAGES:
        contest.measure(plans)
    return Choice(contest.winner(plans), contest.speeds)


def offered_plans(precision: str, runtime: str) -> list[Plan]:
    """The plans to choose from, the one that serves wherever no other does first.

    The precision has the last word: LiteRT does not compute in half here, nor is it there on every platform.
    """
    plans = {
        "float32": [FULL, LITERT],
        "bfloat16": [HALF],
        "auto": [FULL, LITERT] if has_bfloat16() is False else [FULL, HALF, LITERT],
    }[precision]
    there = [plan for plan in plans if plan != LITERT or is_installed()]
    return [plan for plan in there if runtime in ("auto", plan.runtime)] or there[:1]


def relative_difference(reference: list[NDArray[Any]], other: list[NDArray[Any]]) -> float:
    """||other - reference|| / ||reference|| over all outputs."""
    flat = [np.concatenate([part.astype(np.float64).ravel() for part in parts]) for parts in (reference, other)]
    return float(np.linalg.norm(flat[1] - flat[0])) / max(float(np.linalg.norm(flat[0])), 1e-30)


class _Contest:
    """Runtimes of one network against each other, on a sample of the images of a job."""

    def __init__(self, model: Any, images: NDArray[Any], batch_size: int | None) -> None:
        self.model = model
        self.count = len(images)
        self.sample = images[:_SAMPLE_IMAGES]
        self.batch_size = batch_size
        self.speeds = recall_speeds(model)
        self._ready: dict[Plan, ForwardRuntime] = {}

    @cached_property
    def _was_converted(self) -> bool:
        """Whether a file was there from the start; looked for once, since that reads all weights and the whole file."""
        return find_converted(self.model) is not None

    @cached_property
    def _predict(self) -> Callable[[NDArray[Any]], Any]:
        """Keras's `predict` as a lesson calls it, in batches of at most 32."""
        import keras

        network = keras.Model(self.model.inputs, self.model.outputs)  # `predict` leaves its compiled function behind
        return lambda images: network.predict(images.astype(np.float32), verbose=0)

    @cached_property
    def _reference(self) -> list[NDArray[Any]]:
        """What the first images give in TensorFlow's float32."""
        outputs = self._predict(self.sample[:_COMPARED_IMAGES])
        return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]

    def measure(self, plans: list[Plan]) -> None:
        """Measures what is not known yet and worth it, and remembers.

        What was measured while others had the machine is measured again, a few times at most; the calmest counts.
        """
        known = self.speeds
        if known.is_doubtful:
            self.speeds = Speeds(conversion_s=known.conversion_s)
        unknown = [plan for plan in plans if plan.name not in self.speeds.images_per_second]
        if len(plans) < 2 or not (self.speeds.predict is None or any(map(self._is_worth_it, unknown))):
            return
        others = OthersShare()
        self._compare(plans)
        self.speeds.others_share = round(others.now(), 3)
        self.speeds.attempts = known.attempts + 1
        if known.is_doubtful and known.others_share < self.speeds.others_share:
            self.speeds = known.model_copy(update={"attempts": self.speeds.attempts})
        remember_speeds(self.model, self.speeds)

    def _compare(self, plans: list[Plan]) -> None:
        """Each against `predict`, which is timed before and after; TensorFlow's compiled call last, if at all."""
        self._time_predict()
        for plan in sorted(plans, key=FULL.__eq__):
            if plan.name not in self.speeds.images_per_second and self._is_worth_it(plan):
                self._measure(plan)
        self._time_predict()
        if HALF in plans and self.speeds.parity is None and self._fastest(plans) == HALF:
            self.speeds.parity = relative_difference(self._reference, self._first_outputs(HALF))

    def winner(self, plans: list[Plan]) -> ForwardRuntime:
        """The fastest of `plans` that repays its conversion; TensorFlow where that fails."""
        plan = self._fastest([plan for plan in plans if plan == plans[0] or self._repays(plan)])
        try:
            return self._open(plan)
        except ConversionError:
            return self._open(FULL)

    def _fastest(self, plans: list[Plan]) -> Plan:
        return max(plans, key=lambda plan: self.speeds.images_per_second.get(plan.name, 0.0))

    def _time_predict(self) -> None:
        self._reference  # noqa: B018 - compiles it
        speed = images_per_second(self._predict, self.sample)
        self.speeds.predict = round(max(speed, self.speeds.predict or 0.0), 3)

    def _measure(self, plan: Plan) -> None:
        try:
            difference = relative_difference(self._reference, self._first_outputs(plan))
            usable = plan == HALF or difference < _SAME
            speed = images_per_second(self._open(plan).run, self.sample)
        except ConversionError:
            speed, usable = 0.0, False
        self.speeds.images_per_second[plan.name] = round(speed, 3) if usable else 0.0

    def _first_outputs(self, plan: Plan) -> list[NDArray[Any]]:
        """What `plan` gives for the first images; compiles what is compiled."""
        return self._open(plan).run(self.sample[:_COMPARED_IMAGES])

    def _is_worth_it(self, plan: Plan) -> bool:
        """Whether a runtime may turn out to be the fastest, and measuring it costs less than that gives."""
        if plan != FULL:
            return self._repays(plan)
        rivals = [speed for name, speed in self.speeds.images_per_second.items() if name != FULL.name]
        return max(rivals, default=0.0) < _CLEARLY_AHEAD * (self.speeds.predict or 0.0)

    def _repays(self, plan: Plan) -> bool:
        """Whether LiteRT is expected to save, over all uses, more time than its conversion takes."""
        if plan != LITERT or plan in self._ready or self._was_converted:
            return True
        known = self.speeds.images_per_second
        rival = max([self.speeds.predict or 0.0, *(speed for name, speed in known.items() if name != plan.name)])
        if not rival:
            return False
        speed = known.get(plan.name, _GUESSED_GAIN * known.get(FULL.name, rival))
        cost_s = self.speeds.conversion_s or estimated_seconds(self.model)
        return speed > 0 and _REUSES * (self.count / rival - self.count / speed) > cost_s

    def _open(self, plan: Plan) -> ForwardRuntime:
        if plan not in self._ready:
            start_s = time.perf_counter()
            is_new = plan == LITERT and not self._was_converted
            self._ready[plan] = open_forward(self.model, plan, self.batch_size)
            if is_new:
                self.speeds.conversion_s = round(time.perf_counter() - start_s, 3)
        return self._ready[plan]


def open_forward(model: Any, plan: Plan, batch_size: int | None = None) -> ForwardRuntime:
    """The network in the runtime and the precision that `plan` names.

    Raises:
        ConversionError: LiteRT cannot express the network.
    """
    make: Callable[[], ForwardRuntime] = {
        "tensorflow": lambda: TensorFlowForward(model, plan.precision, batch_size),
        "litert": lambda: LiteRTForward(model, batch_size),
    }[plan.runtime]
    return make()
