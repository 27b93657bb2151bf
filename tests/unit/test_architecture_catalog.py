"""The shipped tables."""

from __future__ import annotations

import pytest

from scripts.catalog import is_current, main, make_entry
from tlcore.architectures import (
    catalogued,
    comparison_csv,
    comparison_table,
    describe,
    get_architecture,
    list_architectures,
    summary_from_plain,
    summary_to_plain,
)
from tlcore.architectures.catalog import catalog_index, catalog_path

#: One of each way of building; the contract test compares every network's rows.
REPRESENTATIVES = (
    "LeNet5",
    "AlexNet",
    "VGG16",
    "ResNeXt50",
    "Xception",
    "MobileNetV3Small",
    "ConvNeXtTiny",
    "VGG16Slim",
)


@pytest.mark.parametrize("name", REPRESENTATIVES)
def test_a_table_made_again_is_the_shipped_one(name: str) -> None:
    content, figures = make_entry(name)
    assert is_current(name, content), "run python -m scripts.catalog"
    assert catalog_index()[name] == figures, "run python -m scripts.catalog"


def test_making_a_table_twice_gives_the_same_bytes() -> None:
    assert make_entry("MobileNet")[0] == make_entry("MobileNet")[0]


def test_check_passes_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = catalog_path("LeNet5").stat().st_mtime_ns
    assert main(["LeNet5", "--check"]) == 0
    assert capsys.readouterr().out.strip() == "stale: none"
    assert catalog_path("LeNet5").stat().st_mtime_ns == before


def test_every_network_is_shipped_with_and_without_its_top() -> None:
    assert list(catalog_index()) == list_architectures()
    for name in list_architectures():
        for include_top in (True, False):
            table = catalogued(name, include_top=include_top)
            assert table is not None
            assert (table.architecture, table.include_top) == (name, include_top)


def test_what_is_not_shipped_is_told_by_none() -> None:
    assert catalogued("VGG16", input_shape=(150, 150, 3)) is None
    assert catalogued("VGG16", num_classes=2) is None
    assert catalogued("VGG16", include_top=False, pooling="avg") is None
    assert catalogued("VGG16", input_shape=(224, 224, 3), num_classes=1000) is not None
    assert catalogued("VGG16", include_top=False, num_classes=2) is not None


def test_the_longest_table_is_shipped_whole() -> None:
    table = catalogued("NASNetLarge")
    assert table is not None
    assert len(table.layers) == 1041


def test_a_table_travels_as_plain_values() -> None:
    table = describe("MobileNetV2")
    assert summary_from_plain(summary_to_plain(table)) == table


def test_all_networks_side_by_side() -> None:
    rows = {row.name: row for row in comparison_table()}
    assert list(rows) == list_architectures()
    vgg = rows["VGG16"]
    assert vgg.published is not None
    assert vgg.published.size_mb == 528
    assert round(vgg.computed.size_mb) == 528
    assert vgg.parameters_difference == 0
    assert vgg.depth_counted_as == "longest_path"
    assert rows["DenseNet121"].depth_counted_as == "weighted_path"
    assert rows["EfficientNetB0"].depth_counted_as == "parameter_layers"
    assert rows["MobileNetV2"].depth_counted_as == "other", "the lecture's table repeats MobileNet's 88"
    assert rows["VGG16Slim"].published is None
    small = [name for name, row in rows.items() if row.published and row.published.top5 and row.computed.size_mb < 20]
    assert small == ["MobileNet", "MobileNetV2"]


def test_the_lectures_twenty_are_tagged_as_published_there() -> None:
    tagged = [
        name for name in list_architectures() if (p := get_architecture(name).published) and p.source == "lecture"
    ]
    assert len(tagged) == 20


def test_csv_says_of_each_column_where_it_is_from() -> None:
    lines = comparison_csv(comparison_table(["VGG16", "VGG16Slim"])).splitlines()
    assert lines[0].startswith("name,title,family,year,input_shape,published_source,published_size_mb,")
    assert "computed_parameters" in lines[0]
    assert lines[1].startswith("VGG16,VGG16,VGG,2014,224x224x3,lecture,528,,0.901,138357544,23,138357544,")
    assert len(lines) == 3
