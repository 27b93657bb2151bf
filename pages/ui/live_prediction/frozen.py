"""A frame of the running camera that a person has frozen, to be looked into as a photo is."""

from __future__ import annotations

from pages.ui.common.trained import trained_networks
from pages.ui.live_prediction.beside import networks_on_the_same_frame
from pages.ui.live_prediction.live import live_camera
from pages.ui.live_prediction.question import Photo, network_reference, run_words


def frozen_frame(model: str | None) -> Photo | None:
    """The frame that was frozen last, beside the network's answers to what the camera sees."""
    if model is None:
        return None
    kept = trained_networks().get(model)
    words = [] if kept is None else run_words(kept.run)
    others = {} if kept is None else networks_on_the_same_frame(kept.run)
    frame = live_camera(network_reference(model), words, others)
    return Photo(frame, "frame") if frame is not None else None
