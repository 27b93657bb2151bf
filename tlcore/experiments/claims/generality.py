"""Claim: early layers are general and late ones specific, so a far task should reuse only the first layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...datasets import get_dataset_spec
from ...features.survey import probe_layers
from ...lesson_code.functions import PROBE_IMPORTS, fit_probe, mean_features
from ...lesson_code.layout import assigned, block, lines, paragraphs
from ...translatable import N_
from ..measuring.aggregate import Average, averaged, best, compare, deciding, difference
from ..measuring.curves import band
from ..measuring.data import data_of, load
from ..measuring.probes import probe_by_layer, shared_base
from ..measuring.stopping import leaving
from ..shown_code import base_code, images_code
from ..specification import (
    PROBES,
    Cell,
    Chart,
    Column,
    ExperimentSettings,
    ExperimentSpec,
    Figure,
    Guess,
    Outcome,
    Quantity,
    Result,
    Text,
    Values,
    Verdict,
    Watcher,
)

#: What stands beside the chosen images: a far task beside a near one, a near task beside a far one.
_NEAR_SET, _FAR_SET = "helmets", "digits"
_CURVES = {
    ("near", "pretrained"): N_("near task, pretrained"),
    ("near", "random"): N_("near task, random weights"),
    ("far", "pretrained"): N_("far task, pretrained"),
    ("far", "random"): N_("far task, random weights"),
}


def _grid(settings: ExperimentSettings) -> list[Cell]:
    """One cell a network and task: a single pass over the images gives the features of all its layers."""
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
            "data": data_of(on, seed),
        }
        for seed in range(settings.seeds)
        for trained in weights
        for task, on in _tasks(settings).items()
    ]


def _tasks(settings: ExperimentSettings) -> dict[str, ExperimentSettings]:
    """The two tasks, each as settings with its images; one's own images count as near."""
    if settings.stored is None and get_dataset_spec(settings.dataset).is_far:
        return {"near": _on(settings, _NEAR_SET), "far": settings}
    return {"near": settings, "far": _on(settings, _FAR_SET)}


def _on(settings: ExperimentSettings, dataset: str) -> ExperimentSettings:
    most = get_dataset_spec(dataset).max_images
    images = {"dataset": dataset, "stored": None, "num_images": min(settings.num_images, most)}
    return settings.model_copy(update=images)


def _images_name(outcomes: Sequence[Outcome], task: str) -> Text:
    """What the images of a task are called."""
    name = next(outcome.cell["data"]["dataset"] for outcome in outcomes if outcome.cell["task"] == task)
    return Text(N_("your own images")) if name is None else Text(get_dataset_spec(name).title)


def _measure(cell: Cell, watcher: Watcher) -> Values:
    data = load(cell)
    base = shared_base(cell["base"], cell["weights"], cell["data"]["image_size"], cell["seed"])
    validation, test = probe_by_layer(base, data.train, (data.validation, data.test), cell["layers"], leaving(watcher))
    return {"validation_accuracies": validation, "accuracies": test, "num_test": len(data.test)}


def _by_layer(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """As if each layer had been a cell of its own."""
    return [
        Outcome(
            {**outcome.cell, "layer": layer, "depth": depth},
            {
                **outcome.values,
                "accuracy": outcome.values["accuracies"][depth - 1],
                "validation": outcome.values["validation_accuracies"][depth - 1],
            },
        )
        for outcome in outcomes
        for depth, layer in enumerate(outcome.cell["layers"], start=1)
    ]


def _summarise(measured: Sequence[Outcome]) -> Result:
    outcomes = _by_layer(measured)
    layers = {outcome.cell["depth"]: outcome.cell["layer"] for outcome in outcomes}
    curves = _curves(averaged(outcomes, "accuracy", "task", "trained", "depth", accuracy=True))
    chosen = {curve: best(values) for curve, values in _curves(averaged(outcomes, "validation", *_CURVE_KEYS)).items()}
    complete = all(curve in curves for curve in (_NEAR, ("near", "random"), _FAR_TASK))
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
        verdict=_verdict(curves, chosen) if complete else "unclear",
        takeaway=(
            *_takeaway(curves, chosen, layers, {task: _images_name(outcomes, task) for task in ("near", "far")}),
            *deciding(_verdict(curves, chosen), *_contrasts(curves, chosen)),
        )
        if complete
        else (),
        columns=(Column("layer", N_("layer")), *columns),
        rows=rows,
        charts=(Chart("line", N_("layer"), N_("balanced accuracy of a linear probe"), series),),
        answer=_answer(chosen) if complete else None,
        figure=_gain(curves, chosen) if complete else None,
    )


_CURVE_KEYS = ("task", "trained", "depth")
_NEAR, _FAR_TASK = ("near", "pretrained"), ("far", "pretrained")

Curves = dict[tuple[str, str], dict[int, Average]]

#: The best layer of each curve, chosen on the validation images: the best of thirteen on the test images would owe
#: some of its place to luck, and no comparison on the same images could tell how much.
Chosen = dict[tuple[str, str], int]


def _curves(averages: dict[tuple[Any, ...], Average]) -> Curves:
    curves: Curves = {}
    for (task, trained, depth), value in sorted(averages.items()):
        curves.setdefault((task, trained), {})[depth] = value
    return curves


