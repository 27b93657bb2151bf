"""What the code of several claims begins with, with the numbers of the settings put in."""

from __future__ import annotations

from ..architectures.catalog import has_batch_norm
from ..datasets import get_dataset_spec
from ..lesson_code.functions import (
    FREEZE_FIRST,
    define_falling_rate,
    define_new_base,
    define_new_model,
    define_train_model,
    define_unfreeze,
    falling,
    fine_tune_new_model,
    train_from_scratch,
)
from ..lesson_code.images import OwnImages, ReadySet, image_folder, read_images
from ..lesson_code.layout import comment, lines, paragraphs
from ..lesson_code.statements import (
    LECTURE_BASE,
    NEW_MODEL,
    Number,
    add_base_and_head,
    add_dense_layers,
    compile_model,
    define_in_inference,
    extract_features,
    fit,
    load_base,
)
from ..models.head import HeadSpec
from ..models.unfreezing import tabled_unfreeze_layer
from ..translatable import N_
from .measuring.trained import scratch_base
from .specification import ExperimentSettings

KERAS_IMPORTS = "from keras import layers, models, optimizers"


def size_of(settings: ExperimentSettings) -> tuple[int, int, int]:
    """(height, width, 3) of the images."""
    return settings.image_size, settings.image_size, 3


def source_of(settings: ExperimentSettings) -> ReadySet | OwnImages:
    """Where the images come from."""
    size = size_of(settings)[:2]
    if settings.stored is not None:
        return OwnImages(size)
    return ReadySet(settings.dataset, size, num_images=settings.num_images)


def num_classes_of(settings: ExperimentSettings) -> int:
    """How many classes the images have."""
    from ..store.datasets import read_class_names
    from ..store.own_sets import own_set_path

    if settings.stored is not None:
        return len(read_class_names(own_set_path(settings.stored)))
    return get_dataset_spec(settings.dataset).num_classes


def head_of(settings: ExperimentSettings) -> HeadSpec:
    """The lecture's head for these images."""
    return HeadSpec(num_classes_of(settings), (settings.head,), dropout=0.5)


def images_code(settings: ExperimentSettings, *imports: str) -> str:
    """Imports, and the images in their three parts."""
    source = source_of(settings)
    return paragraphs(image_folder(source), lines(*imports), read_images(source))


def base_code(settings: ExperimentSettings) -> str:
    """The base, beside what the lecture loads."""
    loading = load_base(repr(settings.base), repr(settings.weights), size_of(settings))
    return lines(LECTURE_BASE, comment(N_("preprocessing is inside: the base takes raw RGB")), loading)


def functions_code(settings: ExperimentSettings, *, falls: bool = False) -> str:
    """Functions for what a claim does several times; with `falls`, rates that fall are among them.

    Where the base has BatchNormalization, the layer that keeps it in inference mode is among them, as in training here.
    """
    return paragraphs(
        define_in_inference() if has_batch_norm(settings.base) else "",
        define_new_base(settings.base, settings.weights, size_of(settings)),
        define_new_model(head_of(settings)),
        define_train_model(num_classes_of(settings)),
        define_unfreeze(),
        define_falling_rate() if falls else "",
    )


def head_on_features(settings: ExperimentSettings, *splits: str) -> str:
    """Feature extraction: a dense network of its own, `dense_model`, on what the base makes of the images once."""
    return lines(
        extract_features(*(splits or ("train", "val"))),
        "dense_model = models.Sequential()",
        add_dense_layers(head_of(settings), model="dense_model"),
        compile_model(settings.learning_rate, num_classes_of(settings), model="dense_model"),
        fit(settings.epochs, inputs="features", model="dense_model"),
    )


def head_on_frozen_base(settings: ExperimentSettings) -> str:
    """Partial training: the base is a layer of the network, and does not learn."""
    return lines(
        NEW_MODEL,
        add_base_and_head(head_of(settings)),
        FREEZE_FIRST,
        compile_model(settings.learning_rate, num_classes_of(settings)),
        fit(settings.epochs),
    )


def from_scratch(settings: ExperimentSettings, rate: str, epochs: Number, *on: str) -> str:
    """A network that starts at random, as in the measurement; arguments as of `train_from_scratch`."""
    name = scratch_base(settings)
    if name == settings.base:
        return train_from_scratch(rate, epochs, *on)
    return lines(
        comment(N_("of VGG16's shape: BatchNormalization would need far more steps to settle")),
        load_base(repr(name), "None", size_of(settings), result="random_base ="),
        train_from_scratch(rate, epochs, *on, base="random_base"),
    )


def fine_tuned(
    settings: ExperimentSettings,
    *,
    falls: bool = False,
    layer: str = "",
    fine_tuning_rate: Number = "",
    batch_norm_free: bool = False,
) -> str:
    """A network that is fine-tuned, with the functions of `functions_code`.

    Args:
        settings: Rates and epochs of both phases.
        falls: Whether the rates fall over each phase.
        layer: To unfreeze from, as code; the one that training takes without it.
        fine_tuning_rate: Instead of that of the settings.
        batch_norm_free: Let the BatchNormalization of unfrozen layers learn the images' means and variances.
    """
    head: tuple[Number, Number] = settings.learning_rate, settings.epochs
    fine_tuning: tuple[Number, Number] = (
        fine_tuning_rate or settings.fine_tuning_learning_rate,
        settings.fine_tuning_epochs,
    )
    if falls:
        head, fine_tuning = falling(*head), falling(*fine_tuning)
    in_inference = has_batch_norm(settings.base) and not batch_norm_free
    layer = layer or repr(tabled_unfreeze_layer(settings.base, None))
    return fine_tune_new_model(layer, head, fine_tuning, in_inference=in_inference)
