"""People's images on their way to the store: bytes in, the id of a stored ZIP out; nothing is decoded here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath

from streamlit.typing import UploadedFile

from pages.ui.common.i18n import _, number
from pages.ui.common.owner import owner
from tlcore.datasets.splits import MIN_IMAGES_PER_CLASS
from tlcore.settings import get_settings
from tlcore.store import OwnerStore


@dataclass(frozen=True)
class Upload:
    """One class with its files: name and bytes."""

    class_name: str
    files: Sequence[tuple[str, bytes]]


def store_zip(name: str, content: bytes) -> str:
    """Keeps an uploaded ZIP; returns its id.

    Raises:
        InvalidArgumentError: It is too large, or this browser keeps too much already.
    """
    return OwnerStore(owner()).add("uploads", content, name=PurePath(name).stem or name)


def let_go(files: Iterable[UploadedFile]) -> None:
    """Takes files that are stored out of this process's memory; the box that they came by must not be drawn again.

    Streamlit keeps what was uploaded until the session ends, which for a class is the whole lesson. It has no public
    way to say that a file has been used, so this is the call by which its own box removes one.
    """
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        for file in files:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def store_folder(files: Sequence[tuple[str, bytes]]) -> str:
    """Keeps the files of a folder as a ZIP; returns its id.

    Args:
        files: Path within the folder, as the browser tells it, and bytes.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return store_zip(PurePosixPath(files[0][0]).parts[0] + "/", packed.getvalue())


def store_images(uploads: Sequence[Upload]) -> str:
    """Keeps images that came class by class, as a ZIP with a folder per class; returns its id."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for upload in uploads:
            folder = upload.class_name.replace("/", "-").replace("\\", "-")
            for image_number, (name, content) in enumerate(upload.files, start=1):
                archive.writestr(f"{folder}/{image_number:04}_{PurePath(name).name}", content)
    return store_zip(_("my images"), packed.getvalue())


def store_photos(files: Sequence[tuple[str, bytes]]) -> str:
    """Keeps photos as a ZIP, each under its place and its name, "0002_photo.jpg"; returns its id."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for place, (name, content) in enumerate(files):
            archive.writestr(f"{place:04}_{PurePath(name).name}", content)
    return store_zip(_("my photos"), packed.getvalue())


def missing_in(uploads: Sequence[Upload]) -> list[str]:
    """Sentences that say what is still needed before the images can be used."""
    sentences = []
    for class_number, upload in enumerate(uploads, start=1):
        if not upload.class_name:
            sentences.append(_("Class {number} needs a name.").format(number=class_number))
        elif len(upload.files) < MIN_IMAGES_PER_CLASS:
            sentences.append(
                _("Each class needs {least} images: “{name}” has {count}.").format(
                    least=MIN_IMAGES_PER_CLASS, name=upload.class_name, count=number(len(upload.files))
                )
            )
    names = [upload.class_name for upload in uploads if upload.class_name]
    if len(set(names)) < len(names):
        sentences.append(_("Two classes have the same name. Give each its own."))
    return sentences


def upload_mb() -> int:
    """How large a file may be that people bring, in megabytes."""
    return max(1, get_settings().max_upload_bytes // 1024**2)
