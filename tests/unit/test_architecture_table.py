"""`describe`: the lecture's table, formulas, errors."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tlcore
from tlcore.architectures import ArchitectureSummary, depths, describe, get_architecture, list_architectures
from tlcore.errors import InvalidArgumentError, TransferLearningError

LECTURE_VGG16 = """
block1_conv1 150 150 64 1792
block1_conv2 150 150 64 36928
block1_pool 75 75 64 0
block2_conv1 75 75 128 73856
block2_conv2 75 75 128 147584
block2_pool 37 37 128 0
block3_conv1 37 37 256 295168
block3_conv2 37 37 256 590080
block3_conv3 37 37 256 590080
block3_pool 18 18 256 0
block4_conv1 18 18 512 1180160
block4_conv2 18 18 512 2359808
block4_conv3 18 18 512 2359808
block4_pool 9 9 512 0
block5_conv1 9 9 512 2359808
block5_conv2 9 9 512 2359808
block5_conv3 9 9 512 2359808
block5_pool 4 4 512 0
"""
#: The lecture's table: parameters of each network with its top.
LECTURE_PARAMETERS = {
    "Xception": 22_910_480,
    "VGG16": 138_357_544,
    "VGG19": 143_667_240,
    "ResNet50": 25_636_712,
    "ResNet101": 44_707_176,
    "ResNet152": 60_419_944,
    "ResNet50V2": 25_613_800,
    "ResNet101V2": 44_675_560,
    "ResNet152V2": 60_380_648,
    "ResNeXt50": 25_097_128,
    "ResNeXt101": 44_315_560,
    "InceptionV3": 23_851_784,
    "InceptionResNetV2": 55_873_736,
    "MobileNet": 4_253_864,
    "MobileNetV2": 3_538_984,
    "DenseNet121": 8_062_504,
    "DenseNet169": 14_307_880,
    "DenseNet201": 20_242_984,
    "NASNetMobile": 5_326_716,
    "NASNetLarge": 88_949_818,
}


def layer(summary: ArchitectureSummary, name: str) -> tlcore.architectures.LayerSummary:
    return next(row for row in summary.layers if row.name == name)


@pytest.fixture(scope="module")
def lecture_base() -> ArchitectureSummary:
    return describe("VGG16", input_shape=(150, 150, 3), include_top=False)


def test_the_lectures_table_of_vgg16(lecture_base: ArchitectureSummary) -> None:
    first, *rows = lecture_base.layers
    assert first.type == "InputLayer"
    assert first.output_shape == (150, 150, 3)
    shown = [" ".join(map(str, (row.name, *row.output_shape, row.num_params))) for row in rows]
    assert shown == LECTURE_VGG16.split("\n")[1:-1]
    assert lecture_base.total_params == lecture_base.trainable_params == 14_714_688
    assert lecture_base.non_trainable_params == 0
    assert lecture_base.output_shape == (4, 4, 512)
    assert lecture_base.trainable_tensors == 26


@pytest.mark.parametrize(("name", "parameters"), LECTURE_PARAMETERS.items())
def test_parameters_are_the_lectures(name: str, parameters: int) -> None:
    assert describe(name).total_params == parameters
    published = get_architecture(name).published
    assert published is not None
    assert (published.source, published.parameters) == ("lecture", parameters)


def test_the_order_is_the_lectures() -> None:
    names = list_architectures()
    assert names[:6] == ["LeNet5", "LeNet5Modern", "AlexNet", "AlexNetSingle", "VGG16", "VGG19"]
    assert names[-1] == "VGG16Slim"
    assert len(names) == len(set(names)) == 51


@pytest.mark.parametrize(
    ("name", "row", "formula"),
    [
        ("VGG16", "block5_conv1", "(3·3·512 + 1)·512 = 2,359,808"),
        ("VGG16", "fc1", "(25,088 + 1)·4,096 = 102,764,544"),
        ("ResNet50", "conv1_bn", "4·64 = 256 (γ, β, μ, σ²)"),
        ("InceptionV3", "batch_normalization", "3·32 = 96 (β, μ, σ²)"),
        ("ResNeXt50", "conv2_block1_2_conv", "3·3·(128/32)·128 = 4,608"),
        ("MobileNet", "conv_dw_1", "3·3·32 = 288"),
        ("Xception", "block2_sepconv1", "3·3·64 + 64·128 = 8,768"),
        ("EfficientNetB0", "normalization", "2·3 + 1 = 7 (μ, σ², n)"),
        ("ConvNeXtTiny", "convnext_tiny_stage_0_block_0_layernorm", "2·96 = 192 (γ, β)"),
        ("ConvNeXtTiny", "convnext_tiny_stage_0_block_0_layer_scale", "1·96 = 96 (γ)"),
        ("ConvNeXtTiny", "convnext_tiny_stage_0_block_0_depthwise_conv", "(7·7·(96/96) + 1)·96 = 4,800"),
        ("LeNet5", "S2", "(1 + 1)·6 = 12"),
        ("LeNet5", "C3", "(5·5·3 + 1)·6 + (5·5·4 + 1)·9 + (5·5·6 + 1)·1 = 1,516"),
        ("AlexNet", "conv2", "(5·5·(96/2) + 1)·256 = 307,456"),
    ],
)
def test_formulas_have_the_layers_own_numbers(name: str, row: str, formula: str) -> None:
    assert layer(describe(name), row).param_formula == formula


def test_two_of_the_four_vectors_of_batch_normalization_are_trained() -> None:
    row = layer(describe("ResNet50"), "conv1_bn")
    assert (row.num_params, row.num_trainable_params, row.num_trainable_tensors) == (256, 128, 2)


def test_the_size_changes_shapes_and_not_the_parameters_of_convolutions(lecture_base: ArchitectureSummary) -> None:
    larger = describe("VGG16", input_shape=(224, 224, 3), include_top=False)
    assert [row.num_params for row in larger.layers] == [row.num_params for row in lecture_base.layers]
    assert larger.total_macs > 2 * lecture_base.total_macs


def test_classes_and_pooling_act_at_the_end() -> None:
    two = describe("MobileNetV2", num_classes=2)
    assert two.output_shape == (2,)
    assert describe("MobileNetV2").total_params - two.total_params == 998 * 1281
    pooled = describe("MobileNetV2", include_top=False, pooling="avg")
    assert pooled.output_shape == (1280,)
    assert describe("MobileNetV2", include_top=False, num_classes=7) == describe("MobileNetV2", include_top=False)


def test_blocks_group_what_belongs_together(lecture_base: ArchitectureSummary) -> None:
    assert layer(lecture_base, "block5_conv1").block == "block5"
    assert layer(describe("VGG16"), "fc1").block == "top"
    inception = describe("InceptionV3")
    assert layer(inception, "max_pooling2d_1").block == "stem"
    assert layer(inception, "conv2d_5").block == layer(inception, "mixed0").block == "mixed0"
    xception = describe("Xception")
    assert layer(xception, "conv2d").block == layer(xception, "add").block == "block2"
    assert layer(describe("NASNetMobile"), "activation_1").block == "cell_stem_1"
    assert layer(describe("EfficientNetB0"), "block2a_se_squeeze").block == "block2a"
    for name in list_architectures():
        blocks = [row.block for row in describe(name).layers]
        assert "network" not in blocks, name
        assert blocks[-1] == "top", name


def test_depth_is_counted_in_the_three_ways_of_published_tables() -> None:
    counted = depths(describe("VGG16"))
    assert (counted.longest_path, counted.parameter_layers, counted.weighted_path) == (23, 16, 16)
    assert depths(describe("Xception")).longest_path == 126
    assert depths(describe("ResNet50")).parameter_layers == 107
    assert depths(describe("ResNet50")).weighted_path == 50
    assert depths(describe("DenseNet201")).weighted_path == 201


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"name": "vgg-16"}, "Did you mean 'VGG16'"),
        ({"name": "Resnet"}, "Did you mean 'ResNet"),
        ({"name": None}, "Expected `architecture`"),
        ({"name": "Xception", "input_shape": (70, 299, 3)}, "at least 71x71 for Xception"),
        ({"name": "VGG16", "input_shape": (31, 31, 3)}, "(31, 31, 3)"),
        ({"name": "VGG16", "input_shape": (150, 150)}, "three positive integers"),
        ({"name": "VGG16", "input_shape": (150.5, 150, 3)}, "three positive integers"),
        ({"name": "VGG16", "input_shape": (-150, 150, 3)}, "three positive integers"),
        ({"name": "VGG16", "input_shape": "150x150"}, "three positive integers"),
        ({"name": "VGG16", "input_shape": (150, 150, 4)}, "1 / 3 channels"),
        ({"name": "VGG16", "input_shape": (9000, 9000, 3)}, "at most 4096x4096"),
        ({"name": "VGG16", "pooling": "mean"}, "'avg' or 'max'"),
        ({"name": "VGG16", "num_classes": 0}, "`num_classes`"),
        ({"name": "VGG16", "num_classes": True}, "`num_classes`"),
    ],
)
def test_impossible_arguments_are_refused_in_words(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        describe(**arguments)  # type: ignore[arg-type]
    assert words in str(caught.value)
    assert isinstance(caught.value, TransferLearningError)


def test_tables_and_facts_need_no_tensorflow() -> None:
    code = (
        "import sys, tlcore.architectures as a\n"
        "for name in a.list_architectures():\n"
        "    for top in (True, False): a.describe(name, include_top=top)\n"
        "a.describe('VGG16', input_shape=(224, 224, 3)); a.comparison_csv(a.comparison_table())\n"
        "print(*{'tensorflow', 'keras', 'numpy', 'streamlit'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
