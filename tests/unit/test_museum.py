"""The bug museum: each piece is as its text says, measured on both bases, and its programs run as they are shown."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import pytest

from scripts.lock import locked_versions
from tests.conftest import REPOSITORY
from tlcore.errors import InvalidArgumentError
from tlcore.experiments.specification import Unwatched
from tlcore.features.forward import StoppedError
from tlcore.museum import BASES, SYMPTOMS, WAYS, Piece, changes, get_piece, guilty_lines, list_pieces, load_measured
from tlcore.museum.__main__ import main
from tlcore.museum.listing import lines_to_point_at
from tlcore.museum.measured import fingerprint, unmet
from tlcore.museum.running import run_program, watched

PIECES = [get_piece(name) for name in list_pieces()]
LOCKED = locked_versions(REPOSITORY / "requirements.lock")
every_piece = pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
on_every_base = pytest.mark.parametrize("base", BASES)


@every_piece
@on_every_base
def test_broken_and_mended_differ_as_the_text_says(piece: Piece, base: str) -> None:
    """In what ships, which both programs as they are now were run for."""
    measured = load_measured(piece, base)
    assert measured.programs == fingerprint(piece, base), f"measure again: python -m tlcore.museum measure {piece.name}"
    assert unmet(piece, base, measured.runs) == []
    for run in measured.runs.values():
        assert set(run.numbers) == {number.name for number in piece.numbers}
        assert [row["epoch"] for row in run.curve] == list(range(1, len(run.curve) + 1))
        assert {"accuracy", "val_accuracy"} <= set(run.curve[-1])


@every_piece
@on_every_base
def test_it_was_measured_with_the_locked_tensorflow(piece: Piece, base: str) -> None:
    machine = load_measured(piece, base).machine
    assert LOCKED["tensorflow"] == {machine["tensorflow"]}, "another one may behave otherwise: measure all again"


@every_piece
def test_no_piece_is_spared_on_every_base(piece: Piece) -> None:
    assert set(piece.spared) < set(BASES)
    assert piece.differences
    assert any(difference.relation != "same" for difference in piece.differences)
    assert {difference.number for difference in piece.differences} <= {number.name for number in piece.numbers}


@every_piece
def test_the_guilty_line_is_one_of_those_to_point_at_and_the_same_on_every_base(piece: Piece) -> None:
    found = {base: guilty_lines(piece.program(base, "broken"), piece.guilty) for base in BASES}
    first, *others = found.values()
    assert first
    assert all(lines == first for lines in others)
    assert len(first) * 3 < len(lines_to_point_at(piece.program(BASES[0], "broken"))), "so many that any line is right"


@every_piece
def test_mending_changes_few_lines(piece: Piece) -> None:
    changed = changes(*(piece.program(BASES[0], way) for way in WAYS)).splitlines()
    assert 0 < len(changed) <= 8


@every_piece
def test_the_right_symptom_is_offered_among_others(piece: Piece) -> None:
    offered = [piece.symptom, *piece.others]
    assert len(set(offered)) == len(offered) == 4
    assert set(offered) <= set(SYMPTOMS)
    assert piece.report.address.startswith("https://")


def test_every_symptom_is_the_right_one_somewhere_or_offered() -> None:
    assert {name for piece in PIECES for name in (piece.symptom, *piece.others)} == set(SYMPTOMS)


def test_watching_adds_arguments_to_long_calls_and_nothing_else() -> None:
    tree = watched("model.compile('adam')\nhistory = model.fit(x, y, epochs=3)\nprint(model.predict(x).max(), fit(x))")
    assert ast.unparse(tree) == (
        "model.compile('adam', jit_compile=False)\n"
        "history = model.fit(x, y, epochs=3, verbose=0, callbacks=_watching(model, x, y))\n"
        "print(model.predict(x, verbose=0, callbacks=_watching()).max(), fit(x))"
    )


class StopsAfter:
    """Watches, and wants it to stop after so many epochs."""

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs
        self.events: list[dict[str, Any]] = []

    def emit(self, event: dict[str, Any]) -> None:
        self.events.append(event)

    def should_stop(self) -> bool:
        return len(self.events) >= self.epochs


SHORT = """
import keras
import numpy as np
model = keras.Sequential([keras.layers.Dense(1)])
model.compile("sgd", "mse", metrics=["accuracy"])
model.fit(np.zeros((4, 2)), np.zeros(4), epochs=9)
"""


def test_a_program_tells_its_epochs_and_stops_between_two_batches() -> None:
    watcher = StopsAfter(2)
    with pytest.raises(StoppedError):
        run_program(replace(PIECES[0], program=lambda base, way: SHORT), "VGG16Slim", "broken", watcher)
    assert [(event["kind"], event["epoch"]) for event in watcher.events] == [("epoch", 1), ("epoch", 2)]


def test_the_cheapest_piece_runs_and_differs() -> None:
    """All of them, on both bases: `python -m tlcore.museum measure all`."""
    piece = get_piece("softmax_of_one")
    runs = {way: run_program(piece, "VGG16Slim", way, Unwatched()) for way in WAYS}
    assert unmet(piece, "VGG16Slim", runs) == []


def test_only_pieces_of_the_museum_run_and_only_on_its_bases(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InvalidArgumentError, match="print"):
        get_piece("print('hello')")
    with pytest.raises(InvalidArgumentError, match="VGG19"):
        run_program(get_piece("bgr"), "VGG19", "broken", Unwatched())
    assert main(["measure", "no_such_piece"]) == 1
    assert "no_such_piece" in capsys.readouterr().err


def test_the_command_lists_every_piece(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list_pieces()
