"""What a function gave last, kept by number and by memory: `functools.lru_cache` counts a gigabyte as one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MOST_BYTES = 512 * 1024**2


def keep_last(
    most: int, num_bytes: Callable[[T], int], *, most_bytes: int = MOST_BYTES
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keeps what a function gave for the arguments that it was last called with.

    Args:
        most: How many results.
        num_bytes: Memory of one.
        most_bytes: Of all together. The last one stays however large it is: it is in use.

    Returns:
        A decorator, for functions of positional arguments that can be hashed, called by one thread at a time.

    Example:
        >>> @keep_last(2, len)
        ... def repeat(text: str) -> str:
        ...     return 3 * text
        >>> repeat("a") is repeat("a")
        True
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()  # the oldest use first

        @wraps(function)
        def recall(*arguments: P.args, **options: P.kwargs) -> T:
            key = (*arguments, *sorted(options.items()))
            if key not in kept:
                result = function(*arguments, **options)
                kept[key] = result, num_bytes(result)
            kept.move_to_end(key)
            while len(kept) > most or (len(kept) > 1 and sum(size for _, size in kept.values()) > most_bytes):
                kept.popitem(last=False)
            return kept[key][0]

        return recall

    return decorate
