"""What has no public door in Keras is read in one module, and says what it should."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from tlcore.keras_internals import build_before_fit, call_behind, calls_within, operation_behind, set_aside

TLCORE = Path(__file__).resolve().parents[2] / "tlcore"
PRIVATE = re.compile(r"_keras_history|_inbound_nodes|\._nodes\b|keras\.src|_outbound_nodes|_symbolic_build")


def test_no_other_module_reads_what_keras_keeps_to_itself() -> None:
    readers = {path.name for path in TLCORE.rglob("*.py") if PRIVATE.search(path.read_text("utf-8"))}
    assert readers == {"keras_internals.py"}


def test_calls_and_operations_are_found_behind_tensors() -> None:
    import keras

    images = keras.Input((8, 8, 3), name="images")
    shared = keras.layers.Conv2D(2, 3, name="shared")
    first, other = shared(images), shared(keras.Input((9, 9, 3)))
    model = keras.Model(images, first)

    assert operation_behind(first) is shared
    assert operation_behind(images).name == "images"
    assert call_behind(other).input_tensors[0].shape == (None, 9, 9, 3)
    assert [call.output_tensors[0].shape for call in calls_within(shared, model)] == [(None, 6, 6, 2)]


def test_what_keras_counts_is_set_aside_and_comes_back() -> None:
    import keras

    def name() -> str:
        return str(keras.layers.Dense(1).name)

    keras.layers.Dense(1)
    with set_aside("object_name_uids"):
        inside = name()
    assert inside == "dense"
    assert name() != "dense"


def test_a_training_step_is_traced_once_where_everything_was_built_before() -> None:
    import keras

    traces = []

    class Traced(keras.layers.Layer):
        def call(self, inputs: Any) -> Any:
            traces.append(inputs)
            return inputs

    images, labels = np.zeros((8, 4)), np.zeros(8)
    model = keras.Sequential([keras.layers.Input((4,)), Traced(), keras.layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    build_before_fit(model, images, labels)
    traces.clear()
    model.fit(images, labels, verbose=0)
    assert len(traces) == 1
