"""The card of a trained network, as Markdown: what it is for, what it learned from, how good it is, and how far not."""

from __future__ import annotations

from typing import Any

from ..datasets import Dataset
from ..lesson_code.reading import Translate
from ..training.methods import get_method
from ..translatable import N_
from ..weights.model_cards import list_model_cards, model_card
from .notebook import input_shape_of, measured

_PARTS = {"train": N_("training"), "validation": N_("validation"), "test": N_("test")}


def run_card(run: Any, *, data: Dataset | None = None, language: str = "en", translate: Translate = str) -> str:
    """Writes the card.

    Args:
        run: A `Run`, or the `ProjectDocument` of a saved one.
        data: What it was trained on, to be counted; None where that is not at hand.
        language: Of the card of the base, where that has one: "en" or "pt-BR".
        translate: Translates the texts, for example a catalog's `gettext`.
    """
    height, width, _ = input_shape_of(run)
    spec, names = run.spec, ", ".join(run.class_names)
    of_base = translate(N_("The base {base}, with the weights “{weights}”; {method}, {epochs} epochs, seed {seed}."))
    limits = translate(
        N_(
            "It names one of these classes whatever it is shown: it knows no “none of them”. It was tested on images "
            "of the same origin as those that it learned from; on others it may do worse. Do not use it where a wrong "
            "answer can harm somebody."
        )
    )
    sections = [
        "# " + translate(N_("Model card")),
        translate(N_("Tells apart {names}, in RGB images of {height} × {width} pixels.")).format(
            names=names, height=height, width=width
        ),
        "## " + translate(N_("How it was made")),
        of_base.format(
            base=spec.base,
            weights=spec.weights or "random",
            method=translate(get_method(spec.method).title),
            epochs=len(run.history),
            seed=spec.seed,
        ),
        "" if data is None else _counts(data, translate),
        measured(run, translate),
        _per_class(run, translate),
        "## " + translate(N_("What it is not")),
        limits,
    ]
    if spec.base in list_model_cards():
        sections += ["## " + translate(N_("The base")), _one_deeper(model_card(spec.base, language.replace("-", "_")))]
    return "\n\n".join(section for section in sections if section) + "\n"


def _counts(data: Dataset, translate: Translate) -> str:
    head = [translate(N_("class")), *(translate(title) for title in _PARTS.values())]
    rows = [
        [name, *(str(int((data.splits[part].labels == label).sum())) for part in _PARTS)]
        for label, name in enumerate(data.class_names)
    ]
    return translate(N_("Images of each class:")) + "\n\n" + _table(head, rows)


def _per_class(run: Any, translate: Translate) -> str:
    found = run.test_metrics.get("per_class")
    if not found:
        return ""
    head = [translate(text) for text in (N_("class"), N_("precision"), N_("recall"), N_("test images"))]
    rows = [
        [name, f"{row['precision']:.1%}", f"{row['recall']:.1%}", str(row["count"])]
        for name, row in zip(run.class_names, found, strict=True)
    ]
    return _table(head, rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    cells = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


def _one_deeper(card: str) -> str:
    """A card below a heading: its own headings are below that."""
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in card.splitlines())
