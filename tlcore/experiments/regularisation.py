"""Claim: dropout lessens the overfitting of the head, and many parameters overfit more."""

from __future__ import annotations

from collections.abc import Sequence

from ..translatable import N_
from .aggregate import Average, averaged, best
from .code import lesson_code
from .specification import (
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
from .trained import measure_training, training_cell

_DROPOUTS = (0.0, 0.25, 0.5, 0.75)
_UNITS = (16, 64, 256, 1024)

#: Gaps (in accuracy) that are nearer to one another than this are the same.
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
        verdict=_verdict(gaps) if complete else "unclear",
        takeaway=_takeaway(gaps, accuracies) if complete else (),
        columns=(
            Column("units", N_("units of the dense layer"), "count"),
            Column("dropout", N_("dropout"), "number"),
            Column("gap", N_("training minus validation accuracy (points)"), "points"),
            Column("accuracy", N_("balanced accuracy on the test images"), "percent"),
        ),
        rows=rows,
        charts=(Chart("line", N_("dropout"), N_("training minus validation accuracy"), series),),
        answer=_answer(gaps) if complete else None,
    )


def _change(gaps: dict[tuple[int, float], Average], units: int) -> float:
    """By how much dropout 0.5, the lecture's, shrinks the gap of a head of this size."""
    return gaps[(units, 0.0)].mean - gaps[(units, 0.5)].mean


def _mean_change(gaps: dict[tuple[int, float], Average]) -> float:
    return sum(_change(gaps, units) for units in _UNITS) / len(_UNITS)


def _verdict(gaps: dict[tuple[int, float], Average]) -> Verdict:
    change = _mean_change(gaps)
    if abs(change) < _SAME:
        return "unclear"
    return "holds" if change > 0 else "fails"


def _answer(gaps: dict[tuple[int, float], Average]) -> int:
    return {"holds": 0, "unclear": 1, "fails": 2}[_verdict(gaps)]


def _takeaway(gaps: dict[tuple[int, float], Average], accuracies: dict[tuple[int, float], Average]) -> tuple[Text, ...]:
    without = sum(gaps[(units, 0.0)].mean for units in _UNITS) / len(_UNITS)
    params = {"without": Quantity(without, "points"), "half": Quantity(without - _mean_change(gaps), "points")}
    templates = {
        "holds": N_(
            "Averaged over the head sizes, dropout 0.5 shrinks the gap between training and validation from {without} "
            "to {half} points."
        ),
        "unclear": N_(
            "Dropout 0.5 leaves the gap between training and validation as it is ({without} and {half} points): on "
            "these data the claim does not show."
        ),
        "fails": N_(
            "With dropout 0.5 the gap between training and validation is even wider ({without} and {half} points): the "
            "claim does not hold on these data."
        ),
    }
    units, dropout = best(accuracies)
    winner = Text(
        N_("Best on the test images: {units} units with dropout {dropout} ({accuracy})."),
        {"units": units, "dropout": dropout, "accuracy": Quantity(accuracies[(units, dropout)].mean, "percent")},
    )
    return Text(templates[_verdict(gaps)], params), _size(gaps), winner


def _size(gaps: dict[tuple[int, float], Average]) -> Text:
    small, large = gaps[(_UNITS[0], 0.0)].mean, gaps[(_UNITS[-1], 0.0)].mean
    params = {
        "few": _UNITS[0],
        "many": _UNITS[-1],
        "small": Quantity(small, "points"),
        "large": Quantity(large, "points"),
    }
    if large - small > _SAME:
        return Text(
            N_("Without dropout, a head of {many} units overfits more than one of {few} ({large} and {small} points)."),
            params,
        )
    return Text(
        N_(
            "Without dropout, a head of {many} units does not overfit more than one of {few} here ({large} and {small} "
            "points)."
        ),
        params,
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
    defaults=ExperimentSettings(epochs=20),
    uses=tuple(name for name in ONE_PHASE if name != "head"),  # what is swept
    grid=_grid,
    measure=measure_training,
    summarise=_summarise,
    code=lambda settings, translate=str: lesson_code(settings, "same_result", translate),
)
