"""Delimited text: spreadsheets, Quizlet, Brainscape, and Anki's notes in plain text.

The separator is the one with which all records of the file have the same number of columns, at
least two; Anki's `#separator:` lines say it themselves. Only such lines at the top are directives,
other lines that begin with `#` are notes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tutor.errors import UsageError
from tutor.exchange import html
from tutor.exchange.notes import Found, Note, literal, short, typed_or_prose
from tutor.text.numerals import whole_number

SEPARATORS = {"tab": "\t", "semicolon": ";", "comma": ",", "pipe": "|", "space": " ", "colon": ":"}
_CANDIDATES = ("\t", ";", ",", "|")
_NAMES = {separator: name for name, separator in SEPARATORS.items()}
_DIRECTIVE = re.compile(
    r"^#(separator|html|tags column|deck column|notetype column|guid column|columns|deck|notetype"
    r"|tags):(.*)$"
)
FRONTS = {"front", "question", "term", "prompt", "word", "q"}
BACKS = {"back", "answer", "definition", "response", "meaning", "a"}
TAGS = {"tags", "tag", "labels"}
DECKS = {"deck", "category", "set", "folder", "topic"}
_TAG = re.compile(
    r"</?(b|i|u|br|div|p|span|li|ul|ol|sub|sup|strong|em)\b[^>]*>|&(nbsp|lt|gt|amp);",
    re.IGNORECASE,
)
# Stands in a row of its own below the last one, to see whether that is closed.
_END = "\x1e"
_NOTHING = "It has no two columns that a front and an answer could be."


@dataclass(slots=True)
class _Columns:
    """Which column is what, from 0; -1 for none."""

    front: int = 0
    back: int = 1
    tags: int = -1
    deck: int = -1
    source_id: int = -1
    ignored: set[int] = field(default_factory=set)


def read(text: str, name: str) -> Found:
    """All rows as notes. Raises UsageError when the file has no two columns."""
    directives, body, first_line = _directives(text)
    separator = _separator(directives, body, name, first_line)
    if line := _open_quote(body, separator):
        raise _unclosed(name, first_line + line - 1)
    rows = list(_rows(body, separator, first_line))
    found = Found("text")
    found.taken.append(f"columns are parted by {_word(separator)}")
    columns, header = _columns(directives, rows)
    if header:
        found.taken.append(f"the first row names the columns: {', '.join(map(short, rows[0][1]))}")
        rows = rows[1:]
    markup = directives.get("html", "").lower() == "true" or _looks_html(rows)
    found.taken.append("fields are HTML" if markup else "fields are plain text")
    for line, row in rows:
        _take(found, row, line, columns, markup, directives)
    _tell_unused(found, rows, columns)
    return found


def _tell_unused(found: Found, rows: Sequence[tuple[int, list[str]]], columns: _Columns) -> None:
    """Columns with text of which nothing comes in, each once."""
    used = {columns.front, columns.back, columns.tags, columns.deck, columns.source_id}
    for at in range(max((len(row) for _, row in rows), default=0)):
        filled = [line for line, row in rows if at < len(row) and row[at].strip()]
        if at not in used and filled:
            what = f"column {at + 1}, filled in {len(filled):,} of {len(rows):,} rows"
            found.leave(what, "only a front, an answer, tags and a deck come in", filled[0])


def _directives(text: str) -> tuple[dict[str, str], str, int]:
    given: dict[str, str] = {}
    lines = text.splitlines(keepends=True)
    at = 0
    for line in lines:
        match = _DIRECTIVE.match(line.rstrip("\r\n"))
        if match is None:
            break
        given[match[1]] = match[2].strip()
        at += 1
    return given, "".join(lines[at:]), at + 1


def _separator(directives: dict[str, str], body: str, name: str, first_line: int) -> str:
    said = directives.get("separator", "")
    if said:
        return SEPARATORS.get(said.lower(), said[:1] if said else "\t")
    fitting = [s for s in _CANDIDATES if _fits(body, s)]
    if fitting:
        return fitting[0]
    if line := max(_open_quote(body, separator) for separator in _CANDIDATES):
        raise _unclosed(name, first_line + line - 1)
    raise UsageError(
        f"{name} is no table",
        _NOTHING,
        "Part the columns by tabs, semicolons or commas, or say the format with --as.",
    )


def _open_quote(body: str, separator: str) -> int:
    """The line (from 1) of the row whose quote is still open at the end; 0 when there is none.

    Such a row swallows all that follow.
    """
    lines = io.StringIO(f"{body}\n{_END}", newline="")
    reader = csv.reader(lines, delimiter=separator, strict=False)
    begun, last, read = 1, [""], 0
    try:
        for row in reader:
            begun, last, read = read + 1, row, reader.line_num
    except csv.Error:
        # A field beyond the limit: told with its line when the rows are read.
        return 0
    return 0 if last == [_END] else begun


def _unclosed(name: str, line: int) -> UsageError:
    return UsageError(
        f"{name} cannot be read",
        f"line {line}: a quote that begins in this row is never closed.",
        "Close it, or double a quote that is meant as one.",
    )


def _fits(body: str, separator: str) -> bool:
    """Whether nearly all records have the same number of columns, two or more.

    Whole records are counted, since a quoted field may hold separators and line breaks.
    """
    widths = [len(row) for _, row in _rows(body, separator, 1)]
    if not widths:
        return False
    usual = max(set(widths), key=widths.count)
    return usual >= 2 and widths.count(usual) >= 0.9 * len(widths)


def _rows(body: str, separator: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=False)
    line = first_line
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = first_line + reader.line_num
    except csv.Error as error:
        raise UsageError(
            "The table cannot be read", f"line {line}: {error}.", "Look at the quotes there."
        ) from error


def _columns(
    directives: dict[str, str], rows: Sequence[tuple[int, list[str]]]
) -> tuple[_Columns, bool]:
    columns = _Columns()
    for key, attribute in (
        ("tags column", "tags"), ("deck column", "deck"), ("guid column", "source_id")
    ):  # fmt: skip
        if (number := whole_number(directives.get(key, ""))) is not None:
            setattr(columns, attribute, number - 1)
    if (number := whole_number(directives.get("notetype column", ""))) is not None:
        columns.ignored.add(number - 1)
    taken = {columns.tags, columns.deck, columns.source_id, *columns.ignored}
    free = [i for i in range(max((len(row) for _, row in rows), default=0)) if i not in taken]
    if len(free) >= 2:
        columns.front, columns.back = free[0], free[1]
    header = bool(rows) and not directives and _header(rows[0][1], columns)
    return columns, header


def _header(cells: Sequence[str], columns: _Columns) -> bool:
    """Whether the first row names the columns; then they are taken by their names."""
    names = [cell.strip().lower() for cell in cells]
    if not (set(names) & FRONTS and set(names) & BACKS):
        return False
    columns.front = next(i for i, name in enumerate(names) if name in FRONTS)
    columns.back = next(i for i, name in enumerate(names) if name in BACKS)
    columns.tags = next((i for i, name in enumerate(names) if name in TAGS), columns.tags)
    columns.deck = next((i for i, name in enumerate(names) if name in DECKS), columns.deck)
    return True


def _looks_html(rows: Sequence[tuple[int, list[str]]]) -> bool:
    """Whether cells hold tags or entities of HTML, as other programs' exports do."""
    return any(_TAG.search(cell) for _, row in rows for cell in row)


