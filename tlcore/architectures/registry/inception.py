"""Inception, Inception-ResNet and Xception."""

from __future__ import annotations

from typing import Any

from tlcore.translatable import N_

from ..specification import ArchitectureSpec, PublishedFigures, dim_ordering_files

_INCEPTION: dict[str, Any] = {
    "family": "Inception",
    "default_input_shape": (299, 299, 3),
    "min_size": 75,
    "preprocessing": "tf",
    "weights_source": "Google",
    "weights_licence": "Apache-2.0",
}

XCEPTION = (
    ArchitectureSpec(
        name="Xception",
        title="Xception",
        family="Xception",
        year=2016,
        paper="Chollet, Xception: deep learning with depthwise separable convolutions",
        paper_url="https://arxiv.org/abs/1610.02357",
        note=N_(
            "By the author of Keras: takes Inception's idea to its end. Each convolution is split into one that looks "
            "at space, channel by channel, and one that mixes channels, point by point."
        ),
        builder="Xception",
        default_input_shape=(299, 299, 3),
        min_size=71,
        preprocessing="tf",
        weights=dim_ordering_files(
            "xception", "xception", ("0a58e3b7378bc2990ea3b43d5981f1f6", "b0042744bf5b25fce3cb969f33bebb97")
        ),
        weights_source="Keras",
        weights_licence="MIT",
        published=PublishedFigures("lecture", 88, top5=0.945, parameters=22_910_480, depth=126),
    ),
)

INCEPTION = (
    ArchitectureSpec(
        name="InceptionV3",
        title="Inception v3",
        year=2015,
        paper="Szegedy et al., Rethinking the Inception architecture for computer vision",
        paper_url="https://arxiv.org/abs/1512.00567",
        note=N_(
            "Does not choose a kernel size: each block looks through several side by side and joins the results. Large "
            "kernels are factored, a 7x7 into a 1x7 and a 7x1."
        ),
        builder="InceptionV3",
        weights=dim_ordering_files(
            "inception_v3", "inception_v3", ("9a0d58056eeedaa3f26cb7ebd46da564", "bcbd6486424b2319ff4ef7d526e38f63")
        ),
        published=PublishedFigures("lecture", 92, top5=0.937, parameters=23_851_784, depth=159),
        **_INCEPTION,
    ),
    ArchitectureSpec(
        name="InceptionResNetV2",
        title="Inception-ResNet v2",
        year=2016,
        paper="Szegedy et al., Inception-v4, Inception-ResNet and the impact of residual connections on learning",
        paper_url="https://arxiv.org/abs/1602.07261",
        note=N_(
            "Inception's parallel branches inside ResNet's shortcuts. The sum is scaled down (by 0.1 to 0.2) before it "
            "is added, without which such wide networks did not train stably."
        ),
        builder="InceptionResNetV2",
        weights=dim_ordering_files(
            "inception_resnet_v2",
            "inception_resnet_v2",
            ("e693bd0210a403b3192acc6073ad2e96", "d19885ff4a710c122648d3b5c3b684e4"),
        ),
        published=PublishedFigures("lecture", 215, top5=0.953, parameters=55_873_736, depth=572),
        **_INCEPTION,
    ),
)
