"""Code that loads a network to look at it, with the lecture's three arguments."""

from __future__ import annotations

from ..architectures import ArchitectureSpec
from ..translatable import N_
from .layout import block, call, comment, keywords, lines, paragraphs
from .statements import Size, load_keras_base


def network_code(
    architecture: ArchitectureSpec,
    input_shape: Size,
    *,
    include_top: bool,
    num_classes: int | None = None,
    pooling: str | None = None,
) -> str:
    """The network that the explorer shows.

    Args:
        architecture: From the registry.
        input_shape: (height, width, channels).
        include_top: With its own dense layers.
        num_classes: Of the classifier, where it is not the network's own.
        pooling: "avg" or "max", instead of the top.
    """
    options = keywords(pooling=pooling) if pooling else []
    if architecture.keras_name is None:
        options += keywords(num_classes=num_classes) if num_classes else []
        arguments = keywords(include_top=include_top, input_shape=input_shape)
        return paragraphs(
            "import tlcore",
            lines(
                call("summary = tlcore.describe", repr(architecture.name), *arguments, *options),
                block(
                    "for layer in summary.layers:",
                    "print(layer.name, layer.type, layer.output_shape, layer.num_params)",
                ),
            ),
        )
    is_default = input_shape == architecture.default_input_shape
    fits = input_shape[2] == 3 and not (include_top and (num_classes or not is_default))
    options += keywords(classes=num_classes) if num_classes else []
    weights = "imagenet" if fits else None
    return paragraphs(
        f"from keras.applications import {architecture.keras_name}",
        lines(
            load_keras_base(architecture.keras_name, weights, input_shape, *options, include_top=include_top),
            "base_model.summary()",
        ),
        _explained(fits=fits),
    )


def _explained(*, fits: bool) -> str:
    return lines(
        comment(
            N_("weights: which parameters the network starts with")
            if fits
            else N_("weights: trained ones do not fit this network")
        ),
        comment(N_("include_top: with or without the dense layers of its classifier")),
        comment(N_("input_shape: size of your images; with trained weights, only free without the top")),
    )
