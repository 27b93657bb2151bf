"""Changes to a set of images: what becomes of labels and splits, how they are kept and looked at, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tlcore.datasets import Dataset, FileFacts, Split
from tlcore.datasets.contact_sheet import contact_sheet
from tlcore.datasets.edits import DatasetEdit, DeleteImages, MoveImages, RenameClass, edit_dataset
from tlcore.engine.job import JobContext
from tlcore.engine.tasks.datasets import copied_set, read
from tlcore.engine.tasks.editing import edit_dataset as edit_task
from tlcore.engine.tasks.editing import present_set, undo_edit
from tlcore.engine.tasks.gallery import GalleryPage, GalleryQuery, PageOfGallery, show_gallery
from tlcore.engine.tasks.references import DatasetReference
from tlcore.errors import InvalidArgumentError
from tlcore.experiments import ExperimentSettings
from tlcore.experiments.measuring.cache import cell_key
from tlcore.experiments.measuring.data import data_of, load
from tlcore.store import OwnerStore
from tlcore.store.datasets import read_class_names, read_dataset, read_training_labels, write_dataset
from tlcore.store.editions import (
    add_edition,
    edition_path,
    edits_of,
    is_edition,
    parent_of,
    present_edition,
    set_present_edition,
)

OWNER = "an-owner-of-a-test"
NAMES = ("cat", "dog", "owl")


@pytest.fixture
def pets() -> Dataset:
    """Two images of each class in each split; the value of all pixels of an image is its number in the set."""
    images = np.repeat(np.arange(18, dtype=np.uint8), 8 * 8 * 3).reshape(18, 8, 8, 3)
    labels = np.tile([0, 0, 1, 1, 2, 2], 3)
    files = tuple(FileFacts(100 + number, 80, 1000) for number in range(18))
    parts = [
        Split(images[p], labels[p], tuple(f"{i}.jpg" for i in range(18)[p]), files[p])
        for p in (slice(0, 6), slice(6, 12), slice(12, 18))
    ]
    return Dataset("pets", NAMES, *parts)


def numbers(split: Split) -> list[int]:
    return [int(image.flat[0]) for image in split.images]


def test_deleted_and_moved_images_stay_in_their_split(pets: Dataset) -> None:
    edited = edit_dataset(pets, [DeleteImages(indices=(1, 12)), MoveImages(indices=(2, 6), class_names=("owl", "dog"))])
    assert numbers(edited.train) == [0, 2, 3, 4, 5]
    assert edited.train.labels.tolist() == [0, 2, 1, 2, 2]
    assert edited.validation.labels.tolist() == [1, 0, 1, 1, 2, 2]
    assert numbers(edited.test) == [13, 14, 15, 16, 17]
    assert edited.train.files is not None
    assert edited.train.files[1] == FileFacts(102, 80, 1000)
    assert edited.train.sources[1] == "2.jpg"


def test_a_merged_class_is_gone_and_the_labels_close_up(pets: Dataset) -> None:
    edited = edit_dataset(pets, [RenameClass(class_name="cat", new_name="dog")])
    assert edited.class_names == ("dog", "owl")
    assert edited.train.labels.tolist() == [0, 0, 0, 0, 1, 1]
    assert pets.train.labels.tolist() == [0, 0, 1, 1, 2, 2], "the set as brought stays"


def test_a_renamed_class_keeps_its_place(pets: Dataset) -> None:
    edited = edit_dataset(pets, [RenameClass(class_name="dog", new_name=" hound "), DeleteImages(indices=(2,))])
    assert edited.class_names == ("cat", "hound", "owl")
    assert edited.train.labels.tolist() == [0, 0, 1, 2, 2]


def test_a_class_without_images_is_gone(pets: Dataset) -> None:
    owls = (4, 5, 10, 11, 16, 17)
    assert edit_dataset(pets, [DeleteImages(indices=owls)]).class_names == ("cat", "dog")


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (DeleteImages(indices=(18,)), "from 0 to 17"),
        (MoveImages(indices=(0,), class_names=("cow",)), "'cow'"),
        (RenameClass(class_name="cow", new_name="dog"), "'cow'"),
        (DeleteImages(indices=(12, 13)), "'cat' would have no image left for the test"),
        (MoveImages(indices=(0, 1), class_names=("dog", "dog")), "'cat' would have no image left to learn from"),
        (DeleteImages(indices=tuple(i for i in range(18) if i % 6 > 1)), "only one would be left"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(pets: Dataset, edit: DatasetEdit, reason: str) -> None:
    with pytest.raises(InvalidArgumentError, match=reason):
        edit_dataset(pets, [edit])


def test_editions_are_read_as_they_were_made(pets: Dataset, tmp_path: Path) -> None:
    write_dataset(pets, tmp_path)
    first, second = DeleteImages(indices=(0,)), RenameClass(class_name="cat", new_name="lynx")
    one = add_edition(tmp_path, "", first)
    two = add_edition(tmp_path, one, second)
    assert edits_of(tmp_path, two) == (first, second)
    assert [is_edition(file) for file in (tmp_path / "dataset.json", edition_path(tmp_path, one))] == [False, True]
    assert (parent_of(tmp_path, two), parent_of(tmp_path, one)) == (one, "")
    assert add_edition(tmp_path, "", first) == one, "the same change of the same set is the same edition"
    assert add_edition(tmp_path, "", second) != two
    path = edition_path(tmp_path, two)
    assert read_dataset(path, mapped=True).class_names == ("lynx", "dog", "owl")
    assert read_class_names(path) == ["lynx", "dog", "owl"]
    assert read_training_labels(path).tolist() == [0, 1, 1, 2, 2]
    assert len(read_dataset(tmp_path).train) == 6
    assert present_edition(tmp_path) == ""
    set_present_edition(tmp_path, one)
    assert present_edition(tmp_path) == one
    for unknown in ("", "0" * 16, "../../etc"):
        with pytest.raises(InvalidArgumentError):
            parent_of(tmp_path, unknown)


def test_experiments_take_an_edition_for_a_set_of_its_own(pets: Dataset, tmp_path: Path) -> None:
    write_dataset(pets, tmp_path)

    def cell(edition: str) -> dict[str, Any]:
        settings = ExperimentSettings(image_size=32, stored=str(edition_path(tmp_path, edition)))
        return {"data": data_of(settings, 0)}

    before = cell_key("three_ways", cell(""))
    edition = add_edition(tmp_path, "", RenameClass(class_name="cat", new_name="dog"))
    set_present_edition(tmp_path, edition)
    assert cell_key("three_ways", cell("")) == before, "the set as brought is still the same"
    assert cell_key("three_ways", cell(edition)) != before
    assert load(cell(edition)).class_names == ("dog", "owl")


@pytest.fixture
def context() -> JobContext:
    return JobContext("job", OWNER, lambda event: None, lambda: False)


@pytest.fixture
def brought(pets: Dataset) -> DatasetReference:
    with OwnerStore(OWNER).draft("datasets", name="pets") as draft:
        write_dataset(pets, draft.folder)
    return DatasetReference(item=draft.item_id)


def test_each_change_is_a_set_of_its_own_and_undo_is_one_step(context: JobContext, brought: DatasetReference) -> None:
    changed = edit_task(context, data=brought, edit=DeleteImages(indices=(0,)))
    again = edit_task(context, data=changed.reference, edit=DeleteImages(indices=(2,)))
    assert changed.counts["train"] == (1, 2, 2)
    assert again.counts["train"] == (1, 1, 2)
    assert len({brought, changed.reference, again.reference}) == 3
    assert len(again.edits) == 2
    assert present_set(context.store, str(brought.item)) == again.reference
    back = undo_edit(context, data=again.reference)
    assert back == changed
    assert len(read(context, again.reference).train) == 4, "what was trained on it still finds it"
    assert undo_edit(context, data=back.reference).reference == brought
    with pytest.raises(InvalidArgumentError):
        undo_edit(context, data=brought)


def test_a_ready_set_is_changed_as_a_copy_of_ones_own(context: JobContext) -> None:
    ready = DatasetReference(name="helmets", num_images=20, image_size=(32, 32))
    changed = edit_task(context, data=ready, edit=DeleteImages(indices=(0,)))
    assert changed.reference.is_brought
    assert copied_set(changed.name) == "helmets", "named in no language"
    assert changed.class_titles == ("no hard hat", "hard hat")
    assert changed.copied_from == ready
    names = [GalleryQuery(class_name=name) for name in changed.class_titles]
    assert [look(context, ready, query).total for query in names] == [10, 10]
    assert sum(look(context, changed.reference, query).total for query in names) == 19
    assert [item.name for item in OwnerStore(OWNER).items("datasets")] == [changed.name]
    assert len(read(context, ready).train) == len(read(context, changed.reference).train) + 1
    undone = undo_edit(context, data=changed.reference).reference
    assert undone.is_brought, "a copy stays one's own"


def test_a_refused_change_changes_nothing(context: JobContext, brought: DatasetReference) -> None:
    folder = OwnerStore(OWNER).folder("datasets", str(brought.item))
    changes: list[Callable[[], object]] = [
        lambda: edit_task(context, data=brought, edit=DeleteImages(indices=(12, 13))),
        lambda: edit_task(context, data=brought, edit=DeleteImages(indices=(12,)), test_locked=True),
    ]
    for change in changes:
        with pytest.raises(InvalidArgumentError, match="test"):
            change()
    assert present_edition(folder) == ""


def test_each_picture_lies_in_its_place_of_the_sheet_and_keeps_its_proportions() -> None:
    tall = np.full((40, 20, 3), (250, 0, 0), np.uint8)
    wide = np.full((20, 40, 3), (0, 0, 250), np.uint8)
    sheet = np.asarray(Image.open(BytesIO(contact_sheet([tall, wide, tall], 30, columns=2))))
    assert sheet.shape == (64, 64, 3), "cells of whole blocks of a JPEG"
    reddish, bluish = sheet[..., 0] > 150, sheet[..., 2] > 150
    assert reddish[:32, :32].mean() == pytest.approx(0.5, abs=0.1)
    assert reddish[:32, 12:20].all()
    assert bluish[12:20, 32:].all()
    assert reddish[32:, :32].any()
    assert not reddish[:, 32:].any()
    assert Image.open(BytesIO(contact_sheet([], 32))).size == (32, 32)


@pytest.fixture
def edited(context: JobContext, brought: DatasetReference) -> DatasetReference:
    moved = edit_task(context, data=brought, edit=MoveImages(indices=(2,), class_names=("cat",)))
    return edit_task(context, data=moved.reference, edit=DeleteImages(indices=(0,))).reference


def look(context: JobContext, data: DatasetReference, query: GalleryQuery, **page: int) -> GalleryPage:
    return show_gallery(context, data=data, query=query, page=PageOfGallery(**page))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (GalleryQuery(class_name="cat"), [1, 2, 6, 7, 12, 13]),
        (GalleryQuery(class_name="cat", split="test"), [12, 13]),
        (GalleryQuery(split="train"), [1, 2, 3, 4, 5]),
        (GalleryQuery(only=(9, 0, 3, 99)), [9, 3]),
        (GalleryQuery(class_name="cow"), []),
    ],
)
def test_a_question_finds_images_of_the_set_as_it_is_now(
    context: JobContext,
    edited: DatasetReference,
    query: GalleryQuery,
    found: list[int],
) -> None:
    page = look(context, edited, query)
    assert [image.index for image in page.images] == found
    assert page.total == len(found)
    assert all(image.source == f"{image.index}.jpg" for image in page.images)


def test_pages_go_through_all_images_once_and_show_their_pixels(
    context: JobContext,
    edited: DatasetReference,
    pets: Dataset,
) -> None:
    pages = [look(context, edited, GalleryQuery(), number=number, size=7, cell=16) for number in (1, 2, 3, 9)]
    assert [page.number for page in pages] == [1, 2, 3, 3], "a page that is not there any more: the last"
    seen = [image for page in pages[:3] for image in page.images]
    assert sorted(image.index for image in seen) == list(range(1, 18))
    assert [image.label for image in seen] == sorted(image.label for image in seen)
    sheet = np.asarray(Image.open(BytesIO(pages[1].sheet)), np.int64)
    for place, image in enumerate(pages[1].images):
        assert abs(sheet[8, place * 16 + 8] - image.index).max() <= 2
