"""Claim: an untrained head, or too large a rate, destroys what the base has learned; and two silent mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...architectures.catalog import has_batch_norm
from ...datasets import Split
from ...lesson_code.functions import fine_tune_new_model, model_on, train, train_new_head
from ...lesson_code.layout import comment, lines, paragraphs
from ...lesson_code.statements import fit, measure_test
from ...models.unfreezing import tabled_unfreeze_layer
from ...translatable import N_
from ..measuring.aggregate import Average, averaged_by, best, compare, deciding, difference
from ..measuring.curves import ACCURACY_COLUMN, drift_chart, history_chart
from ..measuring.data import load
from ..measuring.forgotten_compile import train_without_recompiling
from ..measuring.trained import measure_training, training_cell, values_of
from ..shown_code import KERAS_IMPORTS, fine_tuned, functions_code, images_code
from ..specification import (
    TWO_PHASES,
    Cell,
    Column,
    ExperimentSettings,
    ExperimentSpec,
    Guess,
    Outcome,
    Result,
    Text,
    Values,
    Verdict,
    Watcher,
)
from .break_it_takeaway import DESTRUCTIVE, OPTIONAL, WAYS, takeaway_of, way_name


def _grid(settings: ExperimentSettings) -> list[Cell]:
    return [{**cell, "way": way} for seed in range(settings.seeds) for way, cell in _ways(settings, seed).items()]


def _ways(settings: ExperimentSettings, seed: int) -> dict[str, Cell]:
    right = training_cell(settings, "fine_tuning", seed)
    rate = _large_rate(settings)
    all_epochs = settings.epochs + settings.fine_tuning_epochs
    free = training_cell(settings, "fine_tuning", seed, batch_norm="training")
    return {
        "right": right,
        "untrained_head": training_cell(settings, "unfrozen", seed, epochs=all_epochs),
        "large_rate": training_cell(settings, "fine_tuning", seed, fine_tuning_learning_rate=rate),
        "wrong_preprocessing": right,
        "no_recompile": right,
        **({"batch_norm_free": free} if has_batch_norm(settings.base) else {}),
        "untrained_head_small_rate": training_cell(
            settings, "unfrozen", seed, epochs=all_epochs, learning_rate=settings.fine_tuning_learning_rate
        ),
    }


def _large_rate(settings: ExperimentSettings) -> float:
    return min(1.0, 100 * settings.fine_tuning_learning_rate)


def _measure(cell: Cell, watcher: Watcher) -> Values:
    if cell["way"] == "no_recompile":
        return train_without_recompiling(cell, watcher)
    if cell["way"] == "wrong_preprocessing":
        return _train_on_small_numbers(cell, watcher)
    return measure_training(cell, watcher)


def _train_on_small_numbers(cell: Cell, watcher: Watcher) -> Values:
    """Trains and tests on pixels in [0, 1], where the base expects [0, 255]: each image is all but black to it.

    `tlcore.train` refuses them; here it is measured what comes of it where nobody does.
    """
    from ...training import TrainingSpec
    from ...training.checkpoint import find_starting_point
    from ...training.events import RunEvents
    from ...training.run_in_progress import RunInProgress
    from ...training.trainer import finish

    data = load(cell)
    wrong = replace(data, train=_divided(data.train), validation=_divided(data.validation), test=_divided(data.test))
    spec = TrainingSpec(**cell["training"])
    events = RunEvents(watcher.emit, watcher.should_stop)
    run = finish(RunInProgress(spec, wrong, events, find_starting_point(spec, wrong, None)))
    return values_of(run, len(data.test))


def _divided(split: Split) -> Split:
    return replace(split, images=(split.images / 255).astype(np.float32))


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    accuracies = averaged_by(outcomes, "accuracy", "way", accuracy=True)
    drifts = averaged_by(outcomes, "largest_drift", "way")
    complete = set(accuracies) >= set(WAYS) - OPTIONAL
    rows = tuple(
        {"way": way_name(way), "accuracy": accuracies[way].mean, "drift": drifts[way].mean}
        for way in WAYS
        if way in accuracies
    )
    return Result(
        verdict=_verdict(accuracies, drifts) if complete else "unclear",
        takeaway=(*takeaway_of(accuracies, drifts), *_undecided(accuracies, drifts)) if complete else (),
        columns=(
            Column("way", N_("way")),
            ACCURACY_COLUMN,
            Column("drift", N_("largest drift of a layer of the base"), "number"),
        ),
        rows=rows,
        charts=(drift_chart(outcomes, "way", way_name), history_chart(outcomes, "way", way_name, "val_accuracy")),
        answer=_answer(drifts) if complete else None,
        figure=difference(N_("what the worst way costs"), *_worst(accuracies)) if complete else None,
    )


def _verdict(accuracies: dict[str, Average], drifts: dict[str, Average]) -> Verdict:
    """Holds if both destructive ways move the base more, and at least one of them costs accuracy."""
    if any(drifts[way].mean <= drifts["right"].mean for way in DESTRUCTIVE):
        return "fails"
    costs = [compare(accuracies["right"], accuracies[way]) for way in DESTRUCTIVE]
    if "holds" in costs:
        return "holds"
    return "fails" if "fails" in costs else "unclear"


def _undecided(accuracies: dict[str, Average], drifts: dict[str, Average]) -> tuple[Text, ...]:
    return deciding(_verdict(accuracies, drifts), _worst(accuracies))


def _worst(accuracies: dict[str, Average]) -> tuple[Average, Average]:
    """The right way beside the worst of the destructive ones."""
    return accuracies["right"], min((accuracies[way] for way in DESTRUCTIVE), key=lambda average: average.mean)


def _answer(drifts: dict[str, Average]) -> int:
    return list(WAYS).index(best(drifts)) - 1 if best(drifts) in DESTRUCTIVE else 2


def _code(settings: ExperimentSettings) -> str:
    """The right way, and what each broken one does instead."""
    rate, layer = settings.fine_tuning_learning_rate, repr(tabled_unfreeze_layer(settings.base, None))
    head, fine_tuning = (settings.learning_rate, settings.epochs), (rate, settings.fine_tuning_epochs)
    divided = ("train_images / 255", "train_labels")
    normalises = has_batch_norm(settings.base)
    return paragraphs(
        images_code(settings, "import tlcore", KERAS_IMPORTS),
        functions_code(settings),
        lines(comment(N_("the right way")), fine_tuned(settings), measure_test()),
        lines(
            comment(N_("an untrained head: all layers learn at once, since nothing was frozen")),
            model_on("new_base()", in_inference=normalises),
            train(settings.learning_rate, settings.epochs + settings.fine_tuning_epochs),
            measure_test(),
        ),
        lines(
            comment(N_("a rate 100 times too large after unfreezing")),
            fine_tuned(settings, fine_tuning_rate=_large_rate(settings)),
            measure_test(),
        ),
        lines(
            comment(N_("pixels from 0 to 1, which the base was not trained on")),
            fine_tune_new_model(layer, head, fine_tuning, *divided, in_inference=normalises),
            "print(model.evaluate(test_images / 255, test_labels))",
        ),
        _batch_norm_free_code(settings) if normalises else "",
        lines(
            comment(N_("no second compile: the unfrozen layers do not learn, and nothing says so")),
            train_new_head(*head, in_inference=normalises),
            f"unfreeze(base_model, {layer})",
            fit(settings.fine_tuning_epochs),
            measure_test(),
        ),
    )


def _batch_norm_free_code(settings: ExperimentSettings) -> str:
    return lines(
        comment(N_("BatchNorm set free: your images overwrite the means and variances of the unfrozen layers")),
        fine_tuned(settings, batch_norm_free=True),
        measure_test(),
    )


EXPERIMENT = ExperimentSpec(
    name="break_it",
    title=N_("Break it"),
    claim=N_(
        "“If the classifier was not trained, the error that is propagated through the base will be very large and what "
        "the convolutional network has learned will be destroyed.” “Too large updates of the parameters can completely "
        "destroy the original training.”"
    ),
    slide=N_("Fine-tuning: the five steps"),
    guess=Guess(
        N_("Which mistake moves the base furthest from what it had learned?"),
        (
            N_("Unfreezing everything while the head is untrained"),
            N_("A rate 100 times too large after a trained head"),
            N_("Neither: another one, or the right way itself"),
        ),
    ),
    notice=N_(
        "Which layers moved, and how far. Two of the mistakes make no noise at all: no error, no strange curve, just a "
        "worse network."
    ),
    defaults=ExperimentSettings(image_size=64, epochs=8, fine_tuning_epochs=8),
    uses=TWO_PHASES,
    grid=_grid,
    measure=_measure,
    summarise=_summarise,
    code=_code,
)
