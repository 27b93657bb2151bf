"""A training run as a Jupyter notebook that repeats it, without a network connection."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any

from ..files import write_atomically
from ..lesson_code import ImageSource, in_language
from ..lesson_code.layout import call, keywords, lines, paragraphs
from ..lesson_code.reading import Translate
from ..lesson_code.sections import run_sections
from ..lesson_code.shown_run import ShownRun
from ..training.methods import get_method
from ..translatable import N_
from .errors import cannot_write

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def export_notebook(
    run: Any,
    path: str | Path,
    *,
    data: ImageSource | str | None = None,
    language: str = "en",
    translate: Translate = str,
) -> Path:
    """Writes a notebook that repeats a run, with the lecture's explanations between the cells.

    Args:
        run: A `Run`, or the `ProjectDocument` of a saved one.
        path: Where to; ".ipynb" is added if it is missing.
        data: Where the images come from (`tlcore.lesson_code.ReadySet`, `OwnImages`), or code that defines
            `train_images`, `train_labels`, and so on for `val` and `test`. None for the registered set of the
            specification, or for a folder of one's own images that the first cell names.
        language: Whose names the code uses: "en", or "pt-BR" for the lecture's (`rna_base`, `train_imagens`).
        translate: Translates the texts and comments, for example a catalog's `gettext`.

    Returns:
        The path that was written.

    Raises:
        ExportError: The file cannot be written.

    Example:
        >>> path = export_notebook(run, "aula.ipynb", language="pt-BR")
    """
    target = Path(path)
    target = target if target.suffix == ".ipynb" else target.with_name(target.name + ".ipynb")
    text = notebook_text(run, data=data, language=language, translate=translate)
    try:
        write_atomically(target, text)
    except OSError as error:
        raise cannot_write(target) from error
    return target


def notebook_text(
    run: Any, *, data: ImageSource | str | None = None, language: str = "en", translate: Translate = str
) -> str:
    """The notebook as text in the format nbformat 4.5; needs no tensorflow if `run` is a `ProjectDocument`.

    Args:
        run, data, language, translate: As for `export_notebook`.
    """
    shown = ShownRun(run.spec, input_shape_of(run), len(run.class_names), "tlcore", data)
    needs = translate(
        N_(
            "This notebook repeats a run of the laboratory. It needs the package `tlcore` and Keras with "
            "TensorFlow, and no network connection if the weights are already here."
        )
    )
    parts = [
        Part(introduction(run, translate) + "\n\n" + needs),
        *lesson_parts(shown, language, translate),
        Part("## " + translate(N_("Learning curves"))),
        Part(in_language(_curves(translate), language), is_code=True),
        Part(measured(run, translate)),
    ]
    return as_notebook(parts)


@dataclass(frozen=True)
class Part:
    """A cell of a notebook: Markdown, or code."""

    text: str
    is_code: bool = False


def as_notebook(parts: Sequence[Part]) -> str:
    """Cells as text in the format nbformat 4.5."""
    cells = [_code(part.text) if part.is_code else _markdown(part.text) for part in parts]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:02}"
    content = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def as_script(parts: Sequence[Part]) -> str:
    """The same as a Python file, what is said between the cells as comments."""
    return "\n\n".join(part.text if part.is_code else indent(part.text, "# ", lambda _: True) for part in parts) + "\n"


def lesson_parts(shown: ShownRun, language: str, translate: Translate) -> Iterator[Part]:
    """The run, section by section."""
    for section in run_sections(shown):
        yield Part(f"## {translate(section.title)}\n\n{translate(section.text)}")
        yield Part(in_language(section.code, language, translate), is_code=True)


def input_shape_of(run: Any) -> tuple[int, int, int]:
    """(height, width, 3) of the images of a run, or of the document of a saved one."""
    shape = run.input_shape if hasattr(run, "input_shape") else run.model.input_shape[1:]
    return tuple(shape)


def introduction(run: Any, translate: Translate) -> str:
    """The title, and what is told apart."""
    title = translate(get_method(run.spec.method).title)
    names = ", ".join(run.class_names)
    told = translate(N_("Transfer of learning to the classes: {names}.")).format(names=names)
    return f"# {title}: {run.spec.base}\n\n{told}"


def _curves(translate: Translate) -> str:
    curves = (("accuracy", N_("training")), ("val_accuracy", N_("validation")))
    axes = {"xaxis_title": translate(N_("epoch")), "yaxis_title": translate(N_("accuracy"))}
    return paragraphs(
        "import plotly.graph_objects as go",
        lines(
            "figure = go.Figure()",
            *(f"figure.add_scatter(y=history.history[{key!r}], name={translate(name)!r})" for key, name in curves),
            call("figure.update_layout", *keywords(**axes)),
            "figure",
        ),
    )


def measured(run: Any, translate: Translate) -> str:
    """What the run measured, to compare with; other machines round differently."""
    lines = ["## " + translate(N_("What the laboratory measured"))]
    metrics = run.test_metrics
    if "accuracy" not in metrics:
        return "\n\n".join([*lines, translate(N_("This run has no test images."))])
    text = translate(N_("Accuracy on the test images: {accuracy:.1%}; balanced over the classes: {balanced:.1%}."))
    lines.append(text.format(accuracy=metrics["accuracy"], balanced=metrics["balanced_accuracy"]))
    interval = metrics.get("wilson_interval") or metrics.get("bootstrap_interval")
    if interval:
        text = translate(N_("With this many images the true accuracy is likely between {low:.0%} and {high:.0%}."))
        lines.append(text.format(low=interval["low"], high=interval["high"]))
    lines.append(translate(N_("Your figures may differ a little: the order of additions differs between machines.")))
    return "\n\n".join(lines)


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
