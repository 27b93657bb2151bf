"""The lecture's classic networks: LeNet-5, AlexNet, VGG, and the slim VGG that ships with its weights."""

from __future__ import annotations

from typing import Any

from tlcore.translatable import N_

from ..specification import ArchitectureSpec, PublishedFigures, dim_ordering_files

_LENET = ("LeNet", 1998, "LeCun et al., Gradient-based learning applied to document recognition")
_LENET_URL = "https://doi.org/10.1109/5.726791"
_ALEXNET = ("AlexNet", 2012, "Krizhevsky et al., ImageNet classification with deep convolutional neural networks")
_ALEXNET_URL = "https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks"
_VGG = ("VGG", 2014, "Simonyan & Zisserman, Very deep convolutional networks for large-scale image recognition")
_VGG_URL = "https://arxiv.org/abs/1409.1556"
_OXFORD: dict[str, Any] = {
    "weights_source": "Visual Geometry Group, University of Oxford",
    "weights_licence": "CC BY 4.0",
}

LENET_ALEXNET = (
    ArchitectureSpec(
        "LeNet5",
        "LeNet-5 (1998)",
        *_LENET,
        _LENET_URL,
        N_(
            "As published in 1998: sub-sampling layers with weights of their own, and a third layer whose maps see "
            "only some of the maps before it, which saves parameters and keeps the maps from all learning the same "
            "thing. It was not the first convolutional network: Fukushima's Neocognitron (1980) and LeCun's own of "
            "1989 came before."
        ),
        "networks.lenet:lenet5",
        (32, 32, 1),
        min_size=32,
        num_classes=10,
        preprocessing="scale",
    ),
    ArchitectureSpec(
        "LeNet5Modern",
        N_("LeNet-5 (as taught today)"),
        *_LENET,
        _LENET_URL,
        N_(
            "The same idea in today's layers: plain average pooling, every map connected to every map, softmax at the "
            "end. It has 1,706 parameters more than the original's 60,000."
        ),
        "networks.lenet:lenet5_modern",
        (32, 32, 1),
        min_size=16,
        num_classes=10,
        preprocessing="scale",
    ),
    ArchitectureSpec(
        "AlexNet",
        N_("AlexNet (two groups)"),
        *_ALEXNET,
        _ALEXNET_URL,
        N_(
            "Won ImageNet in 2012 by a wide margin. It was cut into two groups because one graphics card of 3 GB could "
            "not hold it; ReLU and dropout made it trainable. Its local response normalisation is no longer used: "
            "VGG's authors measured that it does not help."
        ),
        "networks.alexnet:alexnet",
        (227, 227, 3),
        min_size=67,
        preprocessing="caffe",
        published=PublishedFigures("paper", top1=0.593, top5=0.818),
    ),
    ArchitectureSpec(
        "AlexNetSingle",
        N_("AlexNet (one tower)"),
        *_ALEXNET,
        _ALEXNET_URL,
        N_(
            "AlexNet as it is usually drawn today, on one card: without the two groups, three of its convolutions see "
            "all channels, which costs 1.4 million parameters more. 94 % of all parameters are in the dense layers."
        ),
        "networks.alexnet:alexnet_single",
        (227, 227, 3),
        min_size=67,
        preprocessing="caffe",
    ),
)

VGG = (
    ArchitectureSpec(
        "VGG16",
        "VGG16",
        *_VGG,
        _VGG_URL,
        N_(
            "One idea, repeated: 3x3 convolutions, then halve the size and double the channels. Two 3x3 convolutions "
            "see as much as one 5x5, with fewer parameters and one more non-linearity."
        ),
        "VGG16",
        preprocessing="caffe",
        weights=dim_ordering_files(
            "vgg16", "vgg16", ("64373286793e3c8b2b4e3219cbf3544b", "6d6bbae143d832006294945121d1f1fc")
        ),
        published=PublishedFigures("lecture", 528, top5=0.901, parameters=138_357_544, depth=23),
        **_OXFORD,
    ),
    ArchitectureSpec(
        "VGG19",
        "VGG19",
        *_VGG,
        _VGG_URL,
        N_(
            "VGG16 with one more convolution in each of the last three blocks. It is larger and not more accurate: "
            "depth alone stopped helping here, until ResNet's shortcuts."
        ),
        "VGG19",
        preprocessing="caffe",
        weights=dim_ordering_files(
            "vgg19", "vgg19", ("cbe5617147190e668d6c5d5026f83318", "253f8cb515780f3b799900260a226db6")
        ),
        published=PublishedFigures("lecture", 549, top5=0.900, parameters=143_667_240, depth=26),
        **_OXFORD,
    ),
)

SLIM = (
    ArchitectureSpec(
        "VGG16Slim",
        N_("VGG16 slim (embedded)"),
        *_VGG,
        _VGG_URL,
        N_(
            "VGG16's layers under VGG16's names, with fewer channels, trained for this program on 200 classes of small "
            "photographs: a pretrained base that is always here, without a download."
        ),
        "networks.vgg_slim:vgg16_slim",
        (64, 64, 3),
        num_classes=200,
        preprocessing="tf",
        weights_source="python -m scripts.pretrain, on Tiny ImageNet",
        weights_licence="research and teaching (ImageNet terms)",
    ),
)
