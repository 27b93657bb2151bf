"""Chooses the fastest way to run a network here, by a short measurement that is remembered on disk."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlcore.files import write_atomically
from tlcore.machine import processor_name
from tlcore.settings import get_settings

from .forward import SAMPLE_IMAGES, Forward, Plan, Precision, images_per_second
from .graph import structure_hash

#: A measurement takes a few batches and is repaid by jobs that are longer than that.
WORTH_MEASURING_IMAGES = 96
#: XLA compiles for seconds to a minute: tried only where at least this much work lies ahead.
_WORTH_COMPILING_S = 60.0


def choose_forward(
    model: Any, images: NDArray[Any], *, precision: str = "auto", batch_size: int | None = None
) -> tuple[Forward, dict[str, Any]]:
    """The network compiled in the fastest way that is known or can be found in a moment.

    Args:
        model: Functional `keras.Model` with one input.
        images: The raw images that will be run; the first ones are the sample.
        precision: "float32" or "bfloat16" pins the precision, "auto" takes the faster.
        batch_size: Images a call; None chooses by cores and memory.

    Returns:
        The compiled network, and what is known: `images_per_second` by candidate, and for bfloat16 `parity`, the
        relative difference ||half - full|| / ||full|| of the outputs on the sample.
    """
    pinned: tuple[Precision, ...] = ("float32", "bfloat16")
    allowed = tuple(name for name in pinned if precision in ("auto", name))
    key = _key(model)
    known = _recall().get(key, {"images_per_second": {}})
    ready: dict[str, Forward] = {}
    if len(images) >= WORTH_MEASURING_IMAGES:
        _measure_missing(model, images, allowed, batch_size, known, ready)
    plan = _fastest(known["images_per_second"], allowed)
    forward = ready.get(_name(plan)) or Forward(model, plan, batch_size)
    if len(images) >= WORTH_MEASURING_IMAGES:
        if plan.precision == "bfloat16" and "parity" not in known:
            full, sample = ready.get("float32") or Forward(model, Plan(), batch_size), images[:SAMPLE_IMAGES]
            known["parity"] = parity(full.batch(sample), forward.batch(sample))
        _remember(key, known)
    return forward, known


def _measure_missing(
    model: Any,
    images: NDArray[Any],
    allowed: tuple[Precision, ...],
    batch_size: int | None,
    known: dict[str, Any],
    ready: dict[str, Forward],
) -> None:
    speeds = known["images_per_second"]
    for plan in [Plan(name, xla) for xla in (False, True) for name in allowed]:
        alone = len(allowed) == 1 and not plan.xla  # nothing to choose from
        if alone or _name(plan) in speeds or (plan.xla and not _is_long(speeds, len(images))):
            continue
        forward = Forward(model, plan, batch_size)
        speeds[_name(plan)] = round(images_per_second(forward, images), 3)
        ready[_name(plan)] = forward


def remember_speed(model: Any, plan: Plan, count: int, seconds: float) -> None:
    """Keeps what a real job of `count` images took, if nothing is known yet: a measurement that costs nothing."""
    if count < WORTH_MEASURING_IMAGES:
        return
    key = _key(model)
    known = _recall().get(key, {"images_per_second": {}})
    if _name(plan) not in known["images_per_second"]:
        known["images_per_second"][_name(plan)] = round(count / seconds, 3)
        _remember(key, known)


def _is_long(speeds: dict[str, float], count: int) -> bool:
    return bool(speeds) and count / max(speeds.values()) > _WORTH_COMPILING_S


def _fastest(speeds: dict[str, float], allowed: tuple[Precision, ...]) -> Plan:
    plans = [Plan(name, xla) for name in allowed for xla in (False, True)]
    return max(plans, key=lambda plan: speeds.get(_name(plan), 0.0))


def _name(plan: Plan) -> str:
    return f"{plan.precision}+xla" if plan.xla else plan.precision


def parity(full: list[NDArray[Any]], half: list[NDArray[Any]]) -> float:
    """||half - full|| / ||full|| over all outputs."""
    flat = [np.concatenate([part.astype(np.float64).ravel() for part in parts]) for parts in (full, half)]
    return float(np.linalg.norm(flat[1] - flat[0])) / max(float(np.linalg.norm(flat[0])), 1e-30)


def _key(model: Any) -> str:
    return f"{_machine()}|{structure_hash(model)}"


def _machine() -> str:
    """A home may be shared by a room of unlike machines, and two workers share one machine's cores."""
    import tensorflow as tf

    threads = tf.config.threading.get_intra_op_parallelism_threads() or os.cpu_count()
    gpus = len(tf.config.list_physical_devices("GPU"))
    return f"{processor_name()}|{threads} threads|{gpus} GPUs|tensorflow {tf.__version__}"


def _file() -> Path:
    return get_settings().home / "forward_speed.json"


def _recall() -> dict[str, Any]:
    try:
        known = json.loads(_file().read_text())
    except (OSError, ValueError):  # never measured, or a damaged note: measure again
        return {}
    return known if isinstance(known, dict) else {}


def _remember(key: str, known: dict[str, Any]) -> None:
    """Atomic, so that two workers never read half a note; a full disk only means measuring again."""
    everything = {**_recall(), key: known}
    try:
        write_atomically(_file(), json.dumps(everything))
    except OSError:
        return
