"""The Code panel of each experiment: Keras code in the lecture's terms, with the numbers of the settings put in."""

from __future__ import annotations

from typing import Any

from .specification import ExperimentSettings

_BASE = """\
import tlcore
from keras import layers, models, optimizers

# the lecture: rna_base = VGG16(weights='imagenet', include_top=False, input_shape=(150, 150, 3))
rna_base = tlcore.build_base({base!r}, weights={weights!r}, include_top=False,
                             input_shape=({image_size}, {image_size}, 3))  # takes raw RGB
"""

_NETWORK = """
rna = models.Sequential()
rna.add(rna_base)
rna.add(layers.Flatten())
rna.add(layers.Dense({head}, activation='relu'))
rna.add(layers.Dense(1, activation='sigmoid'))
"""

_TRAIN_HEAD = """
rna_base.trainable = False  # freeze, then compile
rna.compile(optimizer=optimizers.RMSprop({learning_rate}), loss='binary_crossentropy', metrics=['accuracy'])
rna.fit(train_imagens, train_labels, epochs={epochs}, batch_size=32, validation_data=(val_imagens, val_labels))
"""

_FINE_TUNE = """
rna_base.trainable = True  # unfreeze the layers from {unfreeze_from!r} on, then compile again
set_trainable = False
for layer in rna_base.layers:
    if layer.name == {unfreeze_from!r}:
        set_trainable = True
    layer.trainable = set_trainable
rna.compile(optimizer=optimizers.RMSprop({fine_tuning_learning_rate}), loss='binary_crossentropy', metrics=['accuracy'])
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
densa.add(layers.Dense(1, activation='sigmoid'))
densa.compile(optimizer=optimizers.RMSprop({learning_rate}), loss='binary_crossentropy', metrics=['accuracy'])
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
densa.add(layers.Dense(1, activation='sigmoid'))
densa.compile(optimizer=optimizers.RMSprop({learning_rate}), loss='binary_crossentropy', metrics=['accuracy'])
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


def lesson_code(settings: ExperimentSettings, body: str, *, before: str = "", after: str = "", **changes: Any) -> str:
    """The code of one experiment.

    Args:
        settings: What the widgets say.
        body: Which part of the lesson follows the base.
        before, after: Lines around it, with the same fields, for example a loop.
        **changes: Settings that this code shows differently.
    """
    values = {**settings.model_dump(), "unfreeze_from": "block5_conv1", **changes}
    return (_BASE + before + _BODIES[body] + after).format(**values)
