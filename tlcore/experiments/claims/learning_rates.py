"""Claim: fine-tuning needs a very small learning rate."""

from __future__ import annotations

from collections.abc import Sequence

from ...lesson_code.layout import block, paragraphs
from ...lesson_code.statements import measure_test
from ...translatable import N_
from ..measuring.aggregate import Average, averaged, best, compare, deciding, difference
from ..measuring.curves import ACCURACY_COLUMN, TEST_ACCURACY, band
from ..measuring.trained import measure_training, training_cell
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
    Text,
    Verdict,
)

_RATES = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2)

#: Up to here a rate is "very small": a tenth of RMSprop's default in Keras.
_SMALL = 1e-4


def _grid(settings: ExperimentSettings) -> list[Cell]:
    return [
        {**training_cell(settings, "fine_tuning", seed, fine_tuning_learning_rate=rate), "rate": rate}
        for seed in range(settings.seeds)
        for rate in _RATES
    ]


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    accuracies = _by_rate(outcomes, "accuracy", accuracy=True)
    drifts = _by_rate(outcomes, "largest_drift", accuracy=False)
    complete = set(accuracies) == set(_RATES)
    rows = tuple({"rate": rate, "accuracy": accuracies[rate].mean, "drift": drifts[rate].mean} for rate in accuracies)
    return Result(
        verdict=_verdict(accuracies) if complete else "unclear",
        takeaway=_takeaway(accuracies, drifts) if complete else (),
        columns=(
            Column("rate", N_("learning rate of fine-tuning"), "scientific"),
            ACCURACY_COLUMN,
            Column("drift", N_("largest drift of a layer of the base"), "number"),
        ),
        rows=rows,
        charts=(
            Chart(
                "line",
                N_("learning rate of fine-tuning"),
                TEST_ACCURACY,
                (band(Text(N_("test images")), accuracies),),
                x_log=True,
            ),
            Chart(
                "line",
                N_("learning rate of fine-tuning"),
                N_("largest drift ‖W − W₀‖ / ‖W₀‖"),
                (band(Text(N_("largest drift")), drifts),),
                y_kind="number",
                x_log=True,
                y_log=True,
                takeaway=_moved(drifts) if complete else None,
            ),
        ),
        answer=_answer(best(accuracies)) if complete else None,
        figure=difference(N_("small rate minus the largest"), *_contrast(accuracies)) if complete else None,
    )


def _by_rate(outcomes: Sequence[Outcome], measure: str, *, accuracy: bool) -> dict[float, Average]:
    found = averaged(outcomes, measure, "rate", accuracy=accuracy)
    return {rate: value for (rate,), value in sorted(found.items())}


def _best_of(accuracies: dict[float, Average], *, small: bool) -> float:
    return max((rate for rate in accuracies if (rate <= _SMALL) == small), key=lambda rate: accuracies[rate].mean)


def _contrast(accuracies: dict[float, Average]) -> tuple[Average, Average]:
    """The best small rate beside the largest one."""
    return accuracies[_best_of(accuracies, small=True)], accuracies[max(accuracies)]


def _verdict(accuracies: dict[float, Average]) -> Verdict:
    """Holds if the largest rate does clearly worse than the best small one, and no large one does better."""
    small = accuracies[_best_of(accuracies, small=True)]
    if compare(accuracies[_best_of(accuracies, small=False)], small) == "holds":
        return "fails"
    return "holds" if compare(*_contrast(accuracies)) == "holds" else "unclear"


def _answer(rate: float) -> int:
    return 0 if rate <= 1e-5 else 1 if rate <= 1e-4 else 2


def _takeaway(accuracies: dict[float, Average], drifts: dict[float, Average]) -> tuple[Text, ...]:
    rate, large, largest = best(accuracies), _best_of(accuracies, small=False), max(accuracies)
    verdict = _verdict(accuracies)
    found = Text(
        N_("Best was a rate of {rate} ({accuracy}); with {largest} it is {worst}."),
        {
            "rate": Quantity(rate, "scientific"),
            "accuracy": Quantity(accuracies[rate].mean, "percent"),
            "largest": Quantity(largest, "scientific"),
            "worst": Quantity(accuracies[largest].mean, "percent"),
        },
    )
    templates = {
        "holds": N_("The largest rate is clearly worse than a small one, as claimed."),
        "unclear": N_(
            "On these data the largest rate is not clearly worse than a small one: the claim does not show here."
        ),
        "fails": N_("A rate of {rate} is clearly better than any smaller one: the claim does not hold on these data."),
    }
    judged = Text(templates[verdict], {"rate": Quantity(large, "scientific")})
    as_good = (_as_good(rate),) if verdict == "holds" and rate == large else ()
    return (found, judged, *as_good, _moved(drifts), *deciding(verdict, _contrast(accuracies)))


def _as_good(rate: float) -> Text:
    return Text(
        N_("Yet {rate}, which is not small, did no worse than the small ones here: how small is small enough differs."),
        {"rate": Quantity(rate, "scientific")},
    )


def _moved(drifts: dict[float, Average]) -> Text:
    return Text(
        N_("From the smallest to the largest rate the base moved by {small} and by {large}."),
        {"small": Quantity(drifts[min(drifts)].mean, "number"), "large": Quantity(drifts[max(drifts)].mean, "number")},
    )


def _code(settings: ExperimentSettings) -> str:
    return paragraphs(
        images_code(settings, "import tlcore", KERAS_IMPORTS),
        functions_code(settings),
        block(
            f"for rate in {_RATES}:",
            fine_tuned(settings, fine_tuning_rate="rate"),
            measure_test("rate"),
        ),
    )


EXPERIMENT = ExperimentSpec(
    name="learning_rates",
    title=N_("The learning rate of fine-tuning"),
    claim=N_(
        "“Fine-tuning must be done with a very small learning rate, because one wants to limit how much the layers "
        "that are adjusted change: too large updates can completely destroy the original training.”"
    ),
    slide=N_("Fine-tuning: the learning rate"),
    guess=Guess(
        N_("Five rates from 0.000001 to 0.01. Which does best?"),
        (N_("0.000001 or 0.00001"), N_("0.0001"), N_("0.001 or 0.01")),
    ),
    notice=N_("How the drift grows with the rate, and from which drift on the accuracy falls."),
    defaults=ExperimentSettings(image_size=64, epochs=8, fine_tuning_epochs=8, seeds=4),
    uses=tuple(name for name in TWO_PHASES if name != "fine_tuning_learning_rate"),  # what is swept
    grid=_grid,
    measure=measure_training,
    summarise=_summarise,
    code=_code,
)
