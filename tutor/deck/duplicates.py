"""Finds options, items or cells that read the same, however they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Without any of these the text is read as it is written.
_MARKUP = re.compile(r"[*_`$\\&<\[=~]")


def duplicates(texts: Sequence[str]) -> tuple[int, int] | None:
    """The places of the first text that reads like an earlier one: the earlier, and its own."""
    first: dict[str, int] = {}
    for place, text in enumerate(map(_as_read, texts)):
        if first.setdefault(text, place) != place:
            return first[text], place
    return None


def _as_read(text: str) -> str:
    if not _MARKUP.search(text):
        return " ".join(text.split())
    from tutor.text.markdown import plain_line

    return plain_line(text)
