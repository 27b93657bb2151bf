"""Claim: early layers are general and late ones specific, so a far task should reuse only the first layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..datasets import get_dataset_spec
from ..translatable import N_
from .aggregate import Average, averaged, best, compare
from .code import lesson_code
from .curves import band
from .data import data_of, load
from .probes import probe_by_layer, probe_layers, shared_base
from .specification import (
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
    Text,
    Values,
    Verdict,
    Watcher,
)

_FAR = "digits"
_CURVES = {
    ("near", "pretrained"): N_("chosen images, pretrained"),
    ("near", "random"): N_("chosen images, random weights"),
    ("far", "pretrained"): N_("digits, pretrained"),
    ("far", "random"): N_("digits, random weights"),
}


def _grid(settings: ExperimentSettings) -> list[Cell]:
    """One cell a network and task: a single pass over the images gives the features of all its layers."""
    tasks: list[tuple[str, Callable[[ExperimentSettings, int], dict[str, Any]]]] = [("near", data_of)]
    if settings.dataset != _FAR or settings.stored is not None:
        tasks.append(("far", _far_data))
    weights = {"pretrained": settings.weights, "random": "random"}
    layers = probe_layers(settings.base)
    return [
        {
            "task": task,
            "trained": trained,
            "layers": layers,
            "seed": seed,
            "base": settings.base,
            "weights": weights[trained],
            "data": make_data(settings, seed),
        }
        for seed in range(settings.seeds)
        for trained in weights
        for task, make_data in tasks
    ]


def _far_data(settings: ExperimentSettings, seed: int) -> dict[str, Any]:
    most = get_dataset_spec(_FAR).max_images
    return data_of(settings, seed, dataset=_FAR, stored=None, num_images=min(settings.num_images, most))


def _measure(cell: Cell, watcher: Watcher) -> Values:
    data = load(cell)
    base = shared_base(cell["base"], cell["weights"], cell["data"]["image_size"], cell["seed"])
    return {"accuracies": probe_by_layer(base, data.train, data.test, cell["layers"]), "num_test": len(data.test)}


def _by_layer(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """As if each layer had been a cell of its own."""
    return [
        Outcome({**outcome.cell, "layer": layer, "depth": depth}, {**outcome.values, "accuracy": accuracy})
        for outcome in outcomes
        for depth, (layer, accuracy) in enumerate(
            zip(outcome.cell["layers"], outcome.values["accuracies"], strict=True), start=1
        )
    ]


def _summarise(measured: Sequence[Outcome]) -> Result:
    outcomes = _by_layer(measured)
    layers = {outcome.cell["depth"]: outcome.cell["layer"] for outcome in outcomes}
    all_averages = averaged(outcomes, "accuracy", "task", "trained", "depth", accuracy=True)
    curves: dict[tuple[str, str], dict[int, Average]] = {}
    for (task, trained, depth), value in sorted(all_averages.items()):
        curves.setdefault((task, trained), {})[depth] = value
    complete = all(
        ("near", trained) in curves and len(curves[("near", trained)]) == len(layers) for trained in _TRAINED
    )
    columns = tuple(Column("/".join(curve), title, "percent") for curve, title in _CURVES.items() if curve in curves)
    rows = tuple(
        {
            "layer": layers[depth],
            **{"/".join(curve): values[depth].mean for curve, values in curves.items() if depth in values},
        }
        for depth in sorted(layers)
    )
    series = tuple(
        band(Text(title), {layers[depth]: value for depth, value in curves[curve].items()})
        for curve, title in _CURVES.items()
        if curve in curves
    )
    return Result(
        verdict=_verdict(curves) if complete else "unclear",
        takeaway=_takeaway(curves, layers) if complete else (),
        columns=(Column("layer", N_("layer")), *columns),
        rows=rows,
        charts=(Chart("line", N_("layer"), N_("balanced accuracy of a linear probe"), series),),
        answer=_answer(curves) if complete else None,
    )


_TRAINED = ("pretrained", "random")


def _best_depths(curves: dict[tuple[str, str], dict[int, Average]]) -> tuple[int, int | None]:
    near = best(curves[("near", "pretrained")])
    far = curves.get(("far", "pretrained"))
    return near, best(far) if far else None


def _verdict(curves: dict[tuple[str, str], dict[int, Average]]) -> Verdict:
    """Holds if the best layer of the far task lies clearly before that of the near one."""
    near, far = _best_depths(curves)
    if far is None:
        return "unclear"
    values = curves[("far", "pretrained")]
    if far < near:
        return "holds" if compare(values[far], values[near]) == "holds" else "unclear"
    return "fails"


def _answer(curves: dict[tuple[str, str], dict[int, Average]]) -> int | None:
    near, far = _best_depths(curves)
    if far is None:
        return None
    return 0 if far < near else 1 if far == near else 2


def _takeaway(curves: dict[tuple[str, str], dict[int, Average]], layers: dict[int, str]) -> tuple[Text, ...]:
    near, far = _best_depths(curves)
    trained, random = curves[("near", "pretrained")], curves[("near", "random")]
    sentences = [_pretraining(trained[near], random[best(random)], layers[near])]
    if far is None:
        return (
            *sentences,
            Text(N_("The chosen images are the digits themselves, so there is no far task to compare.")),
        )
    params = {"near": layers[near], "far": layers[far]}
    templates = {
        "holds": N_(
            "The best layer moves towards the first layers, from {near} for the chosen images to {far} for the digits, "
            "as claimed."
        ),
        "unclear": N_(
            "The best layer is {near} for the chosen images and {far} for the digits, but the accuracies there differ "
            "by no more than chance."
        ),
        "fails": N_(
            "The best layer is {near} for the chosen images and {far} for the digits: it does not move towards the "
            "first layers, so the claim does not hold on these data."
        ),
    }
    return (*sentences, Text(templates[_verdict(curves)], params))


def _pretraining(trained: Average, random: Average, layer: str) -> Text:
    params = {
        "layer": layer,
        "trained": Quantity(trained.mean, "percent"),
        "random": Quantity(random.mean, "percent"),
    }
    templates = {
        "holds": N_(
            "On the chosen images the best layer is {layer} with {trained}; random weights reach {random} at best."
        ),
        "unclear": N_(
            "On the chosen images the best layer is {layer} with {trained}, not clearly more than the {random} that "
            "random weights reach at best."
        ),
        "fails": N_(
            "On the chosen images the best layer is {layer} with {trained}, less than the {random} that random weights "
            "reach at best: pretraining did not help here."
        ),
    }
    return Text(templates[compare(trained, random)], params)


EXPERIMENT = ExperimentSpec(
    name="generality",
    title=N_("General and specific layers"),
    claim=N_(
        "“The earlier a layer is, the more generic the features it detects: edges, colours, textures, corners.” “If "
        "the images of the new task differ much from those that the reference network was trained on, it may be better "
        "to reuse only the first layers.”"
    ),
    slide=N_("How general convolutional layers are"),
    guess=Guess(
        N_("From the chosen images to handwritten digits: where does the layer with the best features move?"),
        (N_("Towards the first layers"), N_("It stays where it is"), N_("Towards the last layers")),
    ),
    notice=N_("Where each curve is highest, and how much of it random weights reach as well."),
    defaults=ExperimentSettings(seeds=4),
    uses=PROBES,
    grid=_grid,
    measure=_measure,
    summarise=_summarise,
    code=lambda settings, translate=str: lesson_code(settings, "probe", translate),
)
