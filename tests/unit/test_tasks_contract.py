"""What holds for every task of the engine: what it may be told, and what it returns."""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tlcore.architectures import ArchitectureSummary
from tlcore.datasets import RejectedFile
from tlcore.datasets.inspection import ClassFacts, DatasetInspection
from tlcore.datasets.shortcuts import ShortcutProbe
from tlcore.engine import find_task
from tlcore.engine.in_worker import check_plain
from tlcore.engine.registry import list_tasks
from tlcore.engine.tasks.batch import BatchAnswer, BatchPhoto
from tlcore.engine.tasks.browser import BrowserNetwork, FrameAnswer
from tlcore.engine.tasks.channels import ActivatingImage, ChannelHeat, ChannelInSet, PhotoChannels
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.familiarity import PhotoFamiliarity
from tlcore.engine.tasks.feature_space import NearestImages, NearImage, ProjectedSet
from tlcore.engine.tasks.features import ExtractedFeatures, FeatureSurvey
from tlcore.engine.tasks.formats import ComparedWays, LiteRTVersions
from tlcore.engine.tasks.gallery import GalleryImage, GalleryPage
from tlcore.engine.tasks.image_index import ShownImage, ShownPhoto
from tlcore.engine.tasks.inspection import InspectedSet
from tlcore.engine.tasks.layers import LayerActivations, LayerWeights
from tlcore.engine.tasks.networks import ExportedModel
from tlcore.engine.tasks.packing import PackedImages, PackedRun
from tlcore.engine.tasks.prediction import MapCheck, PhotoAnswer, PhotoExplanation
from tlcore.engine.tasks.references import DatasetReference, FeatureSubject, NetworkReference, PhotoReference
from tlcore.engine.tasks.seen import AugmentedPhoto, ChoiceAnswer, PreparationShown, ShownStep
from tlcore.engine.tasks.suspects import ProbeResult, SuspectImage, SuspectLabels
from tlcore.engine.tasks.trained_run import KeptRun, kept_run, kept_runs, trained_run
from tlcore.explanation import ChannelActivity
from tlcore.export.agreement import Agreement, WayAnswer
from tlcore.export.browser import DenseWeights
from tlcore.export.litert_sizes import LiteRTVersion
from tlcore.inference import Prediction
from tlcore.museum import ProgramRun
from tlcore.settings import Settings
from tlcore.store import OwnerStore, new_owner

