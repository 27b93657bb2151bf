"""What browsers send to a network and get of it: checked, public only where it may be, and done without."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from streamlit.testing.v1 import AppTest

from pages.ui.common.in_browser import files
from pages.ui.common.in_browser.network import network_data, network_id
from pages.ui.home.lesson import Features
from pages.ui.live_prediction.frames import picture_of
from pages.ui.live_prediction.pasted import pictures_of
from tests.pages.acting import texts
from tlcore.engine.tasks.browser import BrowserNetwork
from tlcore.engine.tasks.references import NetworkReference
from tlcore.export.browser import DenseWeights

OpenPage = Callable[..., AppTest]
NETWORK = NetworkReference(base="VGG16Slim", weights="embedded")
DENSE = DenseWeights(1, "sigmoid", b"\0\x3c", b"\0\0\0\0")
PARTS = BrowserNetwork(NETWORK, "abc.tflite", b"own", "average", (DENSE,), ("a", "b"))


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in place of what Streamlit serves."""
    monkeypatch.setattr(files, "STATIC", tmp_path / "static")
    return tmp_path / "static"


def rows(values: Any) -> str:
    return base64.b64encode(np.asarray(values, "<f4").tobytes()).decode()


def test_features_are_rows_of_numbers_of_both_classes() -> None:
    features = Features.model_validate({"id": "4", "labels": [0, 0, 1, 1], "features": rows(np.zeros((4, 7)))})
    assert features.feature_dim == 7


@pytest.mark.parametrize(
    "sent",
    [
        None,
        {"id": "2", "labels": [0, 1]},
        {"id": "2", "labels": [0, 0], "features": rows([1, 2])},
        {"id": "2", "labels": [0, 2], "features": rows([1, 2])},
        {"id": "2", "labels": [0, 1], "features": rows([1, 2, 3])},
        {"id": "2", "labels": [0, 1], "features": rows([1, np.nan])},
        {"id": "2", "labels": [0, 1], "features": rows([])},
        {"id": "2", "labels": [0, 1], "features": "no base64 ä"},
        {"id": "2", "labels": [0, 1] * 61, "features": rows(np.zeros(122))},
        {"id": "2", "labels": [0, 1], "features": rows([1, 2]), "more": 1},
    ],
)
def test_what_is_no_features_is_refused(sent: Any) -> None:
    with pytest.raises(ValidationError):
        Features.model_validate(sent)


def test_a_frame_has_a_name_and_a_picture() -> None:
    frame = picture_of({"frame": "7", "image": base64.b64encode(b"jpeg").decode()})
    assert frame is not None
    assert frame.image == b"jpeg"
    assert picture_of(None) is picture_of({"frame": "7"}) is picture_of({"frame": "7" * 41, "image": ""}) is None


def test_what_is_pasted_is_a_few_pictures_of_a_bounded_size() -> None:
    picture = {"name": "kitchen.png", "image": base64.b64encode(b"png").decode()}
    (photo, same) = pictures_of([picture, {**picture, "name": "copy.png"}])
    assert (photo.name, photo.data, photo.mark) == ("kitchen.png", b"png", same.mark)
    refused = [
        None,
        [],
        [picture] * 21,
        *([{**picture, **wrong}] for wrong in ({"more": 1}, {"image": ""}, {"name": 1})),
    ]
    assert [pictures_of(sent) for sent in refused] == [()] * len(refused)


def test_networks_are_kept_where_browsers_find_and_keep_them(static: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert files.network_address("abc.tflite") is None
    files.keep_network("abc.tflite", b"1234")
    assert files.network_address("abc.tflite") == "/app/static/networks/abc.tflite"
    assert (static / "networks" / "abc.tflite").stat().st_mtime < 1.6e9, "old, so that a browser keeps it for long"
    monkeypatch.setattr(files, "_MOST_BYTES", 6)
    files.keep_network("def.tflite", b"5678")
    assert [path.name for path in (static / "networks").iterdir()] == ["def.tflite"]


def test_what_was_trained_travels_once_and_not_in_a_public_file(static: Path) -> None:
    files.keep_network("abc.tflite", b"shared")
    whole, again = network_data(PARTS, whole=True), network_data(PARTS, whole=False)
    assert again == {"id": network_id(PARTS)}
    assert whole["parts"]["base"] == "/app/static/networks/abc.tflite"
    assert base64.b64decode(whole["parts"]["private"]) == b"own"
    assert whole["parts"]["dense"][0]["kernel"] == base64.b64encode(DENSE.kernel).decode()
    public = [path.read_bytes() for path in static.rglob("*") if path.is_file()]
    assert public == [b"shared"]


def test_without_the_built_part_the_pages_say_so_and_the_camera_goes_to_the_server(
    static: Path, open_page: OpenPage
) -> None:
    (static / "frontend" / "half").mkdir(parents=True)
    assert files.runtime_address() is None
    app = open_page("home", "en")
    assert "could not be built" in texts(app)
    app = open_page("live_prediction", "en", source="live", model="VGG16Slim/embedded")
    assert "small frames of your camera go to the server" in texts(app)
    (static / "frontend" / "whole").mkdir()
    (static / "frontend" / "whole" / "network.js").touch()
    assert files.runtime_address() == "/app/static/frontend/whole/"
    assert "No picture leaves this device" in texts(open_page("home", "en"))