def _verdict(curves: Curves, chosen: Chosen) -> Verdict:
    """Holds if an earlier layer is clearly better for the far task than the best one of the near task."""
    near, far, values = chosen[_NEAR], chosen[_FAR_TASK], curves[_FAR_TASK]
    if far != near:
        clear = compare(values[far], values[near]) == "holds"
        return "unclear" if not clear else "holds" if far < near else "fails"
    earlier = [values[depth] for depth in values if depth < near]
    worse = all(compare(values[near], value) == "holds" for value in earlier)
    return "fails" if worse else "unclear"


def _contrasts(curves: Curves, chosen: Chosen) -> tuple[tuple[Average, Average], ...]:
    """The best layer of the far task beside that of the near one; if it is the same one, earlier layers beside it."""
    near, far, values = chosen[_NEAR], chosen[_FAR_TASK], curves[_FAR_TASK]
    if far != near:
        return ((values[far], values[near]),)
    return tuple((values[near], values[depth]) for depth in values if depth < near)


def _gain(curves: Curves, chosen: Chosen) -> Figure:
    values, title = curves[_FAR_TASK], N_("what another layer gains on the far task")
    return difference(title, values[chosen[_FAR_TASK]], values[chosen[_NEAR]])


def _answer(chosen: Chosen) -> int:
    near, far = chosen[_NEAR], chosen[_FAR_TASK]
    return 0 if far < near else 1 if far == near else 2


def _takeaway(curves: Curves, chosen: Chosen, layers: dict[int, str], images: dict[str, Text]) -> tuple[Text, ...]:
    random = ("near", "random")
    near, at_random = chosen[_NEAR], chosen[random]
    pretraining = _pretraining(curves[_NEAR][near], curves[random][at_random], layers[near])
    return (_moved(curves, chosen, layers, images), pretraining)


def _moved(curves: Curves, chosen: Chosen, layers: dict[int, str], images: dict[str, Text]) -> Text:
    near, far = chosen[_NEAR], chosen[_FAR_TASK]
    params = {
        "near": layers[near],
        "far": layers[far],
        "near_images": images["near"],
        "far_images": images["far"],
        "at_near": Quantity(curves[_FAR_TASK][near].mean, "percent"),
        "at_far": Quantity(curves[_FAR_TASK][far].mean, "percent"),
    }
    verdict = _verdict(curves, chosen)
    if near == far and verdict == "unclear":
        return Text(
            N_(
                "The best layer is {near} for the near task ({near_images}) and for the far one ({far_images}) alike, "
                "but layers before it do as well on the far one ({at_near}) within chance."
            ),
            params,
        )
    templates = {
        "holds": N_(
            "The best layer moves towards the first layers, from {near} for the near task ({near_images}) to {far} "
            "for the far one ({far_images}: {at_far} there instead of {at_near}), as claimed."
        ),
        "unclear": N_(
            "The best layer is {near} for the near task ({near_images}) and {far} for the far one ({far_images}), but "
            "on the far task the two differ by no more than chance ({at_near} and {at_far})."
        ),
        "fails": N_(
            "The best layer is {near} for the near task ({near_images}) and {far} for the far one ({far_images}): it "
            "does not move towards the first layers, so the claim does not hold on these data."
        ),
    }
    return Text(templates[verdict], params)


def _pretraining(trained: Average, random: Average, layer: str) -> Text:
    params = {
        "layer": layer,
        "trained": Quantity(trained.mean, "percent"),
        "random": Quantity(random.mean, "percent"),
    }
    templates = {
        "holds": N_(
            "On the near task the best layer is {layer} with {trained}; random weights reach {random} at best."
        ),
        "unclear": N_(
            "On the near task the best layer is {layer} with {trained}, not clearly more than the {random} that "
            "random weights reach at best."
        ),
        "fails": N_(
            "On the near task the best layer is {layer} with {trained}, less than the {random} that random weights "
            "reach at best: pretraining did not help here."
        ),
    }
    return Text(templates[compare(trained, random)], params)


def _code(settings: ExperimentSettings) -> str:
    layer_by_layer = block(
        "for name in names:",
        "model = models.Model(base_model.input, base_model.get_layer(name).output)",
        mean_features("train", "test"),
        fit_probe("name"),
    )
    return paragraphs(
        images_code(settings, "import tlcore", "from keras import models", PROBE_IMPORTS),
        base_code(settings),
        lines(assigned("names", probe_layers(settings.base)), layer_by_layer),
    )


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
        N_("From a near task to a far one: where does the layer with the best features move?"),
        (N_("Towards the first layers"), N_("It stays where it is"), N_("Towards the last layers")),
    ),
    notice=N_(
        "Where each curve is highest, and how much of it random weights reach as well. Beside photographs or drawings "
        "of things, which are near to what the base was trained on, stand the digits; beside digits and solar cells, "
        "which are far from it, the hard hats: the farther the task, the less the last layers carry over (Yosinski et "
        "al., 2014). The curves show the test images; which layer is the best was chosen on the validation images."
    ),
    defaults=ExperimentSettings(seeds=3),
    uses=PROBES,
    grid=_grid,
    measure=_measure,
    summarise=_summarise,
    code=_code,
)
