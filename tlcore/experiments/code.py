"""The Code panel of each experiment: Keras code in the lecture's terms, with the numbers of the settings put in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..datasets import get_dataset_spec
from ..translatable import N_
from .specification import ExperimentSettings

Translate = Callable[[str], str]

_BASE = """\
import tlcore
from keras import layers, models, optimizers

# the lecture: rna_base = VGG16(weights='imagenet', include_top=False, input_shape=(150, 150, 3))
rna_base = tlcore.build_base({base!r}, weights={weights!r}, include_top=False,
                             input_shape=({image_size}, {image_size}, 3))  # takes raw RGB
"""

_DATA = """
data = {data}
train_imagens, train_labels = data.train.images, data.train.labels
val_imagens, val_labels = data.validation.images, data.validation.labels
test_imagens, test_labels = data.test.images, data.test.labels
"""

_NETWORK = """
rna = models.Sequential()
rna.add(rna_base)
rna.add(layers.Flatten())
rna.add(layers.Dense({head}, activation='relu'))
rna.add(layers.Dropout(0.5))
rna.add(layers.Dense({outputs}, activation={activation!r}))
"""

_TRAIN_HEAD = """
rna_base.trainable = False  # freeze, then compile
rna.compile(optimizer=optimizers.RMSprop({learning_rate}), loss={loss!r}, metrics=['accuracy'])
rna.fit(train_imagens, train_labels, epochs={epochs}, batch_size=32, validation_data=(val_imagens, val_labels))
"""

_FINE_TUNE = """
rna_base.trainable = True  # unfreeze the last block, then compile again
set_trainable = False
for layer in rna_base.layers:
    if layer.name == {unfreeze_from!r}:
        set_trainable = True
    layer.trainable = set_trainable
rna.compile(optimizer=optimizers.RMSprop({fine_tuning_learning_rate}), loss={loss!r}, metrics=['accuracy'])
rna.fit(train_imagens, train_labels, epochs={fine_tuning_epochs}, batch_size=32,
        validation_data=(val_imagens, val_labels))
"""

_COVER = """
cobertas = test_imagens.copy()
cobertas[:, 3:42, 13:51] = train_imagens.mean(axis=(0, 1, 2))  # cover the thing (at 64x64); then everything else
print(rna.evaluate(test_imagens, test_labels), rna.evaluate(cobertas, test_labels))
"""

_BODIES = {
    "freeze": _NETWORK
    + """
print(len(rna.trainable_weights))  # before
rna_base.trainable = False
print(len(rna.trainable_weights))  # after
rna.summary()
""",
    "same_result": """
# 1. feature extraction: the base runs once over each image
train_features = rna_base.predict(train_imagens).reshape(len(train_imagens), -1)
val_features = rna_base.predict(val_imagens).reshape(len(val_imagens), -1)
densa = models.Sequential()
densa.add(layers.Dense({head}, activation='relu'))
densa.add(layers.Dropout(0.5))
densa.add(layers.Dense({outputs}, activation={activation!r}))
densa.compile(optimizer=optimizers.RMSprop({learning_rate}), loss={loss!r}, metrics=['accuracy'])
densa.fit(train_features, train_labels, epochs={epochs}, batch_size=32, validation_data=(val_features, val_labels))

# 2. partial training: the base runs over each image in each epoch
"""
    + _NETWORK.lstrip("\n")
    + _TRAIN_HEAD,
    "fine_tuning": _NETWORK + _TRAIN_HEAD + _FINE_TUNE,
    "cover": _NETWORK + _TRAIN_HEAD + _FINE_TUNE + _COVER,
    "break_it": _NETWORK
    + """
# the right way: freeze, compile, train the head, unfreeze, compile again, train with a small rate
rna_base.trainable = False
"""
    + _TRAIN_HEAD.split("\n", 2)[2]
    + _FINE_TUNE
    + """
# broken ways, each a change of one line:
#   leave out the part before the first fit                   (everything trainable with an untrained head)
#   optimizers.RMSprop({fine_tuning_learning_rate} * 100)     (rate 100x too large)
#   rna.fit(train_imagens / 255, ...)                         (not what the base was trained on)
#   leave out the second rna.compile(...)                     (the unfrozen layers do not learn)
""",
    "probe": """
from sklearn.linear_model import LogisticRegression

for layer in rna_base.layers:
    if layer.name.split('_')[-1].startswith('conv'):
        upto = models.Model(rna_base.input, layer.output)
        train_features = upto.predict(train_imagens).mean(axis=(1, 2))  # (N, channels)
        test_features = upto.predict(test_imagens).mean(axis=(1, 2))
        probe = LogisticRegression(max_iter=2000).fit(train_features, train_labels)
        print(layer.name, probe.score(test_features, test_labels))
