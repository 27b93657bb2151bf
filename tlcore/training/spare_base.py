"""The base that the next run will take for its own, built while nobody waits.

A run that changes its base needs one of its own; Keras makes its 150 layers and 250 variables in half a second to a
second, all of it between the click and the first point. Whoever trains once mostly trains again with the same base:
it is built anew (never used before, so no run can leave anything in it) as soon as a worker has nothing to do.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from threading import Lock
from typing import Any

from tlcore.architectures import describe
from tlcore.models import build_base

_SOURCES = ("embedded", "imagenet")  # what another run can have, too, and nobody replaces meanwhile
_MOST_WEIGHTS = 20_000_000  # 80 MB in float32; a larger base is built when it is wanted


@dataclass(frozen=True)
class _Wanted:
    base: str
    weights: str
    input_shape: tuple[int, int, int]
    seed: int  # decides what a base draws beside its weights: the seeds of its dropout


@dataclass(frozen=True)
class _Spare:
    wanted: _Wanted
    base: Any
    random_state: Any  # of Python's generator, which Keras asks for seeds


_lock = Lock()
_last: _Wanted | None = None
_spare: _Spare | None = None


def own_base(name: str, *, weights: str | None, input_shape: tuple[int, int, int], seed: int) -> Any:
    """A base that belongs to the caller alone; sets all random seeds, as if it were built now in either case.

    Args:
        name, weights, input_shape: As for `build_base`.
        seed: Of all that is drawn.

    Returns:
        As `build_base`.
    """
    import keras

    global _last, _spare
    wanted = _Wanted(name, weights, input_shape, seed) if weights in _SOURCES else None
    with _lock:
        spare, _spare, _last = _spare, None, wanted  # of another kind it would lie there for nothing
    keras.utils.set_random_seed(seed)
    if spare is None or spare.wanted != wanted:
        return build_base(name, input_shape=input_shape, weights=weights)
    random.setstate(spare.random_state)
    return spare.base


def build_spare() -> bool:
    """Builds what the last run took, if there is none yet; for a worker that has nothing to do.

    Returns:
        Whether the next run with the same base, image size and seed will find one.
    """
    import keras

    global _spare
    wanted = _last
    if wanted is None or _spare is not None:
        return _spare is not None
    if describe(wanted.base, include_top=False).total_params > _MOST_WEIGHTS:
        return False
    before = random.getstate()
    keras.utils.set_random_seed(wanted.seed)
    base = build_base(wanted.base, input_shape=wanted.input_shape, weights=wanted.weights)
    spare = _Spare(wanted, base, random.getstate())
    random.setstate(before)
    with _lock:
        if _last == wanted:
            _spare = spare
    return _spare is not None