REPOSITORY = Path(__file__).resolve().parents[2]
READY = DatasetReference(name="digits", num_images=80, image_size=(32, 48), seed=3)
BROUGHT = DatasetReference(item="a" * 32)
SHOWN = ShownImage(3, 1, "a.png", b"png")
ACTIVITY = ChannelActivity(channel=1, mean=0.5, highest=1.0, row=0, column=0, share_active=0.5)
PIXELS, MAP = np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.float32)
NETWORK = NetworkReference(base="VGG16Slim", weights="embedded")
PHOTO = ShownPhoto(b"png", None, None)
TESTED = ProbeResult(8, 10, 0.5, 0.9)
FACTS: dict[str, Any] = {
    "spec": {"base": "VGG16Slim", "head": [8], "epochs": 1},
    "data": READY.model_dump(mode="json"),
    "dataset": "digits",
    "class_names": ["a", "b"],
    "class_titles": ["a", "b"],
    "history": [{"epoch": 1, "phase": "head", "loss": 0.5}],
    "layer_history": [],
    "trainable_tensors_before": 30,
    "trainable_tensors_after": 4,
    "trainable_tensors_fine_tuning": None,
    "weight_drift": {"block1_conv1": 0.0},
    "timings": {"head": 1.5},
    "test_metrics": {
        "accuracy": 0.75,
        "balanced_accuracy": 0.75,
        "confusion_matrix": [[2, 0], [1, 1]],
        "wilson_interval": {"low": 0.3, "high": 0.95, "level": 0.95},
        "per_class": [{"class_name": name, "precision": 1.0, "recall": 1.0, "f1": 1.0, "count": 2} for name in "ab"],
        "mistakes": [{"index": 2, "true": 1, "predicted": 0, "probability": 0.6}],
        "thresholds": [],
    },
    "cost_ledger": {
        "base_forward_passes": 80,
        "base_forward_passes_plain": 80,
        "trained_parameters": {"head": 100},
        "total_parameters": 1000,
        "optimizer_bytes": 400,
        "cached_bytes": 0,
        "seconds": {"head": 1.5},
        "precision": "float32",
        "plain_seconds_estimated": None,
        "cache_hits": 0,
    },
    "notes": [["A note about {layer}.", {"layer": "block1_conv1"}]],
    "stopped": False,
    "can_go_on": True,
}
RESULTS = (
    DatasetPreview(
        "photos", ("a",), ("a",), BROUGHT, (4, 4), {"train": (1,)}, {"train": (SHOWN,)}, (RejectedFile("b", "c"),)
    ),
    (SHOWN, SHOWN),
    ExtractedFeatures((1, 1, 512), {"train": 8}, 0.5, FeatureSubject(base="VGG16Slim", weights=None, data=READY)),
    FeatureSurvey(FeatureSubject(base="VGG16Slim", weights=None, data=READY), {"block1_conv1": (4, 4, 16)}, 80, 0.5),
    PhotoChannels(PHOTO, (4, 4, 1), (ACTIVITY,), PIXELS),
    ChannelInSet(ChannelHeat(1.0, b"png"), (ActivatingImage(SHOWN, ChannelHeat(0.5, b"png")),), 0.5),
    ProjectedSet(np.zeros((1, 2), np.float32), (0,), (1,), ("train",), None, 16, 5, 0.9, 0.5, 80),
    NearestImages(PHOTO, (NearImage(SHOWN, 0.9, 0.1),), 16, (40, 40)),
    LayerWeights((), None),
    LayerActivations(PIXELS, (4, 4, 1), (ACTIVITY,), PIXELS, ACTIVITY, MAP.astype(np.uint8), 0, 0, 1.0, None),
    PhotoAnswer(NETWORK, (Prediction("cat", 0.9, 0),), b"png", b"png"),
    PhotoExplanation(PIXELS, MAP),
    MapCheck(MAP, MAP, 0.5, 5),
    PhotoFamiliarity(0.5, 0.4, MAP[0], 0.9, 0.1, (SHOWN,)),
    BatchAnswer(
        NETWORK,
        (BatchPhoto("a.png", None, None, (Prediction("cat", 0.9, 0),), None, False, b"jpg"),),
        (RejectedFile("b", "c"),),
        None,
        None,
    ),
    ExportedModel("a" * 32, "keras", "model.keras"),
    LiteRTVersions("a" * 32, (LiteRTVersion("int8", "model_int8.tflite", 8, 0.9, 0.1),)),
    ComparedWays("a" * 32, Agreement((WayAnswer("app", (0.5, 0.5), 0.0),), None, 0.0)),
    PackedRun("a" * 32, True, "take_home.zip"),
    PackedImages(READY, "a" * 32, "images.zip"),
    GalleryPage(b"jpg", 10, (GalleryImage(0, 0, "train", "a.png"),), 1, 1),
    InspectedSet(
        READY,
        DatasetInspection((ClassFacts("a", 1, 1, 1, 5.0, 1.0, (3,)),), MAP, (), (), (), (0,), None),
        (ShortcutProbe("colour", 0.9, 0.8, 1.0, 0.5, 80),),
    ),
    SuspectLabels(READY, "VGG16Slim", (SuspectImage(0, "a", "b", -0.5),), 9, 1, TESTED, TESTED, 0.5),
    PreparationShown(
        "VGG16Slim",
        (64, 64),
        (ShownStep("file", 4, 4, b"png"),),
        1,
        "RGB",
        (ChoiceAnswer("right", b"png", 0.0, 1.0, (0.5, 0.5, 0.5), (Prediction("cat", 0.9, 0),)),),
    ),
    AugmentedPhoto(b"jpg", 4, 12),
    BrowserNetwork(NETWORK, "a.tflite", b"", "average", (DenseWeights(1, "sigmoid", b"", b""),), ("a", "b")),
    FrameAnswer((Prediction("cat", 0.9, 0),), 0.1),
    ProgramRun(({"epoch": 1, "phase": 1, "loss": 0.5},), {"test_accuracy": 0.5}, 0.5),  # of the museum
    trained_run("a" * 32, FACTS),
)


