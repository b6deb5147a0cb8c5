"""Markdown for the pieces of a card: its comment, quotes, lists, tables and the line after `=`.

The counterpart of `comments`, `blocks`, `params` and `answer_line`, which read them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from tutor.deck.model import Cloze, Numeric, Params, Tolerance, Typed
from tutor.text import tables

_BARE = re.compile(r'[^\s"]+')


def comment(word: str, values: Mapping[str, str]) -> str:
    """`<!-- card id=adam ref="Kingma & Ba 2014" -->`; empty values are left out."""
    pairs = (f"{key}={_quoted(value)}" for key, value in values.items() if value)
    return f"<!-- {' '.join((word, *pairs))} -->"


def _quoted(value: str) -> str:
    return value if _BARE.fullmatch(value) else f'"{value}"'


def heading(depth: int, text: str) -> str:
    """A line that reads as `text`; a `#` at the end of it needs a closing `#` behind it."""
    line = f"{'#' * depth} {text}"
    return f"{line} {'#' * depth}" if re.search(r"(?:^|\s)#+$", text) else line


def quote(text: str, alert: str = "") -> str:
    """`text` as a block quote, or as an alert: TIP or NOTE."""
    lines = [*([f"[!{alert}]"] if alert else []), *text.split("\n")]
    return "\n".join(f"> {line}" if line else ">" for line in lines)


def item(marker: str, text: str, inside: str = "") -> str:
    """A list item behind `marker`, with another block inside of it."""
    width = " " * len(marker.split(" ", 1)[0]) + " "
    first, *rest = [*text.split("\n"), *(inside.split("\n") if inside else [])]
    return "\n".join([f"{marker} {first}", *(width + line if line else "" for line in rest)])


def table(rows: Iterable[Sequence[str]], every: bool = False) -> str:
    """A table whose first row holds the titles; a bar in a cell is escaped.

    every: a bar in a formula too.
    """
    escape = _escaped if every else tables.escaped
    titles, *others = ([escape(cell) for cell in row] for row in rows)
    lines = [titles, ["---"] * len(titles), *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _escaped(cell: str) -> str:
    return cell.replace("|", r"\|")


def gapped(cloze: Cloze, bar: str = " | ") -> str:
    """The text of a cloze with its `==gaps==`, and a bar between the wordings of one."""
    gaps = (f"=={bar.join((gap.text, *gap.others))}==" for gap in cloze.gaps)
    return "".join([cloze.parts[0], *chain(*zip(gaps, cloze.parts[1:], strict=True))])


def equals(answer: Numeric | Typed) -> str:
    """The line `= value unit ± tolerance`, `= [low, high] unit` or `= "text" | "other text"`."""
    if isinstance(answer, Typed):
        return "= " + " | ".join(f'"{text}"' for text in answer.accepted)
    value = f"[{', '.join(answer.interval)}]" if answer.interval else answer.value
    return " ".join(filter(None, ("=", value, answer.unit, _tolerance(answer.tolerance))))


def _tolerance(tolerance: Tolerance) -> str:
    if tolerance.relative:
        return f"± {_number(_hundredfold(tolerance.amount))}%"
    return f"± {_number(tolerance.amount)}" if tolerance.amount else ""


def _hundredfold(share: float) -> float:
    """The percentage that becomes exactly `share` when it is divided by 100."""
    near = share * 100
    either = (near, math.nextafter(near, math.inf), math.nextafter(near, -math.inf))
    return next((percent for percent in either if percent / 100 == share), near)


def _number(value: float) -> str:
    """The shortest way to write exactly this number."""
    return min((f"{value:g}", repr(value)), key=lambda text: (float(text) != value, len(text)))


def params(block: Params, notes: Iterable[str] = ()) -> str:
    """The fence of a `params` block, with comments (lines that start with `#`) at its top."""
    lines = [
        *notes,
        *(f"{name} = {expr}" for name, expr in block.assignments),
        *(f"require {expr}" for expr in block.requires),
        *(f'wrong "{wrong.name}" = {wrong.expr}' for wrong in block.wrongs),
    ]
    return "\n".join(["```params", *lines, "```"])
