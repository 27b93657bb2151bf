"""What a training run is asked to do: validated, serialisable, the same for a URL, a project file and a job."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tlcore.architectures import PROPOSED_BASE
from tlcore.models.head import HeadSpec
from tlcore.weights import usual_weights

from .methods import MethodName, get_method
from .specification_errors import argument_error

Units = Annotated[int, Field(ge=1, le=65536)]


class TrainingSpec(BaseModel):
    """One training run, in the lecture's terms. Defaults are the lecture's values.

    Attributes:
        base: Registered architecture whose convolutional part is reused.
        weights: "embedded", "imagenet", "random" (or None), or the path of a weights file; left out, the weights that
            `base` usually has: "embedded" for VGG16Slim, "imagenet" for the others.
        dataset: Name of a registered dataset, used when `train` is called without `data`.
        method: The way to transfer (lecture, slides 28-48), or one of the controls: see `list_methods`.
        unfreeze_from: First layer of the base (by name) that fine-tuning trains; None means the last block.
        head: Units of the dense layers before the classifier; () for none.
        pooling: "flatten" as in the lecture, or "average" (global average pooling).
        dropout: Share of the units dropped after each dense layer, in [0, 1).
        l2: L2 penalty on the kernels of the head.
        optimizer: Named as Keras names it; "sgd" has momentum 0.9.
        learning_rate: Of the head, and of methods that train everything at once.
        fine_tuning_learning_rate: After unfreezing; much smaller.
        schedule: "constant", or "cosine" down to zero over each phase.
        epochs: Epochs of the first phase.
        fine_tuning_epochs: Epochs after unfreezing.
        early_stopping: Epochs without a better validation loss before a phase ends; None to run them all.
        class_weights: Weigh classes by the inverse of their frequency.
        augmentation: Random flips, shifts and zooms of the training images; rules out the frozen-prefix cache.
        precision: "float32" equals plain Keras; "bfloat16" computes products in half with float32 weights;
            "auto" takes the faster one, measured once per machine and base.
        batch_norm: How the base's BatchNormalization runs while it is trained: "inference" with the means and variances
            that it came with (its scale and shift learn), "training" with those of each batch, which then overwrite
            them. A method that starts at random always learns its own.
        cache: Compute the frozen prefix once and train from there; False runs the whole network each epoch.
        seed: Of the new layers' weights, the order of the images, dropout and augmentation.

    Raises:
        InvalidArgumentError: A setting that is unknown, of the wrong type or out of range.

    Example:
        >>> spec = TrainingSpec(base="VGG16", weights="imagenet", method="fine_tuning", unfreeze_from="block5_conv1")

    Source: lecture 5 (slides 28-48); Chollet, "Deep Learning with Python", section 8.3; on batch_norm Keras's guide
    "Transfer learning & fine-tuning" (https://keras.io/guides/transfer_learning/).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    base: str = PROPOSED_BASE
    weights: str | None = Field(default_factory=lambda settings: usual_weights(settings.get("base", PROPOSED_BASE)))
    dataset: str | None = None
    method: MethodName = "feature_extraction"
    unfreeze_from: str | None = Field(None, max_length=120)  # as long as a link may say it
    head: tuple[Units, ...] = Field((256,), max_length=8)
    pooling: Literal["flatten", "average"] = "flatten"
    dropout: float = Field(0.5, ge=0.0, lt=1.0)
    l2: float = Field(0.0, ge=0.0, le=1.0)
    optimizer: Literal["rmsprop", "adam", "sgd"] = "rmsprop"
    learning_rate: float = Field(1e-4, gt=0.0, le=1.0)
    fine_tuning_learning_rate: float = Field(1e-5, gt=0.0, le=1.0)
    schedule: Literal["constant", "cosine"] = "constant"
    epochs: int = Field(10, ge=1, le=1000)
    fine_tuning_epochs: int = Field(5, ge=0, le=1000)
    batch_size: int = Field(32, ge=1, le=4096)
    early_stopping: int | None = Field(None, ge=1)
    class_weights: bool = False
    augmentation: bool = False
    precision: Literal["auto", "float32", "bfloat16"] = "float32"
    batch_norm: Literal["inference", "training"] = "inference"
    cache: bool = True
    seed: int = Field(0, ge=0, lt=2**31)

    def __init__(self, **settings: Any) -> None:
        try:
            super().__init__(**settings)
        except ValidationError as error:
            raise argument_error(error, tuple(type(self).model_fields)) from error

    @property
    def base_in_inference(self) -> bool:
        """Whether training runs the base in inference mode, also where it is unfrozen."""
        return self.batch_norm == "inference" and not get_method(self.method).starts_at_random

    @property
    def total_epochs(self) -> int:
        """Epochs of all phases, where nothing ends one early."""
        return self.epochs + (self.fine_tuning_epochs if "fine_tuning" in get_method(self.method).phases else 0)

    def head_spec(self, num_classes: int) -> HeadSpec:
        """What the head of this run is made of."""
        return HeadSpec(num_classes, self.head, self.pooling, self.dropout, self.l2, self.seed)

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> TrainingSpec:
        """As pydantic's own, but a bad setting raises InvalidArgumentError."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise argument_error(error, tuple(cls.model_fields)) from error

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> TrainingSpec:
        """As pydantic's own, but a bad setting raises InvalidArgumentError."""
        try:
            return super().model_validate_json(json_data, **options)
        except ValidationError as error:
            raise argument_error(error, tuple(cls.model_fields)) from error


def settings_without_epochs(spec: TrainingSpec) -> dict[str, Any]:
    """What may not change when a run is gone on with: everything but the numbers of epochs, as JSON holds it."""
    return spec.model_dump(mode="json", exclude={"epochs", "fine_tuning_epochs"})


def first_phase_settings(spec: TrainingSpec) -> dict[str, Any]:
    """What of `settings_without_epochs` the first phase depends on.

    A head on a frozen base is the same whatever is unfrozen after it: steps 1 to 3 of fine-tuning are those of partial
    training (lecture, slide 43).
    """
    settings = settings_without_epochs(spec)
    method = get_method(spec.method)
    if not (method.trains_everything_at_once or method.starts_at_random or method.on_features):
        settings |= {"method": "frozen", "unfreeze_from": None, "fine_tuning_learning_rate": None}
    return settings
