"""Anki's notes as notes of this program: one for each card of theirs, or for the gaps of a text.

A side of a card is its template with the note's fields, as Anki shows it, read as HTML. A text
with one gap a number becomes a cloze; gaps that a cloze cannot have (several of one number, one in
another, in a formula, over several lines) are asked one number a card, for the learner to rate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from tutor.deck.load_progress import OnProgress, counted, ignore
from tutor.deck.model import Answer, Cloze, Kind, Prose, Typed
from tutor.deck.slugs import slug
from tutor.exchange import html
from tutor.exchange.anki import gaps, rendering
from tutor.exchange.anki.collection import Card, Collection, Template
from tutor.exchange.anki.collection import Note as AnkiNote
from tutor.exchange.anki.identities import name_of
from tutor.exchange.notes import Found, Note, cloze, headline, short
from tutor.text.markdown import plain_line

# Stand for the bounds of a gap's number while the text around it is read; private to no font here.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_MARKUP = re.compile(r"<[^>]*>|\[sound:[^\]]*\]")
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_UNTYPED = re.compile(r'["|\\$\n]')
_LONGEST_TYPED = 200
# Anki's own marks on a note, which say nothing of its text.
_MARKS = frozenset({"leech", "marked"})
# The fields in which this program's own export names a card and its gaps.
_KEY, _UNITS = "Key", "Units"
_OWN_GAP = re.compile(r"c(\d+)=(\S+)")
_ONLY_TEXT = "only text comes in"


@dataclass(frozen=True, slots=True)
class Source:
    """One note with those of its cards that the package has."""

    note: AnkiNote
    cards: Sequence[Card]
    deck: str

    def name(self, card: Card) -> str:
        """The name of one of its cards."""
        return name_of(self.note.guid, card.ord)


def notes_of(
    collection: Collection, known: Mapping[str, str], on_progress: OnProgress = ignore
) -> Found:
    """All notes of a collection in the order of their making, and what stays behind.

    known: the key of the card that each card of Anki's is already, by its name. A note whose
    cards are all known stays as it is here: its text is not read.
    """
    found = Found("anki")
    scripted: dict[str, None] = {}
    for source in counted(list(_sources(collection)), on_progress):
        names = [source.name(card) for card in source.cards]
        if all(name in known for name in names):
            _recognise(found, source, names, known)
            continue
        try:
            _take(found, source)
        except ValueError as error:
            found.leave(_title(source.note), str(error))
        sides = (side for each in source.note.type.templates for side in (each.front, each.back))
        if any(map(_SCRIPT.search, (*sides, *source.note.fields))):
            scripted[source.note.type.name] = None
    for name in scripted:
        found.leave(f"the JavaScript of the note type {name}", "it is not run; the texts come in")
    return found


def _recognise(
    found: Found, source: Source, names: Sequence[str], known: Mapping[str, str]
) -> None:
    """A note for each card here that the note's cards are."""
    for _, same in groupby(sorted(names, key=known.__getitem__), key=known.__getitem__):
        found.notes.append(Note("basic", "", Prose(""), group=source.deck, units=tuple(same)))


def own_unit(note: AnkiNote, number: int) -> str:
    """The unit that this program once exported as a card, by its number from 0; or empty."""
    key = html.to_markdown(note.field(_KEY))[0].partition("#")[0]
    units = {int(n): name for n, name in _OWN_GAP.findall(note.field(_UNITS))}
    if "/" not in key:
        return ""
    return f"{key}/{units[number + 1]}" if number + 1 in units else key


def _sources(collection: Collection) -> Iterator[Source]:
    for nid, cards in groupby(collection.cards, attrgetter("note")):
        note = collection.notes.get(nid)
        if note is not None:
            rows = list(cards)
            yield Source(note, rows, collection.decks.get(rows[0].deck, ""))


def _take(found: Found, source: Source) -> None:
    fields = rendering.named_fields(source.note.type, source.note.fields)
    if not source.note.type.cloze:
        _take_sides(found, source, fields)
    elif any(gaps.OCCLUSION in text for text in fields.values()):
        found.leave(_title(source.note), "parts of a picture are hidden in it; " + _ONLY_TEXT)
    else:
        _take_gaps(found, source, fields)


def _take_sides(found: Found, source: Source, fields: dict[str, str]) -> None:
    """A card for each template: a front and a back."""
    templates, wanted = source.note.type.templates, ""
    for card in source.cards:
        if card.ord >= len(templates):
            found.leave(_title(source.note), f"its card {card.ord + 1} has no template")
            continue
        asked = rendering.front(templates[card.ord], fields)
        told = rendering.back(templates[card.ord], fields)
        front = _text(found, source, asked.html)
        hints = [_text(found, source, fields[name]) for name in asked.hints]
        kind, answer, explanation = _answer(found, source, asked, told, fields)
        made = _note(source, kind, html.one_line(front), answer, explanation, hints, [card], wanted)
        wanted = wanted or _second(made.front)
        found.add(made)


