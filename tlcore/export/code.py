"""The Code panel: a training run as one piece of Keras code."""

from __future__ import annotations

from ..training.specification import TrainingSpec
from .lesson import Lesson, Library, Translate
from .sections import lesson_sections


def keras_code(
    spec: TrainingSpec,
    *,
    input_shape: tuple[int, int, int] = (150, 150, 3),
    num_classes: int = 2,
    library: Library = "keras",
    data: str | None = None,
    translate: Translate = str,
) -> str:
    """The Keras code of a run in the lecture's terms, as the lecture would write it.

    Imports no tensorflow, so that pages may ask at each change of a widget.

    Args:
        spec: The run.
        input_shape: (height, width, 3) of the images.
        num_classes: 2 gives one sigmoid unit, more give a softmax.
        library: "keras" takes networks that Keras has from keras.applications; "tlcore" takes all from this package.
        data: Code that defines `train_imagens`, `train_labels`, ...; None for the data of the specification.
        translate: Translates the comments, for example a catalog's `gettext`.

    Returns:
        Python code that runs as it is.

    Example:
        >>> print(keras_code(TrainingSpec(base="VGG16", weights="imagenet")))
    """
    lesson = Lesson(spec, input_shape, num_classes, library, data, translate)
    return "\n\n".join(f"# {section.title}\n{section.code}" for section in lesson_sections(lesson)) + "\n"
