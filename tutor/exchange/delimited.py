"""Delimited text: spreadsheets, Quizlet, Brainscape, and Anki's notes in plain text.

The separator is the one with which all records of the file have the same number of columns, at
least two; Anki's `#separator:` lines and a spreadsheet's `sep=;` say it themselves. Only such lines
at the top are directives, and others above the last of them comments; any other line that begins
with `#` is a note. A row with `{{c1::gaps}}` is a cloze.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from tutor.errors import UsageError
from tutor.exchange import html
from tutor.exchange.notes import Found, Note, cloze, headline, literal, short, typed_or_prose
from tutor.text.numerals import whole_number

SEPARATORS = {"tab": "\t", "semicolon": ";", "comma": ",", "pipe": "|", "space": " ", "colon": ":"}
_CANDIDATES = ("\t", ";", ",", "|")
_NAMES = {separator: name for name, separator in SEPARATORS.items()}
_DIRECTIVE = re.compile(
    r"^#\s*(separator|html|tags column|deck column|notetype column|guid column|columns|deck"
    r"|notetype|tags|if matches|match scope)\s*:(.*)$",
    re.IGNORECASE,
)
_SPREADSHEET = re.compile(r"^\ufeff?\"?sep=(.)\"?\s*$", re.IGNORECASE)
# Names of columns, also in German, French and Spanish.
FRONTS = {"front", "question", "term", "prompt", "word", "q", "text", "vorderseite", "frage",
          "begriff", "recto", "terme", "anverso", "pregunta", "término"}  # fmt: skip
BACKS = {"back", "answer", "definition", "response", "meaning", "a", "rückseite", "antwort",
         "bedeutung", "verso", "réponse", "définition", "reverso", "respuesta",
         "definición"}  # fmt: skip
TAGS = {"tags", "tag", "labels", "schlagwörter", "étiquettes", "etiquetas"}
DECKS = {"deck", "category", "set", "folder", "topic", "stapel", "kategorie", "thema"}
NOTES = {"explanation", "extra", "back extra", "note", "notes", "comment", "remarks", "erklärung"}
HINTS = {"hint", "hints", "hinweis", "tipp"}
_GAP = re.compile(r"\{\{c\d+::(?P<gap>.+?)\}\}", re.DOTALL)
_HINT = re.compile(r"(\{\{c\d+::[^{}]+?)::([^{}]+)\}\}")
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
    note: int = -1
    hint: int = -1
    ignored: set[int] = field(default_factory=set)


def read(text: str, name: str) -> Found:
    """All rows as notes. Raises UsageError when the file has no two columns."""
    directives, comments, body, first_line = _directives(text)
    separator = _separator(directives, body, name, first_line)
    if line := _open_quote(body, separator):
        raise _unclosed(name, first_line + line - 1)
    rows = list(_rows(body, separator, first_line))
    found = Found("text")
    found.taken.append(f"columns are parted by {_word(separator)}")
    for line, comment in comments:
        found.leave(comment, "a comment above the table", line)
    columns, header = _columns(directives, rows, separator)
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
    used = {columns.front, columns.back, columns.tags, columns.deck, columns.source_id,
            columns.note, columns.hint, *columns.ignored}  # fmt: skip
    for at in range(max((len(row) for _, row in rows), default=0)):
        filled = [line for line, row in rows if at < len(row) and row[at].strip()]
        if at not in used and filled:
            what = f"column {at + 1}, filled in {len(filled):,} of {len(rows):,} rows"
            found.leave(what, "only a front, an answer, tags and a deck come in", filled[0])


_Lines = list[tuple[int, str]]


def _directives(text: str) -> tuple[dict[str, str], _Lines, str, int]:
    """What the lines at the top say, comments among them, the table, and its first line."""
    lines = text.splitlines(keepends=True)
    if lines and (sep := _SPREADSHEET.match(lines[0])):
        return {"separator": sep[1]}, [], "".join(lines[1:]), 2
    said = [_DIRECTIVE.match(line.strip()) for line in takewhile(_is_comment, lines)]
    count = max((at for at, match in enumerate(said, 1) if match), default=0)
    given = {match[1].lower(): match[2].strip() for match in said[:count] if match}
    comments = [
        (at, line.strip())
        for at, (line, match) in enumerate(zip(lines, said[:count], strict=False), 1)
        if not match
    ]
    return given, comments, "".join(lines[count:]), count + 1


def _is_comment(line: str) -> bool:
    return line.startswith("#")


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
    directives: dict[str, str], rows: Sequence[tuple[int, list[str]]], separator: str
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
    width = max((len(row) for _, row in rows), default=0)
    free = [i for i in range(width) if i not in taken]
    columns.front = free[0] if free else 0
    columns.back = free[1] if len(free) >= 2 else width
    if "columns" in directives:
        _named(directives["columns"].split(separator), columns)
    header = bool(rows) and not directives.keys() - {"separator"} and _named(rows[0][1], columns)
    return columns, header


def _named(cells: Sequence[str], columns: _Columns) -> bool:
    """Take the columns by their names; whether a front and a back are among them."""
    names = [cell.strip().lower() for cell in cells]

    def place(known: set[str], before: int) -> int:
        return next((i for i, name in enumerate(names) if name in known), before)

    front, back = place(FRONTS, -1), place(BACKS, -1)
    if min(front, back) < 0:
        return False
    columns.front, columns.back = front, back
    columns.tags, columns.deck = place(TAGS, columns.tags), place(DECKS, columns.deck)
    columns.note, columns.hint = place(NOTES, -1), place(HINTS, -1)
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

    def text(at: int) -> str:
        if not markup:
            return literal(cell(at))
        made, lost = html.to_markdown(cell(at))
        for what in lost:
            found.leave_once(f"{what} of: {short(cell(columns.front))}", "only text comes in", line)
        return made

    group = cell(columns.deck).strip() or directives.get("deck", "")
    tags = (*cell(columns.tags).split(), *directives.get("tags", "").split())
    front, note, hint = text(columns.front), text(columns.note), text(columns.hint)
    common: dict[str, Any] = {
        "tags": tags, "group": group, "hints": (hint,) if hint else (),
        "source_id": cell(columns.source_id).strip(),
    }  # fmt: skip
    if _GAP.search(front):
        _take_gaps(found, front, [text(columns.back), note], line, common)
    elif len(row) <= columns.back:
        found.leave(cell(columns.front) or f"line {line}", "the row has no second column", line)
    else:
        kind, answer = typed_or_prose(text(columns.back))
        found.add(Note(kind, html.one_line(front), answer, line, explanation=note, **common))
    _tell_spreadsheet(found, row, line)


def _take_gaps(
    found: Found, text: str, notes: Sequence[str], line: int, common: dict[str, Any]
) -> None:
    """A cloze of Anki's, with what stands beside it as explanation."""
    made = cloze(_HINT.sub(r"\1}} (\2)", text), _GAP, lambda match: match["gap"])
    if made is None:
        found.leave(text, "its gaps are empty", line)
        return
    note = "\n\n".join(filter(None, notes))
    found.add(Note("cloze", headline(made), made, line, explanation=note, **common))


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
