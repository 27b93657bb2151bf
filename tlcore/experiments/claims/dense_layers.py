"""Claim: dense layers of a trained network should not be reused: they fit one image size and one task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...lesson_code.layout import comment, lines, remark
from ...translatable import N_
from ..measuring.aggregate import OPTION_BY_VERDICT, Average, averaged_by, compare, deciding, difference
from ..measuring.curves import ACCURACY_COLUMN, TEST_ACCURACY
from ..measuring.data import data_of, load
from ..measuring.probes import outputs_of, probe_accuracy, probe_parameters
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

if TYPE_CHECKING:
    from ...architectures import LayerSummary

#: Networks with a Flatten before their dense layers, the size they were made for, and another.
_SMALL = "LeNet5"
_RESIZED = ((_SMALL, 32, 64), ("VGG16", 224, 150))
_TINY = 1e-7
_KEPT, _FRESH = "kept", "fresh"
_NAMES = {
    _KEPT: N_("new classifier on the base's own dense layers"),
    _FRESH: N_("new classifier on the convolutional features"),
}


def _grid(settings: ExperimentSettings) -> list[Cell]:
    resized: list[Cell] = [
        {"kind": "resized", "base": base, "old_size": old, "new_size": new, "way": base, "try_it": base == _SMALL}
        for base, old, new in _RESIZED
    ]
    compared: list[Cell] = [
        {
            "kind": "compared",
            "way": way,
            "base": settings.base,
            "weights": settings.weights,
            "seed": seed,
            "data": data_of(settings, seed),
        }
        for seed in range(settings.seeds)
        for way in _NAMES
    ]
    return resized + compared


def _measure(cell: Cell, watcher: Watcher) -> Values:
    return _resize(cell) if cell["kind"] == "resized" else _probe(cell)


def _resize(cell: Cell) -> Values:
    """The first layer that does not fit at the new size and, with a small network, what Keras says to the attempt."""
    tables = [_layers_with_weights(cell["base"], size) for size in (cell["old_size"], cell["new_size"])]
    changed = [(old, new) for old, new in zip(*tables, strict=True) if old.num_params != new.num_params]
    first = changed[0] if changed else None
    return {
        "fits": first is None,
        "layer": first[0].name if first else None,
        "old_formula": first[0].param_formula if first else None,
        "new_formula": first[1].param_formula if first else None,
        "convolutions_fit": all(old.type == "Dense" for old, _ in changed),
        "message": _attempt(cell) if cell["try_it"] else None,
    }


def _layers_with_weights(base: str, size: int) -> list[LayerSummary]:
    from ...architectures import describe, get_architecture

    channels = get_architecture(base).default_input_shape[-1]
    table = describe(base, input_shape=(size, size, channels), include_top=True)
    return [layer for layer in table.layers if layer.num_params]


def _attempt(cell: Cell) -> str | None:
    """Builds the network at both sizes and moves all weights over; what Keras answers, None if it works."""
    from ...architectures import build_network, get_architecture

    channels = get_architecture(cell["base"]).default_input_shape[-1]
    old, new = (
        build_network(cell["base"], input_shape=(size, size, channels), include_top=True)
        for size in (cell["old_size"], cell["new_size"])
    )
    try:
        new.set_weights(old.get_weights())
    except ValueError as error:
        return str(error).strip().splitlines()[0]
    return None


def _probe(cell: Cell) -> Values:
    """A new linear classifier on the scores of the base's own dense layers, or on its convolutional features."""
    data = load(cell)
    train, test = outputs_of(cell, "train", "test", include_top=cell["way"] == _KEPT)
    if cell["way"] == _KEPT:
        train, test = _scores(train), _scores(test)
    return {
        "accuracy": probe_accuracy(train, data.train.labels, test, data.test.labels),
        "num_test": len(data.test),
        "features": int(train.shape[1]),
        "trained_parameters": probe_parameters(train.shape[1], data.num_classes),
    }


