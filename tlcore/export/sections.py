"""A training run as sections of Keras code, in the lecture's names: `rna_base`, `rna`, `train_imagens`, ...

What is written here is what `tlcore.train` does; a test trains both and compares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..architectures.registry import get_architecture
from ..training.specification import TrainingSpec
from ..translatable import N_
from .unfreezing import unfreeze_layer

Library = Literal["keras", "tlcore"]
Translate = Callable[[str], str]


@dataclass(frozen=True)
class Section:
    """A title for people, already translated, and the code that belongs to it."""

    title: str
    code: str


@dataclass(frozen=True)
class Lesson:
    """What the code is written for.

    Attributes:
        spec: The run.
        input_shape: (height, width, 3) of the images.
        num_classes: Classes of the data.
        library: "keras" takes networks that Keras has from keras.applications; "tlcore" takes all from this package,
            so that weights from `TLCORE_WEIGHTS_DIR` are found without a network.
        data: Code that defines `train_imagens`, `train_labels`, and so on for `val` and `test`; None for the data of
            the specification.
        translate: Translates comments and titles.
    """

    spec: TrainingSpec
    input_shape: tuple[int, int, int]
    num_classes: int
    library: Library
    data: str | None
    translate: Translate

    def comment(self, text: str) -> str:
        """A translated comment."""
        return f"# {self.translate(text)}"

    @property
    def weights(self) -> str | None:
        """What the network starts from; None for random weights."""
        random = self.spec.method in ("scratch", "random_frozen") or self.spec.weights == "random"
        return None if random else self.spec.weights

    @property
    def from_keras(self) -> bool:
        """Whether the base comes from keras.applications."""
        known = get_architecture(self.spec.base).keras_name is not None
        return self.library == "keras" and known and self.weights in (None, "imagenet")

    @property
    def extracts_features(self) -> bool:
        """Whether the base runs once over each image; changed images would need it again in each epoch."""
        return self.spec.method == "feature_extraction" and not self.spec.augmentation

    @property
    def is_binary(self) -> bool:
        """Two classes need one sigmoid unit."""
        return self.num_classes == 2


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
    lines += [] if lesson.from_keras and lesson.data else ["import tlcore"]
    lines += ["", f"keras.utils.set_random_seed({spec.seed})", ""]
    lines += [lesson.data] if lesson.data else _load_data(lesson, height, width)
    return Section(lesson.translate(N_("Images")), "\n".join(lines))


def _load_data(lesson: Lesson, height: int, width: int) -> list[str]:
    size = f"image_size=({height}, {width}), seed=0"
    source = lesson.spec.dataset
    read = f"load_dataset({source!r}, {size})" if source else f"import_dataset('photos.zip', {size})"
    return [
        lesson.comment(N_("raw RGB, uint8 (images, height, width, 3)")),
        f"dados = tlcore.{read}",
        "train_imagens, train_labels = dados.train.images, dados.train.labels",
        "val_imagens, val_labels = dados.validation.images, dados.validation.labels",
        "test_imagens, test_labels = dados.test.images, dados.test.labels",
    ]


def _base(lesson: Lesson) -> Section:
    spec, weights = lesson.spec, lesson.weights
    arguments = f"weights={weights!r}, include_top=False, input_shape={lesson.input_shape}"
    if not lesson.from_keras:
        comment = lesson.comment(N_("preprocessing is inside: the base takes raw RGB"))
        lines = [comment, f"rna_base = tlcore.build_base({spec.base!r}, {arguments})"]
    else:
        lines = [f"from keras.applications import {get_architecture(spec.base).keras_name}"]
        lines += _preprocessing(lesson)
        lines += ["", f"rna_base = {get_architecture(spec.base).keras_name}({arguments})"]
    return Section(lesson.translate(N_("The base: a trained network without its dense layers")), "\n".join(lines))


def _preprocessing(lesson: Lesson) -> list[str]:
    mode = get_architecture(lesson.spec.base).preprocessing
    if mode == "none":
        return []
    sets = ("train_imagens", "val_imagens", "test_imagens")
    comment = lesson.comment(N_("the pixels as this network was trained on them"))
    if mode == "scale":
        return ["", comment, *(f"{name} = {name} / 255" for name in sets)]
    prepared = [f"{name} = preprocess_input({name}.astype('float32'), mode={mode!r})" for name in sets]
    return ["from keras.applications.imagenet_utils import preprocess_input", "", comment, *prepared]


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
    return Section(lesson.translate(N_("Feature extraction: the base runs once over each image")), "\n".join(lines))


def _head(lesson: Lesson) -> Section:
    lines = ["rna = models.Sequential()", *_dense_layers(lesson)]
    return Section(lesson.translate(N_("The new dense network")), "\n".join(lines))


def _extended(lesson: Lesson) -> Section:
    pooling = "GlobalAveragePooling2D" if lesson.spec.pooling == "average" else "Flatten"
    lines = ["rna = models.Sequential()", *_augmentation(lesson), "rna.add(rna_base)"]
    lines += [f"rna.add(layers.{pooling}())", *_dense_layers(lesson), f"rna.build((None, {_size(lesson)}))"]
    lines += ["rna.summary()"]
    return Section(lesson.translate(N_("The base as a layer, and new dense layers on top")), "\n".join(lines))


def _size(lesson: Lesson) -> str:
    return ", ".join(map(str, lesson.input_shape))


def _augmentation(lesson: Lesson) -> list[str]:
    if not lesson.spec.augmentation:
        return []
    return [
        "rna.add(layers.RandomFlip('horizontal'))",
        "rna.add(layers.RandomTranslation(0.1, 0.1, fill_mode='nearest'))",
        "rna.add(layers.RandomZoom(0.1, fill_mode='nearest'))",
    ]


def _dense_layers(lesson: Lesson) -> list[str]:
    spec = lesson.spec
    penalty = f", kernel_regularizer=keras.regularizers.L2({spec.l2})" if spec.l2 else ""
    lines = []
    for units in spec.head:
        lines.append(f"rna.add(layers.Dense({units}, activation='relu'{penalty}))")
        if spec.dropout:
            lines.append(f"rna.add(layers.Dropout({spec.dropout}))")
    units, activation = (1, "sigmoid") if lesson.is_binary else (lesson.num_classes, "softmax")
    return [*lines, f"rna.add(layers.Dense({units}, activation='{activation}'{penalty}))"]


def _freezing(lesson: Lesson) -> Section:
    lines = [
        "print(len(rna.trainable_weights))  " + lesson.comment(N_("tensors to train before freezing")),
        "rna_base.trainable = False",
        "print(len(rna.trainable_weights))  " + lesson.comment(N_("and after; compile only now")),
    ]
    return Section(lesson.translate(N_("Freeze the base")), "\n".join(lines))


def _training(lesson: Lesson) -> Section:
    spec = lesson.spec
    lines = _class_weights(lesson)
    lines += _compile(lesson, spec.learning_rate, spec.epochs)
    lines += _fit(lesson, spec.epochs, "historico")
    return Section(lesson.translate(N_("Training")), "\n".join(lines))


def _class_weights(lesson: Lesson) -> list[str]:
    if not lesson.spec.class_weights:
        return []
    return [
        lesson.comment(N_("a rare class weighs more")),
        "contagem = np.bincount(train_labels)",
        "pesos = {i: len(train_labels) / (len(contagem) * n) for i, n in enumerate(contagem)}",
    ]


def _compile(lesson: Lesson, rate: float, epochs: int) -> list[str]:
    spec = lesson.spec
    lines, value = [], str(rate)
    if spec.schedule == "cosine":
        lines.append(f"passos = {epochs} * -(-len(train_labels) // {spec.batch_size})")
        value = f"optimizers.schedules.CosineDecay({rate}, passos)"
    name = {"rmsprop": "RMSprop", "adam": "Adam", "sgd": "SGD"}[spec.optimizer]
    momentum = ", momentum=0.9" if spec.optimizer == "sgd" else ""
    loss = "binary_crossentropy" if lesson.is_binary else "sparse_categorical_crossentropy"
    return [
        *lines,
        f"rna.compile(optimizer=optimizers.{name}(learning_rate={value}{momentum}),",
        f"            loss='{loss}', metrics=['accuracy'])",
    ]


def _fit(lesson: Lesson, epochs: int, result: str) -> list[str]:
    spec, kind = lesson.spec, "features" if lesson.extracts_features else "imagens"
    options = f"validation_data=(val_{kind}, val_labels)"
    options += ", class_weight=pesos" if spec.class_weights else ""
    lines = []
    if spec.early_stopping:
        lines.append(
            "parada = keras.callbacks.EarlyStopping(monitor='val_loss', "
            f"patience={spec.early_stopping}, restore_best_weights=True)"
        )
        options += ", callbacks=[parada]"
    return [
        *lines,
        f"{result} = rna.fit(train_{kind}, train_labels, epochs={epochs}, batch_size={spec.batch_size},",
        f"{' ' * len(result)}           {options})",
    ]


def _unfreezing(lesson: Lesson) -> Section:
    lines = [
        "rna_base.trainable = True",
        "set_trainable = False",
        "for layer in rna_base.layers:",
        f"    if layer.name == {unfreeze_layer(lesson.spec)!r}:",
        "        set_trainable = True",
        "    layer.trainable = set_trainable",
        "print(len(rna.trainable_weights))",
    ]
    return Section(lesson.translate(N_("Unfreeze the last layers of the base")), "\n".join(lines))


def _fine_tuning(lesson: Lesson) -> Section:
    spec = lesson.spec
    lines = [lesson.comment(N_("a much smaller learning rate, so that what was learned is not destroyed"))]
    lines += _compile(lesson, spec.fine_tuning_learning_rate, spec.fine_tuning_epochs)
    lines += _fit(lesson, spec.fine_tuning_epochs, "historico_sintonia")
    return Section(lesson.translate(N_("Fine-tuning: the unfrozen layers and the head together")), "\n".join(lines))


def _test(lesson: Lesson) -> Section:
    kind = "features" if lesson.extracts_features else "imagens"
    lines = [
        f"perda, exatidao = rna.evaluate(test_{kind}, test_labels)",
        "print(exatidao)",
    ]
    return Section(lesson.translate(N_("Test on images that were never used")), "\n".join(lines))
