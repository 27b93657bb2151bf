"""The JSON part of a project file: what a run was, without its weights. It comes from people, so it is validated."""

from __future__ import annotations

import re
from string import Formatter
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, field_validator

from ..training.specification import TrainingSpec

VERSION = 1

Text = Annotated[str, StringConstraints(max_length=200)]
Row = dict[Text, JsonValue]
_PLAIN_FORMAT = re.compile(r"[,.0-9]{0,4}[a-z%]?")


class ProjectImages(BaseModel):
    """The images that a run was trained on, by which they are known again; they are not in the file.

    Attributes:
        digest: See `tlcore.datasets.dataset_digest`.
        name: Of a set of the registry, or what a person called images of their own.
        is_brought: Whether they are a person's own.
        num_images, seed: Of a set of the registry: which of its images, and in which split.
    """

    model_config = ConfigDict(extra="forbid")

    digest: str = Field(pattern="^[0-9a-f]{32}$")
    name: Text = ""
    is_brought: bool = True
    num_images: int | None = Field(None, ge=1, le=1_000_000)
    seed: int = Field(0, ge=0, lt=2**31)


class ProjectDocument(BaseModel):
    """What a run was asked to do and what came of it; fields as in `tlcore.training.Run`.

    Attributes:
        format, version: Tell this kind of file from others, and from later ones.
        created: When it was saved, ISO 8601.
        input_shape: (height, width, 3) of the images.
        class_names: One name a label.
        name: What the run was called; "" where nobody said.
        images: What it was trained on; None where nobody said.
    """

    model_config = ConfigDict(extra="forbid", ser_json_inf_nan="constants")

    format: Literal["transfer-learning-project"] = "transfer-learning-project"
    version: int = Field(VERSION, ge=1)
    created: Text = ""
    spec: TrainingSpec
    input_shape: tuple[int, int, int]
    class_names: tuple[Text, ...] = Field(min_length=2, max_length=1000)
    history: list[Row] = Field(default_factory=list, max_length=10_000)
    trainable_tensors_before: int = Field(0, ge=0)
    trainable_tensors_after: int = Field(0, ge=0)
    trainable_tensors_fine_tuning: int | None = Field(None, ge=0)
    weight_drift: dict[Text, float] = Field(default_factory=dict)
    timings: dict[Text, float] = Field(default_factory=dict)
    test_metrics: Row = Field(default_factory=dict)
    cost_ledger: Row = Field(default_factory=dict)
    notes: list[tuple[str, Row]] = Field(default_factory=list, max_length=100)
    stopped: bool = False
    layer_history: list[Row] = Field(default_factory=list, max_length=10_000)
    name: Text = ""
    images: ProjectImages | None = None

    @field_validator("notes")
    @classmethod
    def _notes_can_be_shown(cls, notes: list[tuple[str, Row]]) -> list[tuple[str, Row]]:
        """A note is a template that pages fill in: a foreign one must not ask for more than its own values."""
        for template, params in notes:
            if len(template) > 2000:
                raise ValueError("a note is too long")
            for _, name, form, _ in Formatter().parse(template):
                if name is not None and (name not in params or not _PLAIN_FORMAT.fullmatch(form or "")):
                    raise ValueError(f"a note asks for {name!r}")
        return notes


def json_values(value: Any) -> Any:
    """`value` with numpy's numbers and arrays as Python's own, so that it fits into JSON."""
    if isinstance(value, dict):
        return {str(key): json_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_values(item) for item in value]
    if isinstance(value, np.ndarray):
        return json_values(value.tolist())
    if isinstance(value, np.generic):
        return json_values(value.item())
    return value
