"""Project files that say what cannot be, made from a seed and, where there is one, from a file that is well."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.hostile.uploads import BadFile, zipped
from tlcore.projects.archive import DOCUMENT, WEIGHTS

Document = dict[str, Any]
_SPEC: Document = {"base": "LeNet5Modern", "weights": "random", "method": "scratch", "head": [8], "epochs": 1}
_ROW: Document = {"epoch": 1, "phase": "head", "loss": 1.0, "accuracy": 0.5, "val_loss": 1.0, "val_accuracy": 0.5}
#: The document of a file whose weights are too few: enough for all that is refused before they are read.
PLAIN: Document = {
    "format": "transfer-learning-project",
    "version": 1,
    "spec": _SPEC,
    "input_shape": [32, 32, 3],
    "class_names": ["a", "b"],
    "history": [_ROW],
}


def bad_projects(count: int, seed: int, whole: bytes | None) -> Iterator[BadFile]:
    """So many, all sorts in turn.

    Args:
        count: How many.
        seed: They are made from it.
        whole: A project file that is well; without it all have weights that do not fit.
    """
    document, weights = _parts(whole) if whole else (PLAIN, safetensors({"x": np.zeros((2, 2), np.float32)}))
    for number in range(count):
        random, sort = Random(f"{seed} project {number}"), SORTS[number % len(SORTS)]
        content = sort(random, json.loads(json.dumps(document)), weights)
        yield BadFile(sort.__name__.strip("_").replace("_", " "), "project.zip", content)


def whole_project(folder: Path) -> bytes:
    """A project file of a network that was trained a little, in this process."""
    import tlcore

    data = tlcore.load_dataset("digits", num_images=60, image_size=(32, 32))
    spec = tlcore.TrainingSpec(base="LeNet5Modern", weights="random", method="scratch", head=(8,), epochs=1)
    return Path(tlcore.save_project(tlcore.train(spec, data), folder / "project.zip")).read_bytes()


def safetensors(tensors: dict[str, Any]) -> bytes:
    """Weights as a project file holds them."""
    from safetensors.numpy import save

    return save(tensors)


def _parts(whole: bytes) -> tuple[Document, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return json.loads(archive.read(DOCUMENT)), archive.read(WEIGHTS)


def _file(document: Document | bytes | str, weights: bytes) -> bytes:
    if not isinstance(document, bytes | str):
        document = json.dumps(document)
    return zipped((DOCUMENT, document if isinstance(document, bytes) else document.encode()), (WEIGHTS, weights))


def _weights_that_are_no_numbers(random: Random, document: Document, weights: bytes) -> bytes:
    from safetensors.numpy import load

    tensors = load(weights)
    name = random.choice(sorted(tensors))
    changed = np.array(tensors[name])
    changed.flat[random.randrange(changed.size)] = random.choice((np.nan, np.inf, -np.inf))
    return _file(document, safetensors({**tensors, name: changed}))


def _absurd_shapes(random: Random, document: Document, weights: bytes) -> bytes:
    shape = random.choice(([2**31, 2**31], [-1, 4], [0], [1] * 300, [2**62], [], ["a"], [1.5]))
    offsets = random.choice(([0, 4], [0, 2**63], [4, 0], [-4, 4], [2**40, 2**41]))
    kind = random.choice(("F32", "F64", "I8", "BF16", "NOTHING", 7))
    header = json.dumps({"conv1/kernel": {"dtype": kind, "shape": shape, "data_offsets": offsets}}).encode()
    length = random.choice((len(header), 2**63 - 1, 0, len(header) + 1_000))
    return _file(document, struct.pack("<Q", length) + header + bytes(16))


def _changed_weights(random: Random, document: Document, weights: bytes) -> bytes:
    changed = bytearray(weights)
    for _change in range(random.randrange(1, 40)):
        changed[random.randrange(min(2_000, len(changed)))] = random.randrange(256)
    return _file(document, bytes(changed[: random.randrange(1, len(changed) + 1)]))


def _a_later_version(random: Random, document: Document, weights: bytes) -> bytes:
    document["version"] = random.choice((2, 999, 2**70, -1, "1", None, 1.5))
    document.update({"from_the_future": {}} if random.random() < 0.5 else {})
    return _file(document, weights)


def _a_wrong_hash(random: Random, document: Document, weights: bytes) -> bytes:
    digest = random.choice(("0" * 32, "g" * 32, "../" * 10, "", "f" * 4_000, None, 12))
    document["images"] = {"digest": digest, "name": random.choice(("helmets", "../../etc", "", "x" * 150))}
    document["images"] |= random.choice(({}, {"is_brought": False}, {"num_images": 10**9, "seed": -1}))
    return _file(document, weights)


def _a_spec_that_cannot_be(random: Random, document: Document, weights: bytes) -> bytes:
    document["spec"] |= random.choice(_SPECS)
    return _file(document, weights)


def _shapes_and_classes_that_cannot_be(random: Random, document: Document, weights: bytes) -> bytes:
    document |= random.choice(_DOCUMENTS)
    return _file(document, weights)


def _results_that_cannot_be(random: Random, document: Document, weights: bytes) -> bytes:
    """What pages draw from: rows without their numbers, numbers that are none, templates that ask for more."""
    for field, value in random.sample(_RESULTS, 2):
        document[field] = value
    return _file(document, weights)


def _text_that_is_no_document(random: Random, document: Document, weights: bytes) -> bytes:
    texts: list[str | bytes] = [
        "",
        "null",
        "[]",
        "{",
        "[" * 100_000,
        '{"a":' * 50_000,
        "1" * 10_000,
        b"\xff\xfe\x00",
        "NaN",
    ]
    texts += [json.dumps(document).replace("1", "1" * 6_000, 1), json.dumps(document)[: random.randrange(20, 200)]]
    return _file(random.choice(texts), weights)


def _other_members(random: Random, document: Document, weights: bytes) -> bytes:
    members = [(DOCUMENT, json.dumps(document).encode()), (WEIGHTS, weights)]
    extra = [
        (f"../{DOCUMENT}", b"{}"),
        ("model.pkl", b"\x80\x04."),
        (DOCUMENT, b"{}"),
        ("/etc/cron.d/x", b"*"),
        ("a\0b", b""),
    ]
    return zipped(*random.sample(members, random.randrange(1, 3)), random.choice(extra))


def _broken_off(random: Random, document: Document, weights: bytes) -> bytes:
    whole = bytearray(_file(document, weights))
    for _change in range(random.randrange(20)):
        whole[random.randrange(len(whole))] = random.randrange(256)
    return bytes(whole[: random.randrange(1, len(whole) + 1)])


_SPECS: tuple[Document, ...] = (
    {"base": "../../etc/passwd"},
    {"base": "VGG16", "weights": "/etc/passwd"},
    {"base": "EfficientNetV2L"},
    {"base": None},
    {"head": [65_536] * 8},
    {"head": [0]},
    {"head": [2**70]},
    {"head": []},
    {"epochs": 10**9},
    {"epochs": -1},
    {"batch_size": 0},
    {"learning_rate": "NaN"},
    {"unfreeze_from": "x" * 100_000},
    {"method": "__import__"},
    {"seed": -(2**70)},
    {"nobody_knows": 1},
)
_DOCUMENTS: tuple[Document, ...] = (
    {"input_shape": [10**9, 10**9, 3]},
    {"input_shape": [0, 0, 3]},
    {"input_shape": [-32, 32, 3]},
    {"input_shape": [32, 32, 10**6]},
    {"input_shape": [32]},
    {"input_shape": [20_000, 20_000, 3]},
    {"class_names": ["a"]},
    {"class_names": ["a"] * 1_000},
    {"class_names": ["a", "a"]},
    {"class_names": ["<script>alert(1)</script>", "../../etc"]},
    {"class_names": [{}, None]},
    {"name": "![x](http://example.org) <b>{x}</b>"},
    {"name": "n" * 100_000},
    {"created": "yesterday"},
    {"format": "another"},
    {"trainable_tensors_after": -5},
)
_RESULTS: tuple[tuple[str, Any], ...] = (
    ("history", []),
    ("history", [{}]),
    ("history", [{"epoch": "first"}]),
    ("history", [{**_ROW, "accuracy": None, "loss": "NaN"}]),
    ("history", [{**_ROW, "epoch": 10**12, "phase": ["x"], "seconds": -1}] * 300),
    ("history", [{**_ROW, "phase": "nobody"}]),
    ("test_metrics", {}),
    ("test_metrics", {"accuracy": "high", "balanced_accuracy": None}),
    ("test_metrics", {"accuracy": 7, "balanced_accuracy": -1, "confusion_matrix": [[1]]}),
    ("test_metrics", {"accuracy": 0.5, "balanced_accuracy": 0.5, "confusion_matrix": [["a", {}], []]}),
    ("test_metrics", {"accuracy": 0.5, "balanced_accuracy": 0.5, "confusion_matrix": [[10**30, -1], [0, 0]]}),
    ("cost_ledger", {}),
    ("cost_ledger", {"seconds": "x", "trained_parameters": [1], "base_forward_passes": None}),
    ("notes", [["{0.__class__.__init__}", {}]]),
    ("notes", [["{x!r:>9999999}", {"x": 1}]]),
    ("notes", [["{x:,.9f}", {"x": "text"}]]),
    ("timings", {"build": 1e308, "x" * 150: -1}),
    ("weight_drift", {"nobody": 1e300, "<b>": -1}),
    ("layer_history", [{"epoch": None, "drift": {"x": "y"}, "gradient_norm": []}]),
    ("layer_history", [{}] * 50),
    ("stopped", True),
)
SORTS: tuple[Callable[[Random, Document, bytes], bytes], ...] = (
    _a_spec_that_cannot_be,
    _results_that_cannot_be,
    _text_that_is_no_document,
    _weights_that_are_no_numbers,
    _absurd_shapes,
    _shapes_and_classes_that_cannot_be,
    _other_members,
    _a_later_version,
    _results_that_cannot_be,
    _a_wrong_hash,
    _changed_weights,
    _broken_off,
)