def _answer(
    found: Found, source: Source, asked: rendering.Side, told: rendering.Side,
    fields: dict[str, str],
) -> tuple[Kind, Answer, str]:  # fmt: skip
    """The answer: what is to be typed, and the rest as explanation; else all of the back."""
    back = _text(found, source, told.html + "".join(f"<div>{fields[n]}</div>" for n in told.hints))
    typed = [plain_line(_text(found, source, fields[name])) for name in asked.typed]
    if len(typed) == 1 and 0 < len(typed[0]) <= _LONGEST_TYPED and not _UNTYPED.search(typed[0]):
        return "typed", Typed((typed[0],)), back
    if typed:
        shown = "\n\n".join(_text(found, source, fields[name]) for name in asked.typed)
        back = "\n\n".join(filter(None, (shown, back)))
    return "basic", Prose(back), ""


def _take_gaps(found: Found, source: Source, fields: dict[str, str]) -> None:
    """A cloze where it can be one; else a card for each number."""
    template = next(iter(source.note.type.templates), Template("", "", ""))
    asked = rendering.front(template, fields)
    rest = {name: "" if name in asked.gapped else text for name, text in fields.items()}
    extra = _text(found, source, rendering.back(template, rest).html)
    text = asked.html.replace(_OPEN, "").replace(_CLOSE, "")
    hints = [_text(found, source, fields[name]) for name in asked.hints]
    made = _as_cloze(found, source, text)
    if made is None:
        _take_numbers(found, source, text, extra, hints)
        return
    answer, numbers = made
    cards = {card.ord + 1: card for card in source.cards}
    names = [name_of(source.note.guid, number - 1) for number in numbers]
    for number in sorted(cards.keys() - set(numbers)):
        found.leave(_title(source.note), f"its gap {number} is gone, an empty card of Anki's")
    note = _note(source, "cloze", headline(answer), answer, extra, hints, (), "", names)
    found.add(note)


def _as_cloze(found: Found, source: Source, text: str) -> tuple[Cloze, list[int]] | None:
    """The text as a cloze with the number of each gap; None where a cloze cannot be it."""
    parts = gaps.find(text)
    numbers = [gap.numbers[0] for gap in parts]
    if not parts or len(set(numbers)) < len(numbers) or gaps.in_a_formula(text, parts):
        return None
    if any(gap.depth or len(gap.numbers) > 1 for gap in parts):
        return None
    answers = [_text(found, source, gap.answer) for gap in parts]
    if any(not answer or re.search(r"\n|==|[|`\\]", answer) for answer in answers):
        return None
    places = iter(range(len(parts)))
    marked = gaps.shown(text, lambda gap: f"{_OPEN}{next(places)}{_CLOSE}{_hint(gap)}")
    prose = _text(found, source, marked)
    made = cloze(prose, _MARK, lambda match: answers[int(match[1])])
    if made is None or len(made.gaps) != len(parts):
        return None
    return made, numbers


def _hint(gap: gaps.Gap) -> str:
    return f" ({gap.hint})" if gap.hint.strip() else ""


def _take_numbers(
    found: Found, source: Source, text: str, extra: str, hints: Sequence[str]
) -> None:
    """A card for each number: the text with its gaps closed, and opened."""
    there = {number for gap in gaps.find(text) for number in gap.numbers}
    wanted = ""
    for card in source.cards:
        number = card.ord + 1
        if number not in there:
            found.leave(_title(source.note), f"its gap {number} is gone, an empty card of Anki's")
            continue
        front = html.one_line(_text(found, source, gaps.closed(text, number)))
        back = _text(found, source, gaps.answered(text, number))
        made = _note(source, "basic", front, Prose(back), extra, hints, [card], wanted)
        wanted = wanted or _second(made.front)
        found.add(made)


def _note(
    source: Source, kind: Kind, front: str, answer: Answer, explanation: str,
    hints: Iterable[str], cards: Iterable[Card], wanted: str, names: Sequence[str] = (),
) -> Note:  # fmt: skip
    tags = tuple(tag for tag in source.note.tags if tag.lower() not in _MARKS)
    return Note(
        kind, front, answer, explanation=explanation, hints=tuple(filter(None, hints)), tags=tags,
        group=source.deck, source_id=source.note.guid, wanted=wanted,
        units=tuple(names) or tuple(map(source.name, cards)),
    )  # fmt: skip


def _second(front: str) -> str:
    """The id of a note's second card; empty where the first has no words to make one of."""
    return f"{slug(front)}-2" if slug(front) else ""


def _text(found: Found, source: Source, field: str) -> str:
    """HTML as Markdown; what does not come along is told once a note."""
    text, lost = html.to_markdown(field)
    for what in lost:
        found.leave_once(f"{what} of: {_title(source.note)}", _ONLY_TEXT)
    return text


def _title(note: AnkiNote) -> str:
    """A few words to know a note by."""
    first = note.fields[0] if note.fields else ""
    words = re.sub(
        r"<[^>]*>|\[sound:[^\]]*\]", " ", gaps.opened(first) if "{{c" in first else first
    )
    return short(" ".join(words.split()) or f"a note of the type {note.type.name}")
