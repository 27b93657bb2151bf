"""The teacher: EfficientNet-Lite0 with its ImageNet weights, in PyTorch, BatchNorm folded away.

It looks at every view that the student sees, at a size that suits it. Of the sizes tried on 1,000 validation
photographs (they have 64 pixels, whatever they are enlarged to), 160 served it best: of the 200 classes it named 41 %
at 96, 47 % at 128, 54 % at 160, 53 % at 192, 52 % at 224.
Source of the method: Hinton, Vinyals & Dean, Distilling the knowledge in a neural network, 2015.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from tlcore.architectures.networks.efficientnet_lite import STAGES, STEM_CHANNELS, TOP_CHANNELS

from .fold import BatchNorm, FloatArray, fold_batch_norm

TEACHER_SIZE = 160
FILE = "teacher.safetensors"
_EPSILON = 1e-3


class _Convolution(nn.Module):
    """A convolution padded as TensorFlow pads "same" (more on the right and below), then ReLU6 or nothing."""

    def __init__(self, channels: tuple[int, int], kernel: int, stride: int = 1, *, active: bool = True) -> None:
        super().__init__()
        self.kernel, self.stride, self.active = kernel, stride, active
        groups = channels[0] if kernel > 1 and channels[0] == channels[1] else 1  # all of these are depthwise
        self.convolution = nn.Conv2d(*channels, kernel, stride, groups=groups)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        missing = [max((-(-n // self.stride) - 1) * self.stride + self.kernel - n, 0) for n in (x.shape[3], x.shape[2])]
        if any(missing):
            x = functional.pad(x, [part for n in missing for part in (n // 2, n - n // 2)])
        x = self.convolution(x)
        return functional.relu6(x, inplace=True) if self.active else x


class _Block(nn.Module):
    """Widen, look around in each channel, narrow; a shortcut where shapes agree."""

    def __init__(self, channels: tuple[int, int], kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        inner = channels[0] * expansion
        layers = [_Convolution((channels[0], inner), 1)] if expansion > 1 else []
        layers += [_Convolution((inner, inner), kernel, stride), _Convolution((inner, channels[1]), 1, active=False)]
        self.layers = nn.Sequential(*layers)
        self.shortcut = stride == 1 and channels[0] == channels[1]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.layers(x) if self.shortcut else self.layers(x)


class EfficientNetLite0(nn.Module):
    """`(batch, 3, height, width)` in [-1, 1] -> pooled features `(batch, 1280)`; `classes` scores them."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [_Convolution((3, STEM_CHANNELS), 3, 2)]
        channels = STEM_CHANNELS
        for repeats, kernel, stride, expansion, width in STAGES:
            for number in range(repeats):
                layers.append(_Block((channels, width), kernel, stride if number == 0 else 1, expansion))
                channels = width
        layers.append(_Convolution((channels, TOP_CHANNELS), 1))
        self.layers = nn.Sequential(*layers)
        self.classes = nn.Linear(TOP_CHANNELS, 1000)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        # [-1, 1] holds 0 to 255; the published weights expect (x - 127) / 128.
        return self.layers((images * 127.5 + 0.5) / 128.0).mean((2, 3)).float()


def folded_state(stored: dict[str, FloatArray]) -> dict[str, torch.Tensor]:
    """The published tensors, BatchNorm folded into the convolutions, under the names of `EfficientNetLite0`."""
    pairs = [("_conv_stem", "_bn0")]
    for block in range(sum(repeats for repeats, *_ in STAGES)):
        inner = (("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2"))
        pairs += [(f"_blocks.{block}.{convolution}", f"_blocks.{block}.{norm}") for convolution, norm in inner]
    pairs.append(("_conv_head", "_bn1"))
    values = []
    for convolution, norm in pairs:
        if f"{convolution}.weight" not in stored:  # the first block does not widen
            continue
        arrays = [stored[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]
        kernel = stored[f"{convolution}.weight"].transpose(2, 3, 1, 0)  # (height, width, in, out)
        folded, bias = fold_batch_norm(kernel, BatchNorm(*arrays, epsilon=_EPSILON))
        values += [folded.transpose(3, 2, 0, 1), bias]
    values += [stored["_fc.weight"], stored["_fc.bias"]]
    names = EfficientNetLite0().state_dict()
    return {name: torch.tensor(np.ascontiguousarray(value)) for name, value in zip(names, values, strict=True)}


def write_teacher(work: Path) -> None:
    """Writes the teacher's folded weights to `work`, so that the training needs nothing but torch and that folder."""
    if (work / FILE).exists():
        return
    from tlcore.weights.sources import find_imagenet_file
    from tlcore.weights.torch_checkpoint import read_torch_checkpoint

    path, _ = find_imagenet_file("EfficientNetLite0", include_top=True)
    save_file(folded_state(read_torch_checkpoint(path, path.read_bytes())), str(work / FILE))


def load_teacher(work: Path) -> EfficientNetLite0 | None:
    """The teacher that `write_teacher` left in `work`, in inference mode; None without one."""
    if not (work / FILE).exists():
        return None
    teacher = EfficientNetLite0()
    teacher.load_state_dict(load_file(str(work / FILE)))
    return teacher.eval().requires_grad_(False)
