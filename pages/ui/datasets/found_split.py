"""Offers to keep a split that the folders of an upload name."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from typing import IO

import streamlit as st

from pages.ui.common.i18n import _, as_plain_text
from pages.ui.datasets.state import KEEP_SPLIT
from tlcore.datasets.entries import safe_parts
from tlcore.datasets.layout import find_layout
from tlcore.datasets.leftovers import leftover_in
from tlcore.settings import get_settings


def names_in_zip(file: IO[bytes] | None) -> list[str]:
    """Paths of the files in a ZIP; none of one that cannot be read, which says so when it is imported."""
    if file is None:
        return []
    try:
        with zipfile.ZipFile(file) as archive:
            return [member.filename for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []


def keep_split_choice(names: Sequence[str]) -> bool:
    """A switch where folders name parts of a split; whether the split is to be kept.

    Args:
        names: Paths of the files of the upload.
    """
    paths = [safe_parts(name) for name in names if not leftover_in(name)]
    if not paths or len(paths) > get_settings().max_archive_entries:
        return False
    layout = find_layout(paths)
    if not any(layout.parts):
        return False
    folders = ", ".join(as_plain_text(folder) for folder in layout.split_folders)
    st.toggle(
        _("Keep the split of the folders: {folders}").format(folders=folders),
        key=KEEP_SPLIT.widget(),
        help=_(
            "What lies in the test folder stays the test; a part that is missing is taken from the training images. "
            "Without it all images are put together by class and split anew, near-duplicates on one side."
        ),
    )
    return KEEP_SPLIT.get()
