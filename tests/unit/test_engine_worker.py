"""What leaves a worker, and how many threads it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tlcore.engine import JobContext
from tlcore.engine.preload import thread_count
from tlcore.engine.worker import check_plain


def test_events_are_plain_and_not_too_many() -> None:
    sent: list[dict[str, Any]] = []
    context = JobContext("job", "owner", sent.append, lambda: False)
    for done in range(1001):
        context.emit({"kind": "progress", "phase": "x", "done": done, "total": 1000})
    context.emit({"kind": "epoch", "loss": np.float32(0.5), "shape": (1, np.int64(2)), "path": Path("a")})
    assert len(sent) < 200
    assert sent[-2]["done"] == 1000, "the last one is never left out"
    assert sent[-1] == {"kind": "epoch", "loss": 0.5, "shape": [1, 2], "path": "a"}


def test_only_plain_results_leave_a_worker() -> None:
    check_plain({"a": [1, 2.0, "x", b"y", None, np.zeros(3)], "b": (True,)})
    with pytest.raises(TypeError, match="plain data"):
        check_plain({"deep": [object()]})


def test_training_gets_all_cores_and_interactive_work_half() -> None:
    assert thread_count({"training": 1}, 8) == 8
    assert thread_count({"interactive": 1, "training": 1}, 8) == 8
    assert thread_count({"interactive": 1}, 8) == 4
    assert thread_count({"interactive": 1}, 1) == 1
