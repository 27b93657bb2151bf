"""Claim: dropout lessens the overfitting of the head, and many parameters overfit more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from ...lesson_code.layout import block, comment, paragraphs
from ...lesson_code.statements import (
    NEW_MODEL,
    classifier,
    compile_model,
    dense_layer,
    evaluate,
    extract_features,
    fit,
)
from ...translatable import N_
from ..measuring.aggregate import (
    CLEARLY,
    OPTION_BY_VERDICT,
    Average,
    average,
    averaged,
    best,
    deciding,
    difference,
    grouped,
)
from ..measuring.curves import ACCURACY_COLUMN
from ..measuring.trained import measure_training, training_cell
from ..shown_code import KERAS_IMPORTS, base_code, images_code, num_classes_of
from ..specification import (
    ONE_PHASE,
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

_DROPOUTS = (0.0, 0.25, 0.5, 0.75)
_UNITS = (16, 64, 256, 1024)

#: Changes of the gap (in accuracy) smaller than this do not count, however sure.
_SAME = 0.01


def _grid(settings: ExperimentSettings) -> list[Cell]:
    return [
        {
            **training_cell(settings, "feature_extraction", seed, dropout=dropout, head=[units]),
            "dropout": dropout,
            "units": units,
            "gap": True,
        }
        for seed in range(settings.seeds)
        for units in _UNITS
        for dropout in _DROPOUTS
    ]


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    gaps = averaged(outcomes, "gap", "units", "dropout")
    accuracies = averaged(outcomes, "accuracy", "units", "dropout", accuracy=True)
    complete = len(gaps) == len(_UNITS) * len(_DROPOUTS)
    rows = tuple(
        {"units": units, "dropout": dropout, "gap": gap.mean, "accuracy": accuracies[(units, dropout)].mean}
        for (units, dropout), gap in sorted(gaps.items())
    )
    series = tuple(
        Series(
            Text(N_("{units} units"), {"units": units}),
            [row["dropout"] for row in rows if row["units"] == units],
            [row["gap"] for row in rows if row["units"] == units],
        )
        for units in sorted({units for units, _ in gaps})
    )
    return Result(
        verdict=_verdict(_by_dropout(outcomes)) if complete else "unclear",
        takeaway=_takeaway(outcomes, gaps, accuracies) if complete else (),
        columns=(
            Column("units", N_("units of the dense layer"), "count"),
            Column("dropout", N_("dropout"), "setting"),
            Column("gap", N_("training minus validation accuracy (points)"), "points"),
            ACCURACY_COLUMN,
        ),
        rows=rows,
        charts=(Chart("line", N_("dropout"), N_("training minus validation accuracy"), series),),
        answer=_answer(_by_dropout(outcomes)) if complete else None,
        figure=difference(N_("how much dropout narrows the gap"), *_against_none(outcomes)) if complete else None,
    )


def _change(outcomes: Sequence[Outcome], key: str, before: float, after: float, *same: str) -> Average:
    """By how much the gap shrinks from `before` to `after`, between runs that are alike in `same` and the images."""
    changes = []
    for group in grouped(outcomes, "seed", *same).values():
        by_value = {outcome.cell[key]: outcome.values["gap"] for outcome in group}
        if before in by_value and after in by_value:  # the last seed may be half measured
            changes.append(by_value[before] - by_value[after])
    return average(changes)


def _by_dropout(outcomes: Sequence[Outcome]) -> Average:
    """Dropout 0.5, the lecture's, against none, over all sizes of the head."""
    return _change(outcomes, "dropout", 0.0, 0.5, "units")


def _against_none(outcomes: Sequence[Outcome]) -> tuple[Average, Average]:
    """The change by dropout beside no change at all."""
    change = replace(_by_dropout(outcomes), seeds=len(grouped(outcomes, "seed")))
    return change, Average(0.0, 0.0, change.seeds, 0.0)


def _by_size(outcomes: Sequence[Outcome]) -> Average:
    """The largest head against the smallest, over all dropouts: positive if the large one has the wider gap."""
    return _change(outcomes, "units", _UNITS[-1], _UNITS[0], "dropout")


def _verdict(change: Average) -> Verdict:
    if abs(change.mean) <= max(_SAME, CLEARLY * change.error):
        return "unclear"
    return "holds" if change.mean > 0 else "fails"


def _answer(change: Average) -> int:
    return OPTION_BY_VERDICT[_verdict(change)]


