"""Bars made of text: heavy for what is there, light for what is missing.

The two weights differ without colour too, and a number always stands beside a bar.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

FULL, EMPTY = "━", "─"
LONG, SHORT = 16, 8  # cells of the bar of a share, with and without much room
ROOMY = 70


def bar(part: float, width: int, role: str = "$accent") -> Content:
    """`part` (0 to 1) of `width` cells; anything above 0 shows at least one heavy cell."""
    part = min(1.0, max(0.0, part))
    heavy = min(width, max(round(part * width), 1 if part > 0 else 0))
    return Content.assemble((FULL * heavy, role), (EMPTY * (width - heavy), "$rule"))


def shares(marks: Sequence[tuple[str, int, int, Content]], width: int) -> list[Content]:
    """One row in `width` cells for each (name, right, asked, what is to be said behind it).

    All bars begin below each other; a name is cut where it would leave no room for them.
    """
    beside = SHORT if width < ROOMY else LONG
    told = [f"  {right} of {asked}" for _, right, asked, _ in marks]
    behind = max((len(text) + mark[3].cell_length for text, mark in zip(told, marks, strict=True)),
                 default=0)  # fmt: skip
    room = max(1, width - 4 - beside - behind)
    longest = min(room, max((cell_len(name) for name, *_ in marks), default=0))
    names = [Content(name).truncate(longest, ellipsis=True) for name, *_ in marks]
    return [
        Content.assemble(
            "  ", name.pad_right(longest - name.cell_length + 2),
            bar(right / asked, beside), text, tail,
        )
        for name, text, (_, right, asked, tail) in zip(names, told, marks, strict=True)
    ]  # fmt: skip


def rows(
    entries: list[tuple[str, float, str]], width: int, *, role: str = "$accent"
) -> list[Content]:
    """Horizontal bars with a label before and the number as text behind, on one scale.

    entries: (label, value, text). width: cells of the longest bar.
    """
    longest = max((value for _, value, _ in entries), default=0) or 1
    label_width = max((len(label) for label, _, _ in entries), default=0)
    return [
        Content.assemble(
            (label.ljust(label_width) + "  ", "$quiet"),
            (FULL * (max(1, round(value / longest * width)) if value else 0), role),
            " " if value else "",
            text,
        )
        for label, value, text in entries
    ]
