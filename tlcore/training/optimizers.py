"""The lecture's optimisers as single fused updates.

The same arithmetic as Keras's RMSprop, Adam and SGD (a test compares them). Keras updates weights by a dozen separate
array operations a tensor; on a head of two million weights that takes longer than the forward and backward pass
together, and one fused operation a tensor does it in a third of the time.
"""

from __future__ import annotations

from typing import Any

RHO, EPSILON = 0.9, 1e-7  # of RMSprop; Keras's defaults, as all constants here
BETA_1, BETA_2 = 0.9, 0.999  # of Adam
MOMENTUM = 0.9  # of SGD


def keras_optimizer(name: str, learning_rate: float) -> Any:
    """Keras's own optimiser of that name, with the settings that training uses here.

    Args:
        name: "rmsprop", "adam" or "sgd" (momentum 0.9).
        learning_rate: Greater than 0.
    """
    from keras import optimizers

    if name == "sgd":
        return optimizers.SGD(learning_rate, momentum=MOMENTUM)
    return {"rmsprop": optimizers.RMSprop, "adam": optimizers.Adam}[name](learning_rate)


class FusedOptimizer:
    """Updates variables in place.

    Args:
        name: "rmsprop", "adam" or "sgd" (momentum 0.9).
        variables: `tf.Variable`s to train.
    """

    def __init__(self, name: str, variables: list[Any]) -> None:
        import tensorflow as tf

        self.name = name
        self.variables = variables
        slots = 1 if name == "sgd" else 2
        self.steps = tf.Variable(0, dtype=tf.int64, trainable=False)
        self.slots = [[tf.Variable(tf.zeros_like(v), trainable=False) for _ in range(slots)] for v in variables]

    @property
    def state(self) -> list[Any]:
        """All that it must remember between steps, in a fixed order; RMSprop's second slot is scratch."""
        kept = 2 if self.name == "adam" else 1
        return [self.steps, *(slot for slots in self.slots for slot in slots[:kept])]

    @property
    def num_bytes(self) -> int:
        """Memory of what it remembers of each weight; scratch counts, too."""
        return sum(4 * int(slot.shape.num_elements()) for slots in self.slots for slot in slots)

    def apply(self, gradients: list[Any], learning_rate: Any) -> None:
        """One step. Call it inside a `tf.function`."""
        import tensorflow as tf

        self.steps.assign_add(1)
        step = tf.cast(self.steps, tf.float32)
        update = {"rmsprop": _rmsprop, "adam": _adam, "sgd": _sgd}[self.name]
        for variable, slots, gradient in zip(self.variables, self.slots, gradients, strict=True):
            update(variable, slots, gradient, learning_rate, step)


def _rmsprop(variable: Any, slots: list[Any], gradient: Any, learning_rate: Any, step: Any) -> None:
    """RMSprop: v <- rho·v + (1 - rho)·g²; w <- w - rate·g / sqrt(v + epsilon)."""
    import tensorflow as tf

    tf.raw_ops.ResourceApplyRMSProp(
        var=variable.handle,
        ms=slots[0].handle,
        mom=slots[1].handle,
        lr=learning_rate,
        rho=RHO,
        momentum=0.0,
        epsilon=EPSILON,
        grad=gradient,
    )


def _adam(variable: Any, slots: list[Any], gradient: Any, learning_rate: Any, step: Any) -> None:
    """m, v: running means of g and g²; w <- w - rate·sqrt(1 - beta_2^t)/(1 - beta_1^t)·m / (sqrt(v) + epsilon)."""
    import tensorflow as tf

    tf.raw_ops.ResourceApplyAdam(
        var=variable.handle,
        m=slots[0].handle,
        v=slots[1].handle,
        beta1_power=tf.pow(BETA_1, step),
        beta2_power=tf.pow(BETA_2, step),
        lr=learning_rate,
        beta1=BETA_1,
        beta2=BETA_2,
        epsilon=EPSILON,
        grad=gradient,
    )


def _sgd(variable: Any, slots: list[Any], gradient: Any, learning_rate: Any, step: Any) -> None:
    """SGD: m <- momentum·m - rate·g; w <- w + m."""
    import tensorflow as tf

    tf.raw_ops.ResourceApplyKerasMomentum(
        var=variable.handle, accum=slots[0].handle, lr=learning_rate, grad=gradient, momentum=MOMENTUM
    )
