"""The registry: every network that the program knows, as data."""

from __future__ import annotations

from difflib import get_close_matches

from tlcore.errors import InvalidArgumentError
from tlcore.translatable import N_

from ..specification import ArchitectureSpec
from .classic import LENET_ALEXNET, SLIM, VGG
from .convnext import CONVNEXT
from .efficient import EFFICIENTNET, EFFICIENTNET_LITE, EFFICIENTNET_V2
from .inception import INCEPTION, XCEPTION
from .mobile import DENSENET, MOBILENET, MOBILENET_V3, NASNET
from .residual import RESNET, RESNET_V2, RESNEXT

#: The lecture's networks in the lecture's order, then the younger ones, then the embedded base.
_SPECS = (
    *LENET_ALEXNET,
    *VGG,
    *XCEPTION,
    *RESNET,
    *RESNET_V2,
    *RESNEXT,
    *INCEPTION,
    *MOBILENET,
    *DENSENET,
    *NASNET,
    *MOBILENET_V3,
    *EFFICIENTNET,
    *EFFICIENTNET_LITE,
    *EFFICIENTNET_V2,
    *CONVNEXT,
    *SLIM,
)
#: What is proposed wherever the base is not the point: its ImageNet weights are installed with the program.
PROPOSED_BASE = "EfficientNetLite0"

_BY_NAME = {spec.name: spec for spec in _SPECS}


def list_architectures() -> list[str]:
    """Names of all networks, in the order of the lecture, the embedded base last.

    Example:
        >>> list_architectures()[:5]
        ['LeNet5', 'LeNet5Modern', 'AlexNet', 'AlexNetSingle', 'VGG16']
    """
    return list(_BY_NAME)


def get_architecture(name: str) -> ArchitectureSpec:
    """Facts about a network.

    Args:
        name: One of `list_architectures()`.

    Returns:
        Its specification.

    Raises:
        InvalidArgumentError: There is no such network; the nearest name is offered.
    """
    if isinstance(name, str) and name in _BY_NAME:
        return _BY_NAME[name]
    raise InvalidArgumentError(
        N_(
            "Expected `architecture` to be the name of a known network. Received: {value!r}. Did you mean {nearest!r}? "
            "tlcore.list_architectures() lists all {count}."
        ),
        value=name if isinstance(name, str) else repr(name),
        nearest=_nearest(str(name)),
        count=len(_BY_NAME),
    )


def _nearest(name: str) -> str:
    def plain(text: str) -> str:
        return "".join(character for character in text.casefold() if character.isalnum())

    by_plain = {plain(known): known for known in reversed(_BY_NAME)}
    close = get_close_matches(plain(name), by_plain, n=1, cutoff=0.4)
    return by_plain[close[0]] if close else "VGG16"
