"""Public sets of images on their way to this server."""

from __future__ import annotations

from collections.abc import Callable

from ...translatable import N_
from ..job import JobContext

_MEGABYTE = 10**6


def check_dataset(context: JobContext, *, name: str) -> bool:
    """Whether a public set could be fetched from here; fails with the reason within seconds.

    Args:
        context: Of the job.
        name: Of the set.

    Returns:
        True: it could.
    """
    from ...datasets import get_dataset_spec
    from ...datasets.fetching import check_reachable

    wanted = get_dataset_spec(name).download
    if wanted is not None and not wanted.is_here:
        check_reachable(wanted)
    return True


def fetch_dataset(context: JobContext, *, name: str) -> None:
    """Fetches a public set for everybody; stopped, it is taken up where it was.

    Args:
        context: Of the job.
        name: Of the set.
    """
    from ...datasets import fetch_dataset

    fetch_dataset(
        name,
        progress=_in_megabytes(context.progress(N_("fetching, in MB"))),
        unpacking=context.progress(N_("unpacking")),
    )


def _in_megabytes(report: Callable[[int, int], None]) -> Callable[[int, int], None]:
    def report_bytes(done: int, total: int) -> None:
        report(done // _MEGABYTE, max(1, total // _MEGABYTE))

    return report_bytes
