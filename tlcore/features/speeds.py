"""What was measured about networks on this machine, remembered on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from tlcore.files import write_atomically
from tlcore.machine import processor_name
from tlcore.settings import get_settings

from .graph import structure_hash
from .runtime_tensorflow import thread_count

#: While others have no more of the machine than this, what is measured counts.
CALM_SHARE = 0.25
_MOST_ATTEMPTS = 3


class Speeds(BaseModel):
    """How fast a network runs here.

    Attributes:
        images_per_second: By the name of a plan; 0 where the runtime cannot run this network.
        predict: Images a second of Keras's `predict`; None where it was not measured.
        parity: Relative difference ||half - full|| / ||full|| of bfloat16's outputs to float32's on a sample.
        conversion_s: What a conversion for LiteRT took.
        others_share: Share of the machine's processors that others had while it was measured, in [0, 1].
        attempts: How often it was measured.
    """

    images_per_second: dict[str, float] = Field({})
    predict: float | None = None
    parity: float | None = None
    conversion_s: float | None = None
    others_share: float = 0.0
    attempts: int = 0

    @property
    def is_doubtful(self) -> bool:
        """Whether it was measured on a busy machine, where who happened to be measured in a calm moment wins."""
        return self.others_share > CALM_SHARE and self.attempts < _MOST_ATTEMPTS

    def times_predict(self, plan_name: str) -> float | None:
        """How many times as fast as `predict` a plan is; None where one of both was not measured."""
        speed = self.images_per_second.get(plan_name)
        return speed / self.predict if speed and self.predict else None


def recall_speeds(model: Any) -> Speeds:
    """What is known about networks of the structure of `model`, whatever their weights."""
    try:
        return Speeds.model_validate(_notes().get(_key(model), {}))
    except ValidationError:  # a damaged note: measure again
        return Speeds()


def remember_speeds(model: Any, speeds: Speeds) -> None:
    """Keeps the note; a full disk only means measuring again."""
    notes = {**_notes(), _key(model): speeds.model_dump(exclude_none=True)}
    try:
        write_atomically(_file(), json.dumps(notes))
    except OSError:
        return


def _key(model: Any) -> str:
    """A home may be shared by a room of unlike machines, and two workers share one machine's cores."""
    import tensorflow as tf

    gpus = len(tf.config.list_physical_devices("GPU"))
    machine = f"{processor_name()}|{thread_count()} threads|{gpus} GPUs|tensorflow {tf.__version__}"
    return f"{machine}|{structure_hash(model)}"


def _file() -> Path:
    return get_settings().home / "forward_speed.json"


def _notes() -> dict[str, Any]:
    try:
        notes = json.loads(_file().read_text())
    except (OSError, ValueError):  # never measured, or a damaged file: measure again
        return {}
    return notes if isinstance(notes, dict) else {}
