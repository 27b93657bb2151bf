"""The one HTML file that people take home: opened from the disk, without a connection, it answers as the app does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scripts.browsing import PHONE
from tests.e2e.accessibility import faults
from tests.e2e.browsers import WatchedBrowser
from tlcore.export.browser import browser_file
from tlcore.export.single_file import single_file
from tlcore.inference import predict
from tlcore.models import build_base
from tlcore.models.head import add_head
from tlcore.training import Run, TrainingSpec
from tlcore.training.trained_network import OwnNetwork
from tlcore.translations import translations_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

SIZE = (32, 32)
NAMES = ("gato </script>", "cão")  # what a person calls a class ends no script
PATIENCE_MS = 60_000


def test_it_answers_as_the_app_does(browser: WatchedBrowser, runtime: Path, tmp_path: Path) -> None:
    spec = TrainingSpec(base="VGG16Slim", head=(8,))
    network = OwnNetwork(add_head(build_base("VGG16Slim", input_shape=(*SIZE, 3)), spec.head_spec(2)))
    run = Run(spec, network, NAMES, [], 0, 0, None, {}, {}, {})
    words = translations_of("pt-BR").gettext
    page_file, photo = tmp_path / "rede.html", tmp_path / "foto.png"
    page_file.write_bytes(single_file(browser_file(run.model), NAMES, runtime, language="pt-BR", translate=words))
    values = np.random.default_rng(0).integers(0, 256, (6, 9, 3), np.uint8)
    Image.fromarray(values).resize((180, 120), Image.Resampling.BICUBIC).save(photo)

    page = browser.new_context(viewport=PHONE, offline=True, permissions=["camera"]).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(page_file.as_uri())
    page.locator("body[data-ready]").wait_for()
    page.locator("#photo").set_input_files(photo)
    answers = page.locator("#answers li")
    answers.first.wait_for()
    expected = predict(run, photo)
    told = [float(row) for row in answers.evaluate_all("rows => rows.map(row => row.dataset.probability)")]
    assert [answer.class_name in row for answer, row in zip(expected, answers.all_inner_texts(), strict=True)] == [
        True
    ] * 2
    np.testing.assert_allclose(told, [answer.probability for answer in expected], atol=1e-3)
    assert page.locator("#status").inner_text() == "A rede diz:"
    assert page.locator("h1").inner_text() == "O que é: gato </script> / cão?"
    assert faults(page, "pt") == []

    photo.write_bytes(b"no picture")
    page.locator("#photo").set_input_files(photo)
    page.get_by_text("não consegue ler").wait_for()
    page.get_by_role("button", name="Abrir a câmera").click()  # a moving picture, see `scripts.browsing`
    page.get_by_role("button", name="Fechar a câmera").click()
    page.get_by_role("button", name="Abrir a câmera").wait_for()
