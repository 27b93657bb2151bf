"""What a run cost, and what the plain way would have cost here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .costs import PhaseCosts
    from .run_in_progress import RunInProgress


def cost_ledger(running: RunInProgress) -> dict[str, Any]:
    """Plain numbers about the run, what happened before an interruption included.

    Returns:
        `base_forward_passes`: images that were run through frozen layers. `base_forward_passes_plain`: how many
        Keras's `fit` would have run. `trained_parameters` by phase, and `total_parameters`. `optimizer_bytes`.
        `cached_bytes`, `cache_hits`. `seconds` by phase. `precision` and, in half, `parity` with float32.
        `runtime` of the frozen part, and `times_predict`, how many times as fast as Keras's `predict` it was.
        `plain_seconds_estimated`: this run's time plus the frozen passes that the cache saved, at the speed measured
        here; None where nothing was saved.
    """
    costs = running.costs
    latest = {cost.phase: cost for cost in costs}
    plain = {name: _images_trained(running, name) if cost.frozen else 0 for name, cost in latest.items()}
    again = sum(plain[name] for name, cost in latest.items() if cost.each_epoch)
    names = [phase.name for phase in running.phases]
    return {
        "base_forward_passes": sum(cost.computed for cost in costs) + again,
        "base_forward_passes_plain": sum(plain.values()),
        "trained_parameters": dict(zip(names, running.parameters, strict=False)),
        "total_parameters": running.network.total_parameters,
        "optimizer_bytes": running.optimizer_bytes,
        "cached_bytes": sum(cost.cached_bytes for cost in latest.values()),
        "cache_hits": sum(cost.hits for cost in costs),
        "seconds": running.timings.seconds(),
        "precision": costs[0].precision if costs else "float32",
        "runtime": costs[0].runtime if costs else "tensorflow",
        "times_predict": next((cost.times_predict for cost in costs if cost.times_predict is not None), None),
        "parity": next((cost.parity for cost in costs if cost.parity is not None), None),
        "plain_seconds_estimated": _plain_seconds(running, latest),
        "plain_is_estimate": True,
    }


def _images_trained(running: RunInProgress, phase: str) -> int:
    """Images of all epochs of a phase, those that judge an epoch included."""
    epochs = [row["phase"] for row in running.history].count(phase)
    return epochs * (len(running.data.train) + len(running.data.validation))


def _plain_seconds(running: RunInProgress, latest: dict[str, PhaseCosts]) -> float | None:
    """Training above the cut, plus the frozen part once an image and epoch, as measured when it was run."""
    saved = sum(
        cost.seconds_per_image * _images_trained(running, name)
        for name, cost in latest.items()
        if cost.seconds_per_image is not None
    )
    spent = sum(float(row["seconds"]) for row in running.history)
    return round(spent + saved, 3) if saved else None
