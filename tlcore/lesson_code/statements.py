"""The statements of the lesson, each written once: load the base, extract features, freeze, compile, fit, unfreeze.

A number may be given as a number or, for code in loops and functions, as the name of a variable.
"""

from __future__ import annotations

from ..models.head import HeadSpec, classifier_of, head_layers, loss_of
from ..translatable import N_
from .layout import block, call, comment, keywords, lines, remark

Size = tuple[int, int, int]
Number = int | float | str

SPLITS = ("train", "val", "test")
FREEZE = "base_model.trainable = False"
NEW_MODEL = "model = models.Sequential()"

#: What the lecture loads, beside code that loads another base or the same one from a file.
LECTURE_BASE = lines(
    comment(N_("the lecture:")),
    "# base_model = VGG16(weights='imagenet', include_top=False, input_shape=(150, 150, 3))",
)

_OPTIMIZERS = {"rmsprop": "RMSprop", "adam": "Adam", "sgd": "SGD"}


def seeded(seed: int) -> str:
    """The start of everything that is drawn at random."""
    return f"keras.utils.set_random_seed({seed})"


def load_base(
    name: str, weights: str, input_shape: Size, *, include_top: bool = False, result: str = "base_model ="
) -> str:
    """A network of this package.

    Args:
        name: As code: the name of a variable, or a network's name in quotes.
        weights: As code, likewise.
        input_shape: (height, width, 3) of the images.
        include_top: With its own dense layers.
        result: What becomes of the network; "return" at the end of a function.
    """
    options = keywords(include_top=include_top, input_shape=input_shape)
    return call(f"{result} tlcore.build_base", name, f"weights={weights}", *options)


def load_keras_base(
    keras_name: str, weights: str | None, input_shape: Size, *options: str, include_top: bool = False
) -> str:
    """A network of keras.applications, with the lecture's three arguments; `options` are further ones, as code."""
    arguments = keywords(weights=weights, include_top=include_top, input_shape=input_shape)
    return call(f"base_model = {keras_name}", *arguments, *options)


def keras_preprocessing(mode: str) -> str:
    """What keras.applications leaves to the caller; changes all three sets.

    Args:
        mode: As in `ArchitectureSpec.preprocessing`.
    """
    images = [f"{split}_images" for split in SPLITS]
    explained = comment(N_("the pixels as this network was trained on them"))
    if mode == "none":
        return ""
    if mode == "scale":
        return lines(explained, *(f"{name} = {name} / 255" for name in images))
    return lines(
        "from keras.applications.imagenet_utils import preprocess_input",
        explained,
        *(f"{name} = preprocess_input({name}.astype('float32'), mode={mode!r})" for name in images),
    )


def he_start(seed: int) -> str:
    """The start of a VGG from scratch, as in training here."""
    return lines(
        comment(N_("He's start, made for ReLU; with Keras's default so deep a network hardly begins to learn")),
        f"initializer = keras.initializers.HeNormal(seed=keras.random.SeedGenerator({seed}))",
        block(
            "for layer in base_model.layers:",
            block("if isinstance(layer, layers.Conv2D):", "layer.kernel.assign(initializer(layer.kernel.shape))"),
        ),
    )


def extract_features(*splits: str, pooling: str = "flatten", feature_shape: Size | None = None) -> str:
    """The base runs once over each image; its output in a row for each image, or averaged over the positions.

    Args:
        splits: Of `SPLITS`.
        pooling: "flatten" or "average".
        feature_shape: (height, width, channels) of the output, where it is to be told.
    """
    names = [f"{split}_features" for split in splits]
    predicted = [f"{split}_features = base_model.predict({split}_images)" for split in splits]
    if pooling == "average":
        explained = comment(N_("mean over the positions: one number a channel"))
        reduced = [f"{name} = {name}.mean(axis=(1, 2))" for name in names]
    else:
        explained = comment(N_("each image's features in a row, as a dense layer reads them"))
        reduced = [f"{name} = np.reshape({name}, (len({name}), -1))" for name in names]
    if feature_shape is not None:
        height, width, channels = feature_shape
        length = channels if pooling == "average" else height * width * channels
        predicted[0] = remark(predicted[0], f"(N, {height}, {width}, {channels})")
        reduced[0] = remark(reduced[0], f"(N, {length})")
    return lines(*predicted, explained, *reduced)


def dense_layer(units: Number, activation: str, *, l2: float = 0.0) -> str:
    """A dense layer, with a penalty on its weights where `l2` is not 0."""
    penalty = f", kernel_regularizer=keras.regularizers.L2({l2})" if l2 else ""
    return f"layers.Dense({units}, activation={activation!r}{penalty})"


def add_dense_layers(head: HeadSpec, *, model: str = "model") -> str:
    """The layers of a head behind what flattens or averages."""
    added = []
    for layer in head_layers(head)[1:]:
        dense = layer.type == "Dense"
        code = dense_layer(layer.units, layer.activation, l2=head.l2) if dense else f"layers.Dropout({head.dropout})"
        added.append(f"{model}.add({code})")
    return lines(*added)


