"""The camera in the page: a stream that several components can use, and the recorder of images class by class.

A component's script is one text for Streamlit, so `stream.js` (the camera itself: opening, switching, what can go
wrong, a frame cropped and scaled) is put in front of what a component does with its frames. No build step.
"""

from __future__ import annotations

from pathlib import Path

_STREAM = Path(__file__).with_name("stream.js")


def camera_script(own: Path) -> str:
    """The script of a component with a camera: the class `CameraStream`, then the component's own part.

    Args:
        own: File with the default export, which makes a `CameraStream` of its `video` element.
    """
    return f"{_STREAM.read_text('utf-8')}\n{own.read_text('utf-8')}"
