"""What bfloat16 costs in accuracy: the lecture's head on the embedded base, trained in both precisions.

The features are computed, and kept on disk, in half precision on one side and in float32 on the other; images, seeds
and everything else are the same. Balanced accuracy on held-out images, mean over seeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tlcore
from benchmarks.lecture import private_home
from benchmarks.transfer_tasks import Task, tasks
from tlcore.datasets import Dataset, Split

SEEDS = 5
PER_CLASS = 50
EPOCHS = 15


def measure() -> Iterator[dict[str, Any]]:
    """One row a task; `spread` is the standard deviation of the difference over the seeds."""
    with private_home():
        for task in tasks():
            images = task.resized(64)
            scores = {
                precision: np.asarray([_trained(task, images, precision, seed) for seed in range(SEEDS)])
                for precision in ("float32", "bfloat16")
            }
            difference = scores["bfloat16"] - scores["float32"]
            yield {
                "case": f"{task.name}, {PER_CLASS} a class: bfloat16 minus float32",
                "value": round(float(difference.mean()), 2),
                "spread": round(float(difference.std()), 2),
                "unit": "points of balanced accuracy",
                **{name: round(float(values.mean()), 1) for name, values in scores.items()},
            }


def _trained(task: Task, images: NDArray[np.uint8], precision: str, seed: int) -> float:
    split = task.split(PER_CLASS, seed)
    if split is None:
        raise RuntimeError(f"{task.name} has fewer than {PER_CLASS} images a class to train on.")
    train, test = (Split(images[part], task.labels[part], tuple(map(str, part))) for part in split)
    names = tuple(str(label) for label in np.unique(task.labels))
    spec = tlcore.TrainingSpec(
        method="frozen", epochs=EPOCHS, optimizer="adam", learning_rate=1e-3, precision=precision, seed=seed
    )
    run = tlcore.train(spec, data=Dataset(task.name, names, train=train, validation=test, test=test))
    return 100.0 * float(run.test_metrics["balanced_accuracy"])
