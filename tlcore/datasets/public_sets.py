"""Public sets that are fetched on request: photographs of flowers, cats and dogs, CIFAR-10, Fashion-MNIST.

Each is read from its publisher's own files; CIFAR-10 from the binary version, since the other one is a pickle.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import DatasetError
from ..translatable import N_
from .class_folders import find_class_folders, folder_images
from .duplicates import group_near_duplicates
from .selection import spread_over_classes
from .specification import DatasetSpec, Download, RemoteFile, SourceImages

Progress = Callable[[int, int], None]

FLOWERS = Download(
    "flower_photos",
    (
        RemoteFile(
            "flower_photos.tgz",
            "https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz",
            "4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c",
            228_813_984,
            keep=r"flower_photos/(?P<folder>[a-z]+)/(?P<file>\w+\.jpg)",
        ),
    ),
)
CATS_AND_DOGS = Download(
    "cats_and_dogs",
    (
        RemoteFile(
            "kagglecatsanddogs_5340.zip",
            "https://download.microsoft.com/download/3/E/1/3E1C3F21-ECDB-4869-8368-6DEBA77B919F/"
            "kagglecatsanddogs_5340.zip",
            "b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
            824_887_076,
            keep=r"PetImages/(?P<folder>Cat|Dog)/(?P<file>\d+\.jpg)",
        ),
    ),
)
CIFAR10 = Download(
    "cifar10",
    (
        RemoteFile(
            "cifar-10-binary.tar.gz",
            "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            170_052_171,
            keep=r"cifar-10-batches-bin/(?P<file>(data_batch_\d|test_batch)\.bin)",
        ),
    ),
)
_FASHION_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
FASHION_MNIST = Download(
    "fashion_mnist",
    tuple(
        RemoteFile(name, _FASHION_URL + name, file_hash, num_bytes)
        for name, file_hash, num_bytes in (
            ("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880),
            ("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe", 29_515),
            ("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79", 4_422_102),
            ("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310", 5_148),
        )
    ),
)
_CIFAR_SIDE = 32
_FASHION_SIDE = 28
_IDX_HEADS = {"images": 16, "labels": 8}  # bytes before the first value


def photographs(wanted: Download) -> Callable[..., SourceImages]:
    """What reads the photographs of a set that is a folder a class; see `ImageSource`."""

    def read(
        num_images: int, image_size: tuple[int, int], seed: int, *, progress: Progress | None = None
    ) -> SourceImages:
        return folder_images(find_class_folders(_here(wanted)), num_images, image_size, seed, progress=progress)

    return read


def cifar10_images(num_images: int, image_size: tuple[int, int], seed: int) -> SourceImages:
    """Photographs of 32x32 pixels, enlarged; near-duplicates share a group.

    Source: A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.
    """
    files = sorted(_here(CIFAR10).glob("*.bin"))
    rows = [np.fromfile(file, np.uint8).reshape(-1, 1 + 3 * _CIFAR_SIDE**2) for file in files]
    names = [
        f"{file.stem} {number}" for file, of_file in zip(files, rows, strict=True) for number in range(len(of_file))
    ]
    table = np.concatenate(rows)
    labels = table[:, 0].astype(np.int64)
    chosen = spread_over_classes(labels, num_images, seed)
    small = table[chosen, 1:].reshape(-1, 3, _CIFAR_SIDE, _CIFAR_SIDE).transpose(0, 2, 3, 1)  # (N, 32, 32, 3)
    sources = tuple(names[index] for index in chosen)
    digests = [image.tobytes().hex() for image in small]
    groups = group_near_duplicates(np.ascontiguousarray(small), sources, labels[chosen], digests)
    return SourceImages(_enlarged(small, image_size), labels[chosen], sources, groups)


def fashion_images(num_images: int, image_size: tuple[int, int], seed: int) -> SourceImages:
    """Pictures of clothes, grey, of 28x28 pixels, enlarged.

    Source: Xiao, Rasul, Vollgraf, Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms,
    2017.
    """
    folder = _here(FASHION_MNIST)
    parts = ("train", "t10k")
    pixels = np.concatenate([_idx(folder / f"{part}-images-idx3-ubyte", "images") for part in parts])
    labels = np.concatenate([_idx(folder / f"{part}-labels-idx1-ubyte", "labels") for part in parts]).astype(np.int64)
    chosen = spread_over_classes(labels, num_images, seed)
    small = pixels.reshape(-1, _FASHION_SIDE, _FASHION_SIDE)[chosen]
    sources = tuple(f"picture {index}" for index in chosen)
    return SourceImages(_enlarged(np.repeat(small[..., np.newaxis], 3, axis=3), image_size), labels[chosen], sources)


def _idx(path: Path, kind: str) -> NDArray[np.uint8]:
    return np.fromfile(path, np.uint8)[_IDX_HEADS[kind] :]


def _enlarged(images: NDArray[np.uint8], image_size: tuple[int, int]) -> NDArray[np.uint8]:
    """`uint8 (N, h, w, 3)` -> `uint8 (N, height, width, 3)`."""
    size = (image_size[1], image_size[0])
    return np.stack([np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC)) for image in images])


def _here(wanted: Download) -> Path:
    if not wanted.bring():
        raise DatasetError(
            N_(
                "Expected the images of {name} to be on this machine. They are fetched ({size} MB) on the page "
                "Datasets, or by tlcore.datasets.fetch_dataset({name!r})."
            ),
            name=wanted.folder,
            size=wanted.num_bytes // 10**6,
        )
    return wanted.path


PUBLIC_SETS = (
    DatasetSpec(
        name="flowers",
        title=N_("Flowers"),
        description=N_("3,670 photographs of flowers, as TensorFlow's lessons use them. Which flower is it?"),
        licence=N_("CC BY 2.0, each photographer's own (list in the archive; The TensorFlow Team, 2019)"),
        kind="photographs",
        class_names=("daisy", "dandelion", "roses", "sunflowers", "tulips"),
        class_titles=(N_("daisy"), N_("dandelion"), N_("rose"), N_("sunflower"), N_("tulip")),
        teaching_note=N_("Close to what bases have seen: transfer does well with few images."),
        default_images=500,
        max_images=3000,
        source=photographs(FLOWERS),
        reports=True,
        download=FLOWERS,
    ),
    DatasetSpec(
        name="cats_and_dogs",
        title=N_("Cats and dogs"),
        description=N_("25,000 photographs of cats and dogs from animal shelters (Asirra). Is it a cat or a dog?"),
        licence=N_("Microsoft Research's terms: for research and teaching (Elson et al., Asirra, 2007)"),
        kind="photographs",
        class_names=("Cat", "Dog"),
        class_titles=(N_("cat"), N_("dog")),
        teaching_note=N_(
            "ImageNet has more than a hundred breeds of dogs: a base trained on it knows the answer nearly before it "
            "is asked. Some files are damaged; they are left out and named."
        ),
        default_images=400,
        max_images=10_000,
        source=photographs(CATS_AND_DOGS),
        reports=True,
        download=CATS_AND_DOGS,
    ),
    DatasetSpec(
        name="cifar10",
        title=N_("CIFAR-10"),
        description=N_("60,000 photographs of 32 × 32 pixels: vehicles and animals. What is it?"),
        licence=N_("no licence is stated; free in teaching, to be cited (Krizhevsky, Tiny Images, 2009)"),
        kind="photographs",
        class_names=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        class_titles=(
            N_("airplane"),
            N_("car"),
            N_("bird"),
            N_("cat"),
            N_("deer"),
            N_("dog"),
            N_("frog"),
            N_("horse"),
            N_("ship"),
            N_("truck"),
        ),
        teaching_note=N_("Tiny images, enlarged: what is left of features that were learned on sharp ones?"),
        default_images=1000,
        max_images=10_000,
        source=cifar10_images,
        download=CIFAR10,
    ),
    DatasetSpec(
        name="fashion_mnist",
        title=N_("Fashion-MNIST"),
        description=N_("70,000 grey pictures of clothes from a shop, 28 × 28 pixels. Which piece is it?"),
        licence=N_("MIT (Zalando Research, 2017)"),
        kind="photographs",
        class_names=(
            "t_shirt",
            "trouser",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle_boot",
        ),
        class_titles=(
            N_("T-shirt"),
            N_("trousers"),
            N_("pullover"),
            N_("dress"),
            N_("coat"),
            N_("sandal"),
            N_("shirt"),
            N_("sneaker"),
            N_("bag"),
            N_("ankle boot"),
        ),
        teaching_note=N_("Grey and far from photographs: a small network trained from scratch does well."),
        default_images=1000,
        max_images=10_000,
        source=fashion_images,
        download=FASHION_MNIST,
        is_far=True,
    ),
)
