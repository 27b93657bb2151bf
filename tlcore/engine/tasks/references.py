"""What a job is told to work with: names of images and networks, never the things themselves.

They come from links, widgets and files in the store, so they are validated where they are made. No image and no weight
passes through the web process unless it is shown.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Reference(BaseModel):
    """Something by its name; may be compared, hashed and kept as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DatasetReference(Reference):
    """A set of images: one that comes with the program, or one that the session has brought.

    Attributes:
        name: Of a set of the registry, see `tlcore.list_datasets`.
        num_images: How many of it; None for all.
        image_size: (height, width) in pixels.
        seed: Of the choice of images and of the split.
        item: Of a brought set: its id in the session's store, kind "datasets". The others do not count then.
        edition: Of a brought set: what its person has made of it, see `tlcore.store.editions`; "" as it was brought.
    """

    name: str = ""
    num_images: int | None = Field(None, ge=1)
    image_size: tuple[int, int] = (150, 150)
    seed: int = Field(0, ge=0)
    item: str | None = None
    edition: str = Field("", pattern="^([0-9a-f]{16})?$")

    @model_validator(mode="after")
    def _names_one(self) -> DatasetReference:
        if bool(self.name) == (self.item is not None):
            raise ValueError("either the name of a set of the registry or the item of a brought one")
        if self.edition and self.item is None:
            raise ValueError("editions are of brought sets")
        return self

    @property
    def is_brought(self) -> bool:
        """Whether these are images of the session's own."""
        return self.item is not None

    @property
    def as_brought(self) -> DatasetReference:
        """The set before all changes; a ready one is itself."""
        return self if self.item is None else self.at_edition("")

    def at_edition(self, edition: str) -> DatasetReference:
        """Another edition of a brought set."""
        return DatasetReference(item=self.item, edition=edition)


class NetworkReference(Reference):
    """A network that the session has trained, or a base with its weights.

    Attributes:
        run_id: Of a run in the session's store, kind "runs". Of the others, only the next counts then.
        before: The run as it stood before fine-tuning, see `tlcore.training.before`.
        base: Name in the registry, see `tlcore.list_architectures`.
        weights: As in `tlcore.build_base`.
        input_shape: (height, width, channels); None for the network's own.
        include_top: With the base's own classifier.
        num_classes: Of that classifier; None for its own.
        pooling: At the end of a base without one.
    """

    run_id: str | None = None
    before: bool = False
    base: str | None = None
    weights: str | None = None
    input_shape: tuple[int, int, int] | None = None
    include_top: bool = True
    num_classes: int | None = None
    pooling: Literal["avg", "max"] | None = None

    @model_validator(mode="after")
    def _names_one(self) -> NetworkReference:
        if (self.base is None) == (self.run_id is None):
            raise ValueError("either a trained network or a base")
        return self

    @property
    def is_trained(self) -> bool:
        """Whether the session has trained it."""
        return self.run_id is not None

    @property
    def arguments(self) -> dict[str, Any]:
        """Of a base: what `tlcore.describe` and `tlcore.build_base` take beside name and weights."""
        from ...architectures import get_architecture

        shape = self.input_shape or get_architecture(self.base or "").default_input_shape
        chosen = {"num_classes": self.num_classes, "pooling": self.pooling}
        return {
            "input_shape": shape,
            "include_top": self.include_top,
            **{name: value for name, value in chosen.items() if value is not None},
        }


class FeatureSubject(Reference):
    """Whose features are looked into: a base, and the images that it sees.

    Attributes:
        base: Name in the registry.
        weights: As in `tlcore.build_base`.
        data: The images.
    """

    base: str
    weights: str | None
    data: DatasetReference


class PhotoReference(Reference):
    """An image of a set, or a person's own file.

    Attributes:
        index: Of an image of the set, see `ImageIndex`.
        image: An encoded picture.
        file_name: Of the picture, for messages.
    """

    index: int | None = None
    image: bytes | None = Field(None, repr=False)
    file_name: str = "image"

    @model_validator(mode="after")
    def _names_one(self) -> PhotoReference:
        if (self.image is None) == (self.index is None):
            raise ValueError("either the index of an image or a picture")
        return self
