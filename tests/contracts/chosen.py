"""Which networks stand for all of them where trying one takes seconds."""

from __future__ import annotations

import os

import tlcore
from tlcore.architectures import get_architecture, list_architectures

#: Set for all of them, as before a release.
EVERY = os.environ.get("TLCORE_TEST_EVERY_NETWORK") == "1"


def networks_to_test() -> list[str]:
    """The smallest network of each family, by the number of parameters, in the order of the registry; or every one."""
    if EVERY:
        return list_architectures()
    smallest: dict[str, str] = {}
    for name in list_architectures():
        family = get_architecture(name).family
        if family not in smallest or num_parameters(name) < num_parameters(smallest[family]):
            smallest[family] = name
    return list(smallest.values())


def num_parameters(name: str) -> int:
    return tlcore.describe(name, include_top=False).total_params


def num_layers(name: str) -> int:
    return len(tlcore.describe(name, include_top=False).layers)