def _takeaway(
    outcomes: Sequence[Outcome],
    gaps: dict[tuple[int, float], Average],
    accuracies: dict[tuple[int, float], Average],
) -> tuple[Text, ...]:
    params = {
        "without": Quantity(fmean(gaps[(units, 0.0)].mean for units in _UNITS), "points"),
        "half": Quantity(fmean(gaps[(units, 0.5)].mean for units in _UNITS), "points"),
    }
    templates = {
        "holds": N_(
            "Averaged over the head sizes, dropout 0.5 shrinks the gap between training and validation from {without} "
            "to {half} points."
        ),
        "unclear": N_(
            "Dropout 0.5 does not clearly change the gap between training and validation ({without} and {half} "
            "points): on these data the claim does not show."
        ),
        "fails": N_(
            "With dropout 0.5 the gap between training and validation is even wider ({without} and {half} points): the "
            "claim does not hold on these data."
        ),
    }
    units, dropout = best(accuracies)
    winner = Text(
        N_(
            "Best on the test images: {units} units with dropout {dropout} ({accuracy}). With {count} combinations to "
            "choose from, the best is also the luckiest."
        ),
        {
            "units": units,
            "dropout": Quantity(dropout, "setting"),
            "accuracy": Quantity(accuracies[(units, dropout)].mean, "percent"),
            "count": len(accuracies),
        },
    )
    verdict = _verdict(_by_dropout(outcomes))
    undecided = deciding(verdict, _against_none(outcomes))
    return (Text(templates[verdict], params), _size(outcomes, gaps), winner, *undecided)


def _size(outcomes: Sequence[Outcome], gaps: dict[tuple[int, float], Average]) -> Text:
    small, large = (fmean(gaps[(units, dropout)].mean for dropout in _DROPOUTS) for units in (_UNITS[0], _UNITS[-1]))
    params = {
        "few": _UNITS[0],
        "many": _UNITS[-1],
        "small": Quantity(small, "points"),
        "large": Quantity(large, "points"),
    }
    templates = {
        "holds": N_(
            "Averaged over the dropouts, a head of {many} units overfits more than one of {few} ({large} and {small} "
            "points)."
        ),
        "unclear": N_(
            "Averaged over the dropouts, a head of {many} units does not clearly overfit more than one of {few} "
            "({large} and {small} points)."
        ),
        "fails": N_(
            "Averaged over the dropouts, a head of {many} units overfits less than one of {few} ({large} and {small} "
            "points): this part of the claim does not hold on these data."
        ),
    }
    return Text(templates[_verdict(_by_size(outcomes))], params)


def _code(settings: ExperimentSettings) -> str:
    return paragraphs(
        images_code(settings, "import numpy as np", "import tlcore", KERAS_IMPORTS),
        base_code(settings),
        extract_features("train", "val"),
        block(
            f"for units in {_UNITS}:",
            block(
                f"for dropout in {_DROPOUTS}:",
                NEW_MODEL,
                f"model.add({dense_layer('units', 'relu')})",
                "model.add(layers.Dropout(dropout))",
                f"model.add({classifier(num_classes_of(settings))})",
                compile_model(settings.learning_rate, num_classes_of(settings)),
                fit(settings.epochs, "verbose=0", inputs="features"),
                comment(N_("both without dropout")),
                evaluate("train", inputs="features", quiet=True),
                evaluate("val", inputs="features", quiet=True),
                "print(units, dropout, train_accuracy - val_accuracy)",
            ),
        ),
    )


EXPERIMENT = ExperimentSpec(
    name="regularisation",
    title=N_("Dropout and the size of the head"),
    claim=N_(
        "“Note that dropout was added after the first dense layer to lessen problems of overfitting.” “The more "
        "parameters are trained, the larger the problems of overfitting.”"
    ),
    slide=N_("Feature extraction: the dense network"),
    guess=Guess(
        N_("What does dropout 0.5 do to the gap between training and validation accuracy?"),
        (N_("It shrinks"), N_("It stays the same"), N_("It grows")),
    ),
    notice=N_(
        "Training accuracy is measured without dropout here, so that both sides are measured alike. Compare the lines' "
        "ends."
    ),
    defaults=ExperimentSettings(image_size=64, epochs=20),
    uses=tuple(name for name in ONE_PHASE if name != "head"),  # what is swept
    grid=_grid,
    measure=measure_training,
    summarise=_summarise,
    code=_code,
)
