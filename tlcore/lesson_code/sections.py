"""A training run as sections of Keras code: what `tlcore.train` does, up to the order of the images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..architectures.catalog import has_batch_norm
from ..architectures.registry import get_architecture
from ..datasets import list_datasets
from ..models.head import HeadSpec
from ..models.unfreezing import tabled_unfreeze_layer
from ..training.methods import TrainingMethod, get_method
from ..training.specification import TrainingSpec
from ..translatable import N_
from .images import ImageSource, OwnImages, ReadySet, image_folder, read_images
from .layout import comment, lines, paragraphs
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

Library = Literal["keras", "tlcore"]


@dataclass(frozen=True)
class Section:
    """A title and a sentence for people, both translatable, and the code that belongs to them."""

    title: str
    text: str
    code: str


@dataclass(frozen=True)
class ShownRun:
    """What code is written for.

    Attributes:
        spec: The run.
        input_shape: (height, width, 3) of the images.
        num_classes: Classes of the data.
        library: "keras" takes networks that Keras has from keras.applications; "tlcore" takes all from this package,
            so that weights from `TLCORE_WEIGHTS_DIR` are found without a network.
        data: Where the images come from, or code that defines `train_images`, `train_labels`, and so on for `val` and
            `test`; None for what the specification says.
    """

    spec: TrainingSpec
    input_shape: tuple[int, int, int]
    num_classes: int
    library: Library = "keras"
    data: ImageSource | str | None = None

    @property
    def method(self) -> TrainingMethod:
        """The way in which the run trained."""
        return get_method(self.spec.method)

    @property
    def image_source(self) -> ImageSource | str:
        """`data`, or the registered set of the specification, or a folder where that names none."""
        if self.data is not None:
            return self.data
        size, name = self.input_shape[:2], self.spec.dataset
        return ReadySet(name, size, self.spec.seed) if name in list_datasets() else OwnImages(size, self.spec.seed)

    @property
    def weights(self) -> str | None:
        """What the network starts from; None for random weights."""
        random = self.method.starts_at_random or self.spec.weights == "random"
        return None if random else self.spec.weights

    @property
    def from_keras(self) -> bool:
        """Whether the base comes from keras.applications."""
        known = get_architecture(self.spec.base).keras_name is not None
        return self.library == "keras" and known and self.weights in (None, "imagenet")

    @property
    def base_in_inference(self) -> bool:
        """Whether it must be said that the base runs in inference mode: a frozen one does so by itself."""
        unfreezes = self.method.fine_tunes or self.method.trains_everything_at_once
        return unfreezes and self.spec.base_in_inference and has_batch_norm(self.spec.base)

    @property
    def extracts_features(self) -> bool:
        """Whether the base runs once over each image; changed images would need it again in each epoch."""
        return self.method.on_features and not self.spec.augmentation

    @property
    def inputs(self) -> str:
        """What the trained network takes."""
        return "features" if self.extracts_features else "images"

    @property
    def head(self) -> HeadSpec:
        """The dense layers of the run."""
        spec = self.spec
        return HeadSpec(self.num_classes, spec.head, spec.pooling, spec.dropout, spec.l2, spec.seed)


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
        "import tlcore" if not run.from_keras or "tlcore." in ready else "",
        "from keras import layers, models, optimizers",
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
