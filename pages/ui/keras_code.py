"""Keras code of what the widgets say, where no `TrainingSpec` says it already (see `tlcore.export.keras_code`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.ui.i18n import _
from pages.ui.state import (
    DATASETS_NUM_IMAGES,
    DATASETS_SEED,
    DATASETS_SIZE,
    DATASETS_SOURCE,
    EXPLORER_CHANNELS,
    EXPLORER_CLASSES,
    EXPLORER_INCLUDE_TOP,
    EXPLORER_NETWORK,
    EXPLORER_POOLING,
    EXPLORER_SIZE,
    PREDICTION_CLASS,
    PREDICTION_METHOD,
)
from tlcore.architectures import ArchitectureSpec, get_architecture
from tlcore.export import keras_code
from tlcore.training import TrainingSpec

_LESSON = """\
import numpy as np
from keras import layers, models
from keras.applications import VGG16

# 1. {base}
rna_base = VGG16(weights='imagenet', include_top=False, input_shape=(150, 150, 3))

# 2. {features}
train_features = rna_base.predict(train_imagens)            # (N, 4, 4, 512)
train_features = np.reshape(train_features, (-1, 4*4*512))  # (N, 8192)

# 3. {head}
rna = models.Sequential()
rna.add(layers.Dense(256, activation='relu'))
rna.add(layers.Dropout(0.5))
rna.add(layers.Dense(1, activation='sigmoid'))
rna.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['accuracy'])
rna.fit(train_features, train_labels, epochs=30, batch_size=32)
"""
_PREDICTION = """\
import tlcore
from keras.utils import img_to_array, load_img

{network}

imagem = img_to_array(load_img('foto.jpg', target_size=rna.input_shape[1:3],
                               keep_aspect_ratio=True))  # (H, W, 3), {photo}
respostas = tlcore.predict({asked}, imagem, top=5)
for resposta in respostas:
    print(resposta.class_name, resposta.probability)

