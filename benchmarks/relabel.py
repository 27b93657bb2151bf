"""Wrong labels among real photographs: how many of those that were planted are found, and what it changes.

Every tenth label of hard hats and of TrashNet is made wrong, among the images to learn from. A person looks at the
fifth of the images whose labels are most suspicious, and puts right what is wrong among them. Recall is the share of
the planted ones that they get to see so. The classifier that the lab trains is measured on clean test images before
and after that, and for comparison with no label planted. Images of one photograph are on one side.

Needs photographs that are not part of this repository: see `TLCORE_SHARED`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.transfer_tasks import Task, tasks
from tlcore import build_base, extract_features
from tlcore.architectures import PROPOSED_BASE
from tlcore.datasets.suspects import count_right, number_shown, rank_suspects
from tlcore.inference.metrics import wilson_interval

PLANTED_SHARE = 0.1
TEST_SHARE = 0.3
SEEDS = 10
SIZE = 150
PHOTOGRAPHS = ("hardhat", "trashnet")


def measure() -> Iterator[dict[str, Any]]:
    """Recall of the planted labels, accuracy before, after and without them; over all seeds."""
    base = build_base(PROPOSED_BASE, input_shape=(SIZE, SIZE, 3), weights="imagenet", pooling="avg")
    for task in tasks():
        if task.name not in PHOTOGRAPHS:
            continue
        features = extract_features(base, task.resized(SIZE), precision="float32")
        runs = [_run(task, features, seed) for seed in range(SEEDS)]
        recalls = [run["recall"] for run in runs]
        yield {
            "case": f"{task.name}: planted labels among the first 20 % shown",
            "value": round(100 * float(np.mean(recalls)), 1),
            "spread": round(100 * float(np.std(recalls)), 1),
            "lowest": round(100 * min(recalls), 1),
            "unit": "% recall",
            "seeds": SEEDS,
        }
        for stage in ("before", "after", "clean"):
            yield _accuracy(f"{task.name}: accuracy {stage}", [run[stage] for run in runs], runs[0]["test"])


def _accuracy(case: str, right: list[int], count: int) -> dict[str, Any]:
    """Mean over the seeds, the interval of a test of that size, and the spread between the seeds."""
    interval = wilson_interval(round(float(np.mean(right))), count)
    shares = 100 * np.asarray(right) / count
    return {
        "case": case,
        "value": round(float(shares.mean()), 1),
        "interval": [round(100 * interval["low"], 1), round(100 * interval["high"], 1)],
        "spread": round(float(shares.std()), 1),
        "unit": "% accuracy",
        "test_images": count,
    }


def _run(task: Task, features: NDArray[np.float32], seed: int) -> dict[str, Any]:
    """One draw of test images and of wrong labels."""
    random = np.random.default_rng(seed)
    test = _test_images(task, random)
    known, clean = features[~test], task.labels[~test]
    num_classes = int(task.labels.max()) + 1
    planted = random.choice(len(clean), round(PLANTED_SHARE * len(clean)), replace=False)
    wrong = clean.copy()
    wrong[planted] = (wrong[planted] + random.integers(1, num_classes, len(planted))) % num_classes
    ranked = rank_suspects(known, wrong, num_classes=num_classes, seed=seed)
    shown = [suspect.place for suspect in ranked[: number_shown(len(ranked))]]
    corrected = wrong.copy()
    corrected[shown] = clean[shown]
    stages = {"before": wrong, "after": corrected, "clean": clean}
    right = {name: count_right(known, labels, features[test], task.labels[test]) for name, labels in stages.items()}
    return {"recall": float(np.isin(planted, shown).mean()), "test": int(test.sum()), **right}


def _test_images(task: Task, random: np.random.Generator) -> NDArray[np.bool_]:
    """Which images are tested on: whole photographs, as many images in each draw."""
    groups, inverse = np.unique(task.groups, return_inverse=True)
    order = random.permutation(len(groups))[inverse]
    by_group = np.argsort(order, kind="stable")
    test = np.zeros(len(order), bool)
    test[by_group[: round(TEST_SHARE * len(order))]] = True
    return test
