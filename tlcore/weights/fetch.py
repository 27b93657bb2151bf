"""Prepares a folder of ImageNet weights where there is a network, to be carried to where there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ..architectures.registry import get_architecture
from ..errors import TransferLearningError
from .download import download, has_hash


@dataclass(frozen=True)
class RemoteFile:
    """One file to fetch: its name in the folder, its address, and its checksum where Keras knows one."""

    name: str
    url: str
    file_hash: str | None


def remote_files(names: Sequence[str], *, include_top: bool = False) -> list[RemoteFile]:
    """The files of these networks.

    Args:
        names: Registered architectures.
        include_top: Also the files with the classifier, which are much larger for some.

    Raises:
        TransferLearningError: An unknown network, or one without published weights.
    """
    return list(dict.fromkeys(_files(names, include_top)))  # a network named twice is fetched once


def fetch(names: Sequence[str], folder: Path, *, include_top: bool = False, output: TextIO | None = None) -> int:
    """Fetches the files of `names` into `folder`; one that is there and whole is left alone.

    A file that fails does not keep the others from coming.

    Returns:
        How many files failed.
    """
    output = output or sys.stdout
    failed = 0
    for file in remote_files(names, include_top=include_top):
        try:
            _fetch_one(file, folder, output)
        except TransferLearningError as error:
            failed += 1
            print(f"\n{file.name}: {error}", file=output)
    return failed


def _files(names: Sequence[str], include_top: bool) -> Iterator[RemoteFile]:
    from .sources import published_files

    for name in names:
        files = published_files(get_architecture(name))
        for top in (False, True) if include_top else (False,):
            yield RemoteFile(
                files.file_name(include_top=top), files.url(include_top=top), files.file_hash(include_top=top)
            )


def _fetch_one(file: RemoteFile, folder: Path, output: TextIO) -> None:
    target = folder / file.name
    if target.is_file():
        if file.file_hash is None or has_hash(target, file.file_hash):
            print(f"{file.name}: already there", file=output)
            return
        print(f"{file.name}: there, but damaged; fetching it again", file=output)
        target.unlink()
    report = ProgressLine(file.name, output)
    download(file.url, target, file.file_hash, progress=report)
    report.end("checked" if file.file_hash else "whole (no checksum is published)")


class ProgressLine:
    """One line a file: redrawn on a terminal, else one print for every tenth."""

    def __init__(self, name: str, output: TextIO) -> None:
        self._name, self._output = name, output
        self._redraws = output.isatty()
        self._last = -1

    def __call__(self, done: int, total: int | None) -> None:
        """Reports `done` of `total` bytes."""
        percent = done * 100 // total if total else 0
        step = percent if self._redraws else percent // 10
        if step == self._last:
            return
        self._last = step
        amount = f"{done / 1e6:.1f} of {total / 1e6:.1f} MB ({percent} %)" if total else f"{done / 1e6:.1f} MB"
        self._print(amount, end="" if self._redraws else "\n")

    def end(self, text: str) -> None:
        """Reports that the file is there."""
        self._print(text, end="\n")

    def _print(self, text: str, *, end: str) -> None:
        start = "\r\x1b[K" if self._redraws else ""
        print(f"{start}{self._name}: {text}", end=end, file=self._output, flush=True)
