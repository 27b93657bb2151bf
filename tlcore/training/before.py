"""The network of a run as it was before its last layers were unfrozen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tlcore.errors import InvalidArgumentError
from tlcore.translatable import N_
from tlcore.weights.loading import assign_tensors

from .network import build_network
from .run import Run
from .trained_network import OwnNetwork


def before_fine_tuning(run: Run) -> Run:
    """The run as it stood when fine-tuning began: the trained head on the base as it came.

    Only the weights of the head are kept with a run; the base is built again from where its weights come from.

    Args:
        run: Of the method "fine_tuning"; it is not changed.

    Returns:
        A run with a network of its own and the history until then. What was measured at the end is not told of it:
        its `test_metrics` are empty.

    Raises:
        InvalidArgumentError: Nothing was unfrozen in this run.
        WeightsError: The weights of its base are not on this machine.

    Example:
        ```python
        print(predict(before_fine_tuning(run), "photo.jpg"), predict(run, "photo.jpg"))
        ```
    """
    if not run.head_before:
        raise InvalidArgumentError(
            N_(
                "Expected a run that was fine-tuned after its head had learned. Received: one without that moment. "
                "Train with the method “fine_tuning”."
            )
        )
    shape = run.network.base.input_shape[1:]
    network = OwnNetwork(build_network(run.spec, shape, len(run.class_names)))
    assign_tensors(network.head_tensors, Path(run.spec.base), run.head_before)
    return replace(
        run,
        network=network,
        history=[row for row in run.history if row["phase"] != "fine_tuning"],
        weight_drift={layer.name: 0.0 for layer in network.base.layers},
        test_metrics={},
        checkpoint=None,
        head_before={},
    )
