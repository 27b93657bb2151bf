"""Networks made for telephones, or found by a search: MobileNet, DenseNet and NASNet."""

from __future__ import annotations

from typing import Any

from tlcore.translatable import N_

from ..specification import ArchitectureSpec, PublishedFigures, WeightsFiles, dim_ordering_files, keras_files

_NASNET_FOLDER = "https://storage.googleapis.com/tensorflow/keras-applications/nasnet/"
_GOOGLE: dict[str, Any] = {"weights_source": "Google", "weights_licence": "Apache-2.0"}
_V1: dict[str, Any] = {
    "family": "MobileNet",
    "year": 2017,
    "paper": "Howard et al., MobileNets: efficient convolutional neural networks for mobile vision applications",
    "paper_url": "https://arxiv.org/abs/1704.04861",
    "preprocessing": "tf",
    **_GOOGLE,
}
_V3: dict[str, Any] = {
    "family": "MobileNetV3",
    "year": 2019,
    "paper": "Howard et al., Searching for MobileNetV3",
    "paper_url": "https://arxiv.org/abs/1905.02244",
    **_GOOGLE,
}
_DENSENET: dict[str, Any] = {
    "family": "DenseNet",
    "year": 2016,
    "paper": "Huang et al., Densely connected convolutional networks",
    "paper_url": "https://arxiv.org/abs/1608.06993",
    "preprocessing": "torch",
    "weights_source": "Zhuang Liu",
    "weights_licence": "BSD-3-Clause",
}
_NASNET: dict[str, Any] = {
    "family": "NASNet",
    "year": 2017,
    "paper": "Zoph et al., Learning transferable architectures for scalable image recognition",
    "paper_url": "https://arxiv.org/abs/1707.07012",
    "preprocessing": "tf",
    **_GOOGLE,
}

MOBILENET = (
    ArchitectureSpec(
        name="MobileNet",
        title="MobileNet",
        note=N_(
            "Depthwise separable convolutions from end to end: a 3x3 costs eight to nine times less than the ordinary "
            "one. With 3 % of VGG16's parameters it comes within a point of its top 5."
        ),
        builder="MobileNet",
        weights=keras_files("mobilenet", "mobilenet_1_0_224_tf", suffixes=(".h5", "_no_top.h5")),
        published=PublishedFigures("lecture", 16, top5=0.895, parameters=4_253_864, depth=88),
        **_V1,
    ),
    ArchitectureSpec(
        name="MobileNet025",
        title=N_("MobileNet (a quarter as wide)"),
        note=N_(
            "MobileNet with a quarter of the channels in every layer (α = 0.25) and small pictures: a ninth of the "
            "parameters, a fortieth of the work, and the price is accuracy. Its ImageNet weights are a file of 2 MB."
        ),
        builder="networks.mobilenet:mobilenet_025",
        default_input_shape=(128, 128, 3),
        weights=keras_files("mobilenet", "mobilenet_2_5_128_tf", suffixes=(".h5", "_no_top.h5")),
        **_V1,
    ),
    ArchitectureSpec(
        name="MobileNetV2",
        title="MobileNetV2",
        family="MobileNetV2",
        year=2018,
        paper="Sandler et al., MobileNetV2: inverted residuals and linear bottlenecks",
        paper_url="https://arxiv.org/abs/1801.04381",
        note=N_(
            "A ResNet block turned inside out: thin at the ends, wide in the middle, and no activation where it is "
            "thin, because ReLU would throw away too much there. The lightest of the lecture's table."
        ),
        builder="MobileNetV2",
        preprocessing="tf",
        weights=keras_files(
            "mobilenet_v2", "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224", suffixes=(".h5", "_no_top.h5")
        ),
        published=PublishedFigures("lecture", 14, top5=0.901, parameters=3_538_984, depth=88),
        **_GOOGLE,
    ),
)

