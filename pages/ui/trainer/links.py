"""What a link may ask of the trainer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pages.ui.links import Architecture, Link, Seed
from tlcore.training.specification import Method

Rate = Annotated[float, Field(gt=0.0, le=1.0)]


class TrainerLink(Link):
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
