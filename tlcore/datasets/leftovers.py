"""Files and folders that systems and programs leave among people's photos, and that are no images of theirs."""

from __future__ import annotations

#: Names that say it, whatever their case.
_NAMES = frozenset(
    {"__macosx", "__pycache__", "thumbs.db", "thumbs.db:encryptable", "ehthumbs.db", "ehthumbs_vista.db"}
    | {"desktop.ini", "folder.htt", "icon\r", "picasa.ini", "zbthumbnail.info", "pspbrwse.jbf"}
    | {"@eadir", "#recycle", "#snapshot", "@recycle", "@recently-snapshot", "synoindex_media_info"}
    | {"$recycle.bin", "recycler", "system volume information", "lost+found", "lost.dir"}
)
_BEGINNINGS = ("~$", "synophoto_", "synofile_thumb", "._")
_ENDINGS = (":zone.identifier", ".lrdata", ".lrcat", ".lrcat-data", ".lrprev", ".xmp", ".aae", ".pp3", ".thm", ".tmp")
#: Stands for a photo that a person means to bring: no leftover, but refused with its reason.
_PLACEHOLDER = ".icloud"


def leftover_in(path: str) -> str | None:
    """The part of a path that says that the file is a leftover: `__MACOSX`, `@eaDir`, `.DS_Store`, `Thumbs.db`, ...

    Args:
        path: With either kind of slash.
    """
    return next((part for part in path.replace("\\", "/").split("/") if _is_leftover(part)), None)


def _is_leftover(part: str) -> bool:
    name = part.lower()
    hidden = name.startswith(".") and name not in (".", "..") and not name.endswith(_PLACEHOLDER)
    return hidden or name in _NAMES or name.startswith(_BEGINNINGS) or name.endswith(_ENDINGS)
