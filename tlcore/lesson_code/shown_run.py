"""What code of a training run is written for: the run, its images, and where it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..architectures.catalog import has_batch_norm
from ..architectures.registry import get_architecture
from ..datasets import list_datasets
from ..models.head import HeadSpec
from ..training.methods import TrainingMethod, get_method
from ..training.specification import TrainingSpec
from .images import ImageSource, OwnImages, ReadySet

Library = Literal["keras", "tlcore", "file"]

#: Where code finds a base that Keras does not have, if this package is not there.
BASE_FILE = "base.keras"


@dataclass(frozen=True)
class ShownRun:
    """What code is written for.

    Attributes:
        spec: The run.
        input_shape: (height, width, 3) of the images.
        num_classes: Classes of the data.
        library: "keras" takes networks that Keras has from keras.applications; "tlcore" takes all from this package,
            so that weights from `TLCORE_WEIGHTS_DIR` are found without a network; "file" takes networks that Keras
            has from there, and all others from `BASE_FILE`, so that the code needs no tlcore.
        data: Where the images come from, or code that defines `train_images`, `train_labels`, and so on for `val` and
            `test`; None for what the specification says.
    """

    spec: TrainingSpec
    input_shape: tuple[int, int, int]
    num_classes: int
    library: Library = "keras"
    data: ImageSource | str | None = None

    @property
    def method(self) -> TrainingMethod:
        """The way in which the run trained."""
        return get_method(self.spec.method)

    @property
    def image_source(self) -> ImageSource | str:
        """`data`, or the registered set of the specification, or a folder where that names none."""
        if self.data is not None:
            return self.data
        size, name = self.input_shape[:2], self.spec.dataset
        return ReadySet(name, size, self.spec.seed) if name in list_datasets() else OwnImages(size, self.spec.seed)

    @property
    def weights(self) -> str | None:
        """What the network starts from; None for random weights."""
        random = self.method.starts_at_random or self.spec.weights == "random"
        return None if random else self.spec.weights

    @property
    def from_keras(self) -> bool:
        """Whether the base comes from keras.applications."""
        known = get_architecture(self.spec.base).keras_name is not None
        return self.library != "tlcore" and known and self.weights in (None, "imagenet")

    @property
    def needs_tlcore(self) -> bool:
        """Whether the base comes from this package."""
        return self.library != "file" and not self.from_keras

    @property
    def base_in_inference(self) -> bool:
        """Whether it must be said that the base runs in inference mode: a frozen one does so by itself."""
        unfreezes = self.method.fine_tunes or self.method.trains_everything_at_once
        return unfreezes and self.spec.base_in_inference and has_batch_norm(self.spec.base)

    @property
    def extracts_features(self) -> bool:
        """Whether the base runs once over each image; changed images would need it again in each epoch."""
        return self.method.on_features and not self.spec.augmentation

    @property
    def inputs(self) -> str:
        """What the trained network takes."""
        return "features" if self.extracts_features else "images"

    @property
    def head(self) -> HeadSpec:
        """The dense layers of the run."""
        spec = self.spec
        return HeadSpec(self.num_classes, spec.head, spec.pooling, spec.dropout, spec.l2, spec.seed)
