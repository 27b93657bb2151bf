"""A log of one line of JSON an event (`TLCORE_LOG=json`), in which nobody is named.

What people bring never gets into it: of an error its kind and the lines of the program where it came from are kept, not
its words, which may quote a file's name; and whatever other packages write loses its quoted words, paths, names of
pictures, addresses and identifiers.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

from .settings import Settings, get_settings

_HIDDEN = "…"
_MOST_LINES_OF_A_TRACE = 12
_PERSONAL = re.compile(
    r"""
      \b[\w.-]*(?:cookie|owner|xsrf|token|session)[\w.-]*\s*[=:]\s*\S+   # a name of that kind with its value
    | (["'“‘`]).{1,400}?["'”’`]                                           # whatever is quoted
    | \b[0-9a-f]{12,}(?:\.\S+)?                                           # identifiers, signed ones too
    | \b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{4,}                             # UUIDs
    | \b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?                                  # IPv4
    | \[?(?:[0-9a-f]{0,4}:){3,}[0-9a-f]{0,4}\]?(?::\d+)?                  # IPv6
    | (?:[a-z]:)?(?:[\\/][^\s\\/:,;]+)+[\\/]?                             # paths
    | [^\s\\/]+\.(?:jpe?g|png|gif|bmp|webp|hei[cf]|tiff?|zip|npz|keras|tflite|onnx)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def without_people(text: str) -> str:
    """A line of a log without what could name somebody: quoted words, paths, pictures, addresses, identifiers."""
    return _PERSONAL.sub(_HIDDEN, text)


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON: time, level, logger, event, the numbers that came with it, the error's kind.

    Numbers and words of the program come as `extra={"facts": {...}}` and are written as they are.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "event": without_people(_message(record)),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            kind, _error, trace = record.exc_info
            frames = traceback.extract_tb(trace)[-_MOST_LINES_OF_A_TRACE:]
            line["error"] = kind.__name__
            line["at"] = [f"{_module(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=False)


def configure_log(settings: Settings | None = None, stream: TextIO | None = None) -> None:
    """Has this process write its log as the settings say; call it again after imports that bring loggers of their own.

    Args:
        settings: Whose `log` is "json" or "text", which changes nothing; of this process without it.
        stream: Where to; the standard error without it.
    """
    if (settings or get_settings()).log != "json":
        return
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    logging.root.handlers[:] = [handler]
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):  # Streamlit's and Dask's have handlers of their own
            logger.handlers.clear()
            logger.propagate = True
    logging.getLogger("tlcore").setLevel(logging.INFO)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # another package's mistake must not silence it
        return str(record.msg)


def _module(path: str) -> str:
    """The last two parts of a file's path: what tells the module, not where the program lies."""
    return "/".join(path.replace("\\", "/").split("/")[-2:])
