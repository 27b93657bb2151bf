"""Which folders name classes, and which only parts of a split: layouts as public data sets have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.dataset_files import SIZE, all_sources, tree
from tlcore.datasets import import_dataset
from tlcore.datasets.layout import find_layout
from tlcore.errors import DatasetError
from tlcore.store.datasets import read_dataset, write_dataset


def classes(*files: str) -> list[str | None]:
    """The class of each file, None for those without."""
    return list(find_layout([tuple(file.split("/")) for file in files]).class_names)


@pytest.mark.parametrize(
    "folders",
    [
        ["train", "test"],
        ["Training", "Testing"],
        ["training_set", "test_set"],
        ["Train_Set", "Val_Set", "Test_Set"],
        ["seg_train", "seg_test"],
        ["seg_train/seg_train", "seg_test/seg_test"],
        ["training_set/training_set", "test_set/test_set"],
        ["treinamento", "validação", "teste"],
        ["treino", "validacao", "avaliação"],
        ["dados de treino", "dados de teste"],
        ["images/train", "images/val"],
        ["archive/Dataset/TRAIN", "archive/Dataset/VALID"],
        ["trainset", "testset"],
        ["TrainingData", "ValidationData"],
        ["train_images_224x224", "test"],
        ["asl_alphabet_train/asl_alphabet_train", "asl_alphabet_test/asl_alphabet_test"],
        ["fruits_Training", "fruits_Test"],
        ["train1", "train2"],
        ["train", "dev", "eval"],
        ["train", "test/test"],
        ["train"],
    ],
)
def test_parts_of_a_split_are_no_classes(folders: list[str]) -> None:
    files = [f"{folder}/{name}/1.jpg" for folder in folders for name in ("a", "b")]
    assert classes(*files) == ["a", "b"] * len(folders)


@pytest.mark.parametrize(
    "names",
    [
        ["bus", "train"],
        ["bus", "plane", "train"],
        ["train station", "test tube"],
        ["crash test", "train"],
        ["invalid", "valid"],
        ["Kim", "Val"],
        ["bus", "test", "train"],
        ["test 1", "test 2"],
    ],
)
def test_things_that_are_called_like_parts_stay_classes(names: list[str]) -> None:
    assert classes(*(f"{name}/1.jpg" for name in names)) == names
    assert classes(*(f"photos/{name}/1.jpg" for name in names)) == names


def test_a_class_called_train_keeps_its_own_folders() -> None:
    assert classes("bus/1.jpg", "train/steam/1.jpg", "train/electric/1.jpg") == ["bus", "train", "train"]


@pytest.mark.parametrize("folder", ["cats/train", "cats/photos of 2019"])
def test_what_lies_inside_a_class_belongs_to_it(folder: str) -> None:
    assert classes(f"{folder}/1.jpg", "dogs/test/1.jpg") == ["cats", "dogs"]


def test_a_class_called_train_inside_a_split_stays_one() -> None:
    files = [f"{part}/{name}/1.jpg" for part in ("train", "test") for name in ("bus", "train")]
    assert classes(*files) == ["bus", "train", "bus", "train"]


@pytest.mark.parametrize(
    "unlabelled",
    ["seg_pred/seg_pred/10.jpg", "test/10.jpg", "single_prediction/10.jpg", "cover.jpg", "docs/figures/10.jpg"],
)
def test_images_without_a_class_make_none(unlabelled: str) -> None:
    labelled = ["train/a/1.jpg", "train/b/1.jpg", "val/a/1.jpg", "val/b/1.jpg"]
    assert classes(*labelled, unlabelled) == ["a", "b", "a", "b", None]


def test_files_that_are_no_images_decide_nothing() -> None:
    files = ["labels/train/1.txt", "images/train/a/1.jpg", "images/test/b/1.jpg", "readme.md"]
    assert classes(*files)[1:3] == ["a", "b"]


def test_images_of_all_parts_are_used_and_the_folders_are_told(tmp_path: Path) -> None:
    names = [f"{part}/{name}/{n}.png" for part in ("Training", "Testing") for name in ("a", "b") for n in range(4)]
    data = import_dataset(tree(tmp_path / "photos", [*names, "seg_pred/1.png"]), image_size=SIZE)
    assert data.class_names == ("a", "b")
    assert len(all_sources(data)) == 16
    assert data.split_folders == ("Testing", "Training", "seg_pred")
    assert [file.name for file in data.rejected] == ["seg_pred/1.png"]
    (tmp_path / "kept").mkdir()
    write_dataset(data, tmp_path / "kept")
    assert read_dataset(tmp_path / "kept").split_folders == data.split_folders


def test_parts_without_classes_are_refused_by_their_names(tmp_path: Path) -> None:
    folder = tree(tmp_path, [f"{part}/{n}.png" for part in ("train", "test1") for n in range(6)])
    with pytest.raises(DatasetError, match=r"The folders test1, train are named after parts of a split"):
        import_dataset(folder, image_size=SIZE)


def test_classes_that_a_person_names_are_what_they_say() -> None:
    from tests.unit.dataset_files import photo

    items = [(photo(n), ("train", "test")[n % 2]) for n in range(12)]
    assert import_dataset(items, image_size=SIZE).class_names == ("test", "train")