def add_base_and_head(head: HeadSpec, *, in_inference: bool = False) -> str:
    """The base as a layer of the new network, and the head on top of it.

    Args:
        head: The head.
        in_inference: The base runs in inference mode, also where it is unfrozen; needs `define_in_inference`.
    """
    base = "InInference(base_model)" if in_inference else "base_model"
    return lines(f"model.add({base})", f"model.add(layers.{head_layers(head)[0].type}())", add_dense_layers(head))


def define_in_inference() -> str:
    """A layer that runs the base in inference mode.

    A call of a functional base with `training=False` is not enough: Keras's `fit` overrides it.
    """
    return lines(
        comment(N_("training=False: BatchNormalization keeps its means and variances, also where it is unfrozen")),
        block(
            "class InInference(layers.Layer):",
            block("def __init__(self, base_model):", "super().__init__()", "self.base_model = base_model"),
            block("def call(self, images):", "return self.base_model(images, training=False)"),
        ),
    )


def add_augmentation() -> str:
    """The same changes of the images as in training here."""
    return lines(
        "model.add(layers.RandomFlip('horizontal'))",
        "model.add(layers.RandomTranslation(0.1, 0.1, fill_mode='nearest'))",
        "model.add(layers.RandomZoom(0.1, fill_mode='nearest'))",
    )


def count_tensors(text: str) -> str:
    """How many tensors will be trained; `text` says when."""
    return remark("print(len(model.trainable_weights))", text)


def weigh_classes() -> str:
    """Weights by the inverse of the frequency."""
    return lines(
        comment(N_("a rare class weighs more")),
        "class_counts = np.bincount(train_labels)",
        "class_weights = {i: len(train_labels) / (len(class_counts) * n) for i, n in enumerate(class_counts)}",
    )


def falling_rate(
    rate: Number, epochs: Number, *, images: str = "train_images", batch_size: int = 32, result: str = "rate ="
) -> str:
    """A rate that falls to zero along a cosine; needs `import math`."""
    steps = f"{epochs} * math.ceil(len({images}) / {batch_size})"
    return call(f"{result} optimizers.schedules.CosineDecay", str(rate), steps)


def compile_model(rate: Number, num_classes: int, *, optimizer: str = "rmsprop", model: str = "model") -> str:
    """Compiles with the loss that fits the number of classes."""
    momentum = ", momentum=0.9" if optimizer == "sgd" else ""
    return call(
        f"{model}.compile",
        f"optimizer=optimizers.{_OPTIMIZERS[optimizer]}(learning_rate={rate}{momentum})",
        f"loss={loss_of(num_classes)!r}",
        "metrics=['accuracy']",
    )


def stop_early(patience: int) -> str:
    """A callback that ends the training after `patience` epochs without a smaller validation loss."""
    return call(
        "early_stopping = keras.callbacks.EarlyStopping",
        *keywords(monitor="val_loss", patience=patience, restore_best_weights=True),
    )


def fit(
    epochs: Number,
    *options: str,
    inputs: str = "images",
    trained_on: tuple[str, str] | None = None,
    batch_size: int = 32,
    model: str = "model",
    result: str = "",
) -> str:
    """Training.

    Args:
        epochs: How many.
        options: Further arguments, as code.
        inputs: "images" or "features".
        trained_on: Names of what is trained on and of its labels; all of the training set without it.
        batch_size: Images a step.
        model: Name of the network.
        result: What the history is called; empty to let it go.
    """
    images, labels = trained_on or (f"train_{inputs}", "train_labels")
    return call(
        f"{result} = {model}.fit" if result else f"{model}.fit",
        images,
        labels,
        f"epochs={epochs}",
        f"batch_size={batch_size}",
        f"validation_data=(val_{inputs}, val_labels)",
        *options,
    )


def unfreeze_from(layer: str) -> str:
    """All layers of the base from one on may learn again; compile after it.

    Args:
        layer: As code: the name of a variable, or a layer's name in quotes.
    """
    return lines(
        "base_model.trainable = True",
        "set_trainable = False",
        block(
            "for layer in base_model.layers:",
            block(f"if layer.name == {layer}:", "set_trainable = True"),
            "layer.trainable = set_trainable",
        ),
    )


def evaluate(split: str = "test", *, inputs: str = "images", model: str = "model", quiet: bool = False) -> str:
    """Loss and accuracy on the images of a split, as `test_loss, test_accuracy`."""
    silence = ", verbose=0" if quiet else ""
    return f"{split}_loss, {split}_accuracy = {model}.evaluate({split}_{inputs}, {split}_labels{silence})"


def measure_test(told: str = "", *, inputs: str = "images", model: str = "model") -> str:
    """How well the network does on images that were never used; `told` is printed before it, as code."""
    shown = f"{told}, test_accuracy" if told else "test_accuracy"
    return lines(evaluate(inputs=inputs, model=model), f"print({shown})")


def classifier(num_classes: int) -> str:
    """The last dense layer."""
    return dense_layer(*classifier_of(num_classes))
