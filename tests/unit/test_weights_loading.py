"""Weights files: the real ones load, and every damaged or foreign one is told in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save_file

from tlcore.errors import InvalidArgumentError, WeightsError
from tlcore.inference import predict
from tlcore.models import available_weights, build_base
from tlcore.settings import get_settings
from tlcore.weights import (
    embedded,
    embedded_class_names,
    embedded_synsets,
    load_weights_file,
    tensors_by_name,
    weights_hash,
)
from tlcore.weights.imagenet import imagenet_class_names, imagenet_classes

SHAPE = (32, 32, 3)
#: Position among ImageNet's 1,000 classes of photographs that are easy to recognise.
EASY = {"n02077923": 150, "n02391049": 340, "n02206856": 309}


@pytest.fixture
def classroom(shared_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as `python -m tlcore.weights fetch` prepares it, with real files."""
    folder = shared_folder / "weights" / "imagenet"
    monkeypatch.setenv("TLCORE_WEIGHTS_DIR", str(folder))
    get_settings.cache_clear()
    return folder


@pytest.fixture(scope="module")
def slim() -> Any:
    return build_base("VGG16Slim", input_shape=SHAPE)


def _halved(model: Any) -> dict[str, NDArray[np.float16]]:
    return {name: variable.numpy().astype(np.float16) for name, variable in tensors_by_name(model).items()}


# The real files


def test_real_weights_recognise_real_photographs(classroom: Path, shared_folder: Path) -> None:
    base = build_base("MobileNetV2", input_shape=(224, 224, 3), weights="imagenet", include_top=True)
    photographs = sorted((shared_folder / "data" / "imagenet-samples").iterdir())
    found: dict[str, int] = {}
    for path in photographs:
        synset = path.name.split("_")[0]
        if synset in EASY:
            with Image.open(path) as image:
                pixels = np.asarray(image.convert("RGB").resize((224, 224)))
            found[synset] = predict(base, pixels, top=1)[0].index

    assert base.tlcore_info.weights_source == "imagenet-folder"
    assert found == EASY


def test_real_weights_without_top_take_any_size(classroom: Path, tiny_images: NDArray[np.uint8]) -> None:
    base = build_base("MobileNetV2", input_shape=SHAPE, weights="imagenet")
    assert base(tiny_images).shape == (12, 1, 1, 1280)
    assert base.tlcore_info.weights_source == "imagenet-folder"


@pytest.mark.parametrize("include_top", [True, False])
def test_the_narrow_real_mobilenet_loads_by_path(classroom: Path, include_top: bool) -> None:
    import keras

    network = keras.applications.MobileNet(alpha=0.25, weights=None, include_top=include_top, input_shape=(128, 128, 3))
    before = weights_hash(network)
    suffix = "" if include_top else "_no_top"
    load_weights_file(network, classroom / f"mobilenet_2_5_128_tf{suffix}.h5")
    assert weights_hash(network) != before


def test_weights_of_another_width_are_told_with_both_shapes(classroom: Path) -> None:
    with pytest.raises(WeightsError, match=r"`conv1`.*\(3, 3, 3, 32\).*\(3, 3, 3, 8\)"):
        build_base("MobileNet", input_shape=SHAPE, weights=classroom / "mobilenet_2_5_128_tf_no_top.h5")


def test_weights_with_a_top_do_not_pass_for_those_without(classroom: Path) -> None:
    path = classroom / "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5"
    with pytest.raises(WeightsError, match=r"104 layers.*105"):
        build_base("MobileNetV2", input_shape=SHAPE, weights=path)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.99])
def test_a_file_that_breaks_off_is_told(classroom: Path, tmp_path: Path, share: float) -> None:
    whole = (classroom / "mobilenet_2_5_128_tf_no_top.h5").read_bytes()
    broken = tmp_path / "broken.h5"
    broken.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(WeightsError, match="breaks off"):
        build_base("MobileNet", input_shape=SHAPE, weights=broken)


def test_a_classroom_folder_is_the_first_choice_where_it_has_the_file(classroom: Path) -> None:
    first = available_weights("MobileNetV2")[0]
    assert (first.weights, first.kind, first.here) == ("imagenet", "imagenet-folder", True)
    assert first.description.format(**first.params).endswith(str(classroom))


# Files of every kind


def test_weights_saved_by_keras_come_back(slim: Any, tmp_path: Path) -> None:
    path = tmp_path / "slim.weights.h5"
    slim.save_weights(path)
    base = build_base("VGG16Slim", input_shape=(64, 64, 3), weights=str(path))
    assert base.tlcore_info.weights_source == "file"
    assert base.tlcore_info.weights_hash == slim.tlcore_info.weights_hash


def test_weights_of_keras_with_other_shapes_are_told(slim: Any, tmp_path: Path) -> None:
    path = tmp_path / "slim.weights.h5"
    slim.save_weights(path)
    with pytest.raises(WeightsError, match="another network"):
        build_base("VGG16", input_shape=SHAPE, weights=path)


def test_a_format_under_the_name_of_the_other_is_told(slim: Any, tmp_path: Path) -> None:
    path = tmp_path / "slim.weights.h5"
    slim.save_weights(path)
    with pytest.raises(WeightsError, match="Rename it"):
        build_base("VGG16Slim", input_shape=SHAPE, weights=path.rename(tmp_path / "slim.h5"))


