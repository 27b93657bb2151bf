"""What the trainer's augmentation does to a photo, with the Keras code."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.code import code_panel
from pages.ui.common.i18n import _
from pages.ui.common.jobs import answer_to
from pages.ui.common.messages import notice
from pages.ui.common.pictures import show_picture
from pages.ui.datasets.state import AUGMENTATION_ASKED, AUGMENTATION_JOB, AUGMENTATION_SEED
from tlcore.engine.tasks.seen import AugmentedPhoto
from tlcore.lesson_code import augmentation_code

_WAIT_S = 1.5


def augmentation_view(image: bytes | None, name: str, image_size: tuple[int, int]) -> None:
    """The photo and eleven variants; others at a press.

    Args:
        image: Bytes of the photo; None for the sample.
        name: Of its file.
        image_size: (height, width) at which it is trained.
    """
    st.subheader(_("What augmentation makes of it"), anchor=False)
    arguments = {"image": image, "file_name": name, "image_size": image_size, "seed": AUGMENTATION_SEED.get()}
    shown: AugmentedPhoto | None = answer_to(
        AUGMENTATION_JOB, AUGMENTATION_ASKED, "preview_augmentation", arguments, wait_s=_WAIT_S
    )
    if shown is not None:
        words = _("The photo, and {count} variants: flipped, shifted and zoomed.").format(count=shown.count - 1)
        show_picture(shown.sheet, caption=words, alt=words, width="content")
    st.button(_("Other variants"), icon=":material/casino:", key="datasets.other_variants", on_click=_others)
    notice(
        _(
            "With augmentation the network sees another variant in each epoch, so it cannot learn a photo by heart. "
            "Would every variant still be of its class? A flipped digit is not."
        )
    )
    code_panel(augmentation_code(image_size), name="augmentation", title=_("Code of the augmentation"))


def _others() -> None:
    """Callback: the next draw."""
    AUGMENTATION_SEED.set(AUGMENTATION_SEED.get() + 1)
