"""What the explorer draws of a network: graph, volumes, receptive field, table, the parts of one number."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from pages.ui.architecture_explorer import all_networks, arithmetic, compare, graph, moved, receptive, table, volume
from pages.ui.architecture_explorer.source import title_with_weights
from tests.pages.conftest import OpenPage
from tlcore.architectures import ArchitectureSummary, LayerSummary, describe
from tlcore.architectures.receptive_field import Box, find_layer, receptive_field_box
from tlcore.engine.tasks.references import NetworkReference
from tlcore.explanation import Arithmetic


def layer(
    name: str, kind: str, block: str, shape: tuple[int, ...], params: int, reads: tuple[str, ...]
) -> LayerSummary:
    """A layer with the fields that drawing needs."""
    values = dict.fromkeys(LayerSummary.__dataclass_fields__)
    values.update(
        name=name,
        type=kind,
        block=block,
        output_shape=shape,
        num_params=params,
        num_trainable_params=params,
        num_trainable_tensors=2 * (params > 0),
        param_formula="(3·3·3 + 1)·64 = 1,792" if params else "",
        macs=params * 10,
        activation_bytes=4 * int(np.prod(shape)),
        receptive_field=(3, 3),
        effective_stride=(2, 2),
        connected_to=reads,
        receptive_field_start=(0, 0),
        sees_everything=False,
    )
    return LayerSummary(**values)  # type: ignore[arg-type]


@pytest.fixture
def branching_network() -> ArchitectureSummary:
    """Input, a convolution, and an addition that skips it."""
    layers = (
        layer("input", "InputLayer", "input", (8, 8, 3), 0, ()),
        layer("stem", "Conv2D", "stem", (8, 8, 64), 1792, ("input",)),
        layer("conv", "Conv2D", "block1", (4, 4, 64), 36928, ("stem",)),
        layer("add", "Add", "block1", (4, 4, 64), 0, ("conv", "stem")),
    )
    return ArchitectureSummary("Small", (8, 8, 3), False, (4, 4, 64), 38720, 38720, 0, 4, 387200, layers)


@pytest.mark.usefixtures("in_english")
def test_graph_shows_where_branches_meet(branching_network: ArchitectureSummary) -> None:
    source, boxes = graph.layer_graph(branching_network, "block1")
    assert '"stem" -> "add"' in source
    assert boxes == 3
    assert "in 1 place " in graph.graph_takeaway(branching_network, "block1")
    blocks, _count = graph.block_graph(branching_network)
    assert '"stem" -> "block1"' in blocks


@pytest.mark.usefixtures("in_english")
def test_a_long_network_fits_into_a_few_boxes_and_rows() -> None:
    summary = describe("ResNet152", include_top=False)
    source, boxes = graph.block_graph(summary)
    assert boxes < 15
    assert "35 blocks alike" in source
    straight, boxes = graph.block_graph(describe("VGG16"))
    assert boxes == 7
    assert '"block3" -> "block4" [weight=100];' in straight, "the fifth box begins the second row"
    assert '"block5" -> "block4" [dir=back];' in straight


@pytest.mark.usefixtures("in_english")
def test_pictures_are_well_formed_svg(branching_network: ArchitectureSummary) -> None:
    boxes = volume.volume_boxes(branching_network)
    assert [box.label for box in boxes] == ["8 × 8 × 3", "8 × 8 × 64", "4 × 4 × 64"]
    ElementTree.fromstring(volume.volume_svg(branching_network.architecture, boxes))
    unit = receptive.Unit(branching_network.layers[2], 1, 1)
    ElementTree.fromstring(receptive.receptive_svg(branching_network, unit, Box(0, 0, 3, 3), None))


@pytest.mark.usefixtures("in_english")
def test_words_below_the_volumes_do_not_run_into_each_other() -> None:
    for name in ("VGG16", "NASNetLarge"):
        boxes = volume.volume_boxes(describe(name))
        picture = ElementTree.fromstring(volume.volume_svg(name, boxes))
        words = [text for text in picture.iter("{http://www.w3.org/2000/svg}text") if "×" in (text.text or "")]
        starts = [float(text.attrib["x"]) for text in words]
        ends = [start + 6.5 * len(text.text or "") for start, text in zip(starts, words, strict=True)]
        assert all(end < start for end, start in zip(ends, starts[1:], strict=False)), name


@pytest.mark.parametrize(
    ("name", "layer"), [("VGG16", "block5_conv3"), ("AlexNet", "conv1"), ("ResNet50", "conv1_conv")]
)
def test_the_cell_of_a_unit_lies_in_the_middle_of_what_it_sees(name: str, layer: str) -> None:
    summary = describe(name)
    found = find_layer(summary, layer)
    rows, columns, _channels = found.output_shape
    assert rows
    assert columns
    place = (rows // 2, columns // 2)
    box = receptive_field_box(summary, layer, *place)
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    height, width, _ = summary.input_shape
    if receptive_field_is_inside(box, summary):
        assert receptive.unit_at(summary, found, middle[0] / width, middle[1] / height) == place
    assert receptive.unit_at(summary, found, 0.0, 0.0) == (0, 0)
    assert receptive.unit_at(summary, found, 1.0, 1.0) == (rows - 1, columns - 1)


def receptive_field_is_inside(box: Box, summary: ArchitectureSummary) -> bool:
    height, width, _ = summary.input_shape
    return box.top > 0 and box.left > 0 and box.bottom < height and box.right < width


@pytest.mark.usefixtures("in_english")
def test_what_the_lectures_arguments_move() -> None:
    full, base = describe("VGG16"), describe("VGG16", include_top=False)
    rows, parameters, outputs = moved.changes(full, base)
    assert rows == "4 rows are gone: `flatten`, `fc1`, `fc2`, `predictions`."
    assert parameters == "Parameters: 138,357,544 → 14,714,688. In the rows that stayed, not one changed."
    assert "0 of 19 rows changed; at the end 1,000 → 7 × 7 × 512. MACs: 15.47 G → 15.35 G." in outputs
    rows, parameters, outputs = moved.changes(base, describe("VGG16", input_shape=(150, 150, 3), include_top=False))
    assert rows == "No row came or went."
    assert parameters == "Parameters: 14,714,688, the same in every row."
    assert "19 of 19 rows changed; at the end 7 × 7 × 512 → 4 × 4 × 512." in outputs
    _rows, parameters, _outputs = moved.changes(full, describe("VGG16", input_shape=(150, 150, 3)))
    assert parameters.endswith("Of the rows that stayed, these changed: `fc1`.")


@pytest.mark.usefixtures("in_english")
def test_limits_that_no_network_keeps_name_the_nearest() -> None:
    sentence = all_networks.nothing_fits(20, 92)
    assert "The smallest that is accurate enough is EfficientNet B0: 29 MB, 93.3%." in sentence
    assert "The most accurate that is small enough is MobileNetV2: 14 MB, 90.1%." in sentence


@pytest.mark.usefixtures("in_english")
def test_the_shown_parts_of_a_number_add_up() -> None:
    sums = np.linspace(-1.5, 2, 20)
    numbers = Arithmetic(
        "layer", "Conv2D", 0, 0, 0, tuple(range(20)), *[np.zeros((1, 1, 20), np.float32)] * 2, *[None] * 2,  # type: ignore[arg-type]
        channel_sums=sums, bias=0.5, pre_activation=sums.sum() + 0.5, activation="relu", result=0.0, output=0.0,
    )  # fmt: skip
    *parts, total = (float(row["value"]) for row in arithmetic.sum_rows(numbers, list(range(20))))
    assert len(parts) == 10, "eight channels, the others, the bias"
    assert sum(parts) == pytest.approx(total, abs=1e-3)


def test_layers_group_into_stages_by_size(branching_network: ArchitectureSummary) -> None:
    assert [(stage.scale, stage.params) for stage in compare.stages(branching_network)] == [(1, 1792), (2, 36928)]


def test_table_downloads_with_plain_numbers(branching_network: ArchitectureSummary) -> None:
    header, *rows = table.as_csv(branching_network).splitlines()
    assert header.startswith("name,type,block")
    assert len(rows) == 4
    assert "36928" in rows[2]


@pytest.mark.usefixtures("in_portuguese")
def test_numbers_of_a_table_sort_as_numbers() -> None:
    values = [2359808, 7, 1792, None, 14714688, 36928, 0]
    texts = table.localized([{"params": value, "name": "x"} for value in values], ("params",))["params"].to_pylist()
    assert texts[0].strip() == "2.359.808"
    known = [(value, text) for value, text in zip(values, texts, strict=True) if value is not None]
    assert sorted(text for _value, text in known) == [text for _value, text in sorted(known)]


def test_every_tab_that_asks_no_engine_can_be_opened(open_page: OpenPage) -> None:
    app = open_page("architecture_explorer", network="VGG16", tab="compare")
    assert not app.exception
    for tab in ("all", "graph", "volume", "table"):
        app.pills(key="architecture_explorer.tab").set_value(tab).run()
        assert not app.exception


@pytest.mark.parametrize(
    ("network", "is_said"),
    [
        (NetworkReference(base="VGG16", weights="random"), True),
        (NetworkReference(base="VGG16"), True),
        (NetworkReference(base="VGG16", weights="imagenet"), False),
        (NetworkReference(run_id="0" * 32), False),
    ],
)
@pytest.mark.usefixtures("in_english")
def test_a_picture_of_random_weights_says_so_in_its_title(network: NetworkReference, is_said: bool) -> None:
    assert ("random weights" in title_with_weights("kernel", network)) == is_said
