"""The one owner of when Python searches for garbage, and of what it leaves out.

To look through the decks takes a tenth of a second for 100,000 cards, and it would be taken amid
a session; what a demo loads takes as long again. `gc.unfreeze` thaws everything, so that nobody
but this module may call it.
"""

from __future__ import annotations

import atexit
import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Keeper = Literal["learner", "demo"]

_keepers: Counter[Keeper] = Counter()

_USUAL = gc.get_threshold()
_SELDOM = 100_000

atexit.register(gc.freeze)  # a process that ends gives all back at once: nothing to search


def begin() -> None:
    """Search seldom until something is kept: hardly anything that a start makes is garbage.

    The searches of a start take an eighth of it.
    """
    gc.set_threshold(_SELDOM)


@contextmanager
def paused() -> Iterator[None]:
    """Search for none meanwhile: what a deck becomes holds no circles, and there is much of it."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            _let_age()
            gc.enable()


def _let_age() -> None:
    """Take all that is loaded for old, as it would be after two searches through it."""
    gc.freeze()
    if not _keepers.total():
        gc.unfreeze()


def keep(who: Keeper) -> None:
    """Leave out all that is loaded now, until `release`."""
    _keepers[who] += 1
    gc.freeze()
    gc.set_threshold(*_USUAL)


def keep_more() -> None:
    """Leave out as well what was loaded since, for those who keep something already."""
    if _keepers.total():
        gc.freeze()


def release(who: Keeper) -> None:
    """Search again what was left out for `who`; what others keep stays out."""
    _keepers[who] -= 1
    gc.unfreeze()
    if _keepers.total():
        gc.collect()
        gc.freeze()
