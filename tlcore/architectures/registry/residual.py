"""ResNet, ResNetV2 and ResNeXt."""

from __future__ import annotations

from typing import Any

from tlcore.translatable import N_

from ..specification import ArchitectureSpec, PublishedFigures, dim_ordering_files

_V1: dict[str, Any] = {
    "family": "ResNet",
    "year": 2015,
    "paper": "He et al., Deep residual learning for image recognition",
    "paper_url": "https://arxiv.org/abs/1512.03385",
    "preprocessing": "caffe",
    "weights_source": "Kaiming He",
    "weights_licence": "MIT",
}
_V2: dict[str, Any] = {
    "family": "ResNetV2",
    "year": 2016,
    "paper": "He et al., Identity mappings in deep residual networks",
    "paper_url": "https://arxiv.org/abs/1603.05027",
    "preprocessing": "tf",
    "weights_source": "Facebook",
    "weights_licence": "BSD",
}
_NEXT: dict[str, Any] = {
    "family": "ResNeXt",
    "year": 2016,
    "paper": "Xie et al., Aggregated residual transformations for deep neural networks",
    "paper_url": "https://arxiv.org/abs/1611.05431",
    "preprocessing": "torch",
}

RESNET = (
    ArchitectureSpec(
        name="ResNet50",
        title="ResNet50",
        note=N_(
            "Each block adds its result to its input, so that a block with nothing to say can say nothing: the "
            "gradient has a straight way back, and depth no longer makes training worse."
        ),
        builder="ResNet50",
        weights=dim_ordering_files(
            "resnet", "resnet50", ("2cb95161c43110f7111970584f804107", "4d473c1dd8becc155b73f8504c6f6626")
        ),
        published=PublishedFigures("lecture", 98, top5=0.921, parameters=25_636_712),
        **_V1,
    ),
    ArchitectureSpec(
        name="ResNet101",
        title="ResNet101",
        note=N_("ResNet50 with 23 blocks instead of 6 in its fourth stage; all other stages are the same."),
        builder="ResNet101",
        weights=dim_ordering_files(
            "resnet", "resnet101", ("f1aeb4b969a6efcfb50fad2f0c20cfc5", "88cf7a10940856eca736dc7b7e228a21")
        ),
        published=PublishedFigures("lecture", 171, top5=0.928, parameters=44_707_176),
        **_V1,
    ),
    ArchitectureSpec(
        name="ResNet152",
        title="ResNet152",
        note=N_(
            "Won ImageNet in 2015, in an ensemble. It has nearly ten times as many layers with weights as VGG16, and "
            "less than half of the parameters, since it ends without large dense layers."
        ),
        builder="ResNet152",
        weights=dim_ordering_files(
            "resnet", "resnet152", ("100835be76be38e30d865e96f2aaae62", "ee4c566cf9a93f14d82f913c2dc6dd0c")
        ),
        published=PublishedFigures("lecture", 232, top5=0.931, parameters=60_419_944),
        **_V1,
    ),
)

RESNET_V2 = (
    ArchitectureSpec(
        name="ResNet50V2",
        title="ResNet50V2",
        note=N_(
            "ResNet50 with normalisation and activation before the convolution instead of after it, so that nothing at "
            "all stands in the way of the shortcut."
        ),
        builder="ResNet50V2",
        weights=dim_ordering_files(
            "resnet", "resnet50v2", ("3ef43a0b657b3be2300d5770ece849e0", "fac2f116257151a9d068a22e544a4917")
        ),
        published=PublishedFigures("lecture", 98, top5=0.930, parameters=25_613_800),
        **_V2,
    ),
    ArchitectureSpec(
        name="ResNet101V2",
        title="ResNet101V2",
        note=N_("ResNet101 with pre-activation blocks: as many parameters within 0.1 %, one point more in the top 5."),
        builder="ResNet101V2",
        weights=dim_ordering_files(
            "resnet", "resnet101v2", ("6343647c601c52e1368623803854d971", "c0ed64b8031c3730f411d2eb4eea35b5")
        ),
        published=PublishedFigures("lecture", 171, top5=0.938, parameters=44_675_560),
        **_V2,
    ),
    ArchitectureSpec(
        name="ResNet152V2",
        title="ResNet152V2",
        note=N_(
            "The deepest of the second version. The paper trained the same blocks 1,001 layers deep on small pictures, "
            "which the first version could not do well."
        ),
        builder="ResNet152V2",
        weights=dim_ordering_files(
            "resnet", "resnet152v2", ("a49b44d1979771252814e80f8ec446f9", "ed17cf2e0169df9d443503ef94b23b33")
        ),
        published=PublishedFigures("lecture", 232, top5=0.942, parameters=60_380_648),
        **_V2,
    ),
)

RESNEXT = (
    ArchitectureSpec(
        name="ResNeXt50",
        title="ResNeXt50 (32x4d)",
        note=N_(
            "ResNet50 with its 3x3 convolutions cut into 32 groups: more, thinner paths for the same cost. AlexNet's "
            "makeshift for two cards became a design rule. Keras no longer ships it, so it is built here."
        ),
        builder="networks.resnext:resnext50",
        published=PublishedFigures("lecture", 96, top5=0.938, parameters=25_097_128),
        **_NEXT,
    ),
    ArchitectureSpec(
        name="ResNeXt101",
        title="ResNeXt101 (32x4d)",
        note=N_(
            "The deep version with 32 groups of 4 channels each; slightly smaller than ResNet101 and 1.5 points better "
            "in the top 5, by the lecture's table."
        ),
        builder="networks.resnext:resnext101",
        published=PublishedFigures("lecture", 170, top5=0.943, parameters=44_315_560),
        **_NEXT,
    ),
)
