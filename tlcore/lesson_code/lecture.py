"""The whole path of the lesson in its shortest form, as the lecture writes it."""

from __future__ import annotations

from ..models.head import HeadSpec
from ..translatable import N_
from .layout import comment, lines, paragraphs
from .statements import NEW_MODEL, add_dense_layers, compile_model, extract_features, fit, load_keras_base

#: The lecture's images, and what its base makes of one of them.
_INPUT_SHAPE, _FEATURE_SHAPE = (150, 150, 3), (4, 4, 512)


def lecture_code() -> str:
    """From the trained base to a trained head; `train_images` and the rest are the learner's own."""
    return paragraphs(
        lines(
            "import numpy as np", "from keras import layers, models, optimizers", "from keras.applications import VGG16"
        ),
        lines(
            comment(N_("1. the convolutional part of a trained network, without its dense layers")),
            load_keras_base("VGG16", "imagenet", _INPUT_SHAPE),
        ),
        lines(
            comment(N_("2. run it once over every image")),
            extract_features("train", "val", feature_shape=_FEATURE_SHAPE),
        ),
        lines(
            comment(N_("3. train a small dense network on what it saw")),
            NEW_MODEL,
            add_dense_layers(HeadSpec(2, (256,), dropout=0.5)),
            compile_model(1e-4, 2),
            fit(30, inputs="features"),
        ),
    )
