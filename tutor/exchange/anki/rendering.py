"""Anki's templates: the two sides of a card from the fields of its note.

Fields, sections and filters as Anki knows them; what only Anki itself could show (the deck's
name, a card's flag) is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tutor.exchange.anki.collection import NoteType, Template

_TOKEN = re.compile(r"\{\{([#^/]?)\s*([^{}]*?)\s*\}\}")
_ANSWER = re.compile(r"""<hr\b[^<>]*\bid\s*=\s*["']?answer\b[^<>]*>""", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")
# What a template may name beside the note's own fields.
_SPECIAL = frozenset({"FrontSide", "Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID"})
_MOST = 400_000


@dataclass(slots=True)
class Side:
    """One side of a card as HTML, and what its template did with fields beside showing them.

    typed: fields whose text is to be typed. hints: fields that show when asked for. gapped:
    fields in which gaps are asked.
    """

    html: str = ""
    typed: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    gapped: list[str] = field(default_factory=list)


def front(template: Template, fields: Mapping[str, str]) -> Side:
    """The question. Raises ValueError for a template that cannot be read."""
    return _side(template.front, fields)


def back(template: Template, fields: Mapping[str, str]) -> Side:
    """The answer alone: what stands below the line under the question, if there is one."""
    parts = _ANSWER.split(template.back, maxsplit=1)
    return _side(parts[-1], fields)


def named_fields(note_type: NoteType, values: tuple[str, ...]) -> dict[str, str]:
    """The fields of a note by their names. Raises ValueError when there are too few."""
    if len(values) < len(note_type.fields):
        raise ValueError("it has fewer fields than its note type")
    return dict(zip(note_type.fields, values, strict=False))


def _side(template: str, fields: Mapping[str, str]) -> Side:
    side = Side()
    pieces: list[str] = []
    # Whether each section that is open is shown, under its name.
    sections: list[tuple[str, bool]] = []
    at = 0
    for match in _TOKEN.finditer(template):
        shown = all(open_ for _, open_ in sections)
        if shown:
            pieces.append(template[at : match.start()])
        at = match.end()
        sign, name = match.groups()
        if sign in ("#", "^"):
            sections.append((name, _is_filled(fields.get(name, "")) == (sign == "#")))
        elif sign == "/":
            if not sections or sections.pop()[0] != name:
                raise ValueError(f"its template closes {{{{/{name}}}}}, which is not open")
        elif shown:
            pieces.append(_filled(side, name, fields))
    if sections:
        raise ValueError(f"its template does not close {{{{#{sections[-1][0]}}}}}")
    pieces.append(template[at:])
    side.html = "".join(pieces)
    if len(side.html) > _MOST:
        raise ValueError(f"it has more than {_MOST:,} characters")
    return side


def _is_filled(text: str) -> bool:
    """Whether a field has anything to show; a picture is something."""
    return "<img" in text or bool(_TAGS.sub("", text).strip())


def _filled(side: Side, token: str, fields: Mapping[str, str]) -> str:
    """What stands for `{{filter:filter:Field}}`."""
    *filters, name = (part.strip() for part in token.split(":"))
    if name in _SPECIAL and name not in fields:
        return ""
    if name not in fields:
        raise ValueError(f"its template asks for the field {name!r}, which it has not")
    text = fields[name]
    for word in filters:
        notes: dict[str, Callable[[str], None]] = {
            "type": side.typed.append, "hint": side.hints.append, "cloze": side.gapped.append,
        }  # fmt: skip
        if word in notes:
            notes[word](name)
    if "type" in filters and "cloze" not in filters:
        return ""
    if "hint" in filters:
        return ""
    return _TAGS.sub("", text) if "text" in filters else text
