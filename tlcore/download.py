"""One download: bounded wait for an answer, progress, resumed where it broke off, checked before it gets its name."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import TransferLearningError
from .settings import get_settings
from .translatable import N_

Progress = Callable[[int, int | None], None]

_CHUNK_BYTES = 16 * 1024  # what came of a chunk is lost when the connection breaks within it
_READ_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Refusals:
    """What is said where nothing comes: templates that name how to go on without it, of the values beside each.

    Attributes:
        error: Of which kind every failure is.
        silent: No answer in time; `url`, `limit_s`.
        unreachable: No connection; `url`.
        refused: The server has another answer than the file; `url`, `status`.
        params: Further values of all three.
    """

    error: type[TransferLearningError]
    silent: str
    unreachable: str
    refused: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def say(self, template: str, **values: Any) -> TransferLearningError:
        """One of the three as an error."""
        return self.error(template, **self.params, **values)


def download(
    url: str,
    target: Path,
    file_hash: str | None = None,
    *,
    refusals: Refusals,
    progress: Progress | None = None,
    attempts: int = 3,
    most_bytes: int | None = None,
) -> Path:
    """Downloads `url` to `target`; a part of an earlier try (`target` + ".part") is continued.

    Two processes that want the same file do not write over each other: the second waits and takes what the first got.

    Args:
        url: Address of the file.
        target: Where it goes; appears there only when it is whole and checked.
        file_hash: MD5 or SHA-256 as hexadecimal, told apart by length; None checks the length only.
        refusals: What is said where nothing comes, and the kind of every error.
        progress: Called with (bytes so far, bytes in all or None); what it raises ends the download, the part stays.
        attempts: How often a connection that breaks in mid-file is taken up again.
        most_bytes: A larger file is refused.

    Raises:
        TransferLearningError: Of the kind that `refusals` says. No answer in time, a refusal, a connection that keeps
            breaking, a file that is too large, a wrong checksum, a full disk.
    """
    import locket

    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locket.lock_file(str(target.with_name(target.name + ".lock"))):
            if not target.is_file():
                _Download(url, part, refusals, progress, attempts, most_bytes).receive_checked(file_hash)
                part.replace(target)
    except OSError as error:
        raise refusals.error(
            N_(
                "{path} could not be written: the disk is full, or the folder cannot be used. Free some space or "
                "choose another folder."
            ),
            path=str(target),
        ) from error
    return target


def check_address(url: str, refusals: Refusals, *, most_bytes: int | None = None) -> int | None:
    """Asks for a file without taking it.

    Returns:
        Its size in bytes, where the server says it.

    Raises:
        TransferLearningError: Within `TLCORE_CONNECT_TIMEOUT_S`: nobody answers, there is no such file, or it is too
            large.
    """
    import requests

    with _open(url, 0, refusals) as response:
        if response.status_code != requests.codes.ok:
            raise refusals.say(refusals.refused, url=url, status=response.status_code)
        length = response.headers.get("Content-Length")
        size = int(length) if length else None
        _check_size(url, size or 0, most_bytes, refusals)
        return size


def has_hash(path: Path, expected: str) -> bool:
    """Whether a file has the MD5 (32 digits) or SHA-256 (64 digits) `expected`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, _algorithm(expected)).hexdigest() == expected


def _algorithm(file_hash: str) -> str:
    return "sha256" if len(file_hash) == 64 else "md5"


