"""Keras code of the network that the explorer shows."""

from __future__ import annotations

from pages.ui.architecture_explorer.state import CHANNELS, CLASSES, INCLUDE_TOP, NETWORK, POOLING, SIZE
from pages.ui.common.i18n import _
from pages.ui.common.keras_code import run_code
from tlcore.architectures import ArchitectureSpec, get_architecture
from tlcore.engine.tasks.trained_run import TrainedRun


def network_code() -> str:
    """Loading of the network that the explorer shows, with the lecture's three arguments."""
    spec, top, classes, pooling = _of_explorer()
    shape = (SIZE.get(), SIZE.get(), CHANNELS.get() or spec.default_input_shape[2])
    arguments = f"include_top={top}, input_shape={shape}"
    arguments += f", pooling={pooling!r}" if pooling else ""
    if spec.keras_name is None:
        arguments += f", num_classes={classes}" if classes else ""
        return (
            "import tlcore\n\n"
            f"summary = tlcore.describe({spec.name!r}, {arguments})\n"
            "for layer in summary.layers:\n"
            "    print(layer.name, layer.type, layer.output_shape, layer.num_params)\n"
        )
    fits = shape[2] == 3 and not (top and (classes or shape != spec.default_input_shape))
    weights = "'imagenet'" if fits else "None"
    arguments += f", classes={classes}" if classes else ""
    return (
        f"from keras.applications import {spec.keras_name}\n\n"
        f"rna_base = {spec.keras_name}(weights={weights}, {arguments})\n"
        "rna_base.summary()\n\n"
        + "# weights: "
        + (_("which parameters the network starts with") if fits else _("trained ones do not fit this network"))
        + "\n"
        + "# include_top: "
        + _("with or without the dense layers of its classifier")
        + "\n"
        + "# input_shape: "
        + _("size of your images; with trained weights, only free without the top")
        + "\n"
    )


def _of_explorer() -> tuple[ArchitectureSpec, bool, int | None, str | None]:
    """The network of the explorer, with what of classes and pooling has a place at its end."""
    spec, top = get_architecture(NETWORK.get()), INCLUDE_TOP.get()
    classes = CLASSES.get() if top and CLASSES.get() != spec.num_classes else None
    pooling = POOLING.get() if not top and POOLING.get() != "none" else None
    return spec, top, classes, pooling


def trained_network_code(run: TrainedRun, image_size: tuple[int, int]) -> str:
    """How a trained network was made: the whole run, from its facts in the store."""
    return run_code(run.spec, run.data, image_size, len(run.class_names)) + "\nrna.summary()\n"
