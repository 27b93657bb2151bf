"""One download: bounded wait for an answer, progress, resumed where it broke off, checked before it gets its name."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import WeightsError
from ..settings import get_settings
from ..translatable import N_

Progress = Callable[[int, int | None], None]

_CHUNK_BYTES = 16 * 1024  # what came of a chunk is lost when the connection breaks within it
_READ_TIMEOUT_S = 30.0
_HOW_TO_GO_ON = "python -m tlcore.weights fetch NAMES --to FOLDER"


def download(
    url: str, target: Path, file_hash: str | None = None, *, progress: Progress | None = None, attempts: int = 3
) -> Path:
    """Downloads `url` to `target`; a part of an earlier try (`target` + ".part") is continued.

    Two processes that want the same file do not write over each other: the second waits and takes what the first got.

    Args:
        url: Address of the file.
        target: Where it goes; appears there only when it is whole and checked.
        file_hash: MD5 or SHA-256 as hexadecimal, told apart by length; None checks the length only.
        progress: Called with (bytes so far, bytes in all or None).
        attempts: How often a connection that breaks in mid-file is taken up again.

    Raises:
        WeightsError: No answer in time, a refusal, a connection that keeps breaking, a wrong checksum, a full disk.
    """
    import locket

    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locket.lock_file(str(target.with_name(target.name + ".lock"))):
            if not target.is_file():
                _receive_checked(url, part, file_hash, progress, attempts)
                part.replace(target)
    except OSError as error:
        raise WeightsError(
            N_(
                "{path} could not be written: the disk is full, or the folder cannot be used. Free some space or "
                "choose another folder."
            ),
            path=str(target),
        ) from error
    return target


def has_hash(path: Path, expected: str) -> bool:
    """Whether a file has the MD5 (32 digits) or SHA-256 (64 digits) `expected`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, _algorithm(expected)).hexdigest() == expected


def _algorithm(file_hash: str) -> str:
    return "sha256" if len(file_hash) == 64 else "md5"


def _receive_checked(url: str, part: Path, file_hash: str | None, progress: Progress | None, attempts: int) -> None:
    continued = part.is_file()
    _receive_all(url, part, progress, attempts)
    if file_hash is None or has_hash(part, file_hash):
        return
    part.unlink()  # continuing it could never make it right
    if not continued:
        raise WeightsError(
            N_(
                "Expected {url} to have the {algorithm} checksum {expected}. Received: another one. What came was "
                "damaged on its way or is another file, and was deleted; try again."
            ),
            algorithm=_algorithm(file_hash),
            expected=file_hash,
            url=url,
        )
    _receive_checked(url, part, file_hash, progress, attempts)  # the old part was to blame; now from the beginning


def _receive_all(url: str, part: Path, progress: Progress | None, attempts: int) -> None:
    """Receives until the file is whole, taking a broken connection up again."""
    import requests

    for attempt in range(1, attempts + 1):
        try:
            _receive(url, part, progress)
            return
        except requests.exceptions.RequestException as error:  # an OSError too: must not pass for a full disk
            if attempt == attempts:
                raise _broken(url, part, error) from error


def _receive(url: str, part: Path, progress: Progress | None) -> None:
    import requests

    have = part.stat().st_size if part.is_file() else 0
    with _open(url, have) as response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            _check_nothing_left(response, part, have)
            return
        if response.status_code not in (requests.codes.ok, requests.codes.partial_content):
            raise _refused(url, response.status_code)
        if response.status_code == requests.codes.ok:
            have = 0  # the server starts from the beginning
        length = response.headers.get("Content-Length")
        total = have + int(length) if length else None
        with part.open("ab" if have else "wb") as file:
            for chunk in response.iter_content(_CHUNK_BYTES):
                file.write(chunk)
                have += len(chunk)
                if progress is not None:
                    progress(have, total)


def _check_nothing_left(response: Any, part: Path, have: int) -> None:
    """The server has nothing after byte `have`: right if the file ends there."""
    import requests

    total = response.headers.get("Content-Range", "").rpartition("/")[2]
    if total.isdigit() and int(total) != have:
        part.unlink()
        raise requests.exceptions.ConnectionError(f"the file has {total} bytes, not {have}")


def _open(url: str, have: int) -> Any:
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
        raise _silent(url, limit_s)
    if isinstance(answer[0], Exception):
        raise _unreachable(url, answer[0]) from answer[0]
    return answer[0]


def _silent(url: str, limit_s: float) -> WeightsError:
    return WeightsError(
        N_(
            "Expected an answer from {url} within {limit_s:g} s. Received: none. Without a network, use "
            "EfficientNetLite0 or VGG16Slim, whose weights are on this machine, or fetch the files on another one with "
            "`{command}` and set TLCORE_WEIGHTS_DIR to that folder."
        ),
        url=url,
        limit_s=limit_s,
        command=_HOW_TO_GO_ON,
    )


def _unreachable(url: str, error: Exception) -> WeightsError:
    return WeightsError(
        N_(
            "Expected a connection to {url}. Received: none. Without a network, use EfficientNetLite0 or "
            "VGG16Slim, whose weights are on this machine, or fetch the files on another one with `{command}` and set "
            "TLCORE_WEIGHTS_DIR to that folder."
        ),
        url=url,
        command=_HOW_TO_GO_ON,
    )


def _refused(url: str, status: int) -> WeightsError:
    return WeightsError(
        N_(
            "Expected the file {url}. Received: the server's answer {status}. Try again later, or fetch the file with "
            "a browser and put it in the folder TLCORE_WEIGHTS_DIR."
        ),
        url=url,
        status=status,
    )


def _broken(url: str, part: Path, error: Exception) -> WeightsError:
    return WeightsError(
        N_(
            "Expected the whole of {url}. Received: {size} bytes, then the connection broke ({reason}). Try again: it "
            "goes on from there."
        ),
        url=url,
        size=part.stat().st_size if part.is_file() else 0,
        reason=str(error)[:200],
    )
