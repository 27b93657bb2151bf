"""What a file is by its first bytes, whatever its name says: an image that is read here, or why it is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from ..errors import DatasetError
from ..translatable import N_

#: Bytes from the beginning of a file that `image_format` and `not_an_image` look at.
HEAD_BYTES = 1024

#: Formats that are decoded, as Pillow names them, each with the endings of its files, frequent ones first. Endings tell
#: a folder of images from one of notes and say which files may be uploaded; no file is trusted for its ending.
ENDINGS_OF_FORMAT = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "HEIF": (".heic", ".heif", ".hif"),
    "AVIF": (".avif",),
    "BMP": (".bmp", ".dib"),
    "GIF": (".gif",),
    "TIFF": (".tif", ".tiff"),
    "JPEG2000": (".jp2", ".j2k", ".jpx", ".jpf"),
}
IMAGE_ENDINGS = tuple(ending for endings in ENDINGS_OF_FORMAT.values() for ending in endings)

_SIGNATURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"BM": "BMP",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"\xff\x4f\xff\x51": "JPEG2000",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n": "JPEG2000",
}
#: Brands of the ISO media container, of which some hold a photo and others a film.
_AVIF = frozenset({b"avif", b"avis"})
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_RAW_ENDINGS = (".dng", ".nef", ".nrw", ".arw", ".sr2", ".cr2", ".pef", ".srw", ".3fr", ".iiq", ".erf", ".kdc", ".dcr")
_RAW_SIGNATURES = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\x00", b"FOVb")
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_NUMBERS = (b"\x93NUMPY", b"\x89HDF\r\n", b"MATLAB 5.0", b"\x80\x04\x95", b"PAR1", b"SIMPLE  =")
_FILMS = (b"\x1aE\xdf\xa3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"FLV\x01", b"0&\xb2u\x8ef\xcf\x11")
_SOUNDS = (b"ID3", b"OggS", b"fLaC", b"FORM")
_SHORTCUTS = (b"L\x00\x00\x00\x01\x14\x02\x00", b"book\x00\x00\x00\x00mark", b"[InternetShortcut]")
_OFFICE_PARTS = (b"[Content_Types].xml", b"word/", b"ppt/", b"xl/", b"mimetypeapplication/", b"Index/Document.iwa")

EMPTY = N_(
    "{file} is empty (0 bytes), not an image: it was not copied or downloaded to its end, or a cloud drive keeps only "
    "its name here. Copy it again from where it is whole."
)
_HOLLOW = N_(
    "{file} holds nothing but zeros: it was not copied or downloaded to its end, or a cloud drive keeps only its size "
    "here. Copy it again from where it is whole."
)
_PLACEHOLDER = N_("{file} only stands for a photo in a cloud drive. Download the photo itself to this computer first.")
_POINTER = N_("{file} only points to an image that Git LFS keeps. Get the image itself with `git lfs pull`.")
_PDF = N_("{file} is a PDF, not an image. Save its pages as JPEG or PNG.")
_WEB_PAGE = N_("{file} is a web page saved under this name, not an image. Open its address and save the image itself.")
_VECTOR = N_("{file} is a vector drawing (SVG or EPS), not an image of pixels. Save it as PNG.")
_RAW = N_("{file} is a RAW photo, as the camera's sensor saw it. Save it as JPEG with the camera's program.")
_VIDEO = N_("{file} is a video, not an image. Save single frames of it as JPEG.")
_SOUND = N_("{file} is a sound, not an image. Leave it out.")
_DOCUMENT = N_("{file} is a document of an office program, not an image. Save the pictures in it as JPEG or PNG.")
_ARCHIVE = N_("{file} is an archive, not an image. Unpack it, and put the images themselves into the folders.")
_PHOTOSHOP = N_("{file} is a Photoshop file. Save it as JPEG or PNG.")
_JPEG_XL = N_("{file} is a JPEG XL image, which is not read here. Save it as JPEG or PNG.")
_MEDICAL = N_("{file} is a medical image (DICOM). Save it as PNG, with the contrast that a doctor would see.")
_ARRAYS = N_("{file} holds numbers of a program (NumPy, HDF5, MATLAB, ...). Save each image in it as PNG.")
_SHORTCUT = N_("{file} is a shortcut to a file, not the file. Put the image itself there.")
_LEFTOVER = N_("{file} is a system's note on a file (AppleDouble), not the image. Copy the image that it belongs to.")
_TEXT = N_("{file} is text, not an image. Leave it out.")
_OTHER = N_(
    "{file} is not an image that can be read here. Use JPEG, PNG, WebP, HEIC, AVIF, BMP, GIF, TIFF or JPEG 2000."
)


def image_format(head: bytes, name: str = "") -> str | None:
    """The format in which a file that begins with `head` is decoded, as Pillow names it; None if it is no image.

    Args:
        head: The beginning, 16 bytes or more.
        name: Of the file: RAW photos begin as TIFFs do and hold but a thumbnail that could be read.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(len(head), _box_length(head)), 4))]
        return "AVIF" if _AVIF.intersection(brands) else "HEIF" if _HEIF.intersection(brands) else None
    found = next((format_ for signature, format_ in _SIGNATURES.items() if head.startswith(signature)), None)
    return None if found == "TIFF" and _is_raw(head, name) else found