def _scores(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logarithms of the probabilities that the base gives to its own classes: its scores, up to a constant."""
    scores: NDArray[np.float32] = np.log(probabilities + _TINY)
    return scores


def _summarise(outcomes: Sequence[Outcome]) -> Result:
    resized = [outcome for outcome in outcomes if outcome.cell["kind"] == "resized"]
    compared = [outcome for outcome in outcomes if outcome.cell["kind"] == "compared"]
    accuracies = averaged_by(compared, "accuracy", "way", accuracy=True)
    complete = set(accuracies) == set(_NAMES) and len(resized) == len(_RESIZED)
    sizes = {outcome.cell["way"]: outcome.values["features"] for outcome in compared}
    rows: tuple[dict[str, Any], ...] = tuple(
        {"way": Text(title), "features": sizes[way], "accuracy": accuracies[way].mean}
        for way, title in _NAMES.items()
        if way in accuracies
    )
    series = Series(Text(N_("test images")), [row["way"] for row in rows], [row["accuracy"] for row in rows])
    return Result(
        verdict=_verdict(accuracies, resized) if complete else "unclear",
        takeaway=_takeaway(accuracies, resized) if complete else (),
        columns=(
            Column("way", N_("way")),
            Column("features", N_("numbers an image"), "count"),
            ACCURACY_COLUMN,
        ),
        rows=rows,
        charts=(Chart("bar", N_("way"), TEST_ACCURACY, (series,)),),
        answer=OPTION_BY_VERDICT[_compared(accuracies)] if complete else None,
        figure=difference(N_("new dense layers minus old"), *_contrast(accuracies)) if complete else None,
    )


def _takeaway(accuracies: dict[str, Average], resized: Sequence[Outcome]) -> tuple[Text, ...]:
    undecided = deciding(_verdict(accuracies, resized), _contrast(accuracies))
    return (_comparison(accuracies), *(_why(outcome) for outcome in resized), *undecided)


def _contrast(accuracies: dict[str, Average]) -> tuple[Average, Average]:
    """Features of the convolutional part beside those of the old dense layers."""
    return accuracies[_FRESH], accuracies[_KEPT]


def _compared(accuracies: dict[str, Average]) -> Verdict:
    return compare(*_contrast(accuracies))


def _verdict(accuracies: dict[str, Average], resized: Sequence[Outcome]) -> Verdict:
    """Fails if the dense layers do fit another size, or if they are the better features."""
    if any(outcome.values["fits"] for outcome in resized):
        return "fails"
    return _compared(accuracies)


def _why(outcome: Outcome) -> Text:
    params = {
        "base": outcome.cell["base"],
        "old": outcome.cell["old_size"],
        "new": outcome.cell["new_size"],
        "layer": outcome.values["layer"],
        "old_formula": outcome.values["old_formula"],
        "new_formula": outcome.values["new_formula"],
        "message": outcome.values["message"],
    }
    if outcome.values["fits"]:
        return Text(N_("{base} with its dense layers fits images of {new} pixels as well as of {old}."), params)
    if outcome.values["message"]:
        return Text(
            N_(
                "{base} made for {old} pixels does not fit {new}: “{layer}” has {old_formula} parameters at one size "
                "and {new_formula} at the other. Keras refuses: “{message}”"
            ),
            params,
        )
    return Text(
        N_(
            "{base} made for {old} pixels does not fit {new}: “{layer}” has {old_formula} parameters at one size and "
            "{new_formula} at the other, while every convolution stays as it is."
        ),
        params,
    )


def _comparison(accuracies: dict[str, Average]) -> Text:
    params = {
        "fresh": Quantity(accuracies[_FRESH].mean, "percent"),
        "kept": Quantity(accuracies[_KEPT].mean, "percent"),
    }
    templates = {
        "holds": N_(
            "At the old size, a new classifier on the convolutional features reaches {fresh}, on the base's own dense "
            "layers only {kept}."
        ),
        "unclear": N_(
            "At the old size, a new classifier reaches {fresh} on the convolutional features and {kept} on the base's "
            "own dense layers: no clear difference, so on these data keeping them costs little."
        ),
        "fails": N_(
            "At the old size, a new classifier on the base's own dense layers reaches {kept}, more than {fresh} on the "
            "convolutional features: this part of the claim does not hold on these data."
        ),
    }
    return Text(templates[_compared(accuracies)], params)


def _code(settings: ExperimentSettings) -> str:
    """The lecture's base, whatever is chosen: its own dense layers take images of one size only."""
    _, old, new = _RESIZED[1]
    vgg16, kernel = "VGG16(weights=None, include_top={}, input_shape=({}, {}, 3))", "get_layer('fc1').kernel.shape"
    return lines(
        "from keras.applications import VGG16",
        "",
        remark("base_model = VGG16(weights=None, include_top=False)", N_("without dense layers: images of any size")),
        comment(N_("with them, of one size only:")),
        f"large = {vgg16.format(True, old, old)}",
        f"small = {vgg16.format(True, new, new)}",
        remark(f"print(large.{kernel}, small.{kernel})", "(25088, 4096) (8192, 4096)"),
        remark("small.set_weights(large.get_weights())", N_("ValueError: the shapes differ")),
    )


EXPERIMENT = ExperimentSpec(
    name="dense_layers",
    title=N_("Why the dense layers go"),
    claim=N_(
        "“Can one use the dense layers of a pretrained convolutional network? This should be avoided: the dense part "
        "was trained for the specific task of the network and for images of a certain size.”"
    ),
    slide=N_("Transfer learning: the two parts of a network"),
    guess=Guess(
        N_(
            "The images keep their size and only a new classifier is trained. Which features tell the classes apart "
            "better?"
        ),
        (
            N_("The convolutional ones"),
            N_("Both alike"),
            N_("The outputs of the base's own dense layers"),
        ),
    ),
    notice=N_(
        "How many numbers an image is described by in each case, and which layer stops a network from taking another "
        "size. Networks that end in global average pooling, as all newer ones do, have no such layer: theirs fit any "
        "size, but still say only how much an image looks like each of the old classes."
    ),
    defaults=ExperimentSettings(seeds=8),
    uses=PROBES,
    grid=_grid,
    measure=_measure,
    summarise=_summarise,
    code=_code,
    for_a_class=True,
)
