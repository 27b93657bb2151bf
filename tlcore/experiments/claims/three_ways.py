"""Claim: fine-tuning does better than feature extraction, and both better than training from scratch."""

from __future__ import annotations

from collections.abc import Sequence

from ...architectures.catalog import has_batch_norm
from ...lesson_code.functions import falling, train_new_head
from ...lesson_code.layout import comment, lines, paragraphs
from ...lesson_code.statements import measure_test
from ...translatable import N_
from ..measuring.aggregate import Average, averaged_by, best, compare, deciding, difference
from ..measuring.curves import ACCURACY_COLUMN, TEST_ACCURACY, history_chart
from ..measuring.trained import FALLING, measure_training, method_name, scratch_rate, training_cell
from ..shown_code import KERAS_IMPORTS, fine_tuned, from_scratch, functions_code, images_code
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

_METHODS = ("scratch", "feature_extraction", "fine_tuning")


def _grid(settings: ExperimentSettings) -> list[Cell]:
    """The two that train in one phase get as many epochs as both phases of fine-tuning together."""
    epochs = settings.epochs + settings.fine_tuning_epochs
    alone = {"epochs": epochs}
    return [
        training_cell(settings, method, seed, **FALLING, **({} if method == "fine_tuning" else alone))
        for seed in range(settings.seeds)
        for method in _METHODS
    ]


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    accuracies = averaged_by(outcomes, "accuracy", "method", accuracy=True)
    seconds = averaged_by(outcomes, "epoch_s", "method")
    measured = [method for method in _METHODS if method in accuracies]
    rows = tuple(
        {
            "method": method_name(method),
            "accuracy": accuracies[method].mean,
            "spread": accuracies[method].spread if accuracies[method].seeds > 1 else None,
            "epoch_s": seconds[method].mean,
        }
        for method in measured
    )
    complete = measured == list(_METHODS)
    names, heights = [method_name(method) for method in measured], [accuracies[method].mean for method in measured]
    series = Series(Text(N_("test images")), names, heights)
    return Result(
        verdict=_verdict(accuracies) if complete else "unclear",
        takeaway=(*_takeaway(accuracies), *_chance(accuracies, outcomes)) if complete else (),
        columns=(
            Column("method", N_("method")),
            ACCURACY_COLUMN,
            Column("spread", N_("± over the seeds (points)"), "points"),
            Column("epoch_s", N_("seconds an epoch"), "seconds"),
        ),
        rows=rows,
        charts=(
            Chart("bar", N_("method"), TEST_ACCURACY, (series,)),
            history_chart(outcomes, "method", method_name, "val_accuracy"),
        ),
        answer=_METHODS.index(best(accuracies)) if complete else None,
        figure=difference(N_("fine-tuning minus extraction"), *_contrasts(accuracies)[0]) if complete else None,
    )


def _contrasts(accuracies: dict[str, Average]) -> tuple[tuple[Average, Average], ...]:
    """The two parts of the claim: what should be larger, and than what."""
    return (
        (accuracies["fine_tuning"], accuracies["feature_extraction"]),
        (accuracies["feature_extraction"], accuracies["scratch"]),
    )


def _verdict(accuracies: dict[str, Average]) -> Verdict:
    """Holds only if both parts of the claim do; fails if one of them clearly does not."""
    parts = [compare(*contrast) for contrast in _contrasts(accuracies)]
    if "fails" in parts:
        return "fails"
    return "unclear" if "unclear" in parts else "holds"


