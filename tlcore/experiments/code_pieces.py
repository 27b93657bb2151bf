"""Pieces that the Keras code of several experiments is put together from, each of them the lecture's own code."""

from __future__ import annotations

IMPORTS = """\
import tlcore
from keras import layers, models, optimizers
"""

BASE = """
# the lecture: rna_base = VGG16(weights='imagenet', include_top=False, input_shape=(150, 150, 3))
rna_base = tlcore.build_base({base!r}, weights={weights!r}, include_top=False,
                             input_shape=({image_size}, {image_size}, 3))  # takes raw RGB
"""

DATA = """
data = {data}
train_imagens, train_labels = data.train.images, data.train.labels
val_imagens, val_labels = data.validation.images, data.validation.labels
test_imagens, test_labels = data.test.images, data.test.labels
"""


def _dense(network: str, indent: str = "") -> str:
    """The lecture's head, added to `network`."""
    added = (
        "layers.Dense({head}, activation='relu')",
        "layers.Dropout(0.5)",
        "layers.Dense({outputs}, activation={activation!r})",
    )
    return "".join(f"{indent}{network}.add({layer})\n" for layer in added)


NETWORK = """
rna = models.Sequential()
rna.add(rna_base)
rna.add(layers.Flatten())
""" + _dense("rna")

TRAIN_ON_FEATURES = (
    "densa = models.Sequential()\n"
    + _dense("densa")
    + """\
densa.compile(optimizer=optimizers.RMSprop({learning_rate}), loss={loss!r}, metrics=['accuracy'])
densa.fit(train_features, train_labels, epochs={epochs}, batch_size=32, validation_data=(val_features, val_labels))
"""
)

COMPILE = "rna.compile(optimizer=optimizers.RMSprop({rate}), loss={{loss!r}}, metrics=['accuracy'])\n"

TRAIN_HEAD = (
    "\nrna_base.trainable = False  # freeze, then compile\n"
    + COMPILE.format(rate="{learning_rate}")
    + """\
rna.fit(train_imagens, train_labels, epochs={epochs}, batch_size=32, validation_data=(val_imagens, val_labels))
"""
)

FINE_TUNE = (
    """
rna_base.trainable = True  # unfreeze the last block, then compile again
set_trainable = False
for layer in rna_base.layers:
    if layer.name == {unfreeze_from!r}:
        set_trainable = True
    layer.trainable = set_trainable
"""
    + COMPILE.format(rate="{fine_tuning_learning_rate}")
    + """\
rna.fit(train_imagens, train_labels, epochs={fine_tuning_epochs}, batch_size=32,
        validation_data=(val_imagens, val_labels))
"""
)

NEW_BASE = """
def nova_base(weights={weights!r}):
    return tlcore.build_base({base!r}, weights=weights, include_top=False,
                             input_shape=({image_size}, {image_size}, 3))
"""

FUNCTIONS = (
    NEW_BASE
    + """

def monta_rna(rna_base):
    rna = models.Sequential()
    rna.add(rna_base)
    rna.add(layers.Flatten())
"""
    + _dense("rna", "    ")
    + """\
    return rna


def treina(rna, taxa, epochs, imagens=train_imagens, labels=train_labels):
    rna.compile(optimizer=optimizers.RMSprop(taxa), loss={loss!r}, metrics=['accuracy'])
    rna.fit(imagens, labels, epochs=epochs, batch_size=32, validation_data=(val_imagens, val_labels))


def descongela(rna_base, primeira):  # from this layer on
    rna_base.trainable = True
    set_trainable = False
    for layer in rna_base.layers:
        if layer.name == primeira:
            set_trainable = True
        layer.trainable = set_trainable

"""
)

#: Where the rates of the experiment fall along a cosine.
FALLING = """
def cai(taxa, epochs, imagens=train_imagens):  # a rate that falls to zero along a cosine
    return optimizers.schedules.CosineDecay(taxa, epochs * math.ceil(len(imagens) / 32))

"""

DENSE = """
train_features = rna_base.predict(train_imagens).reshape(len(train_imagens), -1)
val_features = rna_base.predict(val_imagens).reshape(len(val_imagens), -1)
test_features = rna_base.predict(test_imagens).reshape(len(test_imagens), -1)
"""

PROBE_IMPORTS = """\
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
"""

PROBE = """\
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))
    probe.fit(train_features, train_labels)
    print({what}, balanced_accuracy_score(test_labels, probe.predict(test_features)))
"""