@pytest.mark.parametrize("name", list_tasks())
def test_every_task_returns_what_cannot_be_changed(name: str) -> None:
    function = find_task(name).function
    if not function.__module__.startswith("tlcore."):
        pytest.skip("a task of the tests of the engine")
    returned = function.__annotations__["return"].removeprefix("tuple[").removesuffix(", ...]")
    kind = {**vars(sys.modules[function.__module__]), "ArchitectureSummary": ArchitectureSummary}[returned]
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_results_are_read_without_tensorflow(tmp_path: Path) -> None:
    """As the web process reads them."""
    file = tmp_path / "results.pickle"
    file.write_bytes(pickle.dumps(check_plain(RESULTS)))
    code = f"import pickle, sys; pickle.load(open({str(file)!r}, 'rb')); print('tensorflow' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"


@pytest.mark.parametrize(("reference", "brought"), [(READY, False), (BROUGHT, True)])
def test_a_set_of_images_is_ready_or_brought(reference: DatasetReference, brought: bool) -> None:
    assert reference.is_brought == brought
    again = DatasetReference.model_validate_json(reference.model_dump_json())
    assert again == reference, "also when it comes back from a file, where tuples are lists"
    assert hash(again) == hash(reference)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (DatasetReference, {}),
        (DatasetReference, {"name": "digits", "item": "a" * 32}),
        (DatasetReference, {"name": "digits", "num_images": 0}),
        (DatasetReference, {"name": "digits", "path": "/etc"}),
        (NetworkReference, {}),
        (NetworkReference, {"base": "VGG16", "run_id": "a" * 32}),
        (NetworkReference, {"base": "VGG16", "pooling": "sum"}),
        (PhotoReference, {}),
        (PhotoReference, {"index": 1, "image": b"png"}),
    ],
)
def test_a_reference_names_one_thing(kind: Any, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        kind(**fields)


def test_a_base_is_described_as_it_is_built() -> None:
    assert NetworkReference(base="VGG16").arguments == {"input_shape": (224, 224, 3), "include_top": True}
    small = NetworkReference(base="VGG16", input_shape=(64, 64, 3), include_top=False, pooling="avg")
    assert small.arguments == {"input_shape": (64, 64, 3), "include_top": False, "pooling": "avg"}
    assert not small.is_trained
    assert NetworkReference(run_id="a" * 32).is_trained


def test_kept_runs_are_told_as_they_were_and_foreign_ones_left_out(tmp_path: Path) -> None:
    store = OwnerStore(new_owner(), Settings(home=tmp_path))
    with store.draft("runs", name="of another version") as foreign:
        foreign.details.update({"spec": {}, "history": []})
    with store.draft("runs", name="mine") as draft:
        draft.details.update(FACTS)
    run = trained_run(draft.item_id, FACTS)
    kept_s = store.item("runs", draft.item_id).created_s
    assert kept_runs(store) == [KeptRun(run, 2, "mine", "2. mine", kept_s)]
    assert kept_run(store, foreign.item_id) is None
    assert run.spec.head == (8,)
    assert run.data == READY
    assert run.test_metrics.mistakes[0].predicted == 0
