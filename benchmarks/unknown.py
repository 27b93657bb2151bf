"""Photos of a class that a network has never seen: does the distance to what it knows tell them, or its own confidence?

One TrashNet class after the other is left out. A classifier like the lab's learns the other five from most of their
photographs; then it is shown the rest of these, and those of the class that was left out. AUROC is the chance that, of
one photograph of each kind, the strange one is the farther one (or the less sure one): 50 % is guessing. Beside it, how
many strange ones and how many known ones the threshold from the training images calls strange.

Needs photographs that are not part of this repository: see `TLCORE_SHARED`. What the app shows of it is the output of

    python -m benchmarks unknown --json | tail -1 > tlcore/inference/unknown.json
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.transfer_tasks import Task, tasks
from tlcore import build_base, extract_features
from tlcore.architectures import PROPOSED_BASE
from tlcore.datasets.suspects import new_probe
from tlcore.inference.familiarity import FamiliarityMeter

SIZE = 150
TRAIN_SHARE = 0.7
SEEDS = 3
MEASURES = ("neighbours", "mahalanobis")


def measure() -> Iterator[dict[str, Any]]:
    """A row a class that was left out, and their mean for each way to tell."""
    task = next(task for task in tasks() if task.name == "trashnet")
    base = build_base(PROPOSED_BASE, input_shape=(SIZE, SIZE, 3), weights="imagenet", pooling="avg")
    features = extract_features(base, task.resized(SIZE), precision="float32")
    rows = []
    for left_out in np.unique(task.labels):
        runs = [_run(task, features, int(left_out), seed) for seed in range(SEEDS)]
        rows.append({name: round(100 * float(np.mean([run[name] for run in runs])), 1) for name in runs[0]})
        yield {"case": f"left out: {_names()[left_out]}", **rows[-1], "unit": "% AUROC"}
    yield {
        "case": "mean",
        **{name: round(float(np.mean([row[name] for row in rows])), 1) for name in rows[0]},
        "unit": "% AUROC",
        "classes": len(rows),
        "seeds": SEEDS,
        "base": PROPOSED_BASE,
    }


def _names() -> list[str]:
    from benchmarks.transfer_tasks import shared_folder

    return sorted(path.name for path in (shared_folder() / "data" / "trashnet").iterdir() if path.is_dir())


def _run(task: Task, features: NDArray[np.float32], left_out: int, seed: int) -> dict[str, float]:
    """One class left out, one draw of the training images."""
    from sklearn.metrics import roc_auc_score

    random = np.random.default_rng(seed)
    known = random.permutation(np.flatnonzero(task.labels != left_out))
    train, rest = np.split(known, [round(TRAIN_SHARE * len(known))])
    shown = np.concatenate([rest, np.flatnonzero(task.labels == left_out)])
    strange = task.labels[shown] == left_out
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the probe need not converge to be the lab's
        probe = new_probe().fit(features[train], task.labels[train])
    unsure = 1 - probe.predict_proba(features[shown]).max(axis=1)
    found = {"confidence": float(roc_auc_score(strange, unsure))}
    for name in MEASURES:
        meter = FamiliarityMeter(features[train], task.labels[train], measure=name)
        distances = meter.distances(features[shown])
        found[name] = float(roc_auc_score(strange, distances))
        found[f"{name}_found"] = float((distances[strange] > meter.threshold).mean())
        found[f"{name}_false"] = float((distances[~strange] > meter.threshold).mean())
    return found
