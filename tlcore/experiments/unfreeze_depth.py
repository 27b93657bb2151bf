"""Claim: only the last layers are worth re-training; the more is trained, the more it overfits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..translatable import N_
from .aggregate import Average, averaged, best, compare
from .code import lesson_code
from .probes import block_starts
from .specification import (
    TWO_PHASES,
    Cell,
    Chart,
    Column,
    ExperimentSettings,
    ExperimentSpec,
    Guess,
    Outcome,
    Quantity,
    Result,
    Series,
    Text,
    Verdict,
)
from .trained import measure_training, training_cell

_NOTHING = N_("nothing (head only)")
_FROM = N_("from {layer}")


def _grid(settings: ExperimentSettings) -> list[Cell]:
    """From the head alone to the whole base, block by block; the same number of epochs for each."""
    starts = list(reversed(block_starts(settings.base)))
    cells = []
    for seed in range(settings.seeds):
        epochs = settings.epochs + settings.fine_tuning_epochs
        cells.append({**training_cell(settings, "frozen", seed, epochs=epochs), "depth": 0, "unfrozen": None})
        cells += [
            {**training_cell(settings, "fine_tuning", seed, unfreeze_from=layer), "depth": depth, "unfrozen": layer}
            for depth, layer in enumerate(starts, start=1)
        ]
    return [{**cell, "gap": True} for cell in cells]


def _name(layer: str | None) -> Text:
    return Text(_NOTHING) if layer is None else Text(_FROM, {"layer": layer})


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    layers = dict(sorted({outcome.cell["depth"]: outcome.cell["unfrozen"] for outcome in outcomes}.items()))
    measures = {
        measure: _by_depth(outcomes, measure, accuracy=measure == "accuracy")
        for measure in ("accuracy", "gap", "epoch_s")
    }
    rows: tuple[dict[str, Any], ...] = tuple(
        {"unfrozen": _name(layer), **{measure: values[depth].mean for measure, values in measures.items()}}
        for depth, layer in layers.items()
    )
    names = [row["unfrozen"] for row in rows]
    complete = len(layers) > 2 and 0 in layers and 1 in layers
    accuracy_and_gap = tuple(
        Series(Text(title), names, [row[measure] for row in rows])
        for measure, title in (("accuracy", N_("accuracy on the test images")), ("gap", N_("overfitting gap")))
    )
    seconds = Series(Text(N_("seconds an epoch")), names, [row["epoch_s"] for row in rows])
    return Result(
        verdict=_verdict(measures["accuracy"]) if complete else "unclear",
        takeaway=_takeaway(measures, layers) if complete else (),
        columns=(
            Column("unfrozen", N_("re-trained")),
            Column("accuracy", N_("balanced accuracy on the test images"), "percent"),
            Column("gap", N_("training minus validation accuracy (points)"), "points"),
            Column("epoch_s", N_("seconds an epoch"), "seconds"),
        ),
        rows=rows,
        charts=(
            Chart("line", N_("what is re-trained"), N_("share"), accuracy_and_gap),
            Chart("line", N_("what is re-trained"), N_("seconds an epoch"), (seconds,), y_kind="seconds"),
        ),
        answer=_answer(measures["accuracy"]) if complete else None,
    )


def _by_depth(outcomes: Sequence[Outcome], measure: str, *, accuracy: bool) -> dict[int, Average]:
    found = averaged(outcomes, measure, "depth", accuracy=accuracy)
    return {depth: value for (depth,), value in sorted(found.items())}


def _verdict(accuracies: dict[int, Average]) -> Verdict:
    """The claim fails if re-training more than the last block is clearly better than the last block alone."""
    deepest = max((depth for depth in accuracies if depth > 1), key=lambda depth: accuracies[depth].mean)
    if compare(accuracies[deepest], accuracies[1]) == "holds":
        return "fails"
    return "holds"


def _answer(accuracies: dict[int, Average]) -> int:
    depth = best(accuracies)
    return 0 if depth == 0 else 2 if depth == max(accuracies) else 1


def _takeaway(measures: dict[str, dict[int, Average]], layers: dict[int, Any]) -> tuple[Text, ...]:
    accuracies, gaps, seconds = measures["accuracy"], measures["gap"], measures["epoch_s"]
    depth, last = best(accuracies), max(accuracies)
    found = Text(
        N_(
            "Most of the test images are named right when this is re-trained: {unfrozen} ({accuracy}; the last block "
            "alone {one}, everything {all})."
        ),
        {
            "unfrozen": _name(layers[depth]),
            "accuracy": Quantity(accuracies[depth].mean, "percent"),
            "one": Quantity(accuracies[1].mean, "percent"),
            "all": Quantity(accuracies[last].mean, "percent"),
        },
    )
    gain = {
        "holds": N_("Going deeper than the last block gained nothing beyond chance, as claimed."),
        "fails": N_("Going deeper than the last block was clearly better: the claim does not hold on these data."),
    }
    return found, Text(gain[_verdict(accuracies)]), _gap(gaps[1].mean, gaps[last].mean), _price(seconds, last)


def _gap(one: float, everything: float) -> Text:
    params = {"one": Quantity(one, "points"), "all": Quantity(everything, "points")}
    if everything > one:
        return Text(
            N_("The overfitting gap grew from {one} points (last block) to {all} points (everything), as claimed."),
            params,
        )
    return Text(
        N_(
            "The overfitting gap did not grow: {one} points with the last block, {all} points with everything, so on "
            "these data this part of the claim does not show."
        ),
        params,
    )


def _price(seconds: dict[int, Average], last: int) -> Text:
    return Text(
        N_("An epoch takes {one} with the last block and {all} with everything."),
        {"one": Quantity(seconds[1].mean, "seconds"), "all": Quantity(seconds[last].mean, "seconds")},
    )


EXPERIMENT = ExperimentSpec(
    name="unfreeze_depth",
    title=N_("How many layers to unfreeze"),
    claim=N_(
        "“There would be no gain, or almost none, in re-training the first layers of the base.” “The more parameters "
        "are trained, the larger the problems of overfitting.”"
    ),
    slide=N_("Fine-tuning: why not all layers"),
    guess=Guess(
        N_("Which choice names most of the test images right?"),
        (N_("Train the head only"), N_("Unfreeze some of the blocks"), N_("Unfreeze everything")),
    ),
    notice=N_("Where the accuracy stops growing, what happens to the gap, and what each further block costs."),
    defaults=ExperimentSettings(epochs=8, fine_tuning_epochs=8, fine_tuning_learning_rate=1e-4),
    uses=TWO_PHASES,
    grid=_grid,
    measure=measure_training,
    summarise=_summarise,
    code=lambda settings, translate=str: lesson_code(settings, "fine_tuning", translate),
)
