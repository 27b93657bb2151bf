"""What has no public door in Keras is read in one module, and says what it should."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from tlcore.keras_internals import build_before_fit, call_behind, calls_within, never_saved, operation_behind, set_aside

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


def test_layers_that_are_never_saved_are_the_same_otherwise_and_those_of_other_threads_are_saved() -> None:
    import keras

    def network() -> Any:
        inputs = keras.Input((8, 8, 3))
        outputs = keras.layers.BatchNormalization(trainable=False)(keras.layers.Conv2D(4, 3)(inputs))
        return keras.Model(inputs, keras.layers.Dense(2)(keras.layers.Flatten()(outputs)))

    def facts(model: Any) -> list[Any]:
        return [(type(layer), layer.trainable, [weight.shape for weight in layer.weights]) for layer in model.layers]

    def saves(model: Any) -> bool:
        return "_kernel" in model.layers[1]._trackable_children()

    usual = keras.layers.Layer.__setattr__
    with never_saved(), ThreadPoolExecutor(1) as other_thread:
        light, other = network(), other_thread.submit(network).result()
    assert keras.layers.Layer.__setattr__ is usual
    assert facts(light) == facts(other) == facts(network())
    assert (saves(light), saves(other), saves(network())) == (False, True, True)
