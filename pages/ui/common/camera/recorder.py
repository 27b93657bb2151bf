"""Recording images with the camera, class by class: hold a button, several frames a second go into the class."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.common.camera import HOLD, camera_script
from pages.ui.common.camera.sent import carry_out
from pages.ui.common.camera.state import (
    ACKNOWLEDGED,
    FAULT,
    ONE_BY_ONE,
    ONE_CLASS,
    ONE_PHOTO,
    RECORDER,
    SHOWS,
)
from pages.ui.common.camera.words import camera_states
from pages.ui.common.controls import select_one
from pages.ui.common.i18n import _, number
from pages.ui.common.messages import show_error
from pages.ui.common.owner import owner
from pages.ui.common.pictures import data_uri
from tlcore.datasets.splits import MIN_IMAGES_PER_CLASS
from tlcore.errors import TransferLearningError
from tlcore.store import OwnerStore
from tlcore.store.recordings import MOST_CLASSES, RecordedClass, Recording

RATE = 8  # frames a second
_SHOWN = 6  # pictures of a class; as many as recorder.js shows
_FOLDER = Path(__file__).parent
_HTML = '<div class="camera"></div>'
_recorder = st.components.v2.component(
    "tlcore.recorder",
    html=_HTML,
    css=(_FOLDER / "recorder.css").read_text("utf-8"),
    js=camera_script(HOLD, _FOLDER / "recorder.js"),
)


def recording() -> Recording:
    """What this browser records."""
    return Recording(OwnerStore(owner()), [_("Class {number}").format(number=number) for number in (1, 2)])


def camera_recorder(side: int) -> None:
    """The camera, the classes and their buttons; draw it in a fragment, which runs at each batch of frames.

    Args:
        side: Of the frames that are kept, in pixels.
    """
    recorded = recording()

    def received() -> None:
        carry_out(recorded, (RECORDER.get() or {}).get("sent"))

    _recorder(data=_data(recorded, side), key=RECORDER.name, on_sent_change=received, width="stretch")


def recorder_notes() -> None:
    """Below the recorder, folded away: how to record well, and the way without its script."""
    with st.expander(_("How to record well, and what to do without a picture"), icon=":material/info:"):
        st.markdown(
            _(
                "Record each class three times or more, and move the thing or the camera in between: the network is "
                "then tested on a recording that it has not seen. Browsers give cameras only to pages that come by "
                "HTTPS or from this computer itself (localhost)."
            )
        )
        _one_by_one(recording())


def import_arguments(recorded: Recording, side: int, seed: int = 0) -> dict[str, Any]:
    """What the task "import_recording" is told."""
    return {"item": recorded.item_id, "image_size": (side, side), "seed": seed, "name": _("my camera")}


def missing_in_recording(classes: tuple[RecordedClass, ...]) -> list[str]:
    """Sentences that say what is still needed before the recorded images can be used."""
    sentences = [
        _("Each class needs {least} images: “{name}” has {count}.").format(
            least=MIN_IMAGES_PER_CLASS, name=recorded.name, count=number(len(recorded.frames))
        )
        for recorded in classes
        if len(recorded.frames) < MIN_IMAGES_PER_CLASS
    ]
    names = [recorded.name for recorded in classes]
    if "" in names:
        sentences.append(_("Class {number} needs a name.").format(number=names.index("") + 1))
    if len(set(names)) < len(names):
        sentences.append(_("Two classes have the same name. Give each its own."))
    return sentences


def _data(recorded: Recording, side: int) -> dict[str, Any]:
    return {
        "side": side,
        "rate": RATE,
        "room": recorded.room(),
        "most": MOST_CLASSES,
        "acknowledged": ACKNOWLEDGED.get(),
        "fault": FAULT.get(),
        "classes": [
            {
                "id": known.class_id,
                "name": known.name,
                "count": len(known.frames),
                **({"pictures": _pictures(recorded, known)} if SHOWS.get() else {}),
            }
            for known in recorded.classes()
        ],
        "words": _words(),
    }


def _pictures(recorded: Recording, known: RecordedClass) -> list[str]:
    return [data_uri(recorded.read(frame)) for frame in known.frames[-_SHOWN:]]


def _words() -> dict[str, Any]:
    """What is written in the component."""
    return {
        "open": _("Open the camera"),
        "turn": _("Other camera"),
        "close": _("Close the camera"),
        "picture": _("What the camera sees"),
        "hold": _("Hold to record"),
        "recording": _("Recording…"),
        "count": _("Images: {count}"),
        "name": _("Name of the class"),
        "numbered": _("Class {number}"),
        "add": _("Add a class"),
        "remove": _("Remove"),
        "empty": _("Empty"),
        "sure": _("Delete all its images?"),
        "full": _("No more images fit: this lab takes no more of one recording."),
        "slow": _("Wait a moment: the images are still on their way to the server."),
        "states": camera_states(
            closed=_("Open the camera, then hold the button of a class (or the space key on it) to record."),
            ended=_("The camera was disconnected. What was recorded is kept. Connect it and open it again."),
        ),
    }


def _one_by_one(recorded: Recording) -> None:
    """The way without a script of this page: Streamlit's own camera, one photo after the other."""
    if not st.toggle(
        _("One photo at a time, if the camera above stays empty"), key=ONE_BY_ONE.widget(), persist_state="session"
    ):
        return
    titles = {known.class_id: known.name for known in recorded.classes()}
    chosen: str = select_one(_("Class of the photo"), titles, ONE_CLASS)

    def taken() -> None:
        photo = ONE_PHOTO.get()
        if photo is None:
            return
        try:
            recorded.add_frames(chosen, time.time_ns() // 10**6, 0, [photo.getvalue()])
        except TransferLearningError as error:
            show_error(error)

    st.camera_input(
        _("Photo of “{name}”").format(name=titles[chosen]), key=ONE_PHOTO.name, resolution="480p", on_change=taken
    )
