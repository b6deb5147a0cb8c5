"""Bars made of text: heavy for what is there, light for what is missing.

The two weights differ without colour too, and a number always stands beside a bar.
"""

from __future__ import annotations

from textual.content import Content

FULL, EMPTY = "━", "─"


def bar(part: float, width: int, role: str = "$accent") -> Content:
    """`part` (0 to 1) of `width` cells; anything above 0 shows at least one heavy cell."""
    part = min(1.0, max(0.0, part))
    heavy = min(width, max(round(part * width), 1 if part > 0 else 0))
    return Content.assemble((FULL * heavy, role), (EMPTY * (width - heavy), "$rule"))


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
