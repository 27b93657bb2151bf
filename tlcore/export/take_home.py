"""A trained network as one ZIP that needs nothing of this package: ask it, or repeat its run, in plain Keras."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..architectures.catalog import catalogued
from ..datasets.packing import Progress, class_folders, write_images
from ..files import atomic_path
from ..lesson_code import ImageFolders, in_language
from ..lesson_code.images import fit_photo
from ..lesson_code.layout import block, comment, lines, paragraphs, remark
from ..lesson_code.reading import Translate
from ..lesson_code.shown_run import BASE_FILE, ShownRun
from ..translatable import N_
from .conversion import export_model
from .errors import cannot_write
from .notebook import Part, as_notebook, as_script, input_shape_of, introduction, lesson_parts, measured
from .run_card import run_card

if TYPE_CHECKING:
    from ..datasets import Dataset

NOTEBOOK, SCRIPT, CARD, README = "notebook.ipynb", "train.py", "MODEL_CARD.md", "README.md"
TRAINED_FILE, CLASSES_FILE, LAYERS_FILE, PACKAGES_FILE = (
    "trained.keras",
    "class_names.json",
    "custom_layers.py",
    "requirements.txt",
)
#: The module of layers that Keras does not have. It needs Keras alone: whoever imports it can open such a network.
_OWN_LAYERS = Path(__file__).resolve().parents[1] / "architectures" / "layers.py"
_PACKAGES = ("keras", "tensorflow", "numpy", "pillow")


def export_take_home(
    run: Any,
    path: str | Path,
    *,
    data: Dataset | None = None,
    language: str = "en",
    translate: Translate = str,
    progress: Progress | None = None,
) -> Path:
    """Writes notebook, script, networks, class names, model card and README, and the images if they are given.

    Args:
        run: A `Run`.
        path: Of the ZIP; an older one is replaced.
        data: The images that it was trained on, as they are now; None leaves them out.
        language: Whose names the code uses: "en", or "pt-BR" for the lecture's.
        translate: Translates the texts and comments, for example a catalog's `gettext`.
        progress: Called as images are written, with (images written, images in all).

    Returns:
        The path.

    Raises:
        ExportError: The file cannot be written.

    Example:
        >>> path = export_take_home(run, "helmets.zip", data=data)
    """
    target = Path(path)
    parts = take_home_parts(run, language=language, translate=translate)
    texts = {
        NOTEBOOK: as_notebook(parts),
        SCRIPT: as_script(parts),
        CLASSES_FILE: json.dumps(list(run.class_names), ensure_ascii=False) + "\n",
        CARD: run_card(run, data=data, language=language, translate=translate),
        README: _readme(run, has_images=data is not None, translate=translate),
        PACKAGES_FILE: "\n".join(_PACKAGES) + "\n",
    }
    try:
        with tempfile.TemporaryDirectory() as folder, atomic_path(target) as draft:
            files = list(_networks(run, Path(folder)))
            with zipfile.ZipFile(draft, "w") as archive:
                for name, text in texts.items():
                    archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
                for file in files:
                    archive.write(file, file.name)
                if data is not None:
                    write_images(archive, data, below="images/", progress=progress)
    except OSError as error:
        raise cannot_write(target) from error
    return target


def take_home_parts(run: Any, *, language: str = "en", translate: Translate = str) -> list[Part]:
    """The cells of the notebook, which are the script as well.

    Args:
        run: A `Run`, or the `ProjectDocument` of a saved one.
        language, translate: As for `export_take_home`.
    """
    shape = input_shape_of(run)
    folders = ImageFolders(shape[:2], class_folders(tuple(run.class_names)))
    shown = ShownRun(run.spec, shape, len(run.class_names), "file", folders)
    needs = N_(
        "This repeats a run of the laboratory with Keras, NumPy and Pillow alone, from the files beside it. In a "
        "notebook elsewhere, Colab for example, unpack the ZIP beside it first."
    )
    pieces = [
        (N_("The epochs: accuracy in training and validation"), _epochs()),
        (N_("Ask the trained network about a photo"), _asking(shape[:2], len(run.class_names))),
    ]
    parts = [Part(introduction(run, translate) + "\n\n" + translate(needs))]
    if _has_own_layers(run.spec.base):
        parts.append(Part("import custom_layers", is_code=True))
    parts += lesson_parts(shown, language, translate)
    for title, code in pieces:
        parts += [Part(f"## {translate(title)}"), Part(in_language(code, language, translate), is_code=True)]
    return [*parts, Part(measured(run, translate))]


def _epochs() -> str:
    return lines(
        "accuracies = zip(history.history['accuracy'], history.history['val_accuracy'])",
        block(
            "for epoch, (train_accuracy, val_accuracy) in enumerate(accuracies, start=1):",
            "print(epoch, round(train_accuracy, 3), round(val_accuracy, 3))",
        ),
    )


def _asking(size: tuple[int, int], num_classes: int) -> str:
    of_both = "probabilities = [1 - answer[0], answer[0]]"
    return paragraphs(
        "import json",
        lines(
            comment(N_("what the laboratory trained; it takes raw RGB, whatever its base wants")),
            f"trained_model = keras.models.load_model({TRAINED_FILE!r})",
            f"class_names = json.loads(Path({CLASSES_FILE!r}).read_text('utf-8'))",
        ),
        lines(
            remark("file = next(Path('images', 'test').glob('*/*'))", N_("or the path of a photo of yours")),
            "photo = ImageOps.exif_transpose(Image.open(file)).convert('RGB')",
            f"photo = {fit_photo(size)}",
            "answer = trained_model.predict(np.asarray(photo, 'float32')[np.newaxis])[0]",
            of_both if num_classes == 2 else "probabilities = answer",
            block(
                "for name, probability in zip(class_names, probabilities):", "print(name, round(float(probability), 3))"
            ),
        ),
    )


def _networks(run: Any, folder: Path) -> Iterator[Path]:
    """Writes what the code loads: the trained network, and the base where Keras has it not."""
    yield export_model(run, folder / TRAINED_FILE, format="keras")
    if not _comes_from_keras(run):
        from ..models import build_base

        shown = ShownRun(run.spec, input_shape_of(run), len(run.class_names), "file")
        base = build_base(run.spec.base, input_shape=shown.input_shape, weights=shown.weights)
        yield export_model(base, folder / BASE_FILE, format="keras")
    if _has_own_layers(run.spec.base):
        yield Path(shutil.copyfile(_OWN_LAYERS, folder / LAYERS_FILE))


def _has_own_layers(base: str) -> bool:
    """Whether a base has layers that Keras does not know."""
    table, own = catalogued(base, include_top=False), _OWN_LAYERS.read_text("utf-8")
    return table is not None and any(f"class {layer.type}(" in own for layer in table.layers)


def _readme(run: Any, *, has_images: bool, translate: Translate) -> str:
    needs_layers = _has_own_layers(run.spec.base)
    told = {
        NOTEBOOK: N_("the run as a notebook, from the images to the test; plain Keras, runs from top to bottom"),
        SCRIPT: N_("the same as a script"),
        TRAINED_FILE: N_("the trained network: keras.models.load_model opens it; it takes raw RGB, 0 to 255"),
        CLASSES_FILE: N_("what its outputs are called; of two classes its one output is the probability of the second"),
        BASE_FILE: N_("the base before the training, where Keras has none of this name"),
        LAYERS_FILE: N_("layers that Keras does not have: import it before a network is loaded"),
        CARD: N_("what the network is for, how it was made, how good it is, and what it is not"),
        PACKAGES_FILE: N_("what to install: pip install -r requirements.txt"),
        "images/": N_("the images as they were when this was packed: a folder a part of the split, in it one a class"),
    }
    missing = {BASE_FILE} if _comes_from_keras(run) else set()
    missing |= set() if needs_layers else {LAYERS_FILE}
    lines_of_files = [f"- `{name}`: {translate(text)}" for name, text in told.items() if name not in missing]
    if not has_images:
        put = N_(
            "The images are not in this ZIP. Put yours into images/train, images/validation and images/test, a folder "
            "a class in each, named as in the notebook."
        )
        lines_of_files[-1] = "\n" + translate(put)
    title = translate(N_("A network that tells apart {names}")).format(names=", ".join(run.class_names))
    return "\n".join([f"# {title}", "", *lines_of_files]) + "\n"


def _comes_from_keras(run: Any) -> bool:
    return ShownRun(run.spec, input_shape_of(run), len(run.class_names), "file").from_keras
