"""What watching costs: an epoch with all events against one without, head training and fine-tuning."""

from __future__ import annotations

import statistics
from typing import Any

import tlcore
from benchmarks.lecture import BATCH_SIZE, alternate, dataset, private_home

HEAD_EPOCHS, FINE_TUNING_EPOCHS = 30, 3


def measure() -> list[dict[str, Any]]:
    """The median epoch of runs that find their features in the cache."""
    data = dataset()
    rows = []
    with private_home():
        for method, phase in (("frozen", "head"), ("fine_tuning", "fine_tuning")):
            spec = specification(method)
            tlcore.train(spec, data)  # fills the cache
            events: list[dict[str, Any]] = []
            medians = alternate(
                {
                    "without": lambda s=spec, p=phase: epoch_seconds(s, data, p, None),
                    "with": lambda s=spec, p=phase, kept=events: epoch_seconds(s, data, p, kept.append),
                }
            )
            rows.append(
                {
                    "case": f"VGG16 {method}",
                    "value": round(100.0 * (medians["with"] / medians["without"] - 1.0), 2),
                    "unit": "% of an epoch",
                    "epoch_s": round(medians["without"], 4),
                    "watched_epoch_s": round(medians["with"], 4),
                    "events": len(events),
                }
            )
    return rows


def specification(method: str) -> tlcore.TrainingSpec:
    head_epochs = HEAD_EPOCHS if method == "frozen" else 1
    return tlcore.TrainingSpec(
        base="VGG16",
        weights="random",
        method=method,
        unfreeze_from="block5_conv1",
        epochs=head_epochs,
        fine_tuning_epochs=FINE_TUNING_EPOCHS,
        batch_size=BATCH_SIZE,
    )


def epoch_seconds(spec: tlcore.TrainingSpec, data: Any, phase: str, on_event: Any) -> float:
    """The median epoch of one phase; the first one compiles and is left out.

    Without events nothing is watched at all: no drift and no gradient norms either.
    """
    run = tlcore.train(spec, data, on_event=on_event, watch_layers=on_event is not None)
    return statistics.median([row["seconds"] for row in run.history if row["phase"] == phase][1:])
