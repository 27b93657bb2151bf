"""A network on its way to the browser: its shared part to a public file, what its owner trained to its owner alone."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pages.ui.common.in_browser.files import keep_network, network_address
from pages.ui.common.jobs import answer_to
from pages.ui.common.messages import show_error
from pages.ui.common.owner import owner
from pages.ui.common.state import Key
from tlcore.engine import get_engine
from tlcore.files import storage_error

if TYPE_CHECKING:
    from tlcore.engine.tasks.browser import BrowserNetwork, SharedFile
    from tlcore.engine.tasks.references import NetworkReference
    from tlcore.export.browser import DenseWeights

_WAIT_S = 0.6


@dataclass(frozen=True)
class NetworkKeys:
    """Where a page remembers the jobs that prepare a network, and what they were asked."""

    job: Key[str | None]
    asked: Key[str]
    file_job: Key[str | None]
    file_asked: Key[str]


def network_for_browser(network: NetworkReference, keys: NetworkKeys) -> BrowserNetwork | None:
    """The parts of a network, its shared part where browsers find it; None while that is prepared, or if it fails."""
    parts: BrowserNetwork | None
    parts = answer_to(keys.job, keys.asked, "browser_network", {"network": network}, wait_s=_WAIT_S)
    if parts is None or not parts.file or network_address(parts.file):
        return parts
    shared: SharedFile | None
    shared = answer_to(keys.file_job, keys.file_asked, "shared_file", {"network": network}, wait_s=_WAIT_S)
    if shared is None:
        return None
    try:
        keep_network(parts.file, shared.content)
    except OSError as error:
        show_error(storage_error(error))
        return None
    get_engine().forget(owner(), keys.file_job.name)  # it is on the disk
    return parts


def network_data(parts: BrowserNetwork, *, whole: bool) -> dict[str, Any]:
    """What the script of a component gets, see `Parts` in `frontend/src/index.ts`.

    Args:
        parts: The network.
        whole: With what was trained, which the browser has to get only once.
    """
    data: dict[str, Any] = {"id": network_id(parts)}
    if whole:
        data["parts"] = {
            "base": (network_address(parts.file) or "") if parts.file else "",
            "private": base64.b64encode(parts.own).decode(),
            "pooling": parts.pooling,
            "dense": dense_data(parts.dense),
        }
    return data


def network_id(parts: BrowserNetwork) -> str:
    """Differs where the networks do."""
    digest = hashlib.sha256(parts.file.encode() + parts.own)
    for layer in parts.dense:
        digest.update(layer.kernel + layer.bias)
    return digest.hexdigest()[:16]


def dense_data(layers: tuple[DenseWeights, ...]) -> list[dict[str, Any]]:
    """Dense layers as JSON holds them."""
    return [
        {
            "units": layer.units,
            "activation": layer.activation,
            "kernel": base64.b64encode(layer.kernel).decode(),
            "bias": base64.b64encode(layer.bias).decode(),
        }
        for layer in layers
    ]
