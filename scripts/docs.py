"""Builds the documentation into FOLDER, else `build/docs`; warnings are errors.

    python -m scripts.docs [FOLDER]

Sphinx reads a copy of `docs/` in which some pages are made first: the tutorial from its notebook, what was measured
and the bug museum from the results that ship, the model cards from the package, and the repository's own CONTRIBUTING,
CHANGELOG and notes on deployment.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import tlcore
from scripts.diagram import with_picture
from scripts.figures import svg
from tlcore.architectures import get_architecture
from tlcore.datasets import get_dataset_spec
from tlcore.experiments import Quantity, get_experiment, list_experiments
from tlcore.experiments.measuring.precomputed import load_precomputed
from tlcore.museum import BASES, WAYS, Piece, get_piece, list_pieces, load_measured
from tlcore.weights.model_cards import list_model_cards, model_card

REPOSITORY = Path(__file__).resolve().parent.parent
#: What a browser fetches by itself: the address of a script, a style, a font or a picture elsewhere.
_FETCHED = re.compile(
    r"<(?:script|img|iframe)[^>]*? src=[\"'](https?://[^\"']+)|<link(?![^>]*canonical)[^>]*? href=[\"'](https?://[^\"']+)"
    r"|from [\"'](https?://[^\"']+)[\"'];"
)
DATASETS = ("helmets", "digits", "solar_cells")


def build(out: Path) -> int:
    """Writes the site; returns 0 if there was no warning and the site needs no other server."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "docs"
        shutil.copytree(REPOSITORY / "docs", source)
        write_pages(source)
        sphinx = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-E", "-b", "html"]
        status = subprocess.run([*sphinx, source, out], cwd=REPOSITORY).returncode
    asked = asked_of_others(out)
    print(*asked, sep="\n", end="\n" if asked else "", file=sys.stderr)
    return status or int(bool(asked))


def asked_of_others(site: Path) -> list[str]:
    """One line for each script, style or picture that a page of the site would ask another server for."""
    return [
        f"{page.relative_to(site)} asks for {address}"
        for page in sorted(site.rglob("*.html"))
        for found in _FETCHED.finditer(page.read_text("utf-8"))
        for address in filter(None, found.groups())
    ]


def write_pages(folder: Path) -> None:
    """Puts the pages that are made into a copy of `docs/`."""
    notebook = json.loads((folder / "tutorial.ipynb").read_text("utf-8"))
    architecture = (folder / "architecture.md").read_text("utf-8")
    pages = {
        "architecture": with_picture(architecture, "Pages, engine, workers and store, and who calls whom"),
        "tutorial": tutorial_page(notebook),
        "measured": measured_page(folder),
        "museum": museum_page(),
        "model-cards": model_cards_page(),
        "packages": packages_page((folder / "api.md").read_text("utf-8")),
        "deployment": without_files((REPOSITORY / "deploy" / "README.md").read_text("utf-8")),
        "contributing": (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8"),
        "changelog": (REPOSITORY / "CHANGELOG.md").read_text("utf-8"),
    }
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, "utf-8")


def without_files(text: str) -> str:
    """Markdown whose links to files beside it, which the site does not have, are their names."""
    return re.sub(r"\[([^]]+)\]\((?!https?:|#)[^)]+\)", r"`\1`", text)


def tutorial_page(notebook: dict[str, Any]) -> str:
    """A notebook as Markdown: its texts, its code, and below each piece of code what it printed."""
    parts = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            parts.append(text_of(cell["source"]))
            continue
        parts.append(f"```python\n{text_of(cell['source'])}\n```")
        parts += [f"```text\n{text_of(output['text']).rstrip()}\n```" for output in cell["outputs"]]
    return "\n\n".join(parts) + "\n\nThe notebook itself: {download}`tutorial.ipynb`.\n"


def text_of(field: str | list[str]) -> str:
    """A text of a notebook, which may be stored as a list of its lines."""
    return field if isinstance(field, str) else "".join(field)


