"""What the page of fine-tuning remembers, and what a link may ask of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from pages.ui.common.links import Architecture, Link, Seed
from pages.ui.common.state import Key
from tlcore.training.specification import Method

BASE: Key[str] = Key("fine_tuning.base", "VGG16Slim")
WEIGHTS: Key[str] = Key("fine_tuning.weights", "embedded")
METHOD: Key[str] = Key("fine_tuning.method", "fine_tuning")
UNFREEZE: Key[str] = Key("fine_tuning.unfreeze", "")  # "": the last block
HEAD: Key[str] = Key("fine_tuning.head", "256")
POOLING: Key[str] = Key("fine_tuning.pooling", "flatten")
DROPOUT: Key[float] = Key("fine_tuning.dropout", 0.5)
L2: Key[float] = Key("fine_tuning.l2", 0.0)
OPTIMIZER: Key[str] = Key("fine_tuning.optimizer", "rmsprop")
RATE: Key[float] = Key("fine_tuning.learning_rate", 1e-4)
FINE_RATE: Key[float] = Key("fine_tuning.fine_tuning_learning_rate", 1e-5)
SCHEDULE: Key[str] = Key("fine_tuning.schedule", "constant")
EPOCHS: Key[int] = Key("fine_tuning.epochs", 10)
FINE_EPOCHS: Key[int] = Key("fine_tuning.fine_tuning_epochs", 5)
BATCH: Key[int] = Key("fine_tuning.batch_size", 32)
PATIENCE: Key[int] = Key("fine_tuning.early_stopping", 0)  # 0: run all epochs
CLASS_WEIGHTS: Key[bool] = Key("fine_tuning.class_weights", False)
AUGMENTATION: Key[bool] = Key("fine_tuning.augmentation", False)
PRECISION: Key[str] = Key("fine_tuning.precision", "float32")
CACHE: Key[bool] = Key("fine_tuning.cache", True)
SEED: Key[int] = Key("fine_tuning.seed", 0)
CONTROLS: Key[bool] = Key("fine_tuning.controls", True)
WARNED: Key[bool] = Key("fine_tuning.warned", False)
JOB: Key[str | None] = Key("fine_tuning.job", None)
ASKED: Key[dict[str, Any] | None] = Key("fine_tuning.asked", None)
CELL: Key[str | None] = Key("fine_tuning.cell", None)
CONFUSION: Key[Any] = Key("fine_tuning-confusion", None)  # what Streamlit keeps of a click on that chart
CLICKED: Key[str | None] = Key("fine_tuning.clicked", None)
IMAGES: Key[dict[str, Any] | None] = Key("fine_tuning.images", None)
IMAGES_JOB: Key[str | None] = Key("fine_tuning.images_job", None)
EXPORT_JOB: Key[str | None] = Key("fine_tuning.export_job", None)
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
    "cache": CACHE,
    "seed": SEED,
    "controls": CONTROLS,
}


Rate = Annotated[float, Field(gt=0.0, le=1.0)]


class FineTuningLink(Link):
    """/fine_tuning?base=VGG16Slim&method=fine_tuning&unfreeze=block5_conv1&epochs=10&fine_epochs=5&controls=0"""

    base: Architecture = "VGG16Slim"
    weights: Literal["embedded", "imagenet", "random"] = "embedded"
    method: Method = "fine_tuning"
    unfreeze: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{0,80}$")] = ""
    head: Annotated[str, Field(pattern=r"^(\d{1,5}(\s*,\s*\d{1,5}){0,7})?$")] = "256"
    pooling: Literal["flatten", "average"] = "flatten"
    dropout: Annotated[float, Field(ge=0.0, le=0.95)] = 0.5
    l2: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0
    optimizer: Literal["rmsprop", "adam", "sgd"] = "rmsprop"
    rate: Rate = 1e-4
    fine_rate: Rate = 1e-5
    schedule: Literal["constant", "cosine"] = "constant"
    epochs: Annotated[int, Field(ge=1, le=200)] = 10
    fine_epochs: Annotated[int, Field(ge=0, le=200)] = 5
    batch: Annotated[int, Field(ge=1, le=512)] = 32
    patience: Annotated[int, Field(ge=0, le=100)] = 0
    class_weights: bool = False
    augmentation: bool = False
    precision: Literal["auto", "float32", "bfloat16"] = "float32"
    cache: bool = True
    seed: Seed = 0
    controls: bool = True
