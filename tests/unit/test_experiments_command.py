"""The command that runs experiments and writes what ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from tlcore.experiments import ExperimentSettings, list_experiments
from tlcore.experiments.__main__ import changed, main
from tlcore.experiments.measuring.precomputed import parse

TINY = ("base=VGG16Slim", "weights=random", "image_size=32", "num_images=30", "seeds=1")


def test_list_names_every_experiment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in list_experiments())


def test_settings_are_changed_and_checked() -> None:
    settings = changed(ExperimentSettings(), ["epochs=3", "weights=random"])
    assert (settings.epochs, settings.weights) == (3, "random")
    assert changed(ExperimentSettings(), ["base=VGG16Slim"]).weights == "embedded", "a base comes with its own weights"
    with pytest.raises(ValidationError):
        changed(settings, ["epochs=0"])
    with pytest.raises(ValidationError):
        changed(settings, ["epoch=3"])


def test_an_unknown_experiment_is_told_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "brake_it"]) == 1
    assert "break_it" in capsys.readouterr().err


def test_what_is_written_can_be_read_and_names_command_machine_and_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", "dense_layers", "--out", str(tmp_path)]
    for change in TINY:
        arguments += ["--set", change]
    assert main(arguments) == 0
    path = tmp_path / "helmets" / "dense_layers.json"
    content = json.loads(path.read_text("utf-8"))
    shipped = parse(content)
    assert shipped.command.startswith(
        "python -m tlcore.experiments run dense_layers --set base=VGG16Slim --set weights=random"
    )
    assert shipped.machine["cores"]
    assert len(shipped.date) == len("2026-01-31")
    assert shipped.result().takeaway
    assert str(shipped.result().takeaway[0]) in capsys.readouterr().out

    path.write_text(path.read_text("utf-8") + "\n\n", "utf-8")
    for more, kept in (([], True), (["--set", "seeds=2"], False), (["--again", *arguments[-2:]], False)):
        before = path.read_text("utf-8")
        assert main([*arguments, *more]) == 0
        assert (path.read_text("utf-8") == before) == ("measured before" in capsys.readouterr().out) == kept


def test_a_claim_that_makes_no_sense_on_a_dataset_says_why_and_fails_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "shortcuts", "--out", str(tmp_path), "--set", "dataset=solar_cells"]) == 0
    assert "no background to cover" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
