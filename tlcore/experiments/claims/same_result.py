"""Claim: training a head on a frozen base gives what feature extraction gives; only the cost differs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import takewhile

from ...lesson_code.layout import comment, lines, paragraphs
from ...translatable import N_
from ..measuring.aggregate import averaged, averaged_by, grouped
from ..measuring.curves import ACCURACY_COLUMN, history_chart
from ..measuring.data import load
from ..measuring.probes import shared_base
from ..measuring.trained import measure_training, method_name, training_cell
from ..shown_code import KERAS_IMPORTS, base_code, head_on_features, head_on_frozen_base, images_code
from ..specification import (
    ONE_PHASE,
    Cell,
    Column,
    ExperimentSettings,
    ExperimentSpec,
    Figure,
    Guess,
    Outcome,
    Quantity,
    Result,
    Text,
    Values,
    Verdict,
    Watcher,
)

#: Curves that differ by less than this in the loss are the same curve.
_SAME_LOSS = 0.01


def _grid(settings: ExperimentSettings) -> list[Cell]:
    """Extraction, and frozen training done the plain way: the base runs over each image in each epoch."""
    ways = (("feature_extraction", True), ("frozen", False))
    return [
        training_cell(settings, method, seed, cache=cache) for seed in range(settings.seeds) for method, cache in ways
    ]


def _measure(cell: Cell, watcher: Watcher) -> Values:
    """Trains, and times what the way costs: the base over the images, once or in each epoch, and the head's epochs.

    The base is timed apart and without the cache, which may know these images from an earlier run.
    """
    values = measure_training(cell, watcher)
    epochs = sum(row["seconds"] for row in values["history"])
    extraction = _extraction_s(cell) if cell["method"] == "feature_extraction" else 0.0
    return {**values, "cost_s": extraction + epochs}


def _extraction_s(cell: Cell) -> float:
    from ...features import extract_features

    data, training = load(cell), cell["training"]
    base = shared_base(training["base"], training["weights"], cell["data"]["image_size"], cell["seed"])
    start = time.perf_counter()
    for split in (data.train, data.validation):
        extract_features(base, split.images, precision="float32", cache=False)
    return time.perf_counter() - start


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    accuracies = averaged(outcomes, "accuracy", "method", accuracy=True)
    seconds = {value: mean.mean for value, mean in averaged_by(outcomes, "cost_s", "method").items()}
    distances = _distances(outcomes)
    apart = max(distances, default=None)
    together = sum(1 for _ in takewhile(lambda distance: distance <= _SAME_LOSS, distances))
    rows = tuple(
        {"method": method_name(method), "accuracy": accuracies[(method,)].mean, "seconds": seconds[method]}
        for (method,) in accuracies
    )
    verdict = _verdict(apart, together)
    return Result(
        verdict=verdict,
        takeaway=() if apart is None else (_same(verdict, apart, together), _cost(seconds)),
        columns=(
            Column("method", N_("method")),
            ACCURACY_COLUMN,
            Column("seconds", N_("seconds of base and training"), "seconds"),
        ),
        rows=rows,
        charts=tuple(history_chart(outcomes, "method", method_name, measure) for measure in ("val_loss", "loss")),
        answer={"holds": 0, "fails": 1}.get(verdict),
        figure=None if apart is None else Figure(N_("largest distance of the losses"), Quantity(apart, "number")),
    )


def _verdict(apart: float | None, together: int) -> Verdict:
    """Curves that part after equal epochs have parted by rounding, which is not what the claim speaks of."""
    if apart is None:
        return "unclear"
    if apart <= _SAME_LOSS:
        return "holds"
    return "unclear" if together else "fails"


def _distances(outcomes: Sequence[Outcome]) -> list[float]:
    """Of each epoch, the largest distance between the two validation losses of a seed; empty without both curves."""
    pairs = []
    for group in grouped(outcomes, "seed").values():
        curves = {outcome.cell["method"]: outcome.values["history"] for outcome in group}
        if len(curves) == 2:
            one, other = curves.values()
            pairs.append([abs(a["val_loss"] - b["val_loss"]) for a, b in zip(one, other, strict=False)])
    return [max(epoch) for epoch in zip(*pairs, strict=False)]


def _same(verdict: Verdict, apart: float, together: int) -> Text:
    params: dict[str, Quantity] = {"apart": Quantity(apart, "number"), "together": Quantity(together, "count")}
    if verdict == "holds":
        return Text(N_("The two curves are the same: no epoch's validation loss differs by more than {apart}."), params)
    if verdict == "unclear":
        return Text(
            N_(
                "The two curves are the same for their first {together} epochs, then they part, by up to {apart}: the "
                "features agree to about seven digits, and steps this large let the rest of the rounding grow from "
                "epoch to epoch. A smaller learning rate keeps them together."
            ),
            params,
        )
    return Text(
        N_(
            "Here the two curves are not the same: the validation losses differ by up to {apart} in one epoch, so the "
            "claim does not hold on these data with these settings."
        ),
        params,
    )


def _cost(seconds: dict[str, float]) -> Text:
    extraction, frozen = seconds["feature_extraction"], seconds["frozen"]
    params = {
        "extraction": Quantity(extraction, "seconds"),
        "frozen": Quantity(frozen, "seconds"),
        "times": Quantity(max(extraction, frozen) / max(min(extraction, frozen), 1e-9), "ratio"),
    }
    if frozen > extraction:
        return Text(
            N_(
                "Feature extraction took {extraction}, training with the frozen base as a layer {frozen}: {times} as "
                "long, since the base runs over every image again in every epoch."
            ),
            params,
        )
    return Text(
        N_(
            "Feature extraction took {extraction}, training with the frozen base as a layer {frozen}: with so few "
            "images and epochs, running the base again did not cost more here."
        ),
        params,
    )


def _code(settings: ExperimentSettings) -> str:
    return paragraphs(
        images_code(settings, "import numpy as np", "import tlcore", KERAS_IMPORTS),
        base_code(settings),
        lines(comment(N_("1. feature extraction: the base runs once over each image")), head_on_features(settings)),
        lines(
            comment(N_("2. partial training: the base runs over each image in each epoch")),
            head_on_frozen_base(settings),
        ),
    )


EXPERIMENT = ExperimentSpec(
    name="same_result",
    title=N_("Extraction or frozen training"),
    claim=N_(
        "“Following this procedure the result is the same as that of feature extraction, since the convolutional base "
        "is the same and so are the features that the dense part uses to classify.”"
    ),
    slide=N_("Partial training: freezing the base"),
    guess=Guess(
        N_(
            "One head is trained on extracted features, the same head on top of the frozen base. How do the curves "
            "compare?"
        ),
        (N_("They lie on one another"), N_("They differ")),
    ),
    notice=N_("Two curves that lie on one another, and two very different bills."),
    # At RMSprop's usual 0.001 a head on 10 classes jumps so far that rounding parts the curves after three epochs.
    defaults=ExperimentSettings(epochs=10, seeds=1, learning_rate=1e-4),
    uses=ONE_PHASE,
    grid=_grid,
    measure=_measure,
    summarise=_summarise,
    code=_code,
)
