"""`python -m tlcore [--lang pt-BR]`: what this package can do, in short. Imports no tensorflow."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from . import __version__
from .architectures import list_architectures
from .datasets import get_dataset_spec, list_datasets
from .experiments import list_experiments
from .museum import list_pieces
from .translatable import N_
from .translations import language_of_machine, list_languages, translations_of
from .weights import available_weights

#: What each public name is for, in the order of a lesson.
NAMES = {
    "list_architectures": N_("names of the networks that are known"),
    "describe": N_("every layer of one: shape, parameters, work, what it sees; without tensorflow"),
    "build_base": N_("a network with trained weights, its dense layers taken off"),
    "list_datasets": N_("names of the ready sets of images"),
    "load_dataset": N_("a ready set, split for training, validation and test"),
    "import_dataset": N_("the same from your own photographs: a ZIP or a folder"),
    "extract_features": N_("runs a base once over images"),
    "TrainingSpec": N_("how to train: base, method, head, rates, epochs"),
    "train": N_("trains in the lecture's ways and measures the result"),
    "predict": N_("the classes of a photo, the most probable first"),
    "grad_cam": N_("where a network looked"),
    "save_project": N_("a run in a file without code in it"),
    "load_project": N_("that file again"),
    "export_model": N_("a trained network for other programs"),
    "export_notebook": N_("a run as a notebook in plain Keras"),
    "TransferLearningError": N_("every error that a person can cause"),
}
COMMANDS = {
    "python -m tlcore.weights fetch NAME --to FOLDER": N_("ImageNet weights for a classroom without a network"),
    "python -m tlcore.experiments list": N_("the claims of the lecture that can be measured ({count})"),
    "python -m tlcore.experiments run NAME": N_("measures one and says whether it holds"),
    "python -m tlcore.museum list": N_("mistakes as programs that run and are wrong ({pieces})"),
    "python -m tlcore.museum measure PIECE": N_("runs one broken and mended and says whether they differ as told"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tlcore", description=__doc__)
    parser.add_argument("--lang", choices=list_languages(), default=language_of_machine())
    print(overview(translations_of(parser.parse_args(arguments).lang).gettext))
    return 0


def overview(translate: Callable[[str], str] = str) -> str:
    """What the package can do and what of it is on this machine.

    Args:
        translate: Of one text into the reader's language, for example a catalog's `gettext`.
    """
    width = max(map(len, NAMES))
    counts = {"count": len(list_experiments()), "pieces": len(list_pieces())}
    texts = {command: translate(text).format(**counts) for command, text in COMMANDS.items()}
    return "\n".join(
        [
            f"tlcore {__version__}: " + translate(N_("a teaching laboratory for transfer learning")),
            "",
            translate(N_("In Python, after `import tlcore`; help(tlcore.train) says more:")),
            *(f"  tlcore.{name:{width}}  {translate(text)}" for name, text in NAMES.items()),
            "",
            translate(N_("On the command line:")),
            *(f"  {command}\n      {text}" for command, text in texts.items()),
            "",
            translate(N_("On this machine:")),
            *(f"  {translate(title)}: {', '.join(names)}" for title, names in _here().items()),
        ]
    )


def _here() -> dict[str, list[str]]:
    trained = [
        name
        for name in list_architectures()
        if any(source.here and source.weights != "random" for source in available_weights(name))
    ]
    return {
        N_("bases with trained weights"): trained,
        N_("sets of images"): [name for name in list_datasets() if get_dataset_spec(name).is_available],
        N_("languages"): list_languages(),
    }


if __name__ == "__main__":
    raise SystemExit(main())
