"""Whether workers that somebody else started have what this process keeps: its store, or its home on a shared disk."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Any

from ..errors import EngineError, StorageError
from ..mirror import get_mirror
from ..settings import Settings, get_settings
from ..translatable import N_

_FOLDER = "engine"


async def objection(client: Any, settings: Settings) -> EngineError | None:
    """Why the workers of an existing cluster cannot work for this process; None if they can.

    Writes a word into the store, or into the home where there is none, and asks each worker that is there to read it.

    Args:
        client: Connected to the cluster's scheduler.
        settings: Of this process.
    """
    word = secrets.token_hex(8)
    try:
        await asyncio.to_thread(_write, word, settings)
        try:
            answers: dict[str, bool] = await client.run(reads, word, on_error="return")
        finally:
            await asyncio.to_thread(_erase, word, settings)
    except StorageError as error:
        return EngineError(error.template, **error.params)
    elsewhere = ", ".join(sorted(address for address, answer in answers.items() if answer is not True))
    if not elsewhere:
        return None
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
