"""The board of all claims: every claim on every dataset, what was measured here before what ships."""

from __future__ import annotations

import pytest

from pages.ui.experiments.board import BOARD_CODE
from tlcore.datasets import get_dataset_spec
from tlcore.experiments import get_experiment, list_experiments
from tlcore.experiments.board import board, board_datasets
from tlcore.experiments.measuring.cache import keep
from tlcore.experiments.measuring.precomputed import load_precomputed


def test_a_row_for_each_claim_and_a_cell_for_each_dataset() -> None:
    rows = board(("helmets", "digits"))
    assert [row[0].experiment for row in rows] == list_experiments()
    assert {len(row) for row in rows if get_experiment(row[0].experiment).needs_images} == {2}
    assert [cell.dataset for cell in rows[list_experiments().index("tensor_counts")]] == [None]


def test_the_columns_are_what_can_be_measured_here_or_has_been_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for shipped in (True, False):
        monkeypatch.setattr("tlcore.experiments.board.has_precomputed", lambda name, shipped=shipped: shipped)
        columns = board_datasets()
        assert columns[:2] == ("helmets", "digits")
        assert ("solar_cells" in columns) == (shipped or get_dataset_spec("solar_cells").is_available)


def test_a_claim_that_makes_no_sense_somewhere_says_why_instead_of_a_verdict() -> None:
    (cell,) = (cell for (cell,) in board(("solar_cells",)) if cell.excluded)
    assert (cell.experiment, cell.verdict, cell.figure) == ("shortcuts", None, None)
    assert "no background" in str(cell.excluded)


def test_what_ships_has_a_verdict_and_the_number_on_which_it_rests() -> None:
    for (cell,) in board(("helmets",)):
        shipped = load_precomputed(cell.experiment, "helmets")
        assert shipped is not None
        assert (cell.origin, cell.verdict, cell.figure) == (
            "precomputed",
            shipped.result().verdict,
            shipped.result().figure,
        )
        assert cell.figure is not None, cell.experiment


def test_what_was_measured_here_comes_before_what_ships() -> None:
    spec = get_experiment("three_ways")
    cells = spec.grid(spec.defaults)
    accuracies = {"scratch": 0.5, "feature_extraction": 0.6, "fine_tuning": 0.99}
    for cell in cells:
        keep(spec.name, cell, {"values": _values(accuracies[cell["method"]])})
    row = board(("helmets",))[list_experiments().index("three_ways")]
    assert row[0].origin == "measured"
    assert row[0].figure is not None
    assert str(row[0].figure.quantity) == "39.0"


def _values(accuracy: float) -> dict[str, object]:
    epoch = {"epoch": 1, "phase": "x", "loss": 1.0, "accuracy": 0.5, "val_loss": 1.0, "val_accuracy": 0.5, "seconds": 1}
    return {"accuracy": accuracy, "num_test": 80, "chance": 0.5, "epoch_s": 1.0, "history": [epoch]}


def test_the_code_of_the_board_prints_a_line_for_each_cell(capsys: pytest.CaptureFixture[str]) -> None:
    exec(BOARD_CODE, {})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == sum(len(row) for row in board())
    assert "three_ways helmets" in "\n".join(lines)
