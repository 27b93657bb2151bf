"""What the pages draw with: numbers, texts, links and pictures, without a running app."""

from __future__ import annotations

import ast
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from pydantic import ValidationError

from pages.ui import charts, heatmap, i18n
from pages.ui.explorer import compare, graph, receptive, table, volume
from pages.ui.links import DatasetLink, ExplorerLink, ExtractionLink
from tlcore.architectures import ArchitectureSummary, LayerSummary
from tlcore.architectures.receptive_field import Box

REPOSITORY = Path(__file__).resolve().parents[2]


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


@pytest.fixture
def in_portuguese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "language", lambda: "pt-BR")


@pytest.fixture
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "language", lambda: "en")


@pytest.mark.usefixtures("in_portuguese")
def test_numbers_and_texts_are_portuguese() -> None:
    assert i18n.number(14714688) == "14.714.688"
    assert i18n.percent(0.934) == "93,4%"
    assert i18n.with_separators("(3·3·512 + 1)·512 = 2,359,808") == "(3·3·512 + 1)·512 = 2.359.808"
    assert i18n._("Feature extraction") == "Extração de características"


@pytest.mark.usefixtures("in_english")
def test_numbers_and_texts_are_english() -> None:
    assert i18n.number(14714688) == "14,714,688"
    assert i18n.percent(0.934) == "93.4%"
    assert i18n.with_separators("= 2,359,808") == "= 2,359,808"
    assert i18n._("Feature extraction") == "Feature extraction"


@pytest.mark.usefixtures("in_english")
def test_takeaway_of_a_confusion_matrix_names_the_most_frequent_mistake() -> None:
    sentence = charts.matrix_takeaway([[8, 2], [0, 10]], ["helmet", "none"])
    assert sentence == "18 of 20 test images right. Most frequent mistake: “helmet” taken for “none”, 2 times."


@pytest.mark.parametrize(
    ("link", "parameters"),
    [
        (ExplorerLink, {"network": "NoSuchNet"}),
        (ExplorerLink, {"size": "100000"}),
        (ExplorerLink, {"size": "two"}),
        (ExplorerLink, {"network": "run:../../etc/passwd"}),
        (ExplorerLink, {"classes": "0"}),
        (ExplorerLink, {"pooling": "sum"}),
        (ExplorerLink, {"channels": "-3"}),
        (DatasetLink, {"source": "../../etc/passwd"}),
        (DatasetLink, {"images": "-1"}),
        (ExtractionLink, {"epochs": "1000000"}),
        (ExtractionLink, {"rate": "nan"}),
        (ExtractionLink, {"weights": "/etc/passwd"}),
    ],
)
def test_absurd_links_are_refused(link: type, parameters: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        link.model_validate(parameters)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("in_english")
def test_graph_shows_where_branches_meet(branching_network: ArchitectureSummary) -> None:
    source, boxes = graph.layer_graph(branching_network, "block1")
    assert '"stem" -> "add"' in source
    assert boxes == 3
    assert "in 1 place " in graph.graph_takeaway(branching_network, "block1")
    blocks, _count = graph.block_graph(branching_network)
    assert '"stem" -> "block1"' in blocks


@pytest.mark.usefixtures("in_english")
def test_pictures_are_well_formed_svg(branching_network: ArchitectureSummary) -> None:
    boxes = volume.volume_boxes(branching_network)
    assert [box.label for box in boxes] == ["8 × 8 × 3", "8 × 8 × 64", "4 × 4 × 64"]
    ElementTree.fromstring(volume.volume_svg(branching_network, boxes))
    unit = receptive.Unit(branching_network.layers[2], 1, 1)
    ElementTree.fromstring(receptive.receptive_svg(branching_network, unit, Box(0, 0, 3, 3), None))


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
    texts = table.localized([{"params": value, "name": "x"} for value in values], ("params",))["params"]
    assert texts[0].strip() == "2.359.808"
    known = [(value, text) for value, text in zip(values, texts, strict=True) if value is not None]
    assert sorted(text for _value, text in known) == [text for _value, text in sorted(known)]


def test_heat_warms_the_place_that_it_marks() -> None:
    photo = np.full((2, 2, 3), 128, np.uint8)
    mixed = heatmap.overlay(photo, [[0.0, 1.0], [0.0, 0.0]])
    assert mixed.shape == (2, 2, 3)
    assert mixed[0, 1, 0] > mixed[0, 0, 0]
    assert mixed[0, 1, 2] < mixed[0, 0, 2]


def _python_files() -> list[Path]:
    return [REPOSITORY / "app.py", *sorted((REPOSITORY / "pages").rglob("*.py"))]


def test_pages_are_short() -> None:
    long = {
        path.name: len(path.read_text("utf-8").splitlines()) for path in sorted((REPOSITORY / "pages").glob("*.py"))
    }
    assert {name: lines for name, lines in long.items() if lines > 120} == {}


def test_session_keys_are_declared_in_one_module() -> None:
    for path in _python_files():
        if path.name != "state.py":
            assert "st.session_state[" not in path.read_text("utf-8"), f"{path.name} touches the session by itself"


def test_texts_are_not_marked_inside_f_strings() -> None:
    """The extractor of translations does not look inside an f-string."""
    for path in _python_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [part for part in ast.walk(node) if isinstance(part, ast.Call) and part.args]
                marked = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "_"]
                assert not [call for call in marked if isinstance(call.args[0], ast.Constant)], f"{path}:{node.lineno}"
