"""Claim: only the last layers are worth re-training; the more is trained, the more it overfits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...lesson_code.layout import assigned, block, comment, lines, paragraphs
from ...lesson_code.statements import SPLITS, evaluate
from ...translatable import N_
from ..measuring.aggregate import Average, averaged, averaged_gap, best, compare, deciding, difference
from ..measuring.curves import ACCURACY_COLUMN
from ..measuring.probes import block_starts
from ..measuring.trained import FALLING, measure_training, training_cell
from ..shown_code import KERAS_IMPORTS, fine_tuned, functions_code, images_code
from ..specification import (
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

#: A gain of accuracy up to this is what the claim calls "almost none".
_ALMOST_NONE = 0.02

_NOTHING = N_("nothing (head only)")
_FROM = N_("from {layer}")


def _grid(settings: ExperimentSettings) -> list[Cell]:
    """From the head alone to the whole base, block by block; the same number of epochs for each."""
    starts = list(reversed(block_starts(settings.base)))  # of which the first is where fine-tuning starts by default
    cells = []
    for seed in range(settings.seeds):
        epochs = settings.epochs + settings.fine_tuning_epochs
        head_alone = training_cell(settings, "frozen", seed, epochs=epochs, **FALLING)
        cells.append({**head_alone, "depth": 0, "unfrozen": None})
        for depth, layer in enumerate(starts, start=1):
            from_there = training_cell(settings, "fine_tuning", seed, unfreeze_from=layer, **FALLING)
            cells.append({**from_there, "depth": depth, "unfrozen": layer})
    return [{**cell, "gap": True} for cell in cells]


def _name(layer: str | None) -> Text:
    return Text(_NOTHING) if layer is None else Text(_FROM, {"layer": layer})


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    layers = dict(sorted({outcome.cell["depth"]: outcome.cell["unfrozen"] for outcome in outcomes}.items()))
    measures = {
        "accuracy": _sorted(averaged(outcomes, "accuracy", "depth", accuracy=True)),
        "gap": _sorted(averaged_gap(outcomes, "depth")),
        "epoch_s": _sorted(averaged(outcomes, "epoch_s", "depth")),
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
        verdict=_verdict(measures["accuracy"], measures["gap"]) if complete else "unclear",
        takeaway=_takeaway(measures, layers) if complete else (),
        columns=(
            Column("unfrozen", N_("re-trained")),
            ACCURACY_COLUMN,
            Column("gap", N_("training minus validation accuracy (points)"), "points"),
            Column("epoch_s", N_("seconds an epoch"), "seconds"),
        ),
        rows=rows,
        charts=(
            Chart("line", N_("what is re-trained"), N_("share"), accuracy_and_gap),
            Chart(
                "line",
                N_("what is re-trained"),
                N_("seconds an epoch"),
                (seconds,),
                y_kind="seconds",
                takeaway=_price(measures["epoch_s"], max(layers)) if complete else None,
            ),
        ),
        answer=_answer(measures["accuracy"]) if complete else None,
        figure=difference(N_("what unfreezing more gains"), *_beyond(measures["accuracy"])) if complete else None,
    )


def _sorted(averages: dict[tuple[int, ...], Average]) -> dict[int, Average]:
    return {depth: value for (depth,), value in sorted(averages.items())}


def _verdict(accuracies: dict[int, Average], gaps: dict[int, Average]) -> Verdict:
    """Holds only if both parts of the claim do; fails if one of them clearly does not."""
    parts = (_no_gain(accuracies), compare(gaps[max(gaps)], gaps[1]))
    if "fails" in parts:
        return "fails"
    return "unclear" if "unclear" in parts else "holds"


def _deeper(accuracies: dict[int, Average]) -> int:
    """The best of the depths beyond the last block."""
    return max((depth for depth in accuracies if depth > 1), key=lambda depth: accuracies[depth].mean)


def _beyond(accuracies: dict[int, Average]) -> tuple[Average, Average]:
    """The best of the depths beyond the last block, beside the last block alone."""
    return accuracies[_deeper(accuracies)], accuracies[1]


def _no_gain(accuracies: dict[int, Average]) -> Verdict:
    """Whether re-training more than the last block gains next to nothing over the last block alone."""
    deeper = accuracies[_deeper(accuracies)]
    if compare(deeper, accuracies[1]) == "holds":
        return "fails"
    return "holds" if deeper.mean - accuracies[1].mean <= _ALMOST_NONE else "unclear"


def _answer(accuracies: dict[int, Average]) -> int:
    depth = best(accuracies)
    return 0 if depth == 0 else 2 if depth == max(accuracies) else 1


def _takeaway(measures: dict[str, dict[int, Average]], layers: dict[int, Any]) -> tuple[Text, ...]:
    accuracies, gaps, seconds = measures["accuracy"], measures["gap"], measures["epoch_s"]
    depth, last = best(accuracies), max(accuracies)
    found = Text(
        N_(
            "The test images are named best when this is re-trained: {unfrozen} ({accuracy}; the last block alone "
            "{one}, everything {all})."
        ),
        {
            "unfrozen": _name(layers[depth]),
            "accuracy": Quantity(accuracies[depth].mean, "percent"),
            "one": Quantity(accuracies[1].mean, "percent"),
            "all": Quantity(accuracies[last].mean, "percent"),
        },
    )
    undecided = deciding(_verdict(accuracies, gaps), *_open_contrasts(accuracies, gaps))
    return (found, _gain(accuracies, layers), _gap(gaps[1], gaps[last]), _price(seconds, last), *undecided)


def _open_contrasts(accuracies: dict[int, Average], gaps: dict[int, Average]) -> tuple[tuple[Average, Average], ...]:
    """The parts of the claim that are undecided, as comparisons."""
    gain = () if _no_gain(accuracies) != "unclear" else (_beyond(accuracies),)
    return (*gain, (gaps[max(gaps)], gaps[1]))


def _gain(accuracies: dict[int, Average], layers: dict[int, Any]) -> Text:
    deeper = _deeper(accuracies)
    params = {
        "unfrozen": _name(layers[deeper]),
        "points": Quantity(accuracies[deeper].mean - accuracies[1].mean, "points"),
    }
    templates = {
        "holds": N_("Going deeper than the last block gained next to nothing ({points} points), as claimed."),
        "unclear": N_(
            "Going deeper ({unfrozen}) gained {points} points over the last block, which so few test images cannot "
            "tell from chance: they do not decide whether it is worth it."
        ),
        "fails": N_(
            "Going deeper ({unfrozen}) was clearly better than the last block alone, by {points} points: this part of "
            "the claim does not hold on these data."
        ),
    }
    return Text(templates[_no_gain(accuracies)], params)


def _gap(one: Average, everything: Average) -> Text:
    params = {"one": Quantity(one.mean, "points"), "all": Quantity(everything.mean, "points")}
    templates = {
        "holds": N_(
            "The overfitting gap grew from {one} points (last block) to {all} points (everything), as claimed."
        ),
        "unclear": N_(
            "The overfitting gap is {one} points with the last block and {all} points with everything: no clear "
            "difference, so on these data this part of the claim does not show."
        ),
        "fails": N_(
            "The overfitting gap shrank, from {one} points with the last block to {all} points with everything: this "
            "part of the claim does not hold on these data."
        ),
    }
    return Text(templates[compare(everything, one)], params)


def _price(seconds: dict[int, Average], last: int) -> Text:
    return Text(
        N_("An epoch takes {one} with the last block and {all} with everything."),
        {"one": Quantity(seconds[1].mean, "seconds"), "all": Quantity(seconds[last].mean, "seconds")},
    )


def _code(settings: ExperimentSettings) -> str:
    starts = list(reversed(block_starts(settings.base)))
    return paragraphs(
        images_code(settings, "import math", "import tlcore", KERAS_IMPORTS),
        functions_code(settings, falls=True),
        lines(comment(N_("from the last block to the whole base")), assigned("first_layers", starts)),
        block(
            "for first_layer in first_layers:",
            fine_tuned(settings, falls=True, layer="first_layer"),
            *(evaluate(split) for split in SPLITS),
            "print(first_layer, train_accuracy - val_accuracy, test_accuracy)",
        ),
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
    notice=N_(
        "Where the accuracy stops growing, what happens to the gap, and what each further block costs. The farther the "
        "task, the fewer blocks carry over as they are (Yosinski et al., 2014): compare hard hats with digits and "
        "solar cells. All rates fall to zero along a cosine."
    ),
    defaults=ExperimentSettings(image_size=64, epochs=8, fine_tuning_epochs=8, fine_tuning_learning_rate=1e-4, seeds=3),
    uses=TWO_PHASES,
    grid=_grid,
    measure=measure_training,
    summarise=_summarise,
    code=_code,
)