MOBILENET_V3 = (
    ArchitectureSpec(
        name="MobileNetV3Small",
        title="MobileNetV3 small",
        note=N_(
            "Found by a search that counted milliseconds on a telephone. Squeeze-and-excitation lets each block weigh "
            "its channels by looking at the whole picture."
        ),
        builder="MobileNetV3Small",
        weights=WeightsFiles(
            "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v3/",
            "weights_mobilenet_v3_small_224_1.0_float.h5",
            "weights_mobilenet_v3_small_224_1.0_float_no_top_v2.h5",
            "8768d4c2e7dee89b9d02b2d03d65d862",
            "d3e8ec802a04aa4fc771ee12a9a9b836",
        ),
        published=PublishedFigures("paper", top1=0.674),
        **_V3,
    ),
    ArchitectureSpec(
        name="MobileNetV3Large",
        title="MobileNetV3 large",
        note=N_(
            "Moves the last 1x1 convolution behind the pooling, where there is one point instead of 49 to compute: the "
            "same features, fewer milliseconds."
        ),
        builder="MobileNetV3Large",
        weights=WeightsFiles(
            "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v3/",
            "weights_mobilenet_v3_large_224_1.0_float.h5",
            "weights_mobilenet_v3_large_224_1.0_float_no_top_v2.h5",
            "59e551e166be033d707958cf9e29a6a7",
            "07fb09a5933dd0c8eaafa16978110389",
        ),
        published=PublishedFigures("paper", top1=0.752),
        **_V3,
    ),
)

DENSENET = (
    ArchitectureSpec(
        name="DenseNet121",
        title="DenseNet121",
        note=N_(
            "Each layer reads all layers before it in its block and adds only 32 channels: features are used again "
            "instead of being learned again, hence few parameters and much memory."
        ),
        builder="DenseNet121",
        weights=dim_ordering_files(
            "densenet", "densenet121", ("9d60b8095a5708f2dcce2bca79d332c7", "30ee3e1110167f948a6b9946edeeb738")
        ),
        published=PublishedFigures("lecture", 33, top5=0.923, parameters=8_062_504, depth=121),
        **_DENSENET,
    ),
    ArchitectureSpec(
        name="DenseNet169",
        title="DenseNet169",
        note=N_("DenseNet121 with 32 layers in each of its last two blocks; the first two blocks are the same."),
        builder="DenseNet169",
        weights=dim_ordering_files(
            "densenet", "densenet169", ("d699b8f76981ab1b30698df4c175e90b", "b8c4d4c20dd625c148057b9ff1c1176b")
        ),
        published=PublishedFigures("lecture", 57, top5=0.932, parameters=14_307_880, depth=169),
        **_DENSENET,
    ),
    ArchitectureSpec(
        name="DenseNet201",
        title="DenseNet201",
        note=N_(
            "As accurate as ResNet152 by the lecture's table and then some, with a third of its parameters: depth by "
            "joining instead of adding."
        ),
        builder="DenseNet201",
        weights=dim_ordering_files(
            "densenet", "densenet201", ("1ceb130c1ea1b78c3bf6114dbdfd8807", "c13680b51ded0fb44dff2d8f86ac8bb1")
        ),
        published=PublishedFigures("lecture", 80, top5=0.936, parameters=20_242_984, depth=201),
        **_DENSENET,
    ),
)

NASNET = (
    ArchitectureSpec(
        name="NASNetMobile",
        title="NASNet mobile",
        note=N_(
            "No person drew this cell: a recurrent network proposed thousands of them, and those that did well on "
            "small pictures were stacked for large ones."
        ),
        builder="NASNetMobile",
        weights=WeightsFiles(
            _NASNET_FOLDER,
            "nasnet_mobile.h5",
            "nasnet_mobile_no_top.h5",
            "020fb642bf7360b370c678b08e0adf61",
            "1ed92395b5b598bdda52abe5c0dbfd63",
            "NASNet-mobile.h5",
            "NASNet-mobile-no-top.h5",
        ),
        published=PublishedFigures("lecture", 23, top5=0.919, parameters=5_326_716),
        **_NASNET,
    ),
    ArchitectureSpec(
        name="NASNetLarge",
        title="NASNet large",
        note=N_(
            "The searched cell, stacked 18 times and wide: the best top 5 of the lecture's table, and the most layers. "
            "The search itself took 500 graphics cards four days."
        ),
        builder="NASNetLarge",
        default_input_shape=(331, 331, 3),
        weights=WeightsFiles(
            _NASNET_FOLDER,
            "nasnet_large.h5",
            "nasnet_large_no_top.h5",
            "11577c9a518f0070763c2b964a382f17",
            "d81d89dc07e6e56530c4e77faddd61b5",
            "NASNet-large.h5",
            "NASNet-large-no-top.h5",
        ),
        published=PublishedFigures("lecture", 343, top5=0.960, parameters=88_949_818),
        **_NASNET,
    ),
)
