"""Anki's plain text: headers on the first lines, then a row a note, every field quoted.

A data line that begins with an unquoted `#` would be lost, and without HTML all between `<` and
`>`. Note types have different numbers of fields, so that the tags come before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tutor.exchange.anki.package_writer import Note

_HEADERS = (
    "#separator:tab",
    "#html:true",
    "#guid column:1",
    "#notetype column:2",
    "#deck column:3",
    "#tags column:4",
)


def lines(notes: Iterable[Note]) -> Iterator[str]:
    """The lines of the file, without their ends; no field holds a line end."""
    yield from _HEADERS
    notes = list(notes)
    width = max((len(note.fields) for note in notes), default=0)
    for note in notes:
        empty = [""] * (width - len(note.fields))
        row = (note.guid, note.type.name, note.deck, " ".join(note.tags), *note.fields, *empty)
        yield "\t".join(map(_quoted, row))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
