"""Fourth stage: BatchNorm is folded into the convolution before it, so that the shipped network has none.

In inference BatchNorm is a fixed scale and shift for each channel, which the kernel and bias can take over:
`gamma · (W∗x − mean) / sqrt(variance + epsilon) + beta = (W · scale)∗x + (beta − mean · scale)`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


class BatchNorm(NamedTuple):
    """Parameters and moving statistics, each `(channels,)`."""

    gamma: FloatArray
    beta: FloatArray
    mean: FloatArray
    variance: FloatArray
    epsilon: float


def fold_batch_norm(kernel: FloatArray, batch_norm: BatchNorm) -> tuple[FloatArray, FloatArray]:
    """Kernel and bias of one convolution that does what convolution and BatchNorm did.

    Args:
        kernel: `(height, width, channels_in, channels_out)`, of a convolution without bias.
        batch_norm: Of `channels_out` channels.

    Returns:
        The new kernel, and the bias `(channels_out,)`.
    """
    scale = batch_norm.gamma / np.sqrt(batch_norm.variance + batch_norm.epsilon)
    bias = batch_norm.beta - batch_norm.mean * scale
    return (kernel * scale).astype("float32"), bias.astype("float32")
