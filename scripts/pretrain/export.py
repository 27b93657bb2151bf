"""Last stage: the checkpoint's averaged network -> the file that ships with the package.

Names and shapes are those of the Keras network (`block1_conv1/kernel`, `(3, 3, in, out)`), values are half precision.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn

from .fold import BatchNorm, fold_batch_norm
from .network import BLOCKS, SlimVGG

SOURCE = "python -m scripts.pretrain"


def folded_tensors(network: SlimVGG) -> dict[str, np.ndarray]:
    """The network's convolutions and classifier under their Keras names, `float32`."""
    names = [f"block{block}_conv{n}" for block, (count, _) in enumerate(BLOCKS, 1) for n in range(1, count + 1)]
    layers = list(network.convolutional)
    pairs = [(layer, layers[index + 1]) for index, layer in enumerate(layers) if isinstance(layer, nn.Conv2d)]
    tensors: dict[str, np.ndarray] = {}
    for name, (convolution, normalization) in zip(names, pairs, strict=True):
        kernel = convolution.weight.detach().permute(2, 3, 1, 0).numpy()  # (3, 3, in, out)
        statistics = (normalization.weight, normalization.bias, normalization.running_mean, normalization.running_var)
        arrays = [tensor.detach().numpy() for tensor in statistics]
        tensors[f"{name}/kernel"], tensors[f"{name}/bias"] = fold_batch_norm(
            kernel, BatchNorm(*arrays, epsilon=normalization.eps)
        )
    tensors["predictions/kernel"] = network.predictions.weight.detach().numpy().T  # (288, classes)
    tensors["predictions/bias"] = network.predictions.bias.detach().numpy()
    return tensors


def averaged_network(work: Path) -> SlimVGG:
    """The network of the last checkpoint, with its averaged weights (EMA), in inference mode."""
    state = torch.load(work / "checkpoint.pt", weights_only=True, map_location="cpu")
    prefix = "module."
    weights = {key.removeprefix(prefix): value for key, value in state["average"].items() if key.startswith(prefix)}
    network = SlimVGG(len(weights["predictions.bias"]))
    network.load_state_dict(weights)
    return network.eval()


def export(work: Path, target: Path) -> None:
    """Writes `target` (safetensors, `float16`), with the training's log in the metadata."""
    folded = folded_tensors(averaged_network(work))
    tensors = {name: np.ascontiguousarray(value, "float16") for name, value in folded.items()}
    last = json.loads((work / "log.jsonl").read_text().splitlines()[-1])
    metadata = {"architecture": "VGG16Slim", "source": SOURCE, "epochs": str(last["epoch"])}
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, str(target), metadata=metadata)
