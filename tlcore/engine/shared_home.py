"""Whether workers that somebody else started have what this process keeps: its store, or its home on a shared disk."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import EngineError
from ..mirror import get_mirror
from ..settings import Settings, get_settings
from ..translatable import N_

_FOLDER = "engine"
_ANSWER_TIMEOUT_S = 5.0


async def have_what_is_here(client: Any, settings: Settings, workers: Sequence[str]) -> dict[str, bool]:
    """Whether workers of an existing cluster have what this process keeps; those that do not answer are left out.

    Writes a word into the store, or into the home where there is none, and asks each worker to read it.

    Args:
        client: Connected to the cluster's scheduler.
        settings: Of this process.
        workers: Their addresses.

    Raises:
        StorageError: This process itself does not reach the store.
    """
    if not workers:
        return {}
    word = secrets.token_hex(8)
    await asyncio.to_thread(_write, word, settings)
    try:
        answers = await asyncio.gather(*(_answer(client, word, address) for address in workers))
    finally:
        await asyncio.to_thread(_erase, word, settings)
    return {address: answer for address, answer in zip(workers, answers, strict=True) if answer is not None}


async def _answer(client: Any, word: str, address: str) -> bool | None:
    try:
        async with asyncio.timeout(_ANSWER_TIMEOUT_S):
            answers: dict[str, Any] = await client.run(reads, word, workers=[address], on_error="return")
    except Exception:  # it is stuck, or has just gone, for which Dask has many errors; it is asked again
        return None
    return answers.get(address) is True


def objection_to(workers: Sequence[str], settings: Settings) -> EngineError:
    """Why these workers get no jobs of this process."""
    elsewhere = ", ".join(workers)
    if settings.store:
        return EngineError(
            N_(
                "Expected every worker to reach the store that TLCORE_STORE names, where images and networks lie. "
                "These do not: {workers}. Start those again with the TLCORE_STORE of the app and with what opens it, "
                "for s3:// its AWS_* settings."
            ),
            workers=elsewhere,
        )
    return EngineError(
        N_(
            "Expected every worker to have the app's folder TLCORE_HOME, where images and networks lie. It is not "
            "there for: {workers}. Start those again with the same TLCORE_HOME, on a disk that all machines share, or "
            "set TLCORE_STORE for all."
        ),
        workers=elsewhere,
    )


async def reads(word: str) -> bool:
    """Called in a worker: whether the word that the app has written is here too."""
    return await asyncio.to_thread(_is_there, word)


def _write(word: str, settings: Settings) -> None:
    mirror, path = get_mirror(settings), _path(word, settings)
    if mirror is not None:
        mirror.remote.write(f"{_FOLDER}/{word}.txt", word.encode())
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(word, "utf-8")


def _erase(word: str, settings: Settings) -> None:
    mirror = get_mirror(settings)
    if mirror is not None:
        mirror.remote.delete([f"{_FOLDER}/{word}.txt"])
    _path(word, settings).unlink(missing_ok=True)


def _is_there(word: str) -> bool:
    settings = get_settings()
    mirror, path = get_mirror(settings), _path(word, settings)
    if path.is_file():
        return path.read_text("utf-8") == word
    return mirror is not None and mirror.remote.read(f"{_FOLDER}/{word}.txt") == word.encode()


def _path(word: str, settings: Settings) -> Path:
    return settings.home.absolute() / _FOLDER / f"{word}.txt"
