"""What the scripts of components with a camera and a network say."""

from __future__ import annotations

from typing import Any

from pages.ui.common.camera.words import camera_states
from pages.ui.common.i18n import _


def live_words() -> dict[str, Any]:
    """Of the camera, the network and its answers."""
    return {
        "open": _("Open the camera"),
        "turn": _("Other camera"),
        "close": _("Close the camera"),
        "picture": _("What the camera sees"),
        "loading": _("The network is on its way to your browser…"),
        "says": _("The network says “{name}” with {share}."),
        "unsure": _("Not sure: the likeliest is “{name}” with {share} only, below your threshold."),
        "pace": _("{rate} frames/s · {ms} ms from picture to answer · {where}"),
        "where": {
            "webgpu": _("in this browser, on the graphics card"),
            "wasm": _("in this browser, on the processor"),
            "server": _("on the server"),
        },
        "faults": {
            "simd": _(
                "This browser is too old to run the network (it lacks WebAssembly SIMD). Use a newer one, or let the "
                "server answer: page Live prediction, “On the server”."
            ),
            "runtime": _("The program that runs networks could not be loaded. Load the page again."),
            "file": _("The network could not be loaded into the browser. Load the page again."),
        },
        "states": camera_states(
            closed=_("Open the camera, and the network answers to what it sees."),
            ended=_("The camera was disconnected. Connect it and open it again."),
        ),
    }
