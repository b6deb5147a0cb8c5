"""Tells whoever waits how far the reading of decks is.

An `OnProgress` is called with the share that is read, from 0 to 1, often and from the thread that
reads: it must be quick, and it decides itself when to show something. Where whoever waits wants
no more of it, it may raise StoppedError; what was being done is then as if it had never begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import TypeVar

OnProgress = Callable[[float], None]
T = TypeVar("T")


class StoppedError(Exception):
    """Whoever waited wants no more of it."""


def ignore(share: float) -> None:
    """Nobody waits to be told."""


def part(on_progress: OnProgress, start: float, end: float) -> OnProgress:
    """The `OnProgress` of a part of the work, which is told as the shares from `start` to `end`."""
    if on_progress is ignore:
        return ignore
    return lambda share: on_progress(start + (end - start) * share)


def parts(on_progress: OnProgress, sizes: Sequence[int]) -> Iterator[OnProgress]:
    """The `OnProgress`s of parts of these sizes, one after the other."""
    whole = max(1, sum(sizes))
    for size, end in zip(sizes, accumulate(sizes), strict=True):
        yield part(on_progress, (end - size) / whole, end / whole)


def counted(items: Sequence[T], on_progress: OnProgress) -> Iterator[T]:
    """The items one by one, each told before it is given."""
    for done, item in enumerate(items):
        on_progress(done / len(items))
        yield item
