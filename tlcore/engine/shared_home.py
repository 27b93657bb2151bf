"""Whether workers that somebody else started read the same `TLCORE_HOME` as this process: images and runs lie there."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from ..errors import EngineError
from ..settings import Settings, get_settings
from ..translatable import N_

_FOLDER = "engine"


async def objection(client: Any, settings: Settings) -> EngineError | None:
    """Why the workers of an existing cluster cannot work for this process; None if they can.

    Writes a word into the home and asks each worker that is there to read it.

    Args:
        client: Connected to the cluster's scheduler.
        settings: Of this process.
    """
    word = secrets.token_hex(8)
    path = settings.home.absolute() / _FOLDER / f"{word}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(word, "utf-8")
    try:
        answers: dict[str, bool] = await client.run(reads, word, on_error="return")
    finally:
        path.unlink(missing_ok=True)
    elsewhere = sorted(address for address, answer in answers.items() if answer is not True)
    if not elsewhere:
        return None
    return EngineError(
        N_(
            "Expected every worker to have the app's folder TLCORE_HOME, where images and networks lie. It is not "
            "there for: {workers}. Start those again with the same TLCORE_HOME, on a disk that all machines share."
        ),
        workers=", ".join(elsewhere),
    )


def reads(word: str) -> bool:
    """Called in a worker: whether the word that the app has written is in this worker's home too."""
    path: Path = get_settings().home.absolute() / _FOLDER / f"{word}.txt"
    return path.is_file() and path.read_text("utf-8") == word
