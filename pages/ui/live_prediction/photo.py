"""The one photo that is looked into, wherever it comes from."""

from __future__ import annotations

from pages.ui.common.messages import frozen_note, photo_note
from pages.ui.live_prediction.frozen import frozen_frame
from pages.ui.live_prediction.question import Photo, camera_photo, sample_photo
from pages.ui.live_prediction.uploaded import uploaded_photo


def photo_control(source: str, model: str | None) -> Photo | None:
    """Uploads, a test image of the chosen set, the camera, or a frame of it while it runs; None before there is one.

    Args:
        source: As `source_control` gives it.
        model: Of the control of the networks: it looks at all uploads at once.
    """
    if source == "upload":
        return uploaded_photo(model)
    if source == "sample":  # it is on this server already
        return sample_photo()
    live = source == "live"
    photo = frozen_frame(model) if live else camera_photo()
    frozen_note() if live else photo_note()
    return photo