@dataclass(frozen=True)
class _Download:
    """One file on its way."""

    url: str
    part: Path
    refusals: Refusals
    progress: Progress | None
    attempts: int
    most_bytes: int | None

    def receive_checked(self, file_hash: str | None) -> None:
        """Receives the file; an old part to blame for a wrong checksum is thrown away once."""
        continued = self.part.is_file()
        self._receive_all()
        if file_hash is None or has_hash(self.part, file_hash):
            return
        self.part.unlink()  # continuing it could never make it right
        if not continued:
            raise self.refusals.error(
                N_(
                    "Expected {url} to have the {algorithm} checksum {expected}. Received: another one. What came was "
                    "damaged on its way or is another file, and was deleted; try again."
                ),
                algorithm=_algorithm(file_hash),
                expected=file_hash,
                url=self.url,
            )
        self.receive_checked(file_hash)

    def _receive_all(self) -> None:
        """Receives until the file is whole, taking a broken connection up again."""
        import requests

        for attempt in range(1, self.attempts + 1):
            try:
                self._receive()
                return
            except requests.exceptions.RequestException as error:  # an OSError too: must not pass for a full disk
                if attempt == self.attempts:
                    raise self._broken(error) from error

    def _receive(self) -> None:
        import requests

        have = self.part.stat().st_size if self.part.is_file() else 0
        with _open(self.url, have, self.refusals) as response:
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                _check_nothing_left(response, self.part, have)
                return
            if response.status_code not in (requests.codes.ok, requests.codes.partial_content):
                raise self.refusals.say(self.refusals.refused, url=self.url, status=response.status_code)
            if response.status_code == requests.codes.ok:
                have = 0  # the server starts from the beginning
            length = response.headers.get("Content-Length")
            total = have + int(length) if length else None
            _check_size(self.url, total or 0, self.most_bytes, self.refusals)
            with self.part.open("ab" if have else "wb") as file:
                for chunk in response.iter_content(_CHUNK_BYTES):
                    have += len(chunk)
                    _check_size(self.url, have, self.most_bytes, self.refusals)
                    file.write(chunk)
                    if self.progress is not None:
                        self.progress(have, total)

    def _broken(self, error: Exception) -> TransferLearningError:
        return self.refusals.error(
            N_(
                "Expected the whole of {url}. Received: {size} bytes, then the connection broke ({reason}). Try again: "
                "it goes on from there."
            ),
            url=self.url,
            size=self.part.stat().st_size if self.part.is_file() else 0,
            reason=str(error)[:200],
        )


def _check_size(url: str, size: int, most_bytes: int | None, refusals: Refusals) -> None:
    if most_bytes is not None and size > most_bytes:
        raise refusals.error(
            N_(
                "{url} has more than the {most} MB that this lab downloads. Whoever runs it raises "
                "TLCORE_MAX_DOWNLOAD_BYTES."
            ),
            url=url,
            most=most_bytes // 1024**2,
        )


def _check_nothing_left(response: Any, part: Path, have: int) -> None:
    """The server has nothing after byte `have`: right if the file ends there."""
    import requests

    total = response.headers.get("Content-Range", "").rpartition("/")[2]
    if total.isdigit() and int(total) != have:
        part.unlink()
        raise requests.exceptions.ConnectionError(f"the file has {total} bytes, not {have}")


def _open(url: str, have: int, refusals: Refusals) -> Any:
    """The response, its body still to be read.

    `requests` limits the wait for each address of a name, not for looking the name up nor for all addresses together:
    a classroom behind a silent firewall would wait a minute. So the whole wait is limited here. The thread ends by
    itself with the last of those limits, and nobody reads its result then.
    """
    import requests

    limit_s = get_settings().connect_timeout_s
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    answer: list[Any] = []

    def ask() -> None:
        try:
            answer.append(requests.get(url, headers=headers, stream=True, timeout=(limit_s, _READ_TIMEOUT_S)))
        except (requests.exceptions.RequestException, ValueError) as error:
            answer.append(error)

    thread = threading.Thread(target=ask, daemon=True, name="download-open")
    thread.start()
    thread.join(limit_s)
    if not answer:
        raise refusals.say(refusals.silent, url=url, limit_s=limit_s)
    if isinstance(answer[0], Exception):
        raise refusals.say(refusals.unreachable, url=url) from answer[0]
    return answer[0]
