"""A training run as sections of Keras code, in the lecture's names: `rna_base`, `rna`, `train_imagens`, ...

What is written here is what `tlcore.train` does, up to the order of the images and the start of the new layers.
"""

from __future__ import annotations

from ..architectures.registry import get_architecture
from ..models.unfreezing import tabled_unfreeze_layer
from ..translatable import N_
from .lesson import Lesson, Section
from .statements import (
    augmentation_lines,
    class_weights_lines,
    compile_lines,
    data_lines,
    dense_lines,
    fit_lines,
    preprocessing_lines,
    start_lines,
)


def lesson_sections(lesson: Lesson) -> list[Section]:
    """The run from the images to its measure on the test images."""
    sections = [_images(lesson), _base(lesson)]
    if lesson.extracts_features:
        return [*sections, _features(lesson), _head(lesson), _training(lesson), _test(lesson)]
    sections.append(_extended(lesson))
    if lesson.spec.method not in ("unfrozen", "scratch"):
        sections.append(_freezing(lesson))
    sections.append(_training(lesson))
    if lesson.spec.method == "fine_tuning" and lesson.spec.fine_tuning_epochs:
        sections += [_unfreezing(lesson), _fine_tuning(lesson)]
    return [*sections, _test(lesson)]


def _images(lesson: Lesson) -> Section:
    spec, (height, width, _) = lesson.spec, lesson.input_shape
    lines = ["import keras", "import numpy as np", "from keras import layers, models, optimizers"]
    needed = not lesson.from_keras or not lesson.data or "tlcore." in lesson.data
    lines += ["import tlcore"] if needed else []
    lines += ["", f"keras.utils.set_random_seed({spec.seed})", ""]
    lines += [lesson.data] if lesson.data else data_lines(lesson, height, width)
    return lesson.section(
        N_("Images"),
        N_("Three sets: one to train, one to choose settings by, one that is looked at only once, at the end."),
        lines,
    )


def _base(lesson: Lesson) -> Section:
    spec, weights = lesson.spec, lesson.weights
    arguments = f"weights={weights!r}, include_top=False, input_shape={lesson.input_shape}"
    if not lesson.from_keras:
        comment = lesson.comment(N_("preprocessing is inside: the base takes raw RGB"))
        lines = [comment, f"rna_base = tlcore.build_base({spec.base!r}, {arguments})"]
    else:
        lines = [f"from keras.applications import {get_architecture(spec.base).keras_name}"]
        lines += preprocessing_lines(lesson)
        lines += ["", f"rna_base = {get_architecture(spec.base).keras_name}({arguments})"]
    lines += start_lines(lesson)
    return lesson.section(
        N_("The base: a trained network without its dense layers"),
        N_(
            "The dense layers were trained for the original classes and one size of image; the "
            "convolutional part finds edges, textures and parts that are useful for any image. So "
            "include_top=False."
        ),
        lines,
    )


def _features(lesson: Lesson) -> Section:
    lines = []
    for name in ("train", "val", "test"):
        lines.append(f"{name}_features = rna_base.predict({name}_imagens)")
    if lesson.spec.pooling == "average":
        lines.append(lesson.comment(N_("mean over the positions: one number a channel")))
        lines += [f"{name}_features = {name}_features.mean(axis=(1, 2))" for name in ("train", "val", "test")]
    else:
        lines.append(lesson.comment(N_("each image's features in a row, as a dense layer reads them")))
        for name in ("train", "val", "test"):
            features = f"{name}_features"
            lines.append(f"{features} = np.reshape({features}, (len({features}), -1))")
    return lesson.section(
        N_("Feature extraction: the base runs once over each image"),
        N_("The base does not change, so its output for an image never changes either. It is computed once and kept."),
        lines,
    )


def _head(lesson: Lesson) -> Section:
    lines = ["rna = models.Sequential()", *dense_lines(lesson)]
    return lesson.section(
        N_("The new dense network"),
        N_("Only this part is trained, from the beginning, for the new classes."),
        lines,
    )


def _extended(lesson: Lesson) -> Section:
    pooling = "GlobalAveragePooling2D" if lesson.spec.pooling == "average" else "Flatten"
    lines = ["rna = models.Sequential()", *augmentation_lines(lesson), "rna.add(rna_base)"]
    lines += [f"rna.add(layers.{pooling}())", *dense_lines(lesson), f"rna.build((None, {_size(lesson)}))"]
    lines += ["rna.summary()"]
    return lesson.section(
        N_("The base as a layer, and new dense layers on top"),
        N_("One network from the pixels to the new classes."),
        lines,
    )


def _size(lesson: Lesson) -> str:
    return ", ".join(map(str, lesson.input_shape))


def _freezing(lesson: Lesson) -> Section:
    lines = [
        "print(len(rna.trainable_weights))  " + lesson.comment(N_("tensors to train before freezing")),
        "rna_base.trainable = False",
        "print(len(rna.trainable_weights))  " + lesson.comment(N_("and after; compile only now")),
    ]
    return lesson.section(
        N_("Freeze the base"),
        N_(
            "The new layers start at random and make large errors at first; if the base were trained now, "
            "these errors would destroy what it has learned. What is counted is tensors, not parameters."
        ),
        lines,
    )


def _training(lesson: Lesson) -> Section:
    spec = lesson.spec
    lines = class_weights_lines(lesson)
    lines += compile_lines(lesson, spec.learning_rate, spec.epochs)
    lines += fit_lines(lesson, spec.epochs, "historico")
    return lesson.section(
        N_("Training"),
        N_("Freezing counts only if it comes before compile."),
        lines,
    )


def _unfreezing(lesson: Lesson) -> Section:
    lines = [
        "rna_base.trainable = True",
        "set_trainable = False",
        "for layer in rna_base.layers:",
        f"    if layer.name == {tabled_unfreeze_layer(lesson.spec.base, lesson.spec.unfreeze_from)!r}:",
        "        set_trainable = True",
        "    layer.trainable = set_trainable",
        "print(len(rna.trainable_weights))",
    ]
    return lesson.section(
        N_("Unfreeze the last layers of the base"),
        N_(
            "The first layers find what all images have; the last ones are the most specialised, so they "
            "are adjusted to the new images."
        ),
        lines,
    )


def _fine_tuning(lesson: Lesson) -> Section:
    spec = lesson.spec
    lines = [lesson.comment(N_("a much smaller learning rate, so that what was learned is not destroyed"))]
    lines += compile_lines(lesson, spec.fine_tuning_learning_rate, spec.fine_tuning_epochs)
    lines += fit_lines(lesson, spec.fine_tuning_epochs, "historico_sintonia")
    return lesson.section(
        N_("Fine-tuning: the unfrozen layers and the head together"),
        N_("Small steps: large ones would destroy what was learned."),
        lines,
    )


def _test(lesson: Lesson) -> Section:
    kind = "features" if lesson.extracts_features else "imagens"
    lines = [
        f"perda, exatidao = rna.evaluate(test_{kind}, test_labels)",
        "print(exatidao)",
    ]
    return lesson.section(
        N_("Test on images that were never used"),
        N_("Few test images make a rough measure: with 40 of them the true accuracy may well lie 10 points away."),
        lines,
    )