""",
    "own_classes": """
# the same base with its own classifier: its classes, before any training
completa = tlcore.build_base({base!r}, weights={weights!r}, include_top=True,
                             input_shape=({image_size}, {image_size}, 3))
for prediction in tlcore.predict(completa, test_imagens[0], top=5):
    print(prediction.class_name, prediction.probability)

# against a head that is trained on the features
train_features = rna_base.predict(train_imagens).reshape(len(train_imagens), -1)
densa = models.Sequential()
densa.add(layers.Dense({head}, activation='relu'))
densa.add(layers.Dropout(0.5))
densa.add(layers.Dense({outputs}, activation={activation!r}))
densa.compile(optimizer=optimizers.RMSprop({learning_rate}), loss={loss!r}, metrics=['accuracy'])
densa.fit(train_features, train_labels, epochs={epochs}, batch_size=32)
""",
    "dense_layers": """
# with its own dense layers a VGG16 takes images of one size only
from keras.applications import VGG16

grande = VGG16(weights=None, include_top=True, input_shape=(224, 224, 3))
pequena = VGG16(weights=None, include_top=True, input_shape=(150, 150, 3))
print(grande.get_layer('fc1').kernel.shape, pequena.get_layer('fc1').kernel.shape)  # (25088, 4096) (8192, 4096)
pequena.set_weights(grande.get_weights())  # ValueError: the shapes differ
""",
}


#: The comments above, which a page shows in its own language.
_COMMENTS = (
    N_("the lecture"),
    N_("takes raw RGB"),
    N_("freeze, then compile"),
    N_("unfreeze the last block, then compile again"),
    N_("cover the thing (at 64x64); then everything else"),
    N_("before"),
    N_("after"),
    N_("1. feature extraction: the base runs once over each image"),
    N_("2. partial training: the base runs over each image in each epoch"),
    N_("the right way: freeze, compile, train the head, unfreeze, compile again, train with a small rate"),
    N_("broken ways, each a change of one line:"),
    N_("leave out the part before the first fit"),
    N_("everything trainable with an untrained head"),
    N_("rate 100x too large"),
    N_("not what the base was trained on"),
    N_("leave out the second rna.compile(...)"),
    N_("the unfrozen layers do not learn"),
    N_("the same base with its own classifier: its classes, before any training"),
    N_("against a head that is trained on the features"),
    N_("with its own dense layers a VGG16 takes images of one size only"),
    N_("the shapes differ"),
)

_KNOWN = re.compile("|".join(re.escape(comment) for comment in sorted(_COMMENTS, key=len, reverse=True)))

_TWO_CLASSES = {"outputs": 1, "activation": "sigmoid", "loss": "binary_crossentropy"}


def lesson_code(settings: ExperimentSettings, body: str, translate: Translate = str, **changes: Any) -> str:
    """The code of one experiment.

    Args:
        settings: What the widgets say.
        body: Which part of the lesson follows the base.
        translate: Translates the comments, for example a catalog's `gettext`.
        **changes: Settings that this code shows differently.
    """
    shown = settings.model_copy(update=changes)
    values = {**shown.model_dump(), "unfreeze_from": "block5_conv1", **_data_values(shown)}
    lines = [_translated(line, translate) for line in (_BASE + _DATA + _BODIES[body]).split("\n")]
    return "\n".join(lines).format(**values)


def _data_values(settings: ExperimentSettings) -> dict[str, Any]:
    """How the images are read, and the classifier that fits their classes."""
    size = f"image_size=({settings.image_size}, {settings.image_size}), seed=0"
    if settings.stored is not None:
        return {"data": f"tlcore.import_dataset('photos.zip', {size})", **_TWO_CLASSES}
    num_classes = get_dataset_spec(settings.dataset).num_classes
    data = f"tlcore.load_dataset({settings.dataset!r}, num_images={settings.num_images}, {size})"
    if num_classes == 2:
        return {"data": data, **_TWO_CLASSES}
    return {
        "data": data,
        "outputs": num_classes,
        "activation": "softmax",
        "loss": "sparse_categorical_crossentropy",
    }


def _translated(line: str, translate: Translate) -> str:
    """The line with the known comments after its "#" translated, each place once."""
    code, mark, comment = line.partition("#")
    return code + mark + _KNOWN.sub(lambda found: translate(found[0]), comment)
