"""What is done once in the web process, whoever's script runs first."""

from __future__ import annotations

import gc
from functools import cache

from tlcore.machine import return_large_blocks


@cache
def set_imports_aside(page: str) -> None:
    """Takes what is in memory after the first run of `page` out of the garbage collector's sight; call at its end.

    Streamlit, plotly and pandas are 150,000 objects that stay as long as the process. Looking through them takes a
    quarter of a second, in which no other person's script runs. Once for each page, since each imports its own.
    """
    gc.collect()
    gc.freeze()


@cache
def let_go_of_uploads() -> None:
    """Has the memory of files that people upload go back to the system as soon as nobody needs them."""
    return_large_blocks()
