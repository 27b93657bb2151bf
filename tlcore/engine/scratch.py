"""Temporary files of workers and servers: each has a folder of its own, which goes with it, also where it was killed.

TensorFlow writes a file for each function that it translates, and deletes them when the process ends in order; a worker
that is stopped does not. So does whatever else was just writing.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from pathlib import Path

import locket

_LOCK_SUFFIX = ".lock"
_GUARD = "guard"
_GUARD_TIMEOUT_S = 10.0


class Scratch:
    """A folder for the temporary files of this process, from now on.

    What processes have left that are gone is deleted at the same time: each holds a lock as long as it lives, which the
    system takes away when it ends, however it ends.

    Args:
        root: Where the folders of all workers and servers are.

    Attributes:
        folder: Of this process.
        alone: Whether no other process had one when this was made.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        with locket.lock_file(str(root / _GUARD), timeout=_GUARD_TIMEOUT_S):
            _delete_abandoned(root)
            self.alone = not any(root.glob(f"*{_LOCK_SUFFIX}"))
            self.folder = root / uuid.uuid4().hex
            self._lock = locket.lock_file(str(self.folder.with_suffix(_LOCK_SUFFIX)), timeout=0)
            self._lock.acquire()
            self.folder.mkdir()
        tempfile.tempdir = str(self.folder)

    def close(self) -> None:
        """Deletes the folder with all that is in it."""
        tempfile.tempdir = None
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.release()
        self.folder.with_suffix(_LOCK_SUFFIX).unlink(missing_ok=True)


def _delete_abandoned(root: Path) -> None:
    for path in root.glob(f"*{_LOCK_SUFFIX}"):
        try:
            with locket.lock_file(str(path), timeout=0):
                shutil.rmtree(path.with_suffix(""), ignore_errors=True)
        except locket.LockError:
            continue  # its worker lives
        path.unlink(missing_ok=True)
