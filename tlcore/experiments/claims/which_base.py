"""Claim: the available bases differ in size and accuracy; VGG16 does what VGG19 does and is smaller.

The claim names its pair, so VGG16 and VGG19 are among the bases whatever is chosen.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from ...lesson_code.functions import PROBE_IMPORTS, fit_probe, mean_features
from ...lesson_code.layout import assigned, block, paragraphs
from ...lesson_code.statements import load_base
from ...translatable import N_
from ..measuring.aggregate import Average, averaged_by, best, compare, difference, grouped
from ..measuring.data import data_of, load
from ..measuring.probes import pooled, probe_accuracy, shared_base
from ..measuring.stopping import leaving
from ..shown_code import images_code, size_of
from ..specification import (
    PROBES,
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
    Values,
    Verdict,
    Watcher,
)

#: The lecture's pair, and small networks that an old laptop can run.
_BASES = ("VGG16Slim", "VGG16", "VGG19", "MobileNet", "MobileNetV2", "DenseNet121")
_WEIGHTS = {"embedded": N_("embedded weights"), "imagenet": N_("ImageNet weights"), "random": N_("random weights")}
_TIMED_IMAGES = 64

#: Accuracies that differ by no more than this are those of networks that do the same.
_AS_GOOD = 0.02
_FLOAT_BYTES = 4


def _grid(settings: ExperimentSettings) -> list[Cell]:
    return [
        {
            "base": base,
            "weights": weights,
            "seed": seed,
            "data": data_of(settings, seed),
        }
        for base, weights in weights_by_base(settings).items()
        for seed in range(settings.seeds)
    ]


def weights_by_base(settings: ExperimentSettings) -> dict[str, str]:
    """The bases that are compared, the chosen one first, each with its weights."""
    return {base: _weights(base, settings) for base in dict.fromkeys((settings.base, *_BASES))}


def _weights_name(weights: str) -> Text:
    return Text(_WEIGHTS[weights]) if weights in _WEIGHTS else Text("{file}", {"file": weights})


def _weights(base: str, settings: ExperimentSettings) -> str:
    """What the settings say for the chosen base; for the others what is here, random weights where nothing is."""
    from ...models import available_weights

    if base == settings.base or settings.weights == "random":
        return settings.weights
    return next(source.weights for source in available_weights(base) if source.here)


def _measure(cell: Cell, watcher: Watcher) -> Values:
    from ...features import extract_features

    data = load(cell)
    base = shared_base(cell["base"], cell["weights"], cell["data"]["image_size"], cell["seed"])
    splits, look = (data.train, data.test), leaving(watcher)
    train, test = (pooled(extract_features(base, split.images, progress=look)) for split in splits)
    return {
        "accuracy": probe_accuracy(train, data.train.labels, test, data.test.labels),
        "num_test": len(data.test),
        "image_s": _seconds_an_image(base, data.train.images[:_TIMED_IMAGES]),
        "megabytes": base.count_params() * _FLOAT_BYTES / 1e6,
    }


def _seconds_an_image(base: Any, images: Any) -> float:
    """Of the compiled forward pass, the best of three, after one that compiles."""
    import tensorflow as tf

    run = tf.function(lambda batch: base(batch, training=False), jit_compile=False, autograph=False)
    batch = tf.constant(images)
    run(batch)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        run(batch)
        times.append(time.perf_counter() - start)
    return min(times) / len(images)


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    accuracies = averaged_by(outcomes, "accuracy", "base", accuracy=True)
    seconds = {value: mean.mean for value, mean in averaged_by(outcomes, "image_s", "base").items()}
    groups = {key[0]: group for key, group in grouped(outcomes, "base").items()}
    rows = tuple(
        {
            "base": base,
            "weights": _weights_name(groups[base][0].cell["weights"]),
            "random": groups[base][0].cell["weights"] == "random",
            "accuracy": accuracies[base].mean,
            "hundred_s": 100 * seconds[base],
            "megabytes": groups[base][0].values["megabytes"],
        }
        for base in accuracies
    )
    axes = {"hundred_s": N_("seconds for 100 images"), "megabytes": N_("megabytes of weights")}
    complete = {"VGG16", "VGG19"} <= set(accuracies)
    return Result(
        verdict=_verdict(rows, accuracies) if complete else "unclear",
        takeaway=(_vgg(rows, accuracies), _winner(rows, accuracies)) if complete else (),
        columns=(
            Column("base", N_("base")),
            Column("weights", N_("weights")),
            Column("accuracy", N_("balanced accuracy of a linear probe"), "percent"),
            Column("hundred_s", N_("seconds for 100 images"), "seconds"),
            Column("megabytes", N_("megabytes of weights"), "megabytes"),
        ),
        rows=rows,
        charts=tuple(_chart(rows, measure, title) for measure, title in axes.items()),
        answer=_answer(rows, best(accuracies)) if complete else None,
        figure=difference(N_("VGG19 minus VGG16"), accuracies["VGG19"], accuracies["VGG16"]) if complete else None,
    )


def _chart(rows: Sequence[dict[str, Any]], measure: str, title: str) -> Chart:
    """Accuracy against a cost, one point a base."""
    points = tuple(
        Series(
            Text(N_("{base}, {weights}"), {"base": row["base"], "weights": row["weights"]}),
            [row[measure]],
            [row["accuracy"]],
        )
        for row in rows
    )
    return Chart("scatter", title, N_("balanced accuracy of a linear probe"), points, x_log=True)


def _row(rows: Sequence[dict[str, Any]], base: str) -> dict[str, Any]:
    return next(row for row in rows if row["base"] == base)


def _verdict(rows: Sequence[dict[str, Any]], accuracies: dict[str, Average]) -> Verdict:
    """Smaller can be seen with any weights; doing the same can be judged with trained ones only.

    Seconds are shown but do not decide: the claim is about size, and a busy machine would decide by chance.
    """
    small, large = _row(rows, "VGG16"), _row(rows, "VGG19")
    if small["megabytes"] >= large["megabytes"]:
        return "fails"
    if small["random"] or large["random"]:
        return "unclear"
    if compare(accuracies["VGG19"], accuracies["VGG16"]) == "holds":
        return "fails"
    return "holds" if large["accuracy"] - small["accuracy"] <= _AS_GOOD else "unclear"


def _answer(rows: Sequence[dict[str, Any]], winner: str) -> int:
    by_size = sorted(rows, key=lambda row: float(row["megabytes"]))
    return 0 if by_size[-1]["base"] == winner else 1 if by_size[0]["base"] == winner else 2


def _winner(rows: Sequence[dict[str, Any]], accuracies: dict[str, Average]) -> Text:
    winner = best(accuracies)
    row = _row(rows, winner)
    fastest = min(rows, key=lambda other: float(other["hundred_s"]))
    clear = all(compare(accuracies[winner], accuracies[other]) == "holds" for other in accuracies if other != winner)
    templates = {
        True: N_(
            "Most accurate: {winner} ({weights}) with {accuracy}, in {seconds} for 100 images. Fastest: "
            "{fastest} in {fastest_seconds}, with {fastest_accuracy}."
        ),
        False: N_(
            "Most accurate: {winner} ({weights}) with {accuracy}, in {seconds} for 100 images, though not clearly "
            "before all others. Fastest: {fastest} in {fastest_seconds}, with {fastest_accuracy}."
        ),
    }
    return Text(
        templates[clear],
        {
            "winner": winner,
            "weights": row["weights"],
            "accuracy": Quantity(row["accuracy"], "percent"),
            "seconds": Quantity(row["hundred_s"], "seconds"),
            "fastest": fastest["base"],
            "fastest_seconds": Quantity(fastest["hundred_s"], "seconds"),
            "fastest_accuracy": Quantity(fastest["accuracy"], "percent"),
        },
    )


def _vgg(rows: Sequence[dict[str, Any]], accuracies: dict[str, Average]) -> Text:
    small, large = _row(rows, "VGG16"), _row(rows, "VGG19")
    params = {
        "small": Quantity(small["megabytes"], "megabytes"),
        "large": Quantity(large["megabytes"], "megabytes"),
        "small_s": Quantity(small["hundred_s"], "seconds"),
        "large_s": Quantity(large["hundred_s"], "seconds"),
        "small_accuracy": Quantity(small["accuracy"], "percent"),
        "large_accuracy": Quantity(large["accuracy"], "percent"),
    }
    if small["random"] or large["random"]:
        return Text(
            N_(
                "VGG16 takes {small} and {small_s} for 100 images, VGG19 {large} and {large_s}. Their trained weights "
                "are not on this machine, so their accuracies are those of random weights and say nothing about the "
                "claim."
            ),
            params,
        )
    templates = {
        "holds": N_(
            "VGG16 ({small}, {small_s}) reaches {small_accuracy} and VGG19 ({large}, {large_s}) {large_accuracy}: "
            "as the lecture says, better use the smaller one."
        ),
        "unclear": N_(
            "VGG16 ({small}, {small_s}) reaches {small_accuracy} and VGG19 ({large}, {large_s}) {large_accuracy}: too "
            "few test images to say whether they do the same."
        ),
        "fails": N_(
            "VGG16 ({small}, {small_s}) reaches {small_accuracy} and VGG19 ({large}, {large_s}) {large_accuracy}: on "
            "these data they are not the same, so the claim does not hold."
        ),
    }
    return Text(templates[_verdict(rows, accuracies)], params)


def _code(settings: ExperimentSettings) -> str:
    return paragraphs(
        images_code(settings, "import tlcore", PROBE_IMPORTS),
        assigned("bases", weights_by_base(settings).items()),
        block(
            "for name, weights in bases:",
            load_base("name", "weights", size_of(settings)),
            mean_features("train", "test", model="base_model"),
            fit_probe("name, base_model.count_params()"),
        ),
    )


EXPERIMENT = ExperimentSpec(
    name="which_base",
    title=N_("Which base"),
    claim=N_("“VGG16 and VGG19 do the same task: better use VGG16, which is smaller.”"),
    slide=N_("Classic networks: VGG16; networks available in Keras"),
    guess=Guess(
        N_("Which base has the features that tell these classes apart best?"),
        (N_("The largest one"), N_("The smallest one"), N_("One in between")),
    ),
    notice=N_("Which weights each point has. Points with random weights are controls: only their cost says something."),
    defaults=ExperimentSettings(image_size=64),
    uses=PROBES,
    grid=_grid,
    measure=_measure,
    summarise=_summarise,
    code=_code,
)
