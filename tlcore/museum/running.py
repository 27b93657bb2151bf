"""Runs the program of a piece as it is shown, watched: each epoch is told, and it leaves when it is to stop.

Only programs of the registry come here; no text from outside is ever run.
"""

from __future__ import annotations

import ast
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidArgumentError
from ..experiments.measuring.stopping import leave_if_asked
from ..experiments.specification import Watcher
from ..keras_internals import build_before_fit
from ..translatable import N_
from .specification import BASES, Piece, Way

#: What is kept of each epoch, where the program has it.
CURVES = ("loss", "accuracy", "val_loss", "val_accuracy")

#: Calls that take long, which are watched.
_WATCHED = ("fit", "evaluate", "predict")

#: Under this name a program finds who watches it.
_WATCHER = "_watching"


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """What a program of the museum came to.

    Attributes:
        curve: A row an epoch, over all of its calls of `fit`: "epoch" from 1, "phase" (which call, from 1), and those
            of `CURVES` that it measured.
        numbers: Those of `Piece.numbers`, by name.
        seconds: That it took.
    """

    curve: tuple[dict[str, float], ...]
    numbers: dict[str, float]
    seconds: float


def run_program(piece: Piece, base: str, way: Way, watcher: Watcher) -> ProgramRun:
    """Runs one of the two programs of a piece in this process; imports tensorflow.

    Args:
        piece: Of the registry.
        base: One of `BASES`.
        way: "broken" or "mended".
        watcher: Gets an event {"kind": "epoch", ...} for each epoch, a row of the curve; may stop it.

    Raises:
        InvalidArgumentError: Another base.
        StoppedError: The watcher wants it to stop.
    """
    if base not in BASES:
        raise InvalidArgumentError(
            N_("Expected `base` to be one of {names}. Received: {value!r}."), names=BASES, value=base
        )
    rows: list[dict[str, float]] = []
    names: dict[str, Any] = {"__name__": "museum", "print": _say_nothing, _WATCHER: _watching(rows, watcher)}
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras 3.15 suspects some of these mistakes; the learner is to find them
        exec(compile(watched(piece.program(base, way)), f"{piece.name}, {way}", "exec"), names)
    numbers = {number.name: float(names[number.name]) for number in piece.numbers}
    return ProgramRun(tuple(rows), numbers, time.perf_counter() - start)


def watched(code: str) -> ast.Module:
    """The program with an ear at its long calls, and begun sooner; nothing of what it computes changes."""
    tree: ast.Module = _Watched().visit(ast.parse(code))
    return ast.fix_missing_locations(tree)


class _Watched(ast.NodeTransformer):
    """Adds `verbose=0, callbacks=...` to `fit`, `evaluate` and `predict`, and `jit_compile=False` to `compile`.

    XLA compiles a deep base for longer than so few images are trained on. The watcher of `fit` sees the model, and the
    images and labels where these are arrays.
    """

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.func, ast.Attribute):
            return node
        called = node.func.attr
        if called in _WATCHED:
            seen = [node.func.value, *node.args] if called == "fit" and len(node.args) == 2 else []
            callbacks = ast.Call(ast.Name(_WATCHER, ast.Load()), seen, [])
            node.keywords += [ast.keyword("verbose", ast.Constant(0)), ast.keyword("callbacks", callbacks)]
        if called == "compile":
            node.keywords.append(ast.keyword("jit_compile", ast.Constant(False)))
        return node


def _say_nothing(*_values: Any) -> None:
    """Instead of `print`: what is printed is read from the program's names."""


def _watching(rows: list[dict[str, float]], watcher: Watcher) -> Callable[..., list[Any]]:
    """What gives a program its callbacks: they keep each epoch in `rows`, tell it, and leave between two batches."""
    from keras.callbacks import Callback

    class Watching(Callback):  # type: ignore[misc]  # keras is not typed
        phase = 0

        def on_train_begin(self, logs: Any = None) -> None:
            self.phase += 1

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            measured = {name: float(value) for name, value in (logs or {}).items() if name in CURVES}
            rows.append({"epoch": len(rows) + 1, "phase": self.phase, **measured})
            watcher.emit({"kind": "epoch", **rows[-1]})

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            leave_if_asked(watcher)

        on_test_batch_end = on_predict_batch_end = on_train_batch_end

    watching = Watching()

    def callbacks(*fitted: Any) -> list[Any]:
        if fitted:
            build_before_fit(*fitted)
        return [watching]

    return callbacks
