"""The camera in the page: a stream that several components can use, and the recorder of images class by class.

A component's script is one text for Streamlit, so `stream.js` (the camera itself: opening, switching, what can go
wrong, a frame cropped and scaled; and how elements are made) is put in front of what a component does with its frames.
No build step.
"""

from __future__ import annotations

from pathlib import Path

_STREAM = Path(__file__).with_name("stream.js")
HOLD = Path(__file__).with_name("hold.js")  # a button that is held


def camera_script(*parts: Path) -> str:
    """The script of a component with a camera: the class `CameraStream`, then the component's own parts.

    Args:
        parts: Files; the last has the default export, which makes a `CameraStream` of its `video` element.
    """
    return "\n".join(path.read_text("utf-8") for path in (_STREAM, *parts))
