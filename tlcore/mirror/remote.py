"""The store itself: files below an fsspec URL, each of which appears whole or not at all."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from ..errors import StorageError
from ..files import atomic_path, disk_is_full, storage_error, write_atomically
from ..translatable import N_
from .versions import Stamp, stamp_of, take_place, version_of_s3

LISTED_FOR_S = 1.0  # how long a listing is believed that nobody has told to be old
SILENT_FOR_S = 5.0  # how long a store that did not answer is not asked again
_MARK = "store.txt"
#: Dask's and Streamlit's threads wait for an answer; what S3's client does on its own would be a minute.
_PATIENCE: dict[str, dict[str, Any]] = {
    "s3": {
        "config_kwargs": {"connect_timeout": 4, "read_timeout": 30, "retries": {"max_attempts": 2}},
        "default_cache_type": "none",
    }
}


class RemoteStore:
    """Files below an fsspec URL. Paths are relative to it, with `/`.

    Objects of S3 and the like appear whole; below `file://` each file is written beside its place and then moved.

    Args:
        url: `s3://bucket/prefix` or `file:///folder`; how to reach it, and as whom, fsspec and the store's own client
            read from the environment (`AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, `FSSPEC_S3_...`).

    Raises:
        StorageError: No program here knows such a URL.
    """

    def __init__(self, url: str) -> None:
        protocol = url.partition("://")[0]
        try:
            self._files, self._root = url_to_fs(url, use_listings_cache=False, **_PATIENCE.get(protocol, {}))
        except (ImportError, ValueError) as error:
            raise StorageError(
                N_(
                    "Expected TLCORE_STORE to be an address that this program can use. Received one of the kind "
                    "{protocol}. Correct it, or install what it takes: s3:// needs the package s3fs."
                ),
                protocol=protocol,
            ) from error
        if protocol in _PATIENCE:
            self._files.retries = 2  # each of which tries again by itself
        self._root = self._root.rstrip("/")
        self._is_local = isinstance(self._files, LocalFileSystem)
        self._lock = Lock()
        self._silent_until_s = 0.0
        self._identity = ""

    @property
    def identity(self) -> str:
        """A word that stands in the store, another one in each; written where there is none yet.

        Raises:
            StorageError: The store does not answer.
        """
        with self._lock:
            if not self._identity:
                self._identity = self._read_mark() or self._make_mark()
            return self._identity

    def check_identity(self) -> None:
        """Makes sure that it is still the same store: one that was unmounted or emptied looks as if all were deleted.

        Raises:
            StorageError: It is not, or does not answer.
        """
        known = self.identity
        if self._read_mark() != known:
            self._identity = ""
            raise store_is_lost()

    def listing(self, folder: str) -> dict[str, Stamp]:
        """All files below a folder, by their paths below it; empty where there is none.

        Raises:
            StorageError: The store does not answer.
        """
        root = f"{self._root}/{folder}"
        with self._answers(), suppress(FileNotFoundError):
            found = self._files.find(root, detail=True)
            return {
                name[len(root) + 1 :]: stamp_of(facts) for name, facts in found.items() if name.startswith(f"{root}/")
            }
        return {}

    def read(self, path: str) -> bytes | None:
        """A whole file; None where there is none.

        Raises:
            StorageError: The store does not answer.
        """
        with self._answers(), suppress(FileNotFoundError):
            return bytes(self._files.cat_file(f"{self._root}/{path}"))
        return None

    def write(self, path: str, content: bytes) -> None:
        """Writes a file, or replaces it, in one step.

        Raises:
            StorageError: The store does not answer.
        """
        with self._answers(missing_is_lost=True):
            if self._is_local:
                write_atomically(Path(self._root, path), content)
            else:
                self._files.pipe_file(f"{self._root}/{path}", content)

    def take(self, path: str, content: bytes = b"") -> bool:
        """Writes a file that is not there; False if somebody else has written it, at this very moment for example.

        Raises:
            StorageError: The store does not answer.
        """
        with self._answers(missing_is_lost=True):
            if self._is_local:
                return take_place(Path(self._root, path), content)
            try:
                self._files.pipe_file(f"{self._root}/{path}", content, mode="create")
            except OSError:  # S3's "precondition failed" is no FileExistsError with every client
                if self._files.exists(f"{self._root}/{path}"):
                    return False
                raise
            return True

    def upload(self, sources: Mapping[str, Path]) -> dict[str, str]:
        """Copies files into the store, several at a time where it can take them.

        Args:
            sources: Path in the store -> file here.

        Returns:
            Path -> version that it has if nobody else has written it since; "" where that is not known.

        Raises:
            StorageError: The store does not answer; some may have arrived.
            FileNotFoundError: A file here is gone.
        """
        sizes = {path: source.stat().st_size for path, source in sources.items()}
        with self._answers(missing_is_lost=True):
            if not self._is_local:
                targets = [f"{self._root}/{path}" for path in sources]
                self._files.put([str(source) for source in sources.values()], targets)
                known = "s3" in self._files.protocol
                return {path: version_of_s3(source, sizes[path]) if known else "" for path, source in sources.items()}
            versions = {}
            for path, source in sources.items():
                with atomic_path(Path(self._root, path)) as draft:
                    shutil.copyfile(source, draft)
                    versions[path] = stamp_of(self._files.info(str(draft))).version
            return versions

    def download(self, targets: Mapping[str, Path]) -> None:
        """Copies files from the store, each in one step.

        Args:
            targets: Path in the store -> file here.

        Raises:
            StorageError: The store does not answer.
            FileNotFoundError: One of them is gone.
        """
        drafts = {
            path: target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp") for path, target in targets.items()
        }
        try:
            for target in targets.values():
                target.parent.mkdir(parents=True, exist_ok=True)
            with self._answers():
                self._files.get([f"{self._root}/{path}" for path in drafts], [str(draft) for draft in drafts.values()])
            for path, draft in drafts.items():
                draft.replace(targets[path])
        finally:
            for draft in drafts.values():
                draft.unlink(missing_ok=True)

    def delete(self, paths: Iterable[str]) -> None:
        """Deletes files; those that are gone are no matter.

        Raises:
            StorageError: The store does not answer.
        """
        with self._answers():
            whole = [f"{self._root}/{path}" for path in paths]
            if self._is_local:
                for path in whole:
                    Path(path).unlink(missing_ok=True)
                    self._tidy(Path(path).parent)
            elif whole:
                with suppress(FileNotFoundError):
                    self._files.rm(whole)

    def _tidy(self, folder: Path) -> None:
        """Folders that hold nothing any more; S3 has none."""
        with suppress(OSError):  # it holds something, or is gone
            while folder != Path(self._root):
                folder.rmdir()
                folder = folder.parent

    def _read_mark(self) -> str:
        return (self.read(_MARK) or b"").decode()

    def _make_mark(self) -> str:
        self.take(_MARK, secrets.token_hex(16).encode())
        return self._read_mark()  # of whoever was first to write it

    @contextmanager
    def _answers(self, *, missing_is_lost: bool = False) -> Iterator[None]:
        """Says in words that the store does not answer, and does not ask it again for a moment.

        Args:
            missing_is_lost: Whether "not found" can only mean the bucket.

        Raises:
            StorageError: It does not.
            FileNotFoundError: As the block raised it.
        """
        if time.monotonic() < self._silent_until_s:
            raise store_is_lost()
        try:
            yield
        except FileNotFoundError as error:
            if not missing_is_lost:
                raise
            raise self._note_silence() from error
        except OSError as error:
            if self._is_local and disk_is_full(error):
                raise storage_error(error) from error
            raise self._note_silence() from error
        except Exception as error:  # each client has errors of its own, which are no OSErrors
            raise self._note_silence() from error

    def _note_silence(self) -> StorageError:
        self._silent_until_s = time.monotonic() + SILENT_FOR_S
        return store_is_lost()


def store_is_lost() -> StorageError:
    """The store does not answer, or is another one than before."""
    return StorageError(
        N_(
            "The store of this lab does not answer. What is finished is kept and goes there as soon as it answers: "
            "try again in a minute. Whoever runs the lab looks after what TLCORE_STORE names."
        )
    )
