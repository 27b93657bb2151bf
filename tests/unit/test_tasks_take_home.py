"""What a person takes home, as workers pack it; and a project file that comes back, or is no good."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.datasets import dataset_digest, import_dataset
from tlcore.datasets.edits import DeleteImages, RenameClass
from tlcore.engine.job import JobContext
from tlcore.engine.tasks import editing, formats, opening, packing, training
from tlcore.engine.tasks.datasets import read
from tlcore.engine.tasks.networks import open_network
from tlcore.engine.tasks.references import DatasetReference, NetworkReference
from tlcore.engine.tasks.trained_run import TrainedRun, kept_runs, project_file
from tlcore.errors import InvalidArgumentError, ProjectError
from tlcore.settings import get_settings
from tlcore.store import new_owner
from tlcore.training import TrainingSpec

pytestmark = pytest.mark.xdist_group("take_home")  # one run for all of them
DATA = DatasetReference(name="digits", num_images=60, image_size=(32, 32), seed=3)
SPEC = TrainingSpec(base="VGG16Slim", weights="random", dataset="digits", head=(4,), epochs=1)
Change = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests here, as for all sessions of a server."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def isolated_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TLCORE_HOME", str(home))
    get_settings.cache_clear()
    return home


def a_session() -> JobContext:
    return JobContext("job", new_owner(), lambda event: None, lambda: False)


@pytest.fixture(scope="module")
def trained(home: Path) -> tuple[JobContext, TrainedRun]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TLCORE_HOME", str(home))
        get_settings.cache_clear()
        context = a_session()
        return context, training.train(context, spec=SPEC, data=DATA, go_on=False, name="my *first*")


@pytest.fixture(scope="module")
def saved(trained: tuple[JobContext, TrainedRun]) -> bytes:
    context, run = trained
    return project_file(context.store, run.run_id).read()


def brought(context: JobContext, content: bytes) -> str:
    return context.store.add("uploads", content, name="from home")


def answers(context: JobContext, run: TrainedRun, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(open_network(context, NetworkReference(run_id=run.run_id)).model(images))


def test_it_is_the_same_run_bit_for_bit_and_is_gone_on_with(
    trained: tuple[JobContext, TrainedRun], saved: bytes, tiny_images: NDArray[np.uint8]
) -> None:
    there, original = trained
    here = a_session()
    run = opening.open_project(here, item=brought(here, saved))

    np.testing.assert_array_equal(answers(here, run, tiny_images), answers(there, original, tiny_images))
    assert project_file(here.store, run.run_id).read() == saved
    (kept,) = kept_runs(here.store)
    assert (kept.name, kept.run) == ("my *first*", run)
    assert here.store.items("uploads") == []
    told = ("spec", "data", "history", "test_metrics", "weight_drift", "class_titles", "can_go_on")
    assert [getattr(run, name) for name in told] == [getattr(original, name) for name in told]

    same = training.train(here, spec=SPEC, data=DATA, go_on=True, from_run=run.run_id)
    np.testing.assert_array_equal(answers(here, same, tiny_images), answers(there, original, tiny_images))
    longer = SPEC.model_copy(update={"epochs": 2})
    more = training.train(here, spec=longer, data=DATA, go_on=True, from_run=run.run_id, more=True)
    assert [row["epoch"] for row in more.history] == [1, 2]
    assert more.history[0] == original.history[0]
    again = training.train(here, spec=longer, data=DATA, go_on=True, from_run=more.run_id)
    np.testing.assert_array_equal(answers(here, again, tiny_images), answers(here, more, tiny_images))


def test_a_run_is_packed_with_its_images_where_they_are_here(trained: tuple[JobContext, TrainedRun]) -> None:
    context, run = trained
    packed = packing.pack_run(context, run_id=run.run_id, with_images=True, language="pt-BR")
    with zipfile.ZipFile(context.store.path("runs", run.run_id, packed.file)) as archive:
        assert sum(name.startswith("images/") for name in archive.namelist()) == 60
        assert "## Como foi feita" in archive.read("MODEL_CARD.md").decode()


def test_a_set_is_packed_as_it_was_changed_and_the_older_zip_goes() -> None:
    context = a_session()
    changed = editing.edit_dataset(context, data=DATA, edit=DeleteImages(indices=(0, 1)))
    renamed = RenameClass(class_name=changed.class_names[0], new_name="zero")
    changed = editing.edit_dataset(context, data=changed.reference, edit=renamed)
    for data in (DATA, changed.reference):
        packed = packing.pack_images(context, data=data)
    (item,) = context.store.items("uploads")
    assert item.item_id == packed.item
    again = import_dataset(_as_zip(context, packed), image_size=(32, 32), keep_split=True)
    assert dataset_digest(again) == dataset_digest(read(context, changed.reference))


def _as_zip(context: JobContext, packed: packing.PackedImages) -> Path:
    return context.store.path("uploads", packed.item, packed.file)


def test_three_sizes_are_measured_side_by_side(trained: tuple[JobContext, TrainedRun]) -> None:
    context, run = trained
    made = formats.export_litert(context, run_id=run.run_id).versions
    assert [version.precision for version in made] == ["float32", "float16", "int8"]
    sizes = [version.num_bytes for version in made]
    assert sizes == [context.store.path("runs", run.run_id, version.file).stat().st_size for version in made]
    assert sizes[1] < 0.6 * sizes[0]
    assert sizes[2] < 0.4 * sizes[0]
    assert made[0].accuracy == run.test_metrics.accuracy
    assert [version.difference < most for version, most in zip(made, (1e-4, 1e-2, 0.2), strict=True)] == [True] * 3


def test_on_other_images_it_is_not_gone_on_with(saved: bytes) -> None:
    here = a_session()
    run = opening.open_project(here, item=brought(here, saved))
    others = DATA.model_copy(update={"seed": 4})
    with pytest.raises(InvalidArgumentError, match="cannot be gone on with"):
        training.train(here, spec=SPEC, data=others, go_on=True, from_run=run.run_id)


def test_one_s_own_images_are_known_again_and_others_are_not(
    saved: bytes, trained: tuple[JobContext, TrainedRun]
) -> None:
    def of_own_images(document: dict[str, Any]) -> None:
        document["images"] |= {"is_brought": True, "name": "my photos"}

    content, here = rewritten(saved, of_own_images), a_session()
    assert opening.open_project(here, item=brought(here, content), data=DATA).data == DATA
    for chosen in (None, DATA.model_copy(update={"seed": 4}), DatasetReference(item="a" * 32)):
        run = opening.open_project(here, item=brought(here, content), data=chosen)
        assert (run.data, run.can_go_on, run.dataset) == (None, False, "my photos")
    with pytest.raises(InvalidArgumentError, match="without them"):
        packing.pack_run(here, run_id=run.run_id, with_images=True)
    with pytest.raises(InvalidArgumentError, match="Choose a photo"):
        formats.compare_ways(here, run_id=run.run_id)


def rewritten(saved: bytes, change: Change) -> bytes:
    """The project with its document changed."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(saved)) as archive, zipfile.ZipFile(file, "w") as target:
        document = json.loads(archive.read("project.json"))
        change(document)
        target.writestr("project.json", json.dumps(document))
        target.writestr("weights.safetensors", archive.read("weights.safetensors"))
    return file.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.pop("test_metrics"),
        lambda document: document["test_metrics"].update(accuracy=float("nan")),
        lambda document: document["test_metrics"].update(confusion_matrix=[[1, 2]]),
        lambda document: document["test_metrics"].update(confusion_matrix=[[-1] * 10] * 10),
        lambda document: document["test_metrics"]["mistakes"].append(
            {"index": 0, "true": 10, "predicted": 0, "probability": 1}
        ),
        lambda document: document["history"][0].pop("seconds"),
        lambda document: document["history"][0].update(phase="magic"),
        lambda document: document["history"][0].update(epoch=7),
        lambda document: document["cost_ledger"].update(runtime="magic"),
        lambda document: document["weight_drift"].update(block1_conv1=float("inf")),
        lambda document: document["timings"].update(build=1e308),
        lambda document: document["timings"].update(build=-1),
        lambda document: document["test_metrics"].update(confusion_matrix=[[10**30] * 10] * 10),
        lambda document: document["layer_history"].append({"weight_drift": "none"}),
        lambda document: document.update(notes=[["{x:.2f}", {"x": "text"}]]),
    ],
)
def test_results_that_no_page_could_show_are_refused(saved: bytes, change: Change) -> None:
    here = a_session()
    with pytest.raises(ProjectError, match="from home") as refused:
        opening.open_project(here, item=brought(here, rewritten(saved, change)))
    assert "results of its run" in str(refused.value)
    assert here.store.used_bytes() == 0, "nothing is left of it"


def test_a_layer_whose_name_no_link_could_say_is_refused(saved: bytes) -> None:
    here = a_session()
    item = brought(here, rewritten(saved, lambda document: document["spec"].update(unfreeze_from="x" * 100_000)))
    with pytest.raises(ProjectError, match="unfreeze_from"):
        opening.open_project(here, item=item)


def test_what_is_no_project_is_refused_by_the_name_that_its_person_gave_it(saved: bytes) -> None:
    here = a_session()
    for content in (b"", b"no project", saved[:-100], rewritten(saved, lambda document: document.update(version=9))):
        with pytest.raises(ProjectError, match="from home"):
            opening.open_project(here, item=brought(here, content))
    assert here.store.used_bytes() == 0
