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

_CHUNK_BYTES = 256 * 1024
_READ_TIMEOUT_S = 30.0
_HOW_TO_GO_ON = "python -m tlcore.weights fetch NAMES --to FOLDER"


def download(
    url: str, target: Path, file_hash: str | None = None, *, progress: Progress | None = None, attempts: int = 3
) -> Path:
    """Downloads `url` to `target`; a part of an earlier try (`target` + ".part") is continued.

    Args:
        url: Address of the file.
        target: Where it goes; appears there only when it is whole and checked.
        file_hash: MD5 or SHA-256 as hexadecimal, told apart by length; None checks the length only.
        progress: Called with (bytes so far, bytes in all or None).
        attempts: How often a connection that breaks in mid-file is taken up again.

    Raises:
        WeightsError: No answer in time, a refusal, a connection that keeps breaking, or a wrong checksum.
    """
    import requests

    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(1, attempts + 1):
            try:
                _receive(url, part, progress)
                break
            except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError) as error:
                if attempt == attempts:
                    raise _broken(url, part, error) from error
        _check_hash(url, part, file_hash)
        part.replace(target)
    except requests.exceptions.RequestException as error:
        raise _broken(url, part, error) from error
    except OSError as error:
        raise WeightsError(
            N_("Expected to write {path}. Received: {reason}. Free some space or choose another folder."),
            path=str(target),
            reason=str(error),
        ) from error
    return target


def _receive(url: str, part: Path, progress: Progress | None) -> None:
    import requests

    have = part.stat().st_size if part.is_file() else 0
    with _open(url, have) as response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            return  # nothing is left to send: the checksum tells whether the part is the whole
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
    if total is not None and have < total:
        raise requests.exceptions.ConnectionError(f"{have} of {total} bytes came")


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
        raise _unreachable(url, f"no answer within {limit_s:g} s")
    if isinstance(answer[0], Exception):
        raise _unreachable(url, str(answer[0])) from answer[0]
    return answer[0]


def _check_hash(url: str, part: Path, expected: str | None) -> None:
    if expected is None:
        return
    algorithm = "sha256" if len(expected) == 64 else "md5"
    with part.open("rb") as file:
        found = hashlib.file_digest(file, algorithm).hexdigest()
    if found == expected:
        return
    part.unlink()  # continuing it could never make it right
    raise WeightsError(
        N_(
            "Expected the {algorithm} checksum {expected} of {url}. Received: {found}. What came was damaged on its "
            "way or is another file, and was deleted; try again."
        ),
        algorithm=algorithm,
        expected=expected,
        found=found,
        url=url,
    )


def _unreachable(url: str, reason: str) -> WeightsError:
    return WeightsError(
        N_(
            "Expected an answer from {url}. Received: {reason}. Without a network, use weights='embedded' with "
            "VGG16Slim, or fetch the files on another machine with `{command}` and set TLCORE_WEIGHTS_DIR to that "
            "folder."
        ),
        url=url,
        reason=reason[:300],
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
