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


@pytest.mark.parametrize(
    ("files", "found"),
    [
        # Kaggle, "Chest X-Ray Images": the archive holds everything twice
        (["x/train/ill/1.jpg", "x/test/well/1.jpg", "x/val/ill/2.jpg", "x/x/train/ill/1.jpg", "x/x/test/well/1.jpg",
          "x/x/val/ill/2.jpg"], ["ill", "well", "ill", "ill", "well", "ill"]),
        # Kaggle, "Brain MRI Images", "Malaria Cell Images", "PlantVillage": the classes, and a folder with them again
        (["yes/1.jpg", "no/1.jpg", "brain/yes/1.jpg", "brain/no/1.jpg"], ["yes", "no", "yes", "no"]),
        # horse2zebra
        (["h/trainA/1.jpg", "h/trainB/1.jpg", "h/testA/2.jpg", "h/testB/2.jpg"], ["A", "B", "A", "B"]),
        (["train_cats/1.jpg", "train_dogs/1.jpg", "test_cats/2.jpg", "test_dogs/2.jpg"], ["cats", "dogs"] * 2),
        # Kaggle, "MNIST as .jpg"
        (["trainingSet/trainingSet/0/1.jpg", "trainingSet/trainingSet/1/1.jpg", "trainingSample/trainingSample/0/1.jpg",
          "testSet/testSet/1.jpg"], ["0", "1", "0", None]),
        # Caltech 101, CUB-200, Stanford Dogs, flower_photos
        (["101_ObjectCategories/ant/1.jpg", "101_ObjectCategories/BACKGROUND_Google/1.jpg"],
         ["ant", "BACKGROUND_Google"]),
        (["CUB/images/001.Albatross/1.jpg", "CUB/images/002.Auk/1.jpg", "CUB/parts/parts.txt"],
         ["001.Albatross", "002.Auk", None]),
        (["images/Images/n01-Pug/1.jpg", "images/Images/n02-Collie/1.jpg", "annotations/Annotation/n01-Pug/n01_1"],
         ["n01-Pug", "n02-Collie", None]),
        (["flower_photos/LICENSE.txt", "flower_photos/roses/1.jpg", "flower_photos/tulips/1.jpg"],
         [None, "roses", "tulips"]),
        # segmentation: masks beside the images
        (["images/a/1.jpg", "images/b/1.jpg", "masks/a/1.png", "masks/b/1.png"], ["a", "b", None, None]),
        # "masks" is a class where nothing says that it is not
        (["mask/1.jpg", "no_mask/1.jpg"], ["mask", "no_mask"]),
        # Oxford pets: nothing says a class but the names of the files
        (["images/Abyssinian_1.jpg", "images/Bengal_1.jpg", "annotations/trimaps/Bengal_1.png"], [None] * 3),
    ],
)  # fmt: skip
def test_folders_of_well_known_sets(files: list[str], found: list[str | None]) -> None:
    assert classes(*files) == found


def test_the_part_that_folders_name_is_known() -> None:
    files = ["Training/a/1.jpg", "val/a/1.jpg", "seg_test/seg_test/b/1.jpg", "Training/b/1.jpg", "seg_pred/1.jpg"]
    named = find_layout([tuple(file.split("/")) for file in files]).parts
    assert named == ("train", "validation", "test", "train", None)
    inside = [f"{name}/{part}/1.jpg" for name in ("a", "b") for part in ("train", "test")]
    assert find_layout([tuple(file.split("/")) for file in inside]).parts == ("train", "test") * 2


def test_versions_of_the_same_pictures_are_refused(tmp_path: Path) -> None:
    names = [f"plants/{kind}/{name}/{n}.png" for kind in ("color", "grayscale") for name in "ab" for n in range(3)]
    with pytest.raises(DatasetError, match=r"color, grayscale hold the same classes.*Keep one"):
        import_dataset(tree(tmp_path, names), image_size=SIZE)


def test_a_table_that_leaves_the_class_open_is_asked_for_it(tmp_path: Path) -> None:
    root = tree(tmp_path, [f"images/{number}.jpg" for number in range(8)])
    rows = [f"{n},{('red', 'blue')[n % 2]},{('man', 'woman')[n % 2]}" for n in range(8)]
    (root / "styles.csv").write_text("\n".join(["id,colour,who", *rows]))
    with pytest.raises(DatasetError, match=r"styles\.csv says of the images colour, who.*Call that column `label`"):
        import_dataset(root, image_size=SIZE)
    (root / "styles.csv").write_text("\n".join(["id,colour,label", *rows]))
    assert import_dataset(root, image_size=SIZE).class_names == ("man", "woman")
    one_hot = [f"{n},{n % 2},{1 - n % 2}" for n in range(8)]
    (root / "styles.csv").write_text("\n".join(["image_id,rust,scab", *one_hot]))
    assert import_dataset(root, image_size=SIZE).class_names == ("rust", "scab")


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
