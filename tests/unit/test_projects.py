"""Projects come back as they were, bit for bit; files that are damaged, foreign or hostile do no harm."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load, save

from tlcore.errors import ProjectError
from tlcore.models import build_base
from tlcore.models.head import add_head
from tlcore.projects import ProjectDocument, load_project, read_project_summary, save_project
from tlcore.projects import project as project_module
from tlcore.settings import get_settings
from tlcore.training.run import Run
from tlcore.training.specification import TrainingSpec
from tlcore.training.trained_network import OwnNetwork

SHAPE = (32, 32, 3)


def make_run(class_names: tuple[str, ...] = ("red", "blue"), **settings: Any) -> Run:
    """A run as `train` leaves it, with a real network."""
    spec = TrainingSpec(**{"base": "VGG16Slim", "weights": "random", "head": (8,), **settings})
    base = build_base(spec.base, input_shape=SHAPE)
    network = OwnNetwork(add_head(base, spec.head_spec(len(class_names))))
    return Run(
        spec=spec,
        network=network,
        head_before={name: variable.numpy() / 2 for name, variable in network.head_tensors.items()},
        class_names=class_names,
        history=[
            {
                "epoch": 1,
                "phase": "head",
                "loss": np.float32(0.7),
                "val_loss": float("nan"),
                "gradient_norm": {"a": 1.5},
            }
        ],
        trainable_tensors_before=30,
        trainable_tensors_after=4,
        trainable_tensors_fine_tuning=None,
        weight_drift={"block1_conv1": 0.0, "head_dense_1": 0.25},
        timings={"head": 1.5},
        test_metrics={"accuracy": 0.5, "confusion_matrix": np.eye(2, dtype=int)},
        layer_history=[{"epoch": 1, "weight_drift": {"head_dense_1": np.float64(0.25)}}],
        notes=[("The cache was not used: {reason}.", {"reason": "augmentation"})],
    )


@pytest.fixture(scope="module")
def run() -> Run:
    return make_run()


@pytest.fixture
def saved(run: Run, tmp_path: Path) -> Path:
    return save_project(run, tmp_path / "lesson.tlproject")


@pytest.mark.parametrize(
    ("class_names", "settings"),
    [
        (("red", "blue"), {}),
        (("red", "blue", "vermelho-às-pressas"), {"pooling": "average", "head": (), "l2": 0.1}),
        (("red", "blue"), {"base": "MobileNetV2", "head": (16, 4), "dropout": 0.0}),
    ],
)
def test_a_project_predicts_bit_for_bit_as_before(
    class_names: tuple[str, ...], settings: dict[str, Any], tmp_path: Path, tiny_images: NDArray[np.uint8]
) -> None:
    run = make_run(class_names, **settings)
    loaded = load_project(save_project(run, tmp_path / "project.zip"))

    np.testing.assert_array_equal(np.asarray(loaded.model(tiny_images)), np.asarray(run.model(tiny_images)))
    np.testing.assert_array_equal(
        loaded.model.predict(tiny_images, verbose=0), run.model.predict(tiny_images, verbose=0)
    )
    assert loaded.class_names == class_names
    assert loaded.spec == run.spec


def test_all_that_a_run_tells_comes_back(run: Run, saved: Path) -> None:
    loaded = load_project(saved)

    assert loaded.history[0]["loss"] == pytest.approx(0.7)
    assert np.isnan(loaded.history[0]["val_loss"])
    assert loaded.history[0]["gradient_norm"] == {"a": 1.5}
    assert loaded.test_metrics == {"accuracy": 0.5, "confusion_matrix": [[1, 0], [0, 1]]}
    assert loaded.weight_drift == run.weight_drift
    assert loaded.layer_history == [{"epoch": 1, "weight_drift": {"head_dense_1": 0.25}}]
    assert loaded.notes == run.notes
    assert loaded.head_before.keys() == run.head_before.keys() == {*loaded.network.head_tensors}
    assert all(np.array_equal(loaded.head_before[name], values) for name, values in run.head_before.items())
    assert (loaded.trainable_tensors_before, loaded.trainable_tensors_after) == (30, 4)


def test_every_field_of_a_run_is_kept_but_what_belongs_to_its_process() -> None:
    missing = {field.name for field in fields(Run)} - set(ProjectDocument.model_fields)
    assert missing == {"network", "checkpoint", "head_before"}, "weights, and what no file holds"


def test_another_process_predicts_the_same(run: Run, saved: Path, tiny_images: NDArray[np.uint8]) -> None:
    np.save(saved.with_suffix(".npy"), tiny_images)
    code = (
        "import sys, numpy, tlcore; run = tlcore.load_project(sys.argv[1]);"
        "numpy.save(sys.argv[2], run.model(numpy.load(sys.argv[2])))"
    )
    subprocess.run([sys.executable, "-c", code, saved, saved.with_suffix(".npy")], check=True)
    np.testing.assert_array_equal(np.load(saved.with_suffix(".npy")), np.asarray(run.model(tiny_images)))


def test_a_summary_needs_no_tensorflow(saved: Path) -> None:
    code = (
        "import sys; from tlcore.projects import read_project_summary;"
        f"assert read_project_summary({str(saved)!r}).class_names == ('red', 'blue');"
        "raise SystemExit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_saving_again_replaces_the_file_and_leaves_nothing_else(run: Run, saved: Path) -> None:
    save_project(run, saved)
    assert list(saved.parent.iterdir()) == [saved]


def test_a_failed_save_keeps_the_older_file(run: Run, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()

    def full_disk(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", full_disk)
    with pytest.raises(ProjectError, match="Free some space"):
        save_project(run, saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_a_full_disk_is_told_and_nothing_is_left(run: Run, tmp_path: Path, full_disk: Any) -> None:
    with full_disk(), pytest.raises(ProjectError, match="Free some space"):
        save_project(run, tmp_path / "lesson.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ProjectError, match="another place"):
        save_project(run, tmp_path / "file" / "lesson.tlproject")


# Files that are no good


def rewritten(saved: Path, change: Callable[[dict[str, bytes]], Any]) -> Path:
    """The project with members changed by `change`."""
    with zipfile.ZipFile(saved) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(saved, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return saved


def edited(**changes: Any) -> Callable[[dict[str, bytes]], Any]:
    """Changes fields of the JSON."""

    def change(members: dict[str, bytes]) -> None:
        document = json.loads(members["project.json"])
        members["project.json"] = json.dumps(document | changes).encode()

    return change


def renamed_tensor(members: dict[str, bytes]) -> None:
    tensors = load(members["weights.safetensors"])
    tensors["block9_conv1/kernel"] = tensors.pop("block3_conv1/kernel")
    members["weights.safetensors"] = save(tensors)


SPEC = {"base": "VGG16Slim", "weights": "random"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (edited(version=2), "Update this program"),
        (edited(version=2, new_field=1), "Update this program"),
        (edited(unknown=1), "damaged"),
        (edited(format="zip"), "damaged"),
        (edited(spec={**SPEC, "base": "../../etc"}), "known network"),
        (edited(spec={**SPEC, "base": "NASNetLarge"}), "weights of NASNetLarge"),
        (edited(spec={**SPEC, "head": [10**9]}), "damaged"),
        (edited(spec={**SPEC, "head": [60000]}), "dense layer"),
        (edited(spec={**SPEC, "code": "print()"}), "damaged"),
        (edited(input_shape=[1, 1, 3]), "32"),
        (edited(input_shape=[4096, 4096, 3]), "dense layer"),
        (edited(class_names=["one"]), "damaged"),
        (edited(class_names=["x" * 10_000, "y"]), "damaged"),
        (edited(class_names=["a", "b", "c"]), "dense layer"),
        (edited(notes=[["{0.__class__}", {}]]), "damaged"),
        (edited(notes=[["{x:>99999999}", {"x": 1}]]), "damaged"),
        (lambda members: members.update({"project.json": b"{"}), "damaged"),
        (lambda members: members.update({"project.json": b"[" * 100_000}), "damaged"),
        (lambda members: members.update({"weights.safetensors": b"\x80\x04pickle"}), "damaged"),
        (lambda members: members.update({"../evil.py": b""}), "3 files"),
        (lambda members: members.pop("weights.safetensors"), "1 files"),
        (renamed_tensor, "block3_conv1"),
    ],
)
def test_changed_files_are_refused_with_a_reason(saved: Path, change: Any, words: str) -> None:
    with pytest.raises(ProjectError, match=words):
        load_project(rewritten(saved, change))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x89HDF", b"not a project" * 100])
def test_what_is_no_project_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lesson.tlproject").write_bytes(content)
    with pytest.raises(ProjectError, match="another program"):
        read_project_summary(tmp_path / "lesson.tlproject")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_no_numbers_are_refused(saved: Path, value: float) -> None:
    def change(members: dict[str, bytes]) -> None:
        tensors = load(members["weights.safetensors"])
        tensors["block3_conv1/kernel"] = np.full_like(tensors["block3_conv1/kernel"], value)
        members["weights.safetensors"] = save(tensors)

    with pytest.raises(ProjectError, match=f"NaN or infinity in `block3_conv1/kernel` of {saved.name}"):
        load_project(rewritten(saved, change))


def test_another_head_before_fine_tuning_is_refused(saved: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        tensors = load(members["weights.safetensors"])
        (name, *_others) = (name for name in tensors if name.startswith("before_fine_tuning/"))
        tensors[name] = np.zeros((1, 2, 3), np.float32)
        members["weights.safetensors"] = save(tensors)

    with pytest.raises(ProjectError, match=r"Received: \(1, 2, 3\)"):
        load_project(rewritten(saved, change))


def damaged_tensors(members: dict[str, bytes]) -> None:
    weights = members["weights.safetensors"]
    members["weights.safetensors"] = weights[:20] + b"\xff" + weights[21:]


def test_no_refusal_names_a_folder_or_a_class(saved: Path) -> None:
    documents = ({"input_shape": [1, 1, 3]}, {"class_names": ["one"]}, {"unknown": 1}, {"spec": {**SPEC, "head": None}})
    for change in (renamed_tensor, damaged_tensors, *(edited(**changed) for changed in documents)):
        whole = saved.read_bytes()
        with pytest.raises(ProjectError) as caught:
            load_project(rewritten(saved, change))
        saved.write_bytes(whole)
        for foreign in (str(saved.parent), tempfile.gettempdir(), "ProjectDocument", "Error", "Value error"):
            assert foreign not in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="not there"):
        load_project(tmp_path / "gone.tlproject")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.999])
def test_a_file_that_breaks_off_is_refused(saved: Path, share: float) -> None:
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ProjectError, match="damaged"):
        load_project(saved)


def test_a_flipped_bit_is_noticed(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 1
    saved.write_bytes(content)
    with pytest.raises(ProjectError, match="damaged"):
        load_project(saved)


def test_an_oversized_member_is_refused_before_it_is_unpacked(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLCORE_MAX_ARCHIVE_BYTES", "1000")
    get_settings.cache_clear()
    with pytest.raises(ProjectError, match="at most 1000 bytes"):
        load_project(saved)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.json", b"0" * (33 * 1024**2))
        archive.writestr("weights.safetensors", b"")
    (tmp_path / "bomb").write_bytes(buffer.getvalue())
    with pytest.raises(ProjectError, match="at most"):
        read_project_summary(tmp_path / "bomb")


def test_nothing_is_built_for_a_head_that_the_file_does_not_hold(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> None:
        pytest.fail("a head was built")

    monkeypatch.setattr(project_module, "add_head", never)
    with pytest.raises(ProjectError):
        project_module.load_project(rewritten(saved, edited(spec={**SPEC, "head": [65536]})))