def _takeaway(accuracies: dict[str, Average]) -> tuple[Text, ...]:
    numbers = {method: Quantity(accuracies[method].mean, "percent") for method in _METHODS}
    against_extraction = {
        "holds": N_("Fine-tuning ({fine_tuning}) did clearly better than feature extraction ({feature_extraction})."),
        "unclear": N_(
            "Between fine-tuning ({fine_tuning}) and feature extraction ({feature_extraction}) there is no difference "
            "here that so few test images could show: this part of the claim is not confirmed on these data."
        ),
        "fails": N_(
            "Fine-tuning ({fine_tuning}) did worse than feature extraction ({feature_extraction}): this part of the "
            "claim does not hold on these data."
        ),
    }
    against_scratch = {
        "holds": N_("Feature extraction did clearly better than training from scratch ({scratch})."),
        "unclear": N_("Training from scratch ({scratch}) cannot be told apart from feature extraction here."),
        "fails": N_(
            "Training from scratch ({scratch}) did better than feature extraction: on these data the base has nothing "
            "to add."
        ),
    }
    return (
        Text(against_extraction[compare(accuracies["fine_tuning"], accuracies["feature_extraction"])], numbers),
        Text(against_scratch[compare(accuracies["feature_extraction"], accuracies["scratch"])], numbers),
        *deciding(_verdict(accuracies), *_contrasts(accuracies)),
    )


def _chance(accuracies: dict[str, Average], outcomes: Sequence[Outcome]) -> tuple[Text, ...]:
    """Says so if the network from scratch did not even begin to learn: it is a weak rival then."""
    chance = Average(outcomes[0].values["chance"], 0.0, 1, 0.0)
    if compare(accuracies["scratch"], chance) == "holds":
        return ()
    return (
        Text(
            N_(
                "The network from scratch is not clearly above guessing ({chance}): with so few images and epochs, so "
                "deep a network does not begin to learn. More of both would make it a stronger rival."
            ),
            {"chance": Quantity(chance.mean, "percent")},
        ),
    )


def _code(settings: ExperimentSettings) -> str:
    alone, epochs = settings.learning_rate, settings.epochs + settings.fine_tuning_epochs
    scratch = from_scratch(settings, *falling(scratch_rate(settings), epochs))
    return paragraphs(
        images_code(settings, "import math", "import tlcore", KERAS_IMPORTS),
        functions_code(settings, falls=True),
        lines(comment(N_("1. from scratch")), scratch, measure_test()),
        lines(
            comment(N_("2. the head alone, on a frozen base")),
            train_new_head(*falling(alone, epochs), in_inference=has_batch_norm(settings.base)),
            measure_test(),
        ),
        lines(
            comment(N_("3. the head, then the last block with it")), fine_tuned(settings, falls=True), measure_test()
        ),
    )


EXPERIMENT = ExperimentSpec(
    name="three_ways",
    title=N_("Fine-tuning, extraction, from scratch"),
    claim=N_(
        "“To get better results with a pretrained network, extend partial training by fine-tuning.” “Using a "
        "pretrained network avoids much work of tuning hyper-parameters and much training time.”"
    ),
    slide=N_("Fine-tuning"),
    guess=Guess(
        N_("The same images, the same number of epochs. Which network names most of the test images right?"),
        (N_("The one trained from scratch"), N_("The head on extracted features"), N_("The fine-tuned one")),
    ),
    notice=N_(
        "Where each curve starts in its first epoch, and how far apart they are in the last one. With few images of a "
        "near task, fine-tuning often adds nothing to extraction: there a new classifier on fixed features is a strong "
        "rival (Kornblith et al., 2019). The farther the task, the less the last layers carry over (Yosinski et al., "
        "2014), and the more is left for fine-tuning to gain: compare hard hats, digits and solar cells. From scratch "
        "means weights=None at a learning rate of at most 0.0001: the same layers, or, where the base has BatchNorm, "
        "which few steps cannot settle, VGG16 slim with He's random start. All rates fall to zero along a cosine, so "
        "that no network is judged in the middle of a large step."
    ),
    defaults=ExperimentSettings(
        image_size=64, epochs=10, fine_tuning_epochs=10, fine_tuning_learning_rate=1e-4, seeds=3
    ),
    uses=TWO_PHASES,
    grid=_grid,
    measure=measure_training,
    summarise=_summarise,
    code=_code,
)