def not_an_image(head: bytes, name: str) -> DatasetError:
    """The error for a file of another kind, which it names.

    Args:
        head: The first `HEAD_BYTES` bytes, or the whole of a shorter file.
        name: Of the file.
    """
    found = next((template for is_kind, template in _KINDS if is_kind(head, name)), _OTHER)
    return DatasetError(found, file=name)


def _box_length(head: bytes) -> int:
    return int.from_bytes(head[:4], "big")


def _is_raw(head: bytes, name: str) -> bool:
    if head[:4] in (b"II*\x00", b"MM\x00*"):
        return head[8:10] == b"CR" or PurePosixPath(name).suffix.lower() in _RAW_ENDINGS
    return head[4:12] == b"ftypcrx " or head.startswith(_RAW_SIGNATURES)


def _is_markup(head: bytes, *tags: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return start.startswith(b"<") and any(tag in start for tag in tags)


def _is_text(head: bytes) -> bool:
    try:
        text = head[:-4].decode("utf-8") if len(head) > 4 else head.decode("utf-8")  # a letter may be cut at the end
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter.isspace() for letter in text)


#: Tests of (head, name) in the order in which they are asked, each with what is then said.
_KINDS: tuple[tuple[Callable[[bytes, str], bool], str], ...] = (
    (lambda head, name: name.lower().endswith(".icloud"), _PLACEHOLDER),
    (lambda head, name: not head, EMPTY),
    (lambda head, name: not any(head), _HOLLOW),
    (lambda head, name: head.startswith(b"version https://git-lfs"), _POINTER),
    (lambda head, name: b"%PDF-" in head, _PDF),
    (lambda head, name: _is_markup(head, b"<svg") or head.startswith(b"%!PS"), _VECTOR),
    (lambda head, name: _is_markup(head, b"<html", b"<!doctype html", b"<head", b"<body"), _WEB_PAGE),
    (lambda head, name: _is_raw(head, name), _RAW),
    (lambda head, name: head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide") or head[8:12] == b"AVI ", _VIDEO),
    (lambda head, name: head.startswith(_FILMS), _VIDEO),
    (lambda head, name: head.startswith(_SOUNDS) or head[8:12] == b"WAVE", _SOUND),
    (lambda head, name: head.startswith(b"\xd0\xcf\x11\xe0"), _DOCUMENT),
    (lambda head, name: head.startswith(b"PK\x03\x04") and any(part in head for part in _OFFICE_PARTS), _DOCUMENT),
    (lambda head, name: head.startswith(_ARCHIVES) or head[257:262] == b"ustar", _ARCHIVE),
    (lambda head, name: head.startswith(b"8BPS"), _PHOTOSHOP),
    (lambda head, name: head.startswith((b"\xff\x0a", b"\x00\x00\x00\x0cJXL ")), _JPEG_XL),
    (lambda head, name: head[128:132] == b"DICM", _MEDICAL),
    (lambda head, name: head.startswith(_NUMBERS), _ARRAYS),
    (lambda head, name: head.startswith(_SHORTCUTS), _SHORTCUT),
    (lambda head, name: head.startswith((b"\x00\x05\x16\x07", b"\x00\x05\x16\x00")), _LEFTOVER),
    (lambda head, name: _is_text(head), _TEXT),
)