def _take(
    found: Found,
    row: Sequence[str],
    line: int,
    columns: _Columns,
    markup: bool,
    directives: dict[str, str],
) -> None:
    def cell(at: int) -> str:
        return row[at] if 0 <= at < len(row) else ""

    if len(row) <= columns.back:
        found.leave(cell(columns.front) or f"line {line}", "the row has no second column", line)
        return
    front, back = cell(columns.front), cell(columns.back)
    if markup:
        (front, lost), (back, lost_too) = html.to_markdown(front), html.to_markdown(back)
        for what in dict.fromkeys([*lost, *lost_too]):
            found.leave(f"{what} of: {front or back}", "only text comes in", line)
    else:
        front, back = literal(front), literal(back)
    kind, answer = typed_or_prose(back)
    group = cell(columns.deck).strip() or directives.get("deck", "")
    tags = (*cell(columns.tags).split(), *directives.get("tags", "").split())
    found.add(
        Note(kind, html.one_line(front), answer, line, tags=tags, group=group,
             source_id=cell(columns.source_id).strip())
    )  # fmt: skip
    _tell_spreadsheet(found, row, line)


def _tell_spreadsheet(found: Found, row: Sequence[str], line: int) -> None:
    """Cells that a spreadsheet is known to have changed: 1-2 becomes a date."""
    date = re.compile(r"^\d{1,2}[-./](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$")
    for cell in row:
        if date.match(cell.strip()):
            found.taken.append(
                f"line {line}: {short(cell)} reads like a date that a spreadsheet made of 1-2"
            )


def _word(separator: str) -> str:
    return {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars"}.get(
        separator, repr(separator)
    )