def test_safetensors_come_back_in_half_precision(slim: Any, tmp_path: Path) -> None:
    path = tmp_path / "slim.safetensors"
    save_file(_halved(slim), path)
    base = build_base("VGG16Slim", input_shape=SHAPE, weights=path)
    for name, variable in tensors_by_name(base).items():
        np.testing.assert_array_equal(variable.numpy(), _halved(slim)[name].astype(np.float32))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda tensors: tensors.pop("block3_conv2/kernel"), "missing: block3_conv2/kernel"),
        (lambda tensors: tensors.update({"other/kernel": np.zeros(3)}), "not of this network: other/kernel"),
        (lambda tensors: tensors.update({"block1_conv1/bias": np.zeros(17, np.float16)}), r"\(16,\).*\(17,\)"),
        (lambda tensors: tensors.update({"block1_conv1/bias": np.full(16, np.nan)}), "NaN"),
    ],
)
def test_foreign_tensors_are_named(slim: Any, tmp_path: Path, change: Any, words: str) -> None:
    tensors: dict[str, Any] = dict(_halved(slim))
    change(tensors)
    save_file(tensors, tmp_path / "slim.safetensors")
    with pytest.raises(WeightsError, match=words):
        build_base("VGG16Slim", input_shape=SHAPE, weights=tmp_path / "slim.safetensors")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.h5", None, "not there"),
        ("page.h5", b"<!DOCTYPE html>", "web page"),
        ("empty.h5", b"", "empty"),
        ("signature.h5", b"\x89HDF\r\n\x1a\n" + b"\0" * 100, "breaks off"),
        ("noise.safetensors", b"\xff" * 100, "damaged"),
        ("empty.safetensors", b"", "damaged"),
        ("model.keras", b"PK\x03\x04", "can hold code"),
        ("model.pkl", b"\x80\x04", "can hold code"),
    ],
)
def test_what_is_no_weights_file_is_refused(tmp_path: Path, name: str, content: bytes | None, words: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(WeightsError, match=words):
        build_base("VGG16Slim", input_shape=SHAPE, weights=tmp_path / name)


def test_a_folder_is_no_weights_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match="path of a weights file"):
        build_base("VGG16Slim", input_shape=SHAPE, weights=str(tmp_path))


# The embedded base


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A file like the one that ships with the package, with weights that are known here; its full network."""
    network = build_base("VGG16Slim", input_shape=(64, 64, 3), include_top=True)
    save_file(_halved(network), tmp_path / "vgg16slim.safetensors")
    monkeypatch.setattr(embedded, "WEIGHTS_FILE", tmp_path / "vgg16slim.safetensors")
    return network


def test_the_embedded_base_loads_with_and_without_its_classifier(shipped: Any, tiny_images: NDArray[np.uint8]) -> None:
    base = build_base("VGG16Slim", input_shape=(150, 150, 3), weights="embedded")
    full = build_base("VGG16Slim", input_shape=(64, 64, 3), weights="embedded", include_top=True)

    assert base.output_shape == (None, 4, 4, 288)
    assert base.tlcore_info.weights_source == full.tlcore_info.weights_source == "embedded"
    assert full.tlcore_info.class_names == embedded_class_names()
    image = np.kron(tiny_images[0], np.ones((2, 2, 1), np.uint8))
    assert [row.index for row in predict(full, image, top=3)] == [row.index for row in predict(shipped, image, top=3)]


def test_the_embedded_base_is_the_first_choice_and_needs_no_network(shipped: Any) -> None:
    first = available_weights("VGG16Slim")[0]
    assert (first.weights, first.here) == ("embedded", True)


def test_a_missing_embedded_file_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedded, "WEIGHTS_FILE", tmp_path / "gone.safetensors")
    with pytest.raises(WeightsError, match="gone"):
        build_base("VGG16Slim", input_shape=SHAPE, weights="embedded")


def test_all_200_classes_have_names_in_both_languages() -> None:
    english, portuguese = embedded_class_names(), embedded_class_names("pt_BR")
    assert len(english) == len(portuguese) == len(embedded_synsets()) == 200
    assert len(set(english)) == len(set(portuguese)) == 200
    assert embedded_class_names("fr") == english


# Names of ImageNet's classes


@pytest.mark.parametrize("language", ["en", "pt_BR"])
def test_all_1000_classes_have_a_name_of_their_own(language: str) -> None:
    names = imagenet_class_names(language)
    assert len(names) == len({known.synset for known in imagenet_classes()}) == 1000
    assert len({name.casefold() for name in names}) == 1000
    assert all(name == name.strip() and len(name) > 1 for name in names)


def test_classes_are_in_the_order_of_the_outputs_and_named_as_people_say() -> None:
    synsets = [known.synset for known in imagenet_classes()]
    assert synsets == sorted(synsets), "ImageNet's outputs are in the order of WordNet's numbers"
    named = {known.synset: (known.en, known.pt_BR) for known in imagenet_classes()}
    assert named["n03127747"] == ("crash helmet", "capacete de proteção")
    assert named["n02012849"] == ("crane (bird)", "grou")
    assert named["n03126707"] == ("crane", "guindaste")
    assert {index: synsets[index] for index in EASY.values()} == {index: synset for synset, index in EASY.items()}


def test_the_embedded_classes_are_among_them() -> None:
    assert set(embedded_synsets()) <= {known.synset for known in imagenet_classes()}
    assert embedded_class_names("pt_BR")[0] == "peixe-dourado"


def test_a_base_of_imagenet_names_its_classes(classroom: Path) -> None:
    base = build_base("MobileNetV2", input_shape=(224, 224, 3), weights="imagenet", include_top=True)
    assert base.tlcore_info.class_names == imagenet_class_names()


@pytest.mark.parametrize("name", ["InceptionV3", "MobileNetV2"])
def test_tensors_have_the_same_names_whatever_was_built_before(name: str) -> None:
    import keras

    build = getattr(keras.applications, name)
    names = [list(tensors_by_name(build(weights=None, include_top=False, input_shape=(96, 96, 3)))) for _ in range(2)]
    assert names[0] == names[1]
    assert len(set(names[0])) == len(names[0])
