"""Lines of Keras code that more than one section is made of."""

from __future__ import annotations

from ..architectures.registry import get_architecture
from ..translatable import N_
from .lesson import Lesson


def data_lines(lesson: Lesson, height: int, width: int) -> list[str]:
    """Images, labels and their split."""
    size = f"image_size=({height}, {width}), seed={lesson.spec.seed}"
    source = lesson.spec.dataset
    read = f"load_dataset({source!r}, {size})" if source else f"import_dataset('photos.zip', {size})"
    return [
        lesson.comment(N_("raw RGB, uint8 (images, height, width, 3)")),
        f"dados = tlcore.{read}",
        "train_imagens, train_labels = dados.train.images, dados.train.labels",
        "val_imagens, val_labels = dados.validation.images, dados.validation.labels",
        "test_imagens, test_labels = dados.test.images, dados.test.labels",
    ]


def preprocessing_lines(lesson: Lesson) -> list[str]:
    """What keras.applications leaves to the caller; changes all three sets."""
    mode = get_architecture(lesson.spec.base).preprocessing
    if mode == "none":
        return []
    sets = ("train_imagens", "val_imagens", "test_imagens")
    comment = lesson.comment(N_("the pixels as this network was trained on them"))
    if mode == "scale":
        return ["", comment, *(f"{name} = {name} / 255" for name in sets)]
    prepared = [f"{name} = preprocess_input({name}.astype('float32'), mode={mode!r})" for name in sets]
    return ["from keras.applications.imagenet_utils import preprocess_input", "", comment, *prepared]


def start_lines(lesson: Lesson) -> list[str]:
    """The start of a network from scratch, as in training here; other families normalise what flows through them."""
    if lesson.weights is not None or get_architecture(lesson.spec.base).family != "VGG":
        return []
    return [
        "",
        lesson.comment(N_("He's start, made for ReLU; with Keras's default so deep a network hardly begins to learn")),
        f"inicio = keras.initializers.HeNormal(seed=keras.random.SeedGenerator({lesson.spec.seed}))",
        "for layer in rna_base.layers:",
        "    if isinstance(layer, layers.Conv2D):",
        "        layer.kernel.assign(inicio(layer.kernel.shape))",
    ]


def augmentation_lines(lesson: Lesson) -> list[str]:
    """The same changes as in training here."""
    if not lesson.spec.augmentation:
        return []
    return [
        "rna.add(layers.RandomFlip('horizontal'))",
        "rna.add(layers.RandomTranslation(0.1, 0.1, fill_mode='nearest'))",
        "rna.add(layers.RandomZoom(0.1, fill_mode='nearest'))",
    ]


def dense_lines(lesson: Lesson) -> list[str]:
    """The head."""
    spec = lesson.spec
    penalty = f", kernel_regularizer=keras.regularizers.L2({spec.l2})" if spec.l2 else ""
    lines = []
    for units in spec.head:
        lines.append(f"rna.add(layers.Dense({units}, activation='relu'{penalty}))")
        if spec.dropout:
            lines.append(f"rna.add(layers.Dropout({spec.dropout}))")
    units, activation = (1, "sigmoid") if lesson.is_binary else (lesson.num_classes, "softmax")
    return [*lines, f"rna.add(layers.Dense({units}, activation='{activation}'{penalty}))"]


def class_weights_lines(lesson: Lesson) -> list[str]:
    """Weights by the inverse of the frequency."""
    if not lesson.spec.class_weights:
        return []
    return [
        lesson.comment(N_("a rare class weighs more")),
        "contagem = np.bincount(train_labels)",
        "pesos = {i: len(train_labels) / (len(contagem) * n) for i, n in enumerate(contagem)}",
    ]


def compile_lines(lesson: Lesson, rate: float, epochs: int) -> list[str]:
    """Optimiser, schedule, loss."""
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


def fit_lines(lesson: Lesson, epochs: int, result: str) -> list[str]:
    """Training, with early stopping if it is asked for."""
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
