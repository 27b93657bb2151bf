"""Claim: fine-tuning adjusts what the base looks at to the new problem. Cover the thing, then the rest, and see."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets import Split
from ...lesson_code.layout import block, comment, lines, paragraphs, remark
from ...translatable import N_
from ..measuring.aggregate import (
    OPTION_BY_VERDICT,
    Average,
    average,
    averaged_by,
    deciding,
    difference,
    grouped,
)
from ..measuring.curves import TEST_ACCURACY
from ..measuring.data import load
from ..measuring.probes import balanced_accuracy
from ..measuring.trained import FALLING, labels_by, method_name, training_cell, values_of
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
    Values,
    Verdict,
    Watcher,
)

_METHODS = ("frozen", "fine_tuning")
_COVERED = {
    "nothing": N_("nothing covered"),
    "object": N_("thing covered"),
    "background": N_("background covered"),
}

#: Where the thing is in pictures of which only that is known which people do: (top, left, bottom, right) as shares of
#: the sides. Of the drawn helmets it is known where each head is.
_MIDDLE = (0.2, 0.2, 0.8, 0.8)


def _grid(settings: ExperimentSettings) -> list[Cell]:
    """Both networks are trained for as many epochs."""
    drawn = settings.stored is None and settings.dataset == "helmets"
    epochs = settings.epochs + settings.fine_tuning_epochs
    cells = []
    for seed in range(settings.seeds):
        cells.append(training_cell(settings, "frozen", seed, epochs=epochs, **FALLING))
        cells.append(training_cell(settings, "fine_tuning", seed, **FALLING))
    return [{**cell, "thing": "head" if drawn else "middle"} for cell in cells]


def _measure(cell: Cell, watcher: Watcher) -> Values:
    from ...training import TrainingSpec, train

    data = load(cell)
    spec = TrainingSpec(**cell["training"])
    run = train(spec, data=data, on_event=watcher.emit, should_stop=watcher.should_stop)
    colour = data.train.images.mean(axis=(0, 1, 2))
    inside = covered_pixels(data.test, cell["thing"])
    return {
        **values_of(run, len(data.test)),
        "nothing": _accuracy(run.model, data.test, np.zeros_like(inside), colour),
        "object": _accuracy(run.model, data.test, inside, colour),
        "background": _accuracy(run.model, data.test, ~inside, colour),
        "covered_share": float(inside.mean()),
    }


def covered_pixels(split: Split, thing: str) -> NDArray[np.bool_]:
    """Where the thing is in each image, `bool (N, height, width)`: the drawn "head", or the "middle"."""
    from ...datasets.helmets import head_boxes

    boxes = head_boxes(split.sources) if thing == "head" else np.tile(_MIDDLE, (len(split), 1))
    return np.stack([inside_region(split.images.shape[1:3], box) for box in boxes])


def inside_region(image_size: tuple[int, ...], region: Sequence[float]) -> NDArray[np.bool_]:
    """`bool (height, width)`: whether a pixel lies in (top, left, bottom, right), given as shares of the sides."""
    height, width = image_size
    top, left, bottom, right = region
    rows = (np.arange(height) + 0.5) / height
    columns = (np.arange(width) + 0.5) / width
    return np.outer((rows >= top) & (rows < bottom), (columns >= left) & (columns < right))


def _accuracy(model: Any, split: Split, covered: NDArray[np.bool_], colour: NDArray[Any]) -> float:
    """Balanced accuracy with the `covered` pixels painted in the mean colour of the training images."""
    images = np.where(covered[..., np.newaxis], colour.astype(np.uint8), split.images)
    return balanced_accuracy(labels_by(model, images), split.labels)


_FIGURE = N_("more reliance on the thing after fine-tuning")


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    averages = {covered: averaged_by(outcomes, covered, "method", accuracy=True) for covered in _COVERED}
    methods = [method for method in _METHODS if method in averages["nothing"]]
    rows: tuple[dict[str, Any], ...] = tuple(
        {"method": method_name(method), **{covered: averages[covered][method].mean for covered in _COVERED}}
        for method in methods
    )
    names = [Text(title) for title in _COVERED.values()]
    series = tuple(Series(row["method"], names, [row[covered] for covered in _COVERED]) for row in rows)
    complete = len(methods) == len(_METHODS)
    reliance = _reliance(outcomes)
    return Result(
        verdict=_verdict(reliance) if complete else "unclear",
        takeaway=(
            _change(reliance),
            *_below_zero(reliance),
            *(_sentence(method, averages) for method in methods),
            _share(outcomes),
            *deciding(_verdict(reliance), (reliance["fine_tuning"], reliance["frozen"])),
        )
        if complete
        else (),
        columns=(
            Column("method", N_("method")),
            *(Column(covered, title, "percent") for covered, title in _COVERED.items()),
        ),
        rows=rows,
        charts=(Chart("bar", N_("what is covered"), TEST_ACCURACY, series),),
        answer=OPTION_BY_VERDICT[_verdict(reliance)] if complete else None,
        figure=difference(_FIGURE, reliance["fine_tuning"], reliance["frozen"]) if complete else None,
    )


def _reliance(outcomes: Sequence[Outcome]) -> dict[str, Average]:
    """How much more it costs to cover the thing than to cover the background, for each method."""
    return {
        method: average([outcome.values["background"] - outcome.values["object"] for outcome in group])
        for (method,), group in grouped(outcomes, "method").items()
    }


def _margin(reliance: dict[str, Average]) -> float:
    """Twice the standard error of the difference over the seeds; with one seed, five points."""
    error = float(np.hypot(reliance["frozen"].error, reliance["fine_tuning"].error))
    return max(0.05, 2 * error)


def _verdict(reliance: dict[str, Average]) -> Verdict:
    difference = reliance["fine_tuning"].mean - reliance["frozen"].mean
    if abs(difference) <= _margin(reliance):
        return "unclear"
    return "holds" if difference > 0 else "fails"


def _sentence(method: str, averages: dict[str, dict[str, Average]]) -> Text:
    values = {covered: Quantity(averages[covered][method].mean, "percent") for covered in _COVERED}
    return Text(
        N_(
            "{method}: {nothing} with nothing covered, {object} with the thing covered, {background} with the "
            "background covered."
        ),
        {"method": method_name(method), **values},
    )


def _share(outcomes: Sequence[Outcome]) -> Text:
    """Covering more costs more, whatever lies below: so how much was covered belongs beside the result."""
    share = fmean(outcome.values["covered_share"] for outcome in outcomes)
    return Text(
        N_("The thing takes up {thing} of a picture and the background {background}."),
        {"thing": Quantity(share, "percent"), "background": Quantity(1 - share, "percent")},
    )


def _change(reliance: dict[str, Average]) -> Text:
    params = {
        "before": Quantity(reliance["frozen"].mean, "points"),
        "after": Quantity(reliance["fine_tuning"].mean, "points"),
    }
    templates = {
        "holds": N_(
            "Fine-tuning made the network rely on the thing more: covering it costs {after} points more than covering "
            "the background, before {before}."
        ),
        "unclear": N_(
            "Fine-tuning did not clearly change what the network relies on: covering the thing costs {after} points "
            "more than covering the background, before {before}. The claim does not show on these data."
        ),
        "fails": N_(
            "Fine-tuning made the network rely on the background more: covering the thing costs {after} points more "
            "than covering the background, before {before}. The claim does not hold on these data."
        ),
    }
    return Text(templates[_verdict(reliance)], params)


def _below_zero(reliance: dict[str, Average]) -> tuple[Text, ...]:
    if all(value.mean >= 0 for value in reliance.values()):
        return ()
    return (Text(N_("Below zero means: covering the background costs more than covering the thing.")),)


def _code(settings: ExperimentSettings) -> str:
    drawn = settings.stored is None and settings.dataset == "helmets"
    middle = f"np.tile({_MIDDLE}, (len(test_images), 1))"
    boxes = "tlcore.datasets.helmets.head_boxes(data.test.sources)" if drawn else middle
    inside = "[i, top:bottom, left:right]"
    return paragraphs(
        images_code(settings, "import math", "import numpy as np", "import tlcore", KERAS_IMPORTS),
        functions_code(settings, falls=True),
        fine_tuned(settings, falls=True),
        lines(
            "colour = train_images.mean(axis=(0, 1, 2)).astype('uint8')",
            comment(N_("where the thing is: top, left, bottom, right as shares of the sides")),
            f"boxes = {boxes}",
            "thing_covered, background_covered = test_images.copy(), np.full_like(test_images, colour)",
            block(
                f"for i, (top, left, bottom, right) in enumerate(np.rint(boxes * {settings.image_size}).astype(int)):",
                f"thing_covered{inside} = colour",
                f"background_covered{inside} = test_images{inside}",
            ),
        ),
        block(
            remark(
                "for images in (test_images, thing_covered, background_covered):",
                N_("nothing covered, thing covered, background covered"),
            ),
            "print(model.evaluate(images, test_labels))",
        ),
    )


EXPERIMENT = ExperimentSpec(
    name="shortcuts",
    title=N_("Does it look at the helmet?"),
    claim=N_(
        "“The last convolutional layers extract abstract representations, which are more related to the task; "
        "fine-tuning adjusts these representations to the new problem.”"
    ),
    slide=N_("Fine-tuning"),
    guess=Guess(
        N_("After fine-tuning, does the network rely on the thing (rather than the background) more than before?"),
        (N_("More"), N_("About as much"), N_("Less")),
    ),
    notice=N_(
        "A network that is still right with the thing covered has found a shortcut. In the drawn helmets the thing is "
        "the head with what it wears, wherever it is; in other pictures it is taken to be in the middle. All rates "
        "fall to zero along a cosine."
    ),
    defaults=ExperimentSettings(epochs=10, fine_tuning_epochs=10, fine_tuning_learning_rate=1e-4, seeds=5),
    uses=TWO_PHASES,
    grid=_grid,
    measure=_measure,
    summarise=_summarise,
    code=_code,
    excluded={"solar_cells": N_("A solar cell fills its picture: there is no background to cover.")},
)
