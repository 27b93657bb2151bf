"""A training run as sections of Keras code: what `tlcore.train` does, up to the order of the images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..architectures.registry import get_architecture
from ..models.unfreezing import tabled_unfreeze_layer
from ..translatable import N_
from .images import image_folder, image_imports, read_images
from .layout import comment, lines, paragraphs
from .shown_run import BASE_FILE, ShownRun
from .statements import (
    FREEZE,
    NEW_MODEL,
    SPLITS,
    add_augmentation,
    add_base_and_head,
    add_dense_layers,
    compile_model,
    count_tensors,
    define_in_inference,
    extract_features,
    falling_rate,
    fit,
    he_start,
    keras_preprocessing,
    load_base,
    load_keras_base,
    measure_test,
    seeded,
    stop_early,
    unfreeze_from,
    weigh_classes,
)


@dataclass(frozen=True)
class Section:
    """A title and a sentence for people, both translatable, and the code that belongs to them."""

    title: str
    text: str
    code: str


def run_sections(run: ShownRun) -> list[Section]:
    """The run from the images to its measure on the test images."""
    return list(_sections(run))


def _sections(run: ShownRun) -> Iterator[Section]:
    yield _images(run)
    yield _base(run)
    if run.extracts_features:
        yield from (_features(run), _head(run), _training(run))
    else:
        yield _extended(run)
        if not run.method.trains_everything_at_once:
            yield _freezing()
        yield _training(run)
        if run.method.fine_tunes and run.spec.fine_tuning_epochs:
            yield from (_unfreezing(run), _fine_tuning(run))
    yield _test(run)


def _images(run: ShownRun) -> Section:
    source = run.image_source
    ready = source if isinstance(source, str) else read_images(source)
    folder = "" if isinstance(source, str) else image_folder(source)
    imports = lines(
        "import math" if run.spec.schedule == "cosine" else "",
        "import keras",
        "import numpy as np",
        "import tlcore" if run.needs_tlcore or "tlcore." in ready else "",
        "from keras import layers, models, optimizers",
        "" if isinstance(source, str) else image_imports(source),
    )
    return Section(
        N_("Images"),
        N_("Three sets: one to train, one to choose settings by, one that is looked at only once, at the end."),
        paragraphs(folder, imports, seeded(run.spec.seed), ready),
    )


def _base(run: ShownRun) -> Section:
    architecture = get_architecture(run.spec.base)
    if run.from_keras and architecture.keras_name is not None:
        code = paragraphs(
            lines(
                f"from keras.applications import {architecture.keras_name}",
                keras_preprocessing(architecture.preprocessing),
            ),
            load_keras_base(architecture.keras_name, run.weights, run.input_shape),
        )
    elif run.library == "file":
        loading = f"base_model = keras.models.load_model({BASE_FILE!r})"
        code = lines(comment(N_("preprocessing is inside: the base takes raw RGB")), loading)
    else:
        loading = load_base(repr(run.spec.base), repr(run.weights), run.input_shape)
        code = lines(comment(N_("preprocessing is inside: the base takes raw RGB")), loading)
    starts_anew = run.weights is None and architecture.family == "VGG"  # others normalise what flows through them
    return Section(
        N_("The base: a trained network without its dense layers"),
        N_(
            "The dense layers were trained for the original classes and one size of image; the "
            "convolutional part finds edges, textures and parts that are useful for any image. So "
            "include_top=False."
        ),
        paragraphs(code, he_start(run.spec.seed) if starts_anew else ""),
    )


def _features(run: ShownRun) -> Section:
    return Section(
        N_("Feature extraction: the base runs once over each image"),
        N_("The base does not change, so its output for an image never changes either. It is computed once and kept."),
        extract_features(*SPLITS, pooling=run.spec.pooling),
    )


def _head(run: ShownRun) -> Section:
    return Section(
        N_("The new dense network"),
        N_("Only this part is trained, from the beginning, for the new classes."),
        lines(NEW_MODEL, add_dense_layers(run.head)),
    )


def _extended(run: ShownRun) -> Section:
    shape = ", ".join(map(str, run.input_shape))
    return Section(
        N_("The base as a layer, and new dense layers on top"),
        N_("One network from the pixels to the new classes."),
        lines(
            define_in_inference() if run.base_in_inference else "",
            NEW_MODEL,
            add_augmentation() if run.spec.augmentation else "",
            add_base_and_head(run.head, in_inference=run.base_in_inference),
            f"model.build((None, {shape}))",
            "model.summary()",
        ),
    )


def _freezing() -> Section:
    return Section(
        N_("Freeze the base"),
        N_(
            "The new layers start at random and make large errors at first; if the base were trained now, "
            "these errors would destroy what it has learned. What is counted is tensors, not parameters."
        ),
        lines(
            count_tensors(N_("tensors to train before freezing")),
            FREEZE,
            count_tensors(N_("and after; compile only now")),
        ),
    )


def _training(run: ShownRun) -> Section:
    spec = run.spec
    return Section(
        N_("Training"),
        N_("Freezing counts only if it comes before compile."),
        lines(
            weigh_classes() if spec.class_weights else "",
            _phase(run, spec.learning_rate, spec.epochs, "history"),
        ),
    )


def _unfreezing(run: ShownRun) -> Section:
    layer = tabled_unfreeze_layer(run.spec.base, run.spec.unfreeze_from)
    return Section(
        N_("Unfreeze the last layers of the base"),
        N_(
            "The first layers find what all images have; the last ones are the most specialised, so they "
            "are adjusted to the new images."
        ),
        lines(unfreeze_from(repr(layer)), count_tensors(N_("tensors to train now"))),
    )


def _fine_tuning(run: ShownRun) -> Section:
    spec = run.spec
    return Section(
        N_("Fine-tuning: the unfrozen layers and the head together"),
        N_("Small steps: large ones would destroy what was learned."),
        lines(
            comment(N_("a much smaller learning rate, so that what was learned is not destroyed")),
            _phase(run, spec.fine_tuning_learning_rate, spec.fine_tuning_epochs, "fine_tuning_history"),
        ),
    )


def _phase(run: ShownRun, learning_rate: float, epochs: int, result: str) -> str:
    """Compile and fit."""
    spec = run.spec
    falls = spec.schedule == "cosine"
    return lines(
        falling_rate(learning_rate, epochs, batch_size=spec.batch_size) if falls else "",
        compile_model("rate" if falls else learning_rate, run.num_classes, optimizer=spec.optimizer),
        stop_early(spec.early_stopping) if spec.early_stopping else "",
        fit(
            epochs,
            "class_weight=class_weights" if spec.class_weights else "",
            "callbacks=[early_stopping]" if spec.early_stopping else "",
            inputs=run.inputs,
            batch_size=spec.batch_size,
            result=result,
        ),
    )


def _test(run: ShownRun) -> Section:
    return Section(
        N_("Test on images that were never used"),
        N_("Few test images make a rough measure: with 40 of them the true accuracy may well lie 10 points away."),
        measure_test(inputs=run.inputs),
    )
