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
    EXPLORER_INCLUDE_TOP,
    EXPLORER_NETWORK,
    EXPLORER_SIZE,
)
from tlcore.export import keras_code
from tlcore.training import TrainingSpec


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


def dataset_code() -> str:
    """Reading of the chosen images."""
    side, seed, source = DATASETS_SIZE.get(), DATASETS_SEED.get(), DATASETS_SOURCE.get()
    if source == "upload":
        return (
            "from keras.utils import image_dataset_from_directory\n\n"
            "# one folder per class: photos/hardhat/*.jpg, photos/no_hardhat/*.jpg\n"
            "train, val = image_dataset_from_directory(\n"
            f"    'photos', image_size=({side}, {side}), crop_to_aspect_ratio=True, label_mode='int',\n"
            f"    validation_split=0.4, subset='both', seed={seed})\n\n"
            "# the same images, split and cleaned as on this page\n"
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


def network_code(keras_name: str | None) -> str:
    """Loading of the network that the explorer shows, with the lecture's three arguments."""
    name, side, top = EXPLORER_NETWORK.get(), EXPLORER_SIZE.get(), EXPLORER_INCLUDE_TOP.get()
    if keras_name is None:
        return (
            "import tlcore\n\n"
            f"summary = tlcore.describe({name!r}, input_shape={_shape(side)}, include_top={top})\n"
            "for layer in summary.layers:\n"
            "    print(layer.name, layer.type, layer.output_shape, layer.num_params)\n"
        )
    return (
        f"from keras.applications import {keras_name}\n\n"
        f"rna_base = {keras_name}(weights='imagenet', include_top={top}, input_shape={_shape(side)})\n"
        "rna_base.summary()\n\n"
        f"# weights      which parameters the network starts with\n"
        f"# include_top  with or without the dense layers of the {name} classifier\n"
        "# input_shape  size of your images; only allowed to differ from the original without the top\n"
    )


def _shape(side: int) -> str:
    return f"({side}, {side}, 3)"
