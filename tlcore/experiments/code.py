"""The Code panel of each experiment: Keras code in the lecture's terms, with the numbers of the settings put in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..datasets import get_dataset_spec
from ..translatable import N_
from .code_bodies import BODIES
from .specification import ExperimentSettings

Translate = Callable[[str], str]

#: The comments of the bodies, which a page shows in its own language.
_COMMENTS = (
    N_("the lecture"),
    N_("takes raw RGB"),
    N_("freeze, then compile"),
    N_("unfreeze the last block, then compile again"),
    N_("from this layer on"),
    N_("a rate that falls to zero along a cosine"),
    N_("1. from scratch"),
    N_("from scratch"),
    N_("2. the head alone, on a frozen base"),
    N_("3. the head, then the last block with it"),
    N_("from the last block to the whole base"),
    N_("as many steps with few images as with many"),
    N_("without dropout"),
    N_("where the thing is: top, left, bottom, right as shares of the sides"),
    N_("nothing covered, thing covered, background covered"),
    N_("before"),
    N_("after"),
    N_("1. feature extraction: the base runs once over each image"),
    N_("2. partial training: the base runs over each image in each epoch"),
    N_("the right way: freeze, compile, train the head, unfreeze, compile again, train with a small rate"),
    N_("broken ways, each a change of one line:"),
    N_("leave out rna_base.trainable = False and what follows the first fit"),
    N_("everything trainable, untrained head"),
    N_("rate 100x too large"),
    N_("not what the base was trained on"),
    N_("leave out the second rna.compile(...)"),
    N_("the unfrozen layers do not learn"),
    N_("the same base with its own classifier: its classes, before any training"),
    N_("against a head that is trained on the features"),
    N_("with its own dense layers a VGG16 takes images of one size only"),
    N_("without them, of any size"),
    N_("the shapes differ"),
)

_KNOWN = re.compile("|".join(re.escape(comment) for comment in sorted(_COMMENTS, key=len, reverse=True)))


def lesson_code(settings: ExperimentSettings, body: str, translate: Translate = str, **changes: Any) -> str:
    """The code of one experiment.

    Args:
        settings: What the widgets say.
        body: Which of `BODIES`.
        translate: Translates the comments, for example a catalog's `gettext`.
        **changes: Settings that this code shows differently.
    """
    shown = settings.model_copy(update=changes)
    lines = [_translated(line, translate) for line in BODIES[body].split("\n")]
    return "\n".join(lines).format(**shown.model_dump(), **_data_values(shown), **_network_values(shown, body))


def _data_values(settings: ExperimentSettings) -> dict[str, Any]:
    """How the images are read, where the thing is in them, and the classifier that fits their classes."""
    from ..store.datasets import read_class_names

    size = f"image_size=({settings.image_size}, {settings.image_size}), seed=0"
    if settings.stored is not None:
        num_classes = len(read_class_names(Path(settings.stored)))
        data = f"tlcore.import_dataset('photos.zip', {size})"
    else:
        num_classes = get_dataset_spec(settings.dataset).num_classes
        data = f"tlcore.load_dataset({settings.dataset!r}, num_images={settings.num_images}, {size})"
    drawn = settings.stored is None and settings.dataset == "helmets"
    boxes = "tlcore.datasets.helmets.head_boxes(data.test.sources)"
    middle = "np.tile((0.2, 0.2, 0.8, 0.8), (len(test_imagens), 1))"
    classifier = _TWO_CLASSES if num_classes == 2 else {**_MORE_CLASSES, "outputs": num_classes}
    return {"data": data, "boxes": boxes if drawn else middle, **classifier}


_TWO_CLASSES = {"outputs": 1, "activation": "sigmoid", "loss": "binary_crossentropy"}
_MORE_CLASSES = {"activation": "softmax", "loss": "sparse_categorical_crossentropy"}


def _network_values(settings: ExperimentSettings, body: str) -> dict[str, Any]:
    """Names of layers of the chosen base, and the numbers that follow from the settings."""
    from .claims.which_base import weights_by_base
    from .measuring.probes import block_starts, probe_layers
    from .measuring.trained import SCRATCH_RATE

    starts = block_starts(settings.base)
    return {
        "unfreeze_from": starts[-1] if starts else None,
        "starts": list(reversed(starts)),
        "probed": probe_layers(settings.base) if body == "generality" else None,
        "bases": weights_by_base(settings) if body == "which_base" else None,
        "scratch_rate": min(settings.learning_rate, SCRATCH_RATE),
        "all_epochs": settings.epochs + settings.fine_tuning_epochs,
    }


def _translated(line: str, translate: Translate) -> str:
    """The line with the known comments after its "#" translated, each place once."""
    code, mark, comment = line.partition("#")
    return code + mark + _KNOWN.sub(lambda found: translate(found[0]), comment)
