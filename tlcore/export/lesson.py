"""What code is written for: the run, and how its reader wants it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..architectures.registry import get_architecture
from ..training.specification import TrainingSpec

Library = Literal["keras", "tlcore"]
Translate = Callable[[str], str]


@dataclass(frozen=True)
class Section:
    """A title and a sentence for people, already translated, and the code that belongs to them."""

    title: str
    text: str
    code: str


@dataclass(frozen=True)
class Lesson:
    """What the code is written for.

    Attributes:
        spec: The run.
        input_shape: (height, width, 3) of the images.
        num_classes: Classes of the data.
        library: "keras" takes networks that Keras has from keras.applications; "tlcore" takes all from this package,
            so that weights from `TLCORE_WEIGHTS_DIR` are found without a network.
        data: Code that defines `train_imagens`, `train_labels`, and so on for `val` and `test`; None for the data of
            the specification.
        translate: Translates comments and titles.
    """

    spec: TrainingSpec
    input_shape: tuple[int, int, int]
    num_classes: int
    library: Library
    data: str | None
    translate: Translate

    def section(self, title: str, text: str, lines: list[str]) -> Section:
        """A section with its texts translated."""
        return Section(self.translate(title), self.translate(text), "\n".join(lines))

    def comment(self, text: str) -> str:
        """A translated comment."""
        return f"# {self.translate(text)}"

    @property
    def weights(self) -> str | None:
        """What the network starts from; None for random weights."""
        random = self.spec.method in ("scratch", "random_frozen") or self.spec.weights == "random"
        return None if random else self.spec.weights

    @property
    def from_keras(self) -> bool:
        """Whether the base comes from keras.applications."""
        known = get_architecture(self.spec.base).keras_name is not None
        return self.library == "keras" and known and self.weights in (None, "imagenet")

    @property
    def extracts_features(self) -> bool:
        """Whether the base runs once over each image; changed images would need it again in each epoch."""
        return self.spec.method == "feature_extraction" and not self.spec.augmentation

    @property
    def is_binary(self) -> bool:
        """Two classes need one sigmoid unit."""
        return self.num_classes == 2
