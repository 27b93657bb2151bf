"""Claim: freezing the base leaves 4 of 30 tensors to train, and the network has 16,812,353 parameters.

The counts are those of VGG16's shape, 13 convolutions of a kernel and a bias each, so VGG16Slim stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...lesson_code.layout import lines, paragraphs
from ...lesson_code.statements import FREEZE, LECTURE_BASE, NEW_MODEL, add_base_and_head, count_tensors, load_base
from ...models.head import HeadSpec
from ...translatable import N_
from ..specification import (
    Cell,
    Chart,
    Column,
    ExperimentSettings,
    ExperimentSpec,
    Figure,
    Guess,
    Outcome,
    Quantity,
    Result,
    Series,
    Text,
    Values,
    Watcher,
)

#: Network, image size, first layer that fine-tuning trains, and what the lecture says comes out.
_LECTURE: Cell = {"base": "VGG16", "image_size": 150, "unfreeze_from": "block5_conv1", "head": 256}
_SAID = {"before": 30, "frozen": 4, "parameters": 16_812_353}


def _grid(settings: ExperimentSettings) -> list[Cell]:
    chosen = {
        "base": settings.base,
        "image_size": settings.image_size,
        "unfreeze_from": None,
        "head": settings.head,
    }
    return [_LECTURE, *([chosen] if chosen["base"] != _LECTURE["base"] else [])]


def _measure(cell: Cell, watcher: Watcher) -> Values:
    """Builds the network as the lecture does and counts; weights are random, since counting needs none."""
    from keras import layers, models

    from ...models import build_base
    from ...models.freezing import freeze_base
    from ...models.unfreezing import find_unfreeze_layer

    size = cell["image_size"]
    base = build_base(cell["base"], input_shape=(size, size, 3), weights="random")
    network = models.Sequential(
        [base, layers.Flatten(), layers.Dense(cell["head"], activation="relu"), layers.Dense(1, activation="sigmoid")]
    )
    features = int(network.layers[1].output.shape[-1])
    before = len(network.trainable_weights)
    base.trainable = False
    frozen = len(network.trainable_weights)
    unfreeze_from = find_unfreeze_layer(base, cell["unfreeze_from"])
    freeze_base(base, unfreeze_from)
    return {
        "before": before,
        "frozen": frozen,
        "fine_tuning": len(network.trainable_weights),
        "unfreeze_from": unfreeze_from,
        "parameters": network.count_params(),
        "base_parameters": base.count_params(),
        "features": features,
        "dense_parameters": (features + 1) * cell["head"],
        "classifier_parameters": cell["head"] + 1,
    }


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    rows = tuple(_row(outcome) for outcome in outcomes)
    lecture = [row for row in rows if row["base"] == _LECTURE["base"]]
    right = bool(lecture) and all(row[key] == value for row in lecture for key, value in _SAID.items())
    steps = (N_("everything"), N_("base frozen"), N_("last block unfrozen"))
    series = tuple(
        Series(
            Text(N_("{base}, images of {size} pixels"), {"base": row["base"], "size": row["image_size"]}),
            [Text(step) for step in steps],
            [row["before"], row["frozen"], row["fine_tuning"]],
        )
        for row in rows
    )
    return Result(
        verdict="holds" if right else "fails" if lecture else "unclear",
        takeaway=tuple(_sentence(row, right) for row in lecture) + tuple(_where_from(row) for row in lecture),
        columns=(
            Column("base", N_("base")),
            Column("before", N_("tensors, nothing frozen"), "count"),
            Column("frozen", N_("tensors, base frozen"), "count"),
            Column("fine_tuning", N_("tensors, last block unfrozen"), "count"),
            Column("base_parameters", N_("parameters of the base"), "count"),
            Column("dense_parameters", N_("of the dense layer"), "count"),
            Column("classifier_parameters", N_("of the classifier"), "count"),
            Column("parameters", N_("parameters together"), "count"),
        ),
        rows=rows,
        charts=(Chart("bar", N_("what may be trained"), N_("trainable tensors"), series, y_kind="count"),),
        answer={30: 0, 4: 1, 10: 2}.get(lecture[0]["frozen"]) if lecture else None,
        figure=Figure(N_("tensors left to train"), Quantity(lecture[0]["frozen"], "count")) if lecture else None,
    )


def _row(outcome: Outcome) -> dict[str, Any]:
    return {"base": outcome.cell["base"], "image_size": outcome.cell["image_size"], **outcome.values}


def _sentence(row: dict[str, Any], right: bool) -> Text:
    numbers = {key: Quantity(row[key], "count") for key in ("before", "frozen", "fine_tuning", "parameters")}
    if right:
        return Text(
            N_(
                "Counted: {before} trainable tensors, {frozen} once the base is frozen, {fine_tuning} once its last "
                "block is unfrozen, and {parameters} parameters in all, exactly as the lecture says."
            ),
            numbers,
        )
    return Text(
        N_(
            "Counted: {before} trainable tensors, {frozen} once the base is frozen, {fine_tuning} once its last block "
            "is unfrozen, and {parameters} parameters in all. That is not what the lecture says."
        ),
        numbers,
    )


def _where_from(row: dict[str, Any]) -> Text:
    keys = ("base_parameters", "features", "dense_parameters", "classifier_parameters", "parameters")
    return Text(
        N_(
            "Where it comes from: {base_parameters} in the base + ({features} + 1) · {head} = {dense_parameters} in "
            "the dense layer + {classifier_parameters} in the classifier = {parameters}. Freezing changes no "
            "parameter; it only takes tensors (one kernel and one bias a layer) off the list of those to train."
        ),
        {**{key: Quantity(row[key], "count") for key in keys}, "head": Quantity(_LECTURE["head"], "count")},
    )


def _code(settings: ExperimentSettings) -> str:
    """The lecture's own network, whose numbers the claim states; counting needs no trained weights."""
    size = _LECTURE["image_size"]
    return paragraphs(
        lines("import tlcore", "from keras import layers, models"),
        lines(LECTURE_BASE, load_base(repr(_LECTURE["base"]), repr("random"), (size, size, 3))),
        lines(NEW_MODEL, add_base_and_head(HeadSpec(2, (_LECTURE["head"],), dropout=0.5))),
        lines(count_tensors(N_("before")), FREEZE, count_tensors(N_("after")), "model.summary()"),
    )


EXPERIMENT = ExperimentSpec(
    name="tensor_counts",
    title=N_("From 30 tensors to 4"),
    claim=N_(
        "“Number of trainable parameters before freezing = 30. Number of trainable parameters after freezing = 4. Note "
        "that these are numbers of tensors to be trained, not the total number of parameters.” The network has "
        "16,812,353."
    ),
    slide=N_("Partial training: freezing the base"),
    guess=Guess(
        N_(
            "VGG16 has 13 convolutional layers; two dense layers are added. How many tensors are trained once it is "
            "frozen?"
        ),
        (N_("30: all of them"), N_("4: kernel and bias of two dense layers"), N_("10: the last block as well")),
    ),
    notice=N_(
        "The number of parameters is the same in all three rows of bars; only the list of what may change is shorter."
    ),
    defaults=ExperimentSettings(base="VGG16Slim"),
    uses=("base", "image_size", "head"),
    grid=_grid,
    measure=_measure,
    summarise=_summarise,
    code=_code,
)
