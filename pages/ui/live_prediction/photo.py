"""The one photo that is looked into, wherever it comes from."""

from __future__ import annotations

from pages.ui.common.messages import photo_note
from pages.ui.live_prediction.question import Photo, camera_photo, frozen_frame, sample_photo
from pages.ui.live_prediction.uploaded import uploaded_photo


def photo_control(source: str, model: str | None) -> Photo | None:
    """Uploads, a test image of the chosen set, the camera, or a frame of it while it runs; None before there is one.

    Args:
        source: As `source_control` gives it.
        model: Of the control of the networks: it looks at all uploads at once.
    """
    if source == "upload":
        return uploaded_photo(model)
    photo = sample_photo() if source == "sample" else frozen_frame(model) if source == "live" else camera_photo()
    photo_note()
    return photo
