"""Public sets of images on their way to this server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...translatable import N_
from ..job import JobContext

_MEGABYTE = 10**6


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A public set that is here, or can be had.

    Attributes:
        name: Of the registry.
        is_here: Whether it has been fetched.
    """

    name: str
    is_here: bool


def check_dataset(context: JobContext, *, name: str) -> PublicSet:
    """Whether a public set could be fetched from here; fails with the reason within seconds.

    Args:
        context: Of the job.
        name: Of the set.

    Returns:
        The set, which could be fetched or is here.
    """
    from ...datasets import get_dataset_spec
    from ...datasets.fetching import check_reachable

    wanted = get_dataset_spec(name).download
    is_here = wanted is None or wanted.is_here
    if wanted is not None and not is_here:
        check_reachable(wanted)
    return PublicSet(name, is_here)


def fetch_dataset(context: JobContext, *, name: str) -> PublicSet:
    """Fetches a public set for everybody; stopped, it is taken up where it was.

    Args:
        context: Of the job.
        name: Of the set.

    Returns:
        The set, which is here.
    """
    from ...datasets import fetch_dataset

    fetch_dataset(
        name,
        progress=_in_megabytes(context.progress(N_("fetching, in MB"))),
        unpacking=context.progress(N_("unpacking")),
    )
    return PublicSet(name, is_here=True)


def _in_megabytes(report: Callable[[int, int], None]) -> Callable[[int, int], None]:
    def report_bytes(done: int, total: int) -> None:
        report(done // _MEGABYTE, max(1, total // _MEGABYTE))

    return report_bytes
