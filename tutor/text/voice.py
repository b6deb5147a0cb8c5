"""Whether plain text is for eyes, or for ears and fingers: formulas in words, no drawn lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ALOUD = ContextVar("aloud", default=False)


def speaking() -> bool:
    """Whether what is made now will be heard or felt."""
    return _ALOUD.get()


@contextmanager
def aloud(on: bool = True) -> Iterator[None]:
    """Let what is made inside be for ears (or, where `on` is false, for eyes)."""
    token = _ALOUD.set(on)
    try:
        yield
    finally:
        _ALOUD.reset(token)
