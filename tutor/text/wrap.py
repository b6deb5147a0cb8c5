"""Lines wrapped to a width that is counted in terminal cells, not in characters."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, chop_cells


def wrap(text: str, width: int | None, first: str = "", rest: str = "") -> list[str]:
    """`text` in lines of at most `width` cells, cut at blanks; None keeps its lines as they are.

    first, rest: what begins the first line and every other one, counted in the width. A word
    that is wider than a line is cut.
    """
    room = None if width is None else max(1, width - max(cell_len(first), cell_len(rest)))
    lines = [line for part in text.split("\n") for line in _filled(part, room)]
    return [f"{rest if i else first}{line}".rstrip() for i, line in enumerate(lines)]


def _filled(text: str, room: int | None) -> Iterator[str]:
    if room is None:
        yield text
        return
    line = ""
    for word in text.split():
        for piece in chop_cells(word, room) if cell_len(word) > room else [word]:
            joined = f"{line} {piece}" if line else piece
            if line and cell_len(joined) > room:
                yield line
                joined = piece
            line = joined
    yield line
