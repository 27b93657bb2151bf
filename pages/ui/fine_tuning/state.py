"""What the page of fine-tuning remembers, and what a link may ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from pages.ui.common.bounds import default, parameters
from pages.ui.common.links import Architecture, LayerName, Weights, link
from pages.ui.common.state import Key
from tlcore.engine.tasks.references import DatasetReference
from tlcore.errors import InvalidArgumentError
from tlcore.training import TrainingSpec
from tlcore.translatable import N_


@dataclass(frozen=True)
class AskedRun:
    """What a run was asked to do: its settings, and its images as far as they are chosen."""

    spec: TrainingSpec
    data: DatasetReference | None


PROGRESS, RESULT = "fine_tuning-progress", "fine_tuning-result"  # parts that a step leads to
BASE: Key[str] = Key("fine_tuning.base", default("base"))
WEIGHTS: Key[str] = Key("fine_tuning.weights", default("weights"))
METHOD: Key[str] = Key("fine_tuning.method", "fine_tuning")
UNFREEZE: Key[str] = Key("fine_tuning.unfreeze", "")  # "": the last block
HEAD: Key[str] = Key("fine_tuning.head", ", ".join(map(str, default("head"))))
POOLING: Key[str] = Key("fine_tuning.pooling", default("pooling"))
DROPOUT: Key[float] = Key("fine_tuning.dropout", default("dropout"))
L2: Key[float] = Key("fine_tuning.l2", default("l2"))
OPTIMIZER: Key[str] = Key("fine_tuning.optimizer", default("optimizer"))
RATE: Key[float] = Key("fine_tuning.learning_rate", default("learning_rate"))
FINE_RATE: Key[float] = Key("fine_tuning.fine_tuning_learning_rate", default("fine_tuning_learning_rate"))
SCHEDULE: Key[str] = Key("fine_tuning.schedule", default("schedule"))
EPOCHS: Key[int] = Key("fine_tuning.epochs", default("epochs"))
FINE_EPOCHS: Key[int] = Key("fine_tuning.fine_tuning_epochs", default("fine_tuning_epochs"))
BATCH: Key[int] = Key("fine_tuning.batch_size", default("batch_size"))
PATIENCE: Key[int] = Key("fine_tuning.early_stopping", 0)  # 0: run all epochs
CLASS_WEIGHTS: Key[bool] = Key("fine_tuning.class_weights", default("class_weights"))
AUGMENTATION: Key[bool] = Key("fine_tuning.augmentation", default("augmentation"))
PRECISION: Key[str] = Key("fine_tuning.precision", default("precision"))
BATCH_NORM: Key[str] = Key("fine_tuning.batch_norm", default("batch_norm"))
CACHE: Key[bool] = Key("fine_tuning.cache", default("cache"))
SEED: Key[int] = Key("fine_tuning.seed", default("seed"))
CONTROLS: Key[bool] = Key("fine_tuning.controls", True)
WARNED: Key[bool] = Key("fine_tuning.warned", False)
JOB: Key[str | None] = Key("fine_tuning.job", None)
ASKED: Key[AskedRun | None] = Key("fine_tuning.asked", None)
EXPORT_JOB: Key[str | None] = Key("fine_tuning.export_job", None)
LITERT_JOB: Key[str | None] = Key("fine_tuning.litert_job", None)
WAYS_JOB: Key[str | None] = Key("fine_tuning.ways_job", None)
WAYS_PHOTO: Key[Any] = Key("fine_tuning.ways_photo", None)
PAGE_JOB: Key[str | None] = Key("fine_tuning.page_job", None)
PACK_JOB: Key[str | None] = Key("fine_tuning.pack_job", None)
WITH_IMAGES: Key[bool] = Key("fine_tuning.with_images", True)
OPEN_JOB: Key[str | None] = Key("fine_tuning.open_job", None)
OPENED: Key[int] = Key("fine_tuning.opened", 0)  # project files that were read: the next one comes by another box
KEEP: Key[Any] = Key("fine_tuning.keep", None)  # what Streamlit keeps of the button
KEEP_WANTED: Key[str | None] = Key("fine_tuning.keep_wanted", None)  # the run whose project the browser is to get
KEPT_LIST: Key[Any] = Key("fine_tuning.kept_list", None)  # what Streamlit keeps of the list
TAKEN_UP: Key[str | None] = Key("fine_tuning.taken_up", None)  # the job that opened what the page has shown
FORMAT: Key[str] = Key("fine_tuning.format", "keras")
# Phases begun and whether there are points, as the page shows them; None while it is being drawn.
STAGE: Key[tuple[int, bool] | None] = Key("fine_tuning.stage", None)
PINNED: Key[frozenset[str]] = Key("fine_tuning.pinned", frozenset())
METRIC: Key[str] = Key("fine_tuning.metric", "val_accuracy")
GO_ON: Key[str | None] = Key("fine_tuning.go_on_with", None)
MORE_EPOCHS: Key[int] = Key("fine_tuning.more_epochs", 5)

KEYS: dict[str, Key[Any]] = {
    "base": BASE,
    "weights": WEIGHTS,
    "method": METHOD,
    "unfreeze": UNFREEZE,
    "head": HEAD,
    "pooling": POOLING,
    "dropout": DROPOUT,
    "l2": L2,
    "optimizer": OPTIMIZER,
    "rate": RATE,
    "fine_rate": FINE_RATE,
    "schedule": SCHEDULE,
    "epochs": EPOCHS,
    "fine_epochs": FINE_EPOCHS,
    "batch": BATCH,
    "patience": PATIENCE,
    "class_weights": CLASS_WEIGHTS,
    "augmentation": AUGMENTATION,
    "precision": PRECISION,
    "batch_norm": BATCH_NORM,
    "cache": CACHE,
    "seed": SEED,
    "controls": CONTROLS,
}

#: Parameters of the URL that hold a setting of the run as it is -> its name in `TrainingSpec`.
SETTINGS = {
    "base": "base",
    "weights": "weights",
    "method": "method",
    "pooling": "pooling",
    "dropout": "dropout",
    "l2": "l2",
    "optimizer": "optimizer",
    "rate": "learning_rate",
    "fine_rate": "fine_tuning_learning_rate",
    "schedule": "schedule",
    "epochs": "epochs",
    "fine_epochs": "fine_tuning_epochs",
    "batch": "batch_size",
    "class_weights": "class_weights",
    "augmentation": "augmentation",
    "precision": "precision",
    "batch_norm": "batch_norm",
    "cache": "cache",
    "seed": "seed",
}


def parsed_head(text: str) -> tuple[int, ...]:
    """ "256, 64" -> (256, 64).

    Raises:
        InvalidArgumentError: A part is no whole number.
    """
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    if not all(part.isdecimal() for part in parts):
        raise InvalidArgumentError(
            N_("Expected the units of the dense layers as whole numbers with commas, as in 256, 64. Received: {text}."),
            text=text[:80],
        )
    return tuple(map(int, parts))


def _head(text: str) -> str:
    """Refuses what `TrainingSpec` would refuse."""
    try:
        TrainingSpec(head=parsed_head(text))
    except InvalidArgumentError as error:
        raise PydanticCustomError("head", "no units of dense layers") from error
    return text


FineTuningLink = link(
    "FineTuningLink",
    "/fine_tuning?base=VGG16Slim&method=fine_tuning&unfreeze=block5_conv1&epochs=10&fine_epochs=5&controls=0",
    {
        **parameters({name: setting for name, setting in SETTINGS.items() if name not in ("base", "weights")}),
        "base": (Architecture, BASE.default),
        "weights": (Weights, WEIGHTS.default),
        "unfreeze": (LayerName, UNFREEZE.default),
        "head": (Annotated[str, Field(max_length=60), AfterValidator(_head)], HEAD.default),
        "patience": (Annotated[int, Field(ge=0)], PATIENCE.default),
        "controls": (bool, CONTROLS.default),
    },
)
