"""The classes where replicas and workers share no disk: the same documents here and in the store."""

from __future__ import annotations

from ..mirror import get_mirror
from ..settings import Settings
from ..store.lifetimes import CLASS

_CLASSES = "classes"


class MirroredClasses:
    """All classes; without a store every method does nothing.

    Args:
        settings: Home and store.
    """

    def __init__(self, settings: Settings) -> None:
        self._mirror = get_mirror(settings)

    def codes(self) -> set[str]:
        """Codes of the classes in the store.

        Raises:
            StorageError: The store does not answer; so do the other methods.
        """
        listed = {} if self._mirror is None else self._mirror.listing(_CLASSES)
        return {name.partition("/")[0] for name in listed}

    def fetch(self, code: str) -> None:
        """Makes a class here what it is in the store."""
        if self._mirror is not None:
            folder = f"{_CLASSES}/{code}"
            self._mirror.pull(folder, self._mirror.listing(folder), manifest=CLASS)

    def keep(self, code: str, name: str) -> None:
        """Uploads a document that was written."""
        if self._mirror is not None:
            self._mirror.push(f"{_CLASSES}/{code}", manifest=CLASS, only=(name,), patience_s=0)

    def take(self, path: str) -> bool | None:
        """Makes an empty file in the store; False if another machine has made it, None where there is no store."""
        return None if self._mirror is None else self._mirror.remote.take(f"{_CLASSES}/{path}")

    def release(self, path: str) -> None:
        """Deletes such a file."""
        if self._mirror is not None:
            self._mirror.remote.delete([f"{_CLASSES}/{path}"])

    def delete(self, code: str) -> None:
        """Deletes a class in the store."""
        if self._mirror is not None:
            self._mirror.delete(f"{_CLASSES}/{code}", manifest=CLASS)