def measured_page(folder: Path) -> str:
    """Each claim of the lecture with what the results that ship say about it, on each set of images.

    Args:
        folder: Gets the charts, one for each result.
    """
    (folder / "figures").mkdir(exist_ok=True)
    parts = [
        "# What was measured",
        "Each claim of the lecture and what came out on the ready sets of images, with its own settings on 2 cores. "
        "The page *Experiments* measures them again on your machine and on your images.",
    ]
    for name in list_experiments():
        claim = get_experiment(name)
        parts += [f"## {claim.title}", f"{claim.claim}"]
        for dataset in DATASETS if claim.needs_images else (None,):
            shipped = load_precomputed(name, dataset)
            if shipped is not None:
                result = shipped.result()
                where = f"{get_dataset_spec(dataset).title}: " if dataset else ""
                said = " ".join(map(str, result.takeaway))
                parts.append(f"**{where}{result.verdict}.** {said}")
                figure = f"figures/{name}-{dataset or 'counted'}.svg"
                (folder / figure).write_text(svg(result.charts[0]), "utf-8")
                parts.append(f"![{result.charts[0].y_title} by {result.charts[0].x_title}]({figure})")
    return "\n\n".join(parts) + "\n"


def museum_page() -> str:
    """Each mistake of the bug museum with what its two programs came to, in English."""
    parts = [
        "# The bug museum",
        "Mistakes of transfer learning as short programs that run and are wrong. Each row is a number that both "
        "programs leave behind. The page *Bug museum* has the programs, and runs them on your machine.",
    ]
    for piece in map(get_piece, list_pieces()):
        parts += [f"## {piece.title}", piece.story, f"**{piece.mistake}.** {piece.explanation} {piece.mending}"]
        parts.append("\n".join(["| base | measured | broken | mended |", "|---|---|---|---|", *_museum_rows(piece)]))
        parts.append(f"{piece.report.says} [{piece.report.name}]({piece.report.address})")
    return "\n\n".join(parts) + "\n"


def _museum_rows(piece: Piece) -> list[str]:
    rows = []
    for base in BASES:
        runs = load_measured(piece, base).runs
        for number in piece.numbers:
            both = (Quantity(runs[way].numbers[number.name], number.kind) for way in WAYS)
            rows.append(f"| {base} | {number.title} | {' | '.join(map(str, both))} |")
    return rows


def packages_page(api: str) -> str:
    """Everything that the packages within `tlcore` export, by package, from its docstring.

    Args:
        api: The page of the names that `import tlcore` brings; what it documents has its place there.
    """
    parts = ["# Package by package", "What each package within `tlcore` exports, beside the names of [](api.md)."]
    for name in sorted(module.name for module in iter_modules(tlcore.__path__) if module.ispkg):
        package = import_module(f"tlcore.{name}")
        exported = getattr(package, "__all__", [])
        others = [each for each in exported if not re.search(rf"[ .]{each}$", api, re.MULTILINE)]
        described = [line for each in others for line in _described(package, each)]
        if described:
            said = (package.__doc__ or "").partition("\n")[0]
            parts += [f"## `tlcore.{name}`", said, "\n".join(["```{eval-rst}", *described, "```"])]
    return "\n\n".join(parts) + "\n"


def _described(package: ModuleType, name: str) -> list[str]:
    """Sphinx's directive for a function, class or error of the package; nothing for a constant or another's name."""
    value = getattr(package, name)
    if not callable(value) or not str(getattr(value, "__module__", "")).startswith(package.__name__):
        return []
    return [f".. {'autoclass' if isinstance(value, type) else 'autofunction'}:: {package.__name__}.{name}"]


def model_cards_page() -> str:
    """The model cards of the bases that come with the program, in English."""
    cards = [f"## {get_architecture(name).title}\n\n{model_card(name, 'en')}" for name in list_model_cards()]
    return "\n\n".join(["# Model cards", *cards]) + "\n"


def main(arguments: list[str]) -> int:
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 2
    out = Path(*arguments) if arguments else REPOSITORY / "build" / "docs"
    status = build(out.resolve())
    print(f"Written to {out}" if not status else "The documentation has warnings, see above.")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
