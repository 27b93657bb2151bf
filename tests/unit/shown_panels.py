"""Every piece of code that the pages, the notebooks and the experiments can show, in English, by a name for people."""

from __future__ import annotations

from tlcore.architectures import get_architecture
from tlcore.experiments import ExperimentSettings, get_experiment, list_experiments
from tlcore.export.take_home import take_home_parts
from tlcore.lesson_code import (
    OwnImages,
    ReadySet,
    augmentation_code,
    dataset_code,
    keras_code,
    lecture_code,
    network_code,
    prediction_code,
)
from tlcore.lesson_code.features import ShownLayer, channels_code, map_code, neighbours_code
from tlcore.lesson_code.layout import paragraphs
from tlcore.museum import BASES, WAYS, get_piece, list_pieces
from tlcore.projects import ProjectDocument
from tlcore.training import TrainingSpec, list_methods

SIZE = (32, 32)
READY, OWN = ReadySet("helmets", SIZE, num_images=20), OwnImages(SIZE)
#: A layer with more channels than the set has images, so that t-SNE has something to reduce.
LAYER = ShownLayer(READY, "VGG16Slim", "random", "block5_pool", (1, 1, 256))
OWN_LAYER = ShownLayer(OWN, "VGG16Slim", "random", "block5_pool", (1, 1, 256))
OPTIONS = {"optimizer": "sgd", "schedule": "cosine", "early_stopping": 2, "class_weights": True, "augmentation": True}
SMALL = {"base": "VGG16Slim", "weights": "random", "head": (8,), "epochs": 1, "fine_tuning_epochs": 1}


def run_panels() -> dict[str, str]:
    """Training runs."""
    specs = {method: TrainingSpec(**SMALL, method=method) for method in list_methods()}
    return {
        **{f"run: {name}": keras_code(spec, input_shape=(*SIZE, 3), data=READY) for name, spec in specs.items()},
        "run: all options": keras_code(TrainingSpec(**SMALL, **OPTIONS), input_shape=(*SIZE, 3), data=OWN),
    }


def take_home_panels() -> dict[str, str]:
    """What is taken home: the same code with files instead of this package."""
    shape, names = (*SIZE, 3), ("a", "b")
    specs = {"Keras's base": TrainingSpec(base="VGG16"), "a base of ours": TrainingSpec(**SMALL, method="fine_tuning")}
    documents = {
        title: ProjectDocument(spec=spec, input_shape=shape, class_names=names) for title, spec in specs.items()
    }
    return {
        f"taken home: {title}": paragraphs(*(part.text for part in take_home_parts(document) if part.is_code))
        for title, document in documents.items()
    }


def image_panels() -> dict[str, str]:
    """The page on images."""
    return {
        "images: ready": dataset_code(READY),
        "images: own": dataset_code(OWN),
        "images: own photo, augmented": augmentation_code(SIZE),
    }


def network_panels() -> dict[str, str]:
    """The explorer."""
    vgg16, slim = get_architecture("VGG16"), get_architecture("VGG16Slim")
    return {
        "network: of Keras, without top": network_code(vgg16, (*SIZE, 3), include_top=False, pooling="avg"),
        "network: of Keras, other classes": network_code(vgg16, (*SIZE, 3), include_top=True, num_classes=5),
        "network: of ours": network_code(slim, (*SIZE, 3), include_top=True, num_classes=5),
    }


def feature_panels() -> dict[str, str]:
    """The views of the features."""
    return {
        "features: channels": channels_code(LAYER, 3, None),
        "features: one channel, own photo": channels_code(OWN_LAYER, None, 7),
        "features: PCA": map_code(LAYER, perplexity=None, num_images=20),
        "features: t-SNE": map_code(LAYER, perplexity=3.0, num_images=20),
        "features: neighbours": neighbours_code(LAYER, 3, count=4, metric="cosine"),
        "features: neighbours of an own photo": neighbours_code(OWN_LAYER, None, count=4, metric="euclidean"),
    }


def prediction_panels() -> dict[str, str]:
    """The page on prediction."""
    base = ("VGG16Slim", "random", (*SIZE, 3))
    return {
        "prediction: base": prediction_code(base, explanation="grad_cam", rank=1, layer="block4_conv1"),
        "prediction: pixels": prediction_code(None, explanation="smooth_gradients", rank=1),
        "prediction: project": prediction_code(None, explanation="occlusion", rank=0),
    }


def experiment_panels() -> dict[str, str]:
    """The experiments."""
    settings = ExperimentSettings(base="VGG16Slim", weights="random", image_size=32, num_images=20)
    return {f"experiment: {name}": get_experiment(name).code(settings) for name in list_experiments()}


def museum_panels() -> dict[str, str]:
    """The programs of the bug museum."""
    pieces = [get_piece(name) for name in list_pieces()]
    return {f"museum: {piece.name}, {way}": piece.program(BASES[1], way) for piece in pieces for way in WAYS}


def every_panel() -> dict[str, str]:
    return {
        "lecture": lecture_code(),
        **run_panels(),
        **take_home_panels(),
        **image_panels(),
        **network_panels(),
        **feature_panels(),
        **prediction_panels(),
        **experiment_panels(),
        **museum_panels(),
    }
