"""Tasks for the tests of the engine; they run in real workers."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from typing import Any

from tlcore.engine import JobContext
from tlcore.errors import DatasetError


def count(context: JobContext, *, to: int = 5) -> dict[str, Any]:
    for number in range(to):
        context.emit({"kind": "note", "number": number})
    facts = {"tensorflow": "tensorflow" in sys.modules, "pid": os.getpid(), "scratch": tempfile.gettempdir()}
    return {"counted": to, **facts}


def wait_until_stopped(context: JobContext, *, tidy_s: float = 0.0) -> str:
    context.emit({"kind": "note", "pid": os.getpid()})
    never = threading.Event()
    while not context.should_stop():
        never.wait(0.01)
    never.wait(tidy_s)
    return "stopped when asked"


def take_minutes(context: JobContext, *, minutes: bool) -> int:
    if minutes:
        context.take_minutes()
    return os.getpid()


def take(context: JobContext, *, seconds: float) -> int:
    threading.Event().wait(seconds)
    return os.getpid()


def never_answer(context: JobContext) -> None:
    context.emit({"kind": "note", "stuck": True})
    threading.Event().wait()


def refuse(context: JobContext) -> None:
    raise DatasetError("Expected at least {least} images. Received: {count}.", least=8, count=3)


def break_down(context: JobContext) -> None:
    import tensorflow as tf

    raise tf.errors.InternalError(None, None, "something inside")


def return_a_model(context: JobContext) -> Any:
    import keras

    return keras.Sequential()


def fit(context: JobContext, *, epochs: int) -> dict[str, Any]:
    """A real Keras fit, which looks at the request to stop after each batch."""
    import keras
    import numpy as np

    model = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")

    class Telling(keras.callbacks.Callback):  # type: ignore[misc]
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            model.stop_training = context.should_stop()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            context.emit({"kind": "epoch", "epoch": epoch + 1, "loss": logs["loss"]})

    data = np.zeros((64, 8), dtype="float32")
    history = model.fit(data, data[:, :1], epochs=epochs, verbose=0, callbacks=[Telling()])
    return {"epochs": len(history.epoch)}
