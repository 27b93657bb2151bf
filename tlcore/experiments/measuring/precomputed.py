"""Results that ship with the package: measured once, with the command, the machine and the day that made them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..registry import get_experiment
from ..specification import ExperimentSettings, ExperimentSpec, Outcome, Result, Unwatched
from .cache import code_version, measure
from .machine import describe_machine

_FOLDER = Path(__file__).parent.parent / "precomputed"


@dataclass(frozen=True)
class Precomputed:
    """The measurements of one experiment, made elsewhere.

    Attributes:
        name: Of the experiment.
        settings: What was asked for.
        command: What to type to make them again.
        machine: Where they were made.
        date: When, as "YYYY-MM-DD".
        seconds: How long all cells took, one after the other.
        outcomes: One a cell.
    """

    name: str
    settings: ExperimentSettings
    command: str
    machine: dict[str, Any]
    date: str
    seconds: float
    outcomes: tuple[Outcome, ...]

    def result(self) -> Result:
        """What they add up to; computed now, from the measurements."""
        return get_experiment(self.name).summarise(self.outcomes)


def load_precomputed(name: str, dataset: str | None = None) -> Precomputed | None:
    """The results that ship for an experiment on a dataset; None where none were made.

    Args:
        name: Of the experiment.
        dataset: Registered name; the experiment's default without it, and where the claim needs no images.
    """
    spec = get_experiment(name)
    path = _FOLDER / file_of(spec, dataset or spec.defaults.dataset)
    return parse(json.loads(path.read_text("utf-8"))) if path.is_file() else None


def has_precomputed(dataset: str) -> bool:
    """Whether any results ship for a dataset."""
    return any((_FOLDER / dataset).glob("*.json"))


def is_current(path: Path, name: str, settings: ExperimentSettings) -> bool:
    """Whether a file holds what would be measured: the same cells, by the code as it is now.

    Args:
        path: Where results of `run` may lie; a file that cannot be read is not current.
        name: Of the experiment.
        settings: What would be measured.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        cells = [entry["cell"] for entry in content["outcomes"]]
        return bool(content["code"] == code_version(name) and cells == get_experiment(name).grid(settings))
    except (OSError, ValueError, LookupError, TypeError):
        return False


def file_of(spec: ExperimentSpec, dataset: str) -> Path:
    """Where results lie below the folder of all of them."""
    return Path(dataset if spec.needs_images else spec.defaults.dataset) / f"{spec.name}.json"


def parse(content: dict[str, Any]) -> Precomputed:
    """What `run` returned, as an object."""
    return Precomputed(
        name=content["experiment"],
        settings=ExperimentSettings(**content["settings"]),
        command=content["command"],
        machine=content["machine"],
        date=content["date"],
        seconds=content["seconds"],
        outcomes=tuple(Outcome(entry["cell"], entry["values"]) for entry in content["outcomes"]),
    )


def as_text(content: dict[str, Any]) -> str:
    """What `run` returned as JSON with one line a measurement, which versions of the file can be compared by."""
    outcomes = ",\n".join("  " + json.dumps(rounded(outcome)) for outcome in content["outcomes"])
    head = json.dumps({**content, "outcomes": []}, indent=1)
    return head.replace('"outcomes": []', f'"outcomes": [\n{outcomes}\n ]') + "\n"


def rounded(value: Any) -> Any:
    """Plain values with numbers of six digits: more are neither measured nor shown. Cells, which are keys, keep all."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: item if key == "cell" else rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def run(
    name: str,
    settings: ExperimentSettings,
    command: str,
    *,
    again: bool = False,
    on_cell: Callable[[int, int, float], None] | None = None,
) -> dict[str, Any]:
    """Measures all cells of an experiment in this process, one after the other.

    Args:
        name: Of the experiment.
        settings: What to measure.
        command: What the person typed, to be kept beside the numbers.
        again: Measure also what this machine has measured before.
        on_cell: Called after each cell with how many are done, how many there are, and the seconds it took.

    Returns:
        What `parse` takes: plain values.
    """
    spec = get_experiment(name)
    cells = spec.grid(settings)
    records = []
    for number, cell in enumerate(cells, start=1):
        records.append(measure(spec, cell, Unwatched(), again=again))
        if on_cell:
            on_cell(number, len(cells), records[-1]["seconds"])
    return {
        "experiment": spec.name,
        "settings": settings.model_dump(),
        "command": command,
        "machine": describe_machine(),
        "date": datetime.now(UTC).date().isoformat(),
        "code": code_version(spec.name),
        "seconds": sum(record["seconds"] for record in records),
        "outcomes": [
            {"cell": cell, "values": record["values"], "seconds": round(record["seconds"], 3)}
            for cell, record in zip(cells, records, strict=True)
        ],
    }
