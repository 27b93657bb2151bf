"""What a run cost, and what the plain way would have cost here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .inputs import PhaseInputs
    from .session import Session


def cost_ledger(session: Session) -> dict[str, Any]:
    """Plain numbers about the run.

    Returns:
        `base_forward_passes`: images that were run through frozen layers now. `base_forward_passes_plain`: how many
        Keras's `fit` would have run. `trained_parameters` by phase. `optimizer_bytes`. `cached_bytes`, `cache_hits`.
        `seconds` by phase. `precision` and, in half, `parity` with float32. `plain_seconds_estimated`: this run's
        time plus the frozen passes that the cache saved, at the speed measured here; None where nothing was saved.
    """
    outputs = [output for inputs in session.inputs.values() for output in inputs.outputs.values()]
    epochs = _epochs_by_phase(session)
    names = [phase.name for phase in session.phases]
    return {
        "base_forward_passes": sum(_computed(inputs) for inputs in session.inputs.values()),
        "base_forward_passes_plain": _images_an_epoch(session) * sum(epochs.values()),
        "trained_parameters": dict(zip(names, session.parameters, strict=False)),
        "total_parameters": session.parameters_before,
        "optimizer_bytes": session.optimizer_bytes,
        "cached_bytes": sum(output.num_bytes for output in outputs if output.on_disk),
        "cache_hits": sum(output.hit for output in outputs),
        "seconds": dict(session.timings),
        "precision": outputs[0].precision if outputs else "float32",
        "parity": next((output.parity for output in outputs if output.parity is not None), None),
        "plain_seconds_estimated": _plain_seconds(session, epochs),
        "plain_is_estimate": True,
    }


def _epochs_by_phase(session: Session) -> dict[str, int]:
    names = [row["phase"] for row in session.history]
    return {name: names.count(name) for name in dict.fromkeys(names)}


def _images_an_epoch(session: Session) -> int:
    return len(session.data.train) + len(session.data.validation)


def _computed(inputs: PhaseInputs) -> int:
    return sum(len(output.arrays[0]) for output in inputs.outputs.values() if not output.hit)


def _plain_seconds(session: Session, epochs: dict[str, int]) -> float | None:
    """Training above the cut, plus the frozen part once an image and epoch, as measured when it was run."""
    saved = 0.0
    for place, inputs in session.inputs.items():
        if "train" in inputs.outputs:
            cost_s = inputs.outputs["train"].seconds_per_image
            saved += cost_s * _images_an_epoch(session) * epochs.get(session.phases[place].name, 0)
    if not saved:
        return None
    spent = sum(float(row["seconds"]) for row in session.history)
    return round(spent + saved, 3)
