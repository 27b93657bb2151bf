"""All claims on all datasets at a glance: what was measured here, else what ships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..datasets import get_dataset_spec, list_datasets
from .measuring.cache import recall
from .measuring.precomputed import has_precomputed, load_precomputed
from .registry import get_experiment, list_experiments
from .specification import ExperimentSpec, Figure, Outcome, Result, Verdict

Origin = Literal["measured", "precomputed"]


@dataclass(frozen=True)
class BoardCell:
    """One claim on one dataset.

    Attributes:
        experiment: Name of the claim.
        dataset: Name of the dataset; None for a claim that needs no images.
        verdict: What the measurements say; None where there are none, or not all.
        figure: The number on which the verdict rests.
        origin: "measured" on this machine with the claim's own settings, or "precomputed"; None without measurements.
        excluded: Why the claim makes no sense on this dataset, translatable; None where it does.
    """

    experiment: str
    dataset: str | None
    verdict: Verdict | None = None
    figure: Figure | None = None
    origin: Origin | None = None
    excluded: str | None = None


def board_datasets() -> tuple[str, ...]:
    """The columns: ready sets whose images are here, and those for which results ship."""
    return tuple(name for name in list_datasets() if get_dataset_spec(name).is_available or has_precomputed(name))


def board(datasets: Sequence[str] | None = None) -> tuple[tuple[BoardCell, ...], ...]:
    """What is known of every claim, without measuring anything.

    Args:
        datasets: Registered names, in the order of the columns; `board_datasets()` without them.

    Returns:
        A row a claim, in the order of the lecture, with a cell a dataset; a claim that needs no images has one cell.
    """
    datasets, rows = board_datasets() if datasets is None else datasets, []
    for name in list_experiments():
        spec = get_experiment(name)
        rows.append(tuple(_cell(spec, dataset) for dataset in (datasets if spec.needs_images else (None,))))
    return tuple(rows)


def _cell(spec: ExperimentSpec, dataset: str | None) -> BoardCell:
    if dataset is not None and dataset in spec.excluded:
        return BoardCell(spec.name, dataset, excluded=spec.excluded[dataset])
    measured = _measured_here(spec, dataset)
    if measured is not None:
        return BoardCell(spec.name, dataset, measured.verdict, measured.figure, "measured")
    shipped = load_precomputed(spec.name, dataset)
    if shipped is None:
        return BoardCell(spec.name, dataset)
    result = shipped.result()
    return BoardCell(spec.name, dataset, result.verdict, result.figure, "precomputed")


def _measured_here(spec: ExperimentSpec, dataset: str | None) -> Result | None:
    """The result of the claim's own settings on this dataset, if this machine has measured all of it."""
    settings = spec.defaults if dataset is None else spec.defaults.model_copy(update={"dataset": dataset})
    outcomes = []
    for cell in spec.grid(settings):
        record = recall(spec.name, cell)
        if record is None:
            return None
        outcomes.append(Outcome(cell, record["values"]))
    return spec.summarise(outcomes)
