"""Keras code of the network that the explorer shows."""

from __future__ import annotations

from pages.ui.architecture_explorer.state import CHANNELS, CLASSES, INCLUDE_TOP, NETWORK, POOLING, SIZE
from pages.ui.common.keras_code import run_code
from tlcore.architectures import get_architecture
from tlcore.engine.tasks.trained_run import TrainedRun
from tlcore.lesson_code import network_code


def explored_network_code() -> str:
    """Loading of the network, with what of classes and pooling has a place at its end."""
    architecture, top = get_architecture(NETWORK.get()), INCLUDE_TOP.get()
    shape = (SIZE.get(), SIZE.get(), CHANNELS.get() or architecture.default_input_shape[2])
    return network_code(
        architecture,
        shape,
        include_top=top,
        num_classes=CLASSES.get() if top and CLASSES.get() != architecture.num_classes else None,
        pooling=POOLING.get() if not top and POOLING.get() != "none" else None,
    )


def trained_network_code(run: TrainedRun, image_size: tuple[int, int]) -> str:
    """How a trained network was made: the whole run, from its facts in the store."""
    return run_code(run.spec, run.data, image_size, len(run.class_names)) + "\nmodel.summary()\n"
