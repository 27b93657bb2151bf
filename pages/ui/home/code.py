"""The lecture's code, as the home page shows it."""

from __future__ import annotations

from pages.ui.common.i18n import _

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


def lesson_code() -> str:
    """The whole path of the lesson, as the lecture writes it."""
    return _LESSON.format(
        base=_("rna_base: the convolutional part of a trained network, without its dense layers"),
        features=_("run it once over every image"),
        head=_("train a small dense network on what it saw"),
    )
