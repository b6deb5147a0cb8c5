"""One sign and one dash for each runner, by its role, so that they are the same in every panel.

Roles that share a colour (`a` and `accent`) share the sign, unless both are in one panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from demos.views import Role
from tutor.plot.canvas import Canvas, crop
from tutor.plot.palette import Inks

SIGNS = "●◆▲■★▼"

_LETTERS = "abcdef"
_OTHERS: dict[Role, int] = {"accent": 0, "good": 2, "text": 3, "bad": 4, "quiet": 5}
_GAP = 2
# A name is never cut below this.
_LEAST = 3


def places(series: Sequence[tuple[str, Role]]) -> list[int]:
    """The sign of each series (its name and role), counted from 0; six of them differ."""
    found = [0] * len(series)
    taken: set[int] = set()
    for i in sorted(range(len(series)), key=lambda i: (_rank(*series[i]), i)):
        role = series[i][1]
        wanted = _LETTERS.index(role) if role in _LETTERS else _OTHERS[role]
        free = [(wanted + k) % len(SIGNS) for k in range(len(SIGNS))]
        found[i] = next((place for place in free if place not in taken), wanted)
        taken.add(found[i])
    return found


def _rank(name: str, role: Role) -> int:
    """Runners choose first, then what stands behind them, and last what has no name."""
    return 3 if not name else 0 if role in _LETTERS else 2 if role == "quiet" else 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of a legend: a sign, the name, and the role whose colour it has."""

    sign: str
    name: str
    role: Role

    def words(self, most: int) -> str:
        """Sign and name, the name in at most so many cells."""
        return f"{self.sign} {crop(self.name, most)}"


def entries(series: Sequence[tuple[str, Role]]) -> list[Entry]:
    """What a legend tells: every series that has a name."""
    signs = places(series)
    return [
        Entry(SIGNS[place], name, role)
        for place, (name, role) in zip(signs, series, strict=True)
        if name
    ]


def legend(told: Sequence[Entry], width: int, most: int) -> list[list[tuple[int, str, Role]]]:
    """Rows of (column, words, role), at most `most`: names are cut alike until all find room."""
    longest = max((cell_len(entry.name) for entry in told), default=0)
    for cut in range(max(longest, _LEAST), _LEAST - 1, -1):
        rows = _rows(told, width, cut)
        if len(rows) <= most:
            return rows
    return _rows(told, width, _LEAST)[:most]


def _rows(told: Sequence[Entry], width: int, cut: int) -> list[list[tuple[int, str, Role]]]:
    rows: list[list[tuple[int, str, Role]]] = []
    x = 0
    for entry in told:
        words = entry.words(cut)
        if not rows or x + cell_len(words) > width:
            rows.append([])
            x = 0
        rows[-1].append((x, words, entry.role))
        x += cell_len(words) + _GAP
    return rows


def put(canvas: Canvas, inks: Inks, at: tuple[int, int], row: list[tuple[int, str, Role]]) -> None:
    """Write one row of a legend from cell `at` (x, y)."""
    for x, words, role in row:
        canvas.put(at[0] + x, at[1], words, inks.role(role))
