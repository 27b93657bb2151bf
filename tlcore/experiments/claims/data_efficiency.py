"""Claim: transfer learning works with few images, where training from scratch does not."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...architectures.catalog import has_batch_norm
from ...lesson_code.functions import falling, fine_tune_new_model
from ...lesson_code.layout import block, call, comment, paragraphs
from ...lesson_code.statements import measure_test
from ...models.unfreezing import tabled_unfreeze_layer
from ...translatable import N_
from ..measuring.aggregate import Average, averaged, compare, deciding, difference
from ..measuring.curves import TEST_ACCURACY, band
from ..measuring.data import smallest_training_class
from ..measuring.trained import FALLING, measure_training, method_name, scratch_rate, training_cell
from ..shown_code import KERAS_IMPORTS, from_scratch, functions_code, images_code
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

_METHODS = ("scratch", "feature_extraction", "fine_tuning")
_IMAGES_PER_CLASS = (5, 10, 20, 50, 100)
_BATCH = 32

#: Validation images a class: nothing is chosen by them here, and hundreds of short epochs would each run over all.
_VALIDATION = 4


def _grid(settings: ExperimentSettings) -> list[Cell]:
    """The same number of steps for every size: ten images seen once an epoch would hardly be trained on at all.

    The number of epochs in the settings is that of the largest size. Sizes that the smallest class does not have are
    left out; a set that has not even the first is measured as it is.
    """
    most = smallest_training_class(settings)
    sizes = [size for size in _IMAGES_PER_CLASS if size <= most] or [most]
    return [
        {
            **_cell(settings, method, seed, per_class),
            "images_per_class": per_class,
            "validation_per_class": _VALIDATION,
            "sizes": sizes,
        }
        for seed in range(settings.seeds)
        for per_class in sizes
        for method in _METHODS
    ]


def _cell(settings: ExperimentSettings, method: str, seed: int, per_class: int) -> Cell:
    times = _steps(_IMAGES_PER_CLASS[-1]) / _steps(per_class)
    head, fine_tuning = (math.ceil(times * epochs) for epochs in (settings.epochs, settings.fine_tuning_epochs))
    if method == "fine_tuning":
        return training_cell(settings, method, seed, epochs=head, fine_tuning_epochs=fine_tuning, **FALLING)
    return training_cell(settings, method, seed, epochs=head + fine_tuning, **FALLING)


def _steps(per_class: int) -> int:
    """Steps an epoch with two classes."""
    return math.ceil(2 * per_class / _BATCH)


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    averages = averaged(outcomes, "accuracy", "method", "images_per_class", accuracy=True)
    curves: dict[str, dict[int, Average]] = {}
    for method in _METHODS:
        points = {size: value for (name, size), value in sorted(averages.items()) if name == method}
        if points:
            curves[method] = points
    sizes = sorted({size for _, size in averages})
    complete = bool(outcomes) and len(averages) == len(_METHODS) * len(outcomes[0].cell["sizes"])
    rows = tuple(
        {"images_per_class": size, **{method: curve[size].mean for method, curve in curves.items() if size in curve}}
        for size in sizes
    )
    series = tuple(band(method_name(method), curve) for method, curve in curves.items())
    return Result(
        verdict=_verdict(curves) if complete else "unclear",
        takeaway=_takeaway(curves) if complete else (),
        columns=(
            Column("images_per_class", N_("images a class"), "count"),
            *(Column(method, method_name(method).template, "percent") for method in _METHODS),
        ),
        rows=rows,
        charts=(Chart("line", N_("training images a class"), TEST_ACCURACY, series, x_log=True),),
        answer=_answer(curves) if complete else None,
        figure=difference(N_("transfer minus scratch, fewest images"), *_contrasts(curves)[0]) if complete else None,
    )


def _transferred(curves: dict[str, dict[int, Average]], size: int) -> str:
    """The better way to transfer at this size."""
    return max(("feature_extraction", "fine_tuning"), key=lambda method: curves[method][size].mean)


def _verdicts(curves: dict[str, dict[int, Average]]) -> dict[int, Verdict]:
    """For each size, whether the better way to transfer beats training from scratch."""
    return {size: compare(*contrast) for size, contrast in zip(curves["scratch"], _contrasts(curves), strict=True)}


def _contrasts(curves: dict[str, dict[int, Average]]) -> tuple[tuple[Average, Average], ...]:
    """For each size, fewest images first, the better way to transfer beside training from scratch."""
    return tuple((curves[_transferred(curves, size)][size], scratch) for size, scratch in curves["scratch"].items())


def _verdict(curves: dict[str, dict[int, Average]]) -> Verdict:
    """All these sets are small: holds if transfer is clearly better with one of them, and clearly worse with none."""
    found = set(_verdicts(curves).values())
    return "fails" if "fails" in found else "holds" if "holds" in found else "unclear"


def _answer(curves: dict[str, dict[int, Average]]) -> int:
    sizes = [size for size, verdict in _verdicts(curves).items() if verdict == "holds"]
    if not sizes:
        return 2
    return 0 if max(sizes) == max(curves["scratch"]) else 1


def _takeaway(curves: dict[str, dict[int, Average]]) -> tuple[Text, ...]:
    few, many = min(curves["scratch"]), max(curves["scratch"])
    sizes = dict.fromkeys((few, many))
    undecided = deciding(_verdict(curves), *_contrasts(curves))
    return (_where(_verdicts(curves)), *(_at(curves, size) for size in sizes), _worth(curves, many), *undecided)


def _where(verdicts: dict[int, Verdict]) -> Text:
    """With which sizes transfer is clearly ahead."""
    ahead = [str(size) for size, verdict in verdicts.items() if verdict == "holds"]
    if not ahead:
        return Text(N_("With none of these numbers of images is transfer clearly better than training from scratch."))
    if len(ahead) == len(verdicts):
        return Text(N_("Transfer is clearly better than training from scratch with every number of images measured."))
    return Text(
        N_("Transfer is clearly better than training from scratch with {sizes} images a class, not with the others."),
        {"sizes": ", ".join(ahead)},
    )


def _at(curves: dict[str, dict[int, Average]], size: int) -> Text:
    method = _transferred(curves, size)
    params = {
        "size": size,
        "method": method_name(method),
        "transferred": Quantity(curves[method][size].mean, "percent"),
        "scratch": Quantity(curves["scratch"][size].mean, "percent"),
    }
    templates = {
        "holds": N_("With {size} images a class, {method} reaches {transferred} and training from scratch {scratch}."),
        "unclear": N_(
            "With {size} images a class, {method} reaches {transferred} and training from scratch {scratch}: no clear "
            "difference."
        ),
        "fails": N_(
            "With {size} images a class, training from scratch ({scratch}) beats {method} ({transferred}): the claim "
            "does not hold here."
        ),
    }
    return Text(templates[_verdicts(curves)[size]], params)


def _worth(curves: dict[str, dict[int, Average]], many: int) -> Text:
    """How few images are enough for transfer to do as well as scratch with all of them."""
    target = curves["scratch"][many].mean
    enough = [size for size in curves["scratch"] if curves[_transferred(curves, size)][size].mean >= target]
    params = {"many": many, "target": Quantity(target, "percent")}
    if not enough:
        return Text(
            N_("No way to transfer reaches the {target} that training from scratch has with {many} images a class."),
            params,
        )
    return Text(
        N_("To reach the {target} that training from scratch has with {many} images a class, transfer needs {enough}."),
        {**params, "enough": min(enough)},
    )


def _code(settings: ExperimentSettings) -> str:
    """The same number of steps for every size, as in the grid."""
    layer = repr(tabled_unfreeze_layer(settings.base, None))
    scratch = falling(scratch_rate(settings), "epochs + fine_tuning_epochs", "images")
    head = falling(settings.learning_rate, "epochs", "images")
    fine_tuning = falling(settings.fine_tuning_learning_rate, "fine_tuning_epochs", "images")
    few = "[np.flatnonzero(train_labels == label)[:per_class] for label in np.unique(train_labels)]"
    steps = f"math.ceil({2 * _IMAGES_PER_CLASS[-1]} / {_BATCH}) / math.ceil(2 * per_class / {_BATCH})"
    return paragraphs(
        images_code(settings, "import math", "import numpy as np", "import tlcore", KERAS_IMPORTS),
        functions_code(settings, falls=True),
        block(
            f"for per_class in {_IMAGES_PER_CLASS}:",
            call("chosen = np.concatenate", few),
            "images, labels = train_images[chosen], train_labels[chosen]",
            comment(N_("as many steps with few images as with many")),
            f"times = {steps}",
            f"epochs = math.ceil(times * {settings.epochs})",
            f"fine_tuning_epochs = math.ceil(times * {settings.fine_tuning_epochs})",
            comment(N_("from scratch")),
            from_scratch(settings, *scratch, *_FEW),
            measure_test("per_class"),
            comment(N_("fine-tuned")),
            fine_tune_new_model(layer, head, fine_tuning, *_FEW, in_inference=has_batch_norm(settings.base)),
            measure_test("per_class"),
        ),
    )


#: What the shown code trains on.
_FEW = ("images", "labels")


EXPERIMENT = ExperimentSpec(
    name="data_efficiency",
    title=N_("How few images are enough"),
    claim=N_(
        "“This is used mainly if the available dataset is small.” “Transfer with fine-tuning is extremely efficient "
        "for obtaining systems of high performance, even when the dataset is small.”"
    ),
    slide=N_("Transfer learning; conclusion"),
    guess=Guess(
        N_("Up to how many training images a class is transfer clearly better than training from scratch?"),
        (N_("Up to the most that was measured"), N_("Only with fewer"), N_("Never, on these images")),
    ),
    notice=N_(
        "The gap between the curves on the left, and whether it closes on the right. Bands are the spread over seeds. "
        "From scratch means weights=None at a learning rate of at most 0.0001: the same layers, or, where the base has "
        "BatchNorm, which few steps cannot settle, VGG16 slim with He's random start. Sizes for which a class has too "
        "few training images are left out. All rates fall to zero along a cosine."
    ),
    defaults=ExperimentSettings(
        num_images=500, image_size=64, epochs=6, fine_tuning_epochs=6, fine_tuning_learning_rate=1e-4
    ),
    uses=TWO_PHASES,
    grid=_grid,
    measure=measure_training,
    summarise=_summarise,
    code=_code,
)
