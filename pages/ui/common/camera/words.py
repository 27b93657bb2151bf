"""What is said of a camera that shows no picture."""

from __future__ import annotations

from pages.ui.common.i18n import _


def camera_states(*, closed: str, ended: str) -> dict[str, str]:
    """What is said of a camera that shows no picture, see `stream.js`.

    Args:
        closed: What opening it leads to.
        ended: What became of the work when it was unplugged.
    """
    return {
        "closed": closed,
        "asking": _("Your browser asks whether this page may use the camera: allow it."),
        "refused": _(
            "The browser refused the camera. Allow it for this page (the sign beside the address), then open the "
            "camera again."
        ),
        "none": _("No camera was found on this device. Connect one, or bring files."),
        "busy": _("Another program uses the camera. Close it there, then open the camera again."),
        "ended": ended,
        "insecure": _(
            "Browsers give cameras to pages by HTTPS and from this computer itself only, and this page came in "
            "another way. Bring files, or ask whoever runs this lab for an address with https://."
        ),
        "broken": _("The camera could not be opened. Open it again, or bring files."),
    }
