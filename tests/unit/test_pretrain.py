"""The pretraining: folding is exact, the stages run on a tiny set, a resumed run equals an uninterrupted one."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scripts.pretrain.decode import decode
from scripts.pretrain.fold import BatchNorm, fold_batch_norm


def random_batch_norm(channels: int, generator: np.random.Generator) -> BatchNorm:
    gamma, beta, mean = (generator.normal(size=channels).astype("float32") for _ in range(3))
    return BatchNorm(gamma, beta, mean, generator.uniform(0.1, 2.0, channels).astype("float32"), epsilon=1e-3)


def test_folded_convolution_equals_convolution_and_batch_norm() -> None:
    import keras

    generator = np.random.default_rng(0)
    statistics = random_batch_norm(8, generator)
    kernel = generator.normal(size=(3, 3, 5, 8)).astype("float32")
    images = generator.normal(size=(2, 9, 9, 5)).astype("float32")

    plain = keras.Sequential([keras.Input((9, 9, 5)), keras.layers.Conv2D(8, 3, padding="same", use_bias=False)])
    plain.add(keras.layers.BatchNormalization(epsilon=statistics.epsilon))
    plain.set_weights([kernel, *statistics[:4]])
    folded = keras.Sequential([keras.Input((9, 9, 5)), keras.layers.Conv2D(8, 3, padding="same")])
    folded.set_weights(list(fold_batch_norm(kernel, statistics)))

    np.testing.assert_allclose(folded(images), plain(images, training=False), atol=1e-4)


def write_photographs(folder: Path, classes: int = 3, images: int = 8) -> None:
    generator = np.random.default_rng(0)
    for split in ("train", "validation"):
        for label in range(classes):
            target = folder / split / f"class{label}"
            target.mkdir(parents=True)
            for number in range(images):
                pixels = generator.integers(0, 60, (70, 64, 3), "uint8") + np.uint8(60 * label)
                encoded = io.BytesIO()
                Image.fromarray(pixels).save(encoded, "PNG")
                (target / f"{number}.png").write_bytes(encoded.getvalue())


@pytest.fixture
def work(tmp_path: Path) -> Path:
    write_photographs(tmp_path / "data")
    for split in ("train", "validation"):
        decode(tmp_path / "data", tmp_path, split)
    return tmp_path


def test_decode_reads_a_folder_in_class_order(work: Path) -> None:
    images = np.load(work / "train_images.npy")
    labels = np.load(work / "train_labels.npy")
    assert images.shape == (24, 64, 64, 3)
    assert images.dtype == np.uint8
    assert labels.tolist() == [0] * 8 + [1] * 8 + [2] * 8
    assert [images[labels == label].mean().round() // 60 for label in range(3)] == [0, 1, 2]


def test_decode_reads_tfrecord_shards(shared_folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "shards"
    source.mkdir()
    shard = next((shared_folder / "data" / "tiny-imagenet-200").glob("validation-*.tfrecord"))
    (source / "validation-00000-of-00001.tfrecord").write_bytes(shard.read_bytes()[:600_000])
    import tensorflow as tf

    with pytest.raises(tf.errors.DataLossError):  # a shard cut short is refused, not read in part
        decode(source, tmp_path, "validation")
    assert not (tmp_path / "validation_labels.npy").exists()


def recipe(epochs: int):  # type: ignore[no-untyped-def]
    train = pytest.importorskip("scripts.pretrain.train", reason="pretraining needs torch", exc_type=ImportError)
    return train, train.Recipe(epochs=epochs, sizes=(32, 48), batch_size=8, warmup_epochs=1.0)


def test_resumed_training_equals_uninterrupted(work: Path) -> None:
    train, two_epochs = recipe(2)
    torch = pytest.importorskip("torch")
    train.Pretraining(work, two_epochs).run()
    whole = torch.load(work / "checkpoint.pt", weights_only=True)["network"]

    (work / "checkpoint.pt").unlink()
    interrupted = train.Pretraining(work, two_epochs)
    interrupted._train_epoch(0)
    interrupted._save(1)
    train.Pretraining(work, two_epochs).run()
    resumed = torch.load(work / "checkpoint.pt", weights_only=True)["network"]
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_exported_file_computes_what_the_trained_network_did(work: Path) -> None:
    train, one_epoch = recipe(1)
    torch = pytest.importorskip("torch")
    train.Pretraining(work, one_epoch).run()
    from scripts.pretrain.export import averaged_network, export, folded_tensors

    network = averaged_network(work)
    images = np.load(work / "validation_images.npy")[:4]
    with torch.inference_mode():
        scores = network(torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1.0)[0]

    import tlcore

    base = tlcore.build_base("VGG16Slim", input_shape=(64, 64, 3), weights="random", include_top=False, pooling="avg")
    tensors = folded_tensors(network)
    for layer in base.layers:
        if f"{layer.name}/kernel" in tensors:
            layer.set_weights([tensors[f"{layer.name}/kernel"], tensors[f"{layer.name}/bias"]])
    pooled = np.asarray(base(images.astype("float32")))
    ours = pooled @ tensors["predictions/kernel"] + tensors["predictions/bias"]
    np.testing.assert_allclose(ours, scores.numpy(), atol=1e-3)

    export(work, work / "slim.safetensors")
    from safetensors import safe_open

    with safe_open(work / "slim.safetensors", "numpy") as weights:
        assert json.loads(weights.metadata()["epochs"]) == 1
        assert weights.get_tensor("block5_conv1/kernel").shape == (3, 3, 256, 288)
        assert weights.get_tensor("block5_conv1/kernel").dtype == np.float16


def test_the_teacher_answers_as_the_network_of_the_package_does(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="pretraining needs torch", exc_type=ImportError)
    import torch

    from scripts.pretrain.augment import to_network_range
    from scripts.pretrain.teacher import load_teacher, write_teacher

    write_teacher(tmp_path)
    teacher = load_teacher(tmp_path)
    assert teacher is not None
    images = np.random.default_rng(0).integers(0, 256, (2, 65, 64, 3), "uint8")
    with torch.inference_mode():
        answers = teacher.classes(teacher(to_network_range(torch.from_numpy(images)))).softmax(-1).numpy()

    import tlcore

    network = tlcore.build_base("EfficientNetLite0", input_shape=(65, 64, 3), weights="imagenet", include_top=True)
    np.testing.assert_allclose(answers, np.asarray(network(images.astype("float32"))), atol=1e-5)


def test_teacher_and_student_see_the_same_crop() -> None:
    torch = pytest.importorskip("torch", reason="pretraining needs torch", exc_type=ImportError)
    from scripts.pretrain.augment import random_views, resized

    smooth = np.linspace(0, 255, 64)[None, :, None, None] * np.linspace(0.2, 1, 64)[None, None, :, None]
    images = torch.from_numpy(np.repeat(np.repeat(smooth, 4, 0), 3, 3).astype("uint8"))
    views = random_views(images, (64, 160), 0.35, torch.Generator().manual_seed(0))
    assert (views.student.shape, views.teacher.shape) == ((4, 3, 64, 64), (4, 3, 160, 160))
    np.testing.assert_allclose(resized(views.teacher, 64), views.student, atol=0.03)
    assert float((views.student[0] - views.student[1]).abs().mean()) > 0.05  # yet each image has a crop of its own
