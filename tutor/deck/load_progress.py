"""Tells whoever waits how far the reading of decks is.

A `Tell` is called with the share that is read, from 0 to 1, often and from the thread that reads:
it must be quick, and it decides itself when to show something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

Tell = Callable[[float], None]


def nobody(share: float) -> None:
    """Nobody waits to be told."""


def part(tell: Tell, start: float, end: float) -> Tell:
    """The `Tell` of a part of the work, which is told as the shares from `start` to `end`."""
    if tell is nobody:
        return nobody
    return lambda share: tell(start + (end - start) * share)


def parts(tell: Tell, sizes: Sequence[int]) -> Iterator[Tell]:
    """The `Tell`s of parts of these sizes, one after the other."""
    whole = max(1, sum(sizes))
    for size, end in zip(sizes, accumulate(sizes), strict=True):
        yield part(tell, (end - size) / whole, end / whole)
