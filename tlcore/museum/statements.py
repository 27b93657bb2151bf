"""What the programs of several pieces have in common: images, base, head, and looking at what moved."""

from __future__ import annotations

from ..architectures import get_architecture
from ..lesson_code.images import ReadySet, read_images
from ..lesson_code.layout import block, call, comment, lines, paragraphs, remark
from ..lesson_code.statements import (
    NEW_MODEL,
    SPLITS,
    Number,
    dense_layer,
    fit,
    load_base,
    measure_test,
    seeded,
)
from ..models.unfreezing import tabled_unfreeze_layer
from ..translatable import N_
from ..weights import usual_weights

#: Height and width of the images by base, as few as each does well with: a program ends in seconds on two cores.
SIDES = {"EfficientNetLite0": 64, "VGG16Slim": 32}
_UNITS, _BATCH = 128, 16

#: The last layer of a base that prepares the pixels, by `ArchitectureSpec.preprocessing`; and what it does to images.
_PREPARES = {
    "tf": ("to_minus_one_one", "{images} / 127.5 - 1.0"),
    "lite": ("center_on_127", "({images} - 127.0) / 128.0"),
}


def opening(name: str, *imports: str) -> str:
    """Imports and images for a base: real digits, the same ones for every program."""
    needed = ("import keras", "import tlcore", "from keras import layers, models, optimizers")
    return paragraphs(
        lines(*sorted({*needed, *imports}, key=lambda line: (line.startswith("from"), line))),
        lines(seeded(0), read_images(ReadySet("digits", (SIDES[name],) * 2, num_images=200))),
    )


def base(name: str) -> str:
    """`base_model` with the weights that it is usually used with."""
    return load_base(repr(name), repr(usual_weights(name)), (SIDES[name], SIDES[name], 3))


def bare_base(name: str) -> str:
    """`base_model` as keras.applications has most networks: without the layers that prepare the pixels."""
    layer, _ = _PREPARES[get_architecture(name).preprocessing]
    return lines(
        base(name),
        comment(N_("as most networks of keras.applications: preparing the pixels is up to you")),
        f"base_model = models.Model(base_model.get_layer({layer!r}).output, base_model.output)",
    )


def prepared(name: str, images: str) -> str:
    """Images, given as code, as the base was trained on them; for `bare_base`."""
    _, formula = _PREPARES[get_architecture(name).preprocessing]
    return formula.format(images=images)


def on_all_sets(formula: str) -> str:
    """Changes the images of all three sets; `{images}` in the formula stands for each."""
    return lines(*(f"{split}_images = {formula.format(images=f'{split}_images')}" for split in SPLITS))


def features() -> str:
    """The base runs once over each image."""
    return lines(*(f"{split}_features = base_model.predict({split}_images)" for split in SPLITS))


def head(last: str = "") -> str:
    """`model`: a small head on features; `last` is its last layer as code, the one for ten classes without it."""
    return lines(NEW_MODEL, _dense(last))


def network(last: str = "") -> str:
    """`model`: the base with a small head on top."""
    return lines(NEW_MODEL, "model.add(base_model)", _dense(last))


def _dense(last: str) -> str:
    return lines(
        "model.add(layers.GlobalAveragePooling2D())",
        f"model.add({dense_layer(_UNITS, 'relu')})",
        f"model.add({last or dense_layer(10, 'softmax')})",
    )


def odd_or_even() -> str:
    """Two classes instead of ten."""
    labels = [f"{split}_labels" for split in SPLITS]
    task = comment(N_("the task: is the digit odd?"))
    return lines(task, f"{', '.join(labels)} = {', '.join(f'{label} % 2' for label in labels)}")


def trained(epochs: int, *, inputs: str = "images", result: str = "history") -> str:
    """Training in small batches."""
    return fit(epochs, inputs=inputs, batch_size=_BATCH, result=result)


def compiled(loss: str = "sparse_categorical_crossentropy", *, rate: Number = "") -> str:
    """Compile with Adam, at its usual rate of 0.001 or at another."""
    optimizer = f"optimizers.Adam(learning_rate={rate})" if rate else "'adam'"
    return call("model.compile", f"optimizer={optimizer}", f"loss={loss!r}", "metrics=['accuracy']")


def report_test(*told: str, inputs: str = "images") -> str:
    """How well it does on the test, printed with what else is to be told."""
    return measure_test(", ".join(told), inputs=inputs)


def remember_weights() -> str:
    """Before the phase in which something should move, or nothing."""
    return "weights_before = base_model.get_weights()"


def count_moved() -> str:
    """`moved`: the sum of all changes of the base's weights since `remember_weights`; 0 where nothing moved."""
    return lines(
        remark("pairs = zip(base_model.get_weights(), weights_before)", N_("all weights of the base, now and before")),
        "moved = sum(np.abs(now - before).sum() for now, before in pairs)",
    )


def unfreeze_last_block(name: str, *, batch_norm: bool = False) -> str:
    """The last block may learn, but for its BatchNormalization; with `batch_norm`, that too."""
    kept = "" if batch_norm else " and not isinstance(layer, layers.BatchNormalization)"
    return lines(
        "base_model.trainable = True",
        "set_trainable = False",
        block(
            "for layer in base_model.layers:",
            block(f"if layer.name == {tabled_unfreeze_layer(name, None)!r}:", "set_trainable = True"),
            f"layer.trainable = set_trainable{kept}",
        ),
    )


def use_accuracy(images: str) -> str:
    """How well the head does where it is used, on images given as code."""
    return lines(
        f"used_features = base_model.predict({images})",
        call("used_loss, used_accuracy = model.evaluate", "used_features", "test_labels"),
    )