# {where}
{explanation}
"""
_EXPLANATIONS = {
    "grad_cam": "mapa = tlcore.grad_cam(rna, imagem, respostas[{place}].index)  # (H, W), 0 .. 1",
    "occlusion": (
        "from tlcore.explanation import occlusion_map\n\n"
        "mapa = occlusion_map(rna, imagem, respostas[{place}].index)  # (H, W), -1 .. 1"
    ),
}


def spec_code(spec: TrainingSpec, data: Mapping[str, Any] | None) -> str:
    """A training run on the chosen images, with comments in the language in use."""
    if data is None:
        return keras_code(spec, translate=_)
    height, width = data["image_size"]
    return keras_code(
        spec,
        input_shape=(height, width, 3),
        num_classes=len(data["class_names"]),
        data=None if "item" in data["reference"] else ready_set_code(data["reference"]),
        translate=_,
    )


def lesson_code() -> str:
    """The whole path of the lesson, as the lecture writes it."""
    return _LESSON.format(
        base=_("rna_base: the convolutional part of a trained network, without its dense layers"),
        features=_("run it once over every image"),
        head=_("train a small dense network on what it saw"),
    )


def prediction_code(model: str | None) -> str:
    """The answer of the chosen network, a base as "name/weights" or a run, to one photo."""
    base, _slash, weights = (model or "").partition("/")
    if weights:
        shape = get_architecture(base).default_input_shape
        asked = "rna"
        network = (
            f"rna = tlcore.build_base({base!r}, input_shape={shape}, weights={weights!r},\n"
            "                        include_top=True)"
        )
    else:
        asked = "treino"
        network = "treino = tlcore.load_project('projeto.zip')  # {what}\nrna = treino.model".format(
            what=_("the project file of the run, from the page on fine-tuning")
        )
    return _PREDICTION.format(
        network=network,
        asked=asked,
        photo=_("RGB, 0 to 255"),
        where=_("which parts of the photo speak for this answer"),
        explanation=_EXPLANATIONS[PREDICTION_METHOD.get()].format(place=PREDICTION_CLASS.get()),
    )


def dataset_code() -> str:
    """Reading of the chosen images."""
    side, seed, source = DATASETS_SIZE.get(), DATASETS_SEED.get(), DATASETS_SOURCE.get()
    if source == "upload":
        return (
            "from keras.utils import image_dataset_from_directory\n\n"
            "# " + _("one folder per class") + ": photos/hardhat/*.jpg, photos/no_hardhat/*.jpg\n"
            "train, val = image_dataset_from_directory(\n"
            f"    'photos', image_size=({side}, {side}), crop_to_aspect_ratio=True, label_mode='int',\n"
            f"    validation_split=0.4, subset='both', seed={seed})\n\n"
            "# " + _("the same images, split and cleaned as on this page") + "\n"
            "import tlcore\n"
            f"data = tlcore.import_dataset('photos.zip', image_size=({side}, {side}), seed={seed})\n"
            "train_imagens, train_labels = data.train.images, data.train.labels\n"
        )
    return "import tlcore\n\n" + ready_set_code(
        {"name": source, "num_images": DATASETS_NUM_IMAGES.get(), "image_size": (side, side), "seed": seed}
    )


def ready_set_code(reference: Mapping[str, Any]) -> str:
    """Loading of a set that comes with the program."""
    height, width = reference["image_size"]
    return (
        f"data = tlcore.load_dataset({reference['name']!r}, num_images={reference['num_images']}, "
        f"image_size=({height}, {width}), seed={reference['seed']})\n"
        "train_imagens, train_labels = data.train.images, data.train.labels  # uint8 (N, height, width, 3)\n"
        "val_imagens, val_labels = data.validation.images, data.validation.labels\n"
        "test_imagens, test_labels = data.test.images, data.test.labels\n"
    )


def network_code() -> str:
    """Loading of the network that the explorer shows, with the lecture's three arguments."""
    spec, top, classes, pooling = _of_explorer()
    shape = (EXPLORER_SIZE.get(), EXPLORER_SIZE.get(), EXPLORER_CHANNELS.get() or spec.default_input_shape[2])
    arguments = f"include_top={top}, input_shape={shape}"
    arguments += f", pooling={pooling!r}" if pooling else ""
    if spec.keras_name is None:
        arguments += f", num_classes={classes}" if classes else ""
        return (
            "import tlcore\n\n"
            f"summary = tlcore.describe({spec.name!r}, {arguments})\n"
            "for layer in summary.layers:\n"
            "    print(layer.name, layer.type, layer.output_shape, layer.num_params)\n"
        )
    fits = shape[2] == 3 and not (top and (classes or shape != spec.default_input_shape))
    weights = "'imagenet'" if fits else "None"
    arguments += f", classes={classes}" if classes else ""
    return (
        f"from keras.applications import {spec.keras_name}\n\n"
        f"rna_base = {spec.keras_name}(weights={weights}, {arguments})\n"
        "rna_base.summary()\n\n"
        + "# weights: "
        + (_("which parameters the network starts with") if fits else _("trained ones do not fit this network"))
        + "\n"
        + "# include_top: "
        + _("with or without the dense layers of its classifier")
        + "\n"
        + "# input_shape: "
        + _("size of your images; with trained weights, only free without the top")
        + "\n"
    )


def _of_explorer() -> tuple[ArchitectureSpec, bool, int | None, str | None]:
    """The network of the explorer, with what of classes and pooling has a place at its end."""
    spec, top = get_architecture(EXPLORER_NETWORK.get()), EXPLORER_INCLUDE_TOP.get()
    classes = EXPLORER_CLASSES.get() if top and EXPLORER_CLASSES.get() != spec.num_classes else None
    pooling = EXPLORER_POOLING.get() if not top and EXPLORER_POOLING.get() != "none" else None
    return spec, top, classes, pooling


def trained_network_code(run: Mapping[str, Any], image_size: tuple[int, int]) -> str:
    """How a trained network was made: the whole run, from its facts in the store."""
    data = {"image_size": image_size, "class_names": run["class_names"], "reference": run["data"]}
    return spec_code(TrainingSpec(**run["spec"]), data) + "\nrna.summary()\n"
