"""Charts that several experiments draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Any

from ...translatable import N_
from ..specification import Chart, Column, Kind, Outcome, Quantity, Series, Text
from .aggregate import Average, grouped

#: What most tables and charts show.
TEST_ACCURACY = N_("balanced accuracy on the test images")
ACCURACY_COLUMN = Column("accuracy", TEST_ACCURACY, "percent")

_MEASURES: dict[str, tuple[str, Kind]] = {
    "loss": (N_("training loss"), "number"),
    "val_loss": (N_("validation loss"), "number"),
    "accuracy": (N_("training accuracy"), "percent"),
    "val_accuracy": (N_("validation accuracy"), "percent"),
}


def history_chart(outcomes: Sequence[Outcome], key: str, name: Callable[[Any], Text], measure: str) -> Chart:
    """One line of `measure` over the epochs for each value of `key`, the mean over the seeds."""
    series = tuple(
        _curve(name(value), [outcome.values["history"] for outcome in group], measure)
        for (value,), group in grouped(outcomes, key).items()
    )
    title, kind = _MEASURES[measure]
    return Chart("line", N_("epoch"), title, series, y_kind=kind, takeaway=_last_epoch(title, series, kind))


def _last_epoch(title: str, series: Sequence[Series], kind: Kind) -> Text | None:
    """Where each curve ends."""
    ends = [
        Text(N_("{name} {value}"), {"name": line.name, "value": Quantity(line.y[-1], kind)})
        for line in series
        if line.y and line.y[-1] is not None
    ]
    params = {"measure": Text(title), "ends": listed(ends)}
    return Text(N_("In the last epoch, {measure}: {ends}."), params) if ends else None


def listed(texts: Sequence[Text]) -> Text:
    """One after the other, with commas."""
    names = [f"text_{number}" for number in range(len(texts))]
    return Text(", ".join(f"{{{name}}}" for name in names), dict(zip(names, texts, strict=True)))


def _curve(name: Text, histories: Sequence[Sequence[Mapping[str, Any]]], measure: str) -> Series:
    length = min(len(history) for history in histories)
    means = [fmean(float(history[epoch][measure]) for history in histories) for epoch in range(length)]
    return Series(name, list(range(1, length + 1)), means)


def band(name: Text, averages: Mapping[Any, Average]) -> Series:
    """Averages over their keys as a line, with a band where there are several seeds."""
    several = all(average.seeds > 1 for average in averages.values())
    return Series(
        name,
        list(averages),
        [average.mean for average in averages.values()],
        [average.low for average in averages.values()] if several else None,
        [average.high for average in averages.values()] if several else None,
    )


def drift_chart(outcomes: Sequence[Outcome], key: str, name: Callable[[Any], Text]) -> Chart:
    """Bars of the drift of each layer of the base, one group for each value of `key`, the mean over the seeds."""
    series = []
    for (value,), group in grouped(outcomes, key).items():
        layers = list(group[0].values["drift"])
        means = [fmean(outcome.values["drift"].get(layer, 0.0) for outcome in group) for layer in layers]
        series.append(Series(name(value), layers, means))
    return Chart("bar", N_("layer"), N_("drift ‖W − W₀‖ / ‖W₀‖"), tuple(series), y_kind="number")
