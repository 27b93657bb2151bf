"""The Code panel of a training run: all of its sections as one piece of Keras code."""

from __future__ import annotations

from ..training.specification import TrainingSpec
from .images import ImageSource
from .layout import comment, lines, paragraphs
from .sections import run_sections
from .shown_run import Library, ShownRun


def keras_code(
    spec: TrainingSpec,
    *,
    input_shape: tuple[int, int, int] = (150, 150, 3),
    num_classes: int = 2,
    library: Library = "keras",
    data: ImageSource | str | None = None,
) -> str:
    """The Keras code of a run in the lecture's terms, as the lecture would write it.

    Imports no tensorflow, so that pages may ask at each change of a widget.

    Args:
        spec: The run.
        input_shape: (height, width, 3) of the images.
        num_classes: 2 gives one sigmoid unit, more give a softmax.
        library: "keras" takes networks that Keras has from keras.applications; "tlcore" takes all from this package.
        data: Where the images come from, or code that defines `train_images`, `train_labels`, ...; None for the data
            of the specification.

    Returns:
        Python code that runs as it is, in English; `in_language` gives a reader their own.

    Example:
        >>> print(keras_code(TrainingSpec(base="VGG16", weights="imagenet"))[:8])
        # Images
    """
    sections = run_sections(ShownRun(spec, input_shape, num_classes, library, data))
    return paragraphs(*(lines(comment(section.title), section.code) for section in sections)) + "\n"
