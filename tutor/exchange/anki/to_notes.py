"""Cards as Anki's notes: honest cards that the learner rates, with their options and reasons.

The question is made as a session makes it, with a seed that only the card's key decides, so that
shuffled options and drawn numbers are the same at each export.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tutor.deck.model import Card, Cloze, Match, Numeric, Typed
from tutor.exchange.anki.identities import Identities
from tutor.exchange.anki.kept import KeptNotes
from tutor.exchange.anki.note_types import TYPES
from tutor.exchange.anki.package_writer import Note, Schedule
from tutor.exchange.anki.to_html import (
    cloze_html,
    front_html,
    html,
    html_blocks,
    inline_html,
    text_html,
)
from tutor.quiz.asking import UNASKABLE, make_question
from tutor.quiz.question import CHOSEN, LETTERS, Question, plain_line

MOST_GAPS = 500
"""The highest number of a gap that Anki knows."""
DRAWN = "its numbers are drawn anew each time; --freeze N takes N of them"
_ASKED = {
    "term": "Explain it in your own words.",
    "multi": "Several may be right.",
    "order": "Bring them into their order.",
    "match": "Which belong together?",
}


class LeftOutError(Exception):
    """Why a card does not come along."""


@dataclass(frozen=True, slots=True)
class Made:
    """A note and the units that its cards are, in the order of `note.cards`."""

    note: Note
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Making:
    """What the notes of one export have in common.

    known: what Anki calls the cards that went there; came: the same of those that came from
    there. now: this second. freeze: how many instances of a card that draws its numbers.
    """

    known: KeptNotes
    came: Identities
    now: int
    freeze: int = 0

    def notes(self, card: Card, deck: str, edited: int) -> list[Made]:
        """The notes of a card: one, or `freeze` of a card that draws its numbers.

        deck: its name in Anki. edited: when its file last changed, in seconds. Raises
        LeftOutError.
        """
        if not (isinstance(card.answer, Numeric) and card.answer.params):
            return [self._note(card, card.key, deck, edited)]
        if not self.freeze:
            raise LeftOutError(DRAWN)
        each = range(1, self.freeze + 1)
        return [self._note(card, f"{card.key}#{number}", deck, edited) for number in each]

    def _note(self, card: Card, name: str, deck: str, edited: int) -> Made:
        question = _question(card, name)
        kind = _kind(card)
        units = _units(card, name)
        former = [old + unit.removeprefix(card.key) for old in card.aka for unit in units]
        self._greet([*units, *former])
        guid, note = self.known.note_of([*units, *former], name, kind)
        numbers = [self._number(guid, unit, card) for unit in units]
        if kind == "cloze":
            fields = (_cloze_text(card, numbers), *_fields(question, name, _told(units, numbers)))
        elif numbers != [0]:
            raise LeftOutError("it came from Anki, as another card of a note there")
        else:
            fields = _fields(question, name)
        tags = tuple(_tags(card))
        note.note_change(_digest(fields, tags), edited, self.now)
        cards = tuple((number, Schedule()) for number in numbers)
        return Made(Note(guid, TYPES[kind], fields, deck, note.changed, tags, cards), units)

    def _greet(self, units: Sequence[str]) -> None:
        """Let a card that came from Anki go back under the guid and number that it had there."""
        if not any(map(self.known.place, units)):
            for unit in units:
                if place := self.came.place(unit):
                    self.known.put(*place, unit)

    def _number(self, guid: str, unit: str, card: Card) -> int:
        """The number of a unit's card, under its name or one that it had before."""
        former = (old + unit.removeprefix(card.key) for old in card.aka)
        places = (self.known.place(name) for name in (unit, *former))
        number = next((place[1] for place in places if place and place[0] == guid), None)
        if number is None:
            number = self.known.notes[guid].number(unit)
        self.known.put(guid, number, unit)
        return number


def _question(card: Card, name: str) -> Question:
    try:
        return make_question(card, _seed(name))
    except UNASKABLE as error:
        raise LeftOutError(str(error)) from error


def _kind(card: Card) -> str:
    return "cloze" if isinstance(card.answer, Cloze) else "typed" if _is_typed(card) else "basic"


def _units(card: Card, name: str) -> tuple[str, ...]:
    """The keys of what is scheduled: of a drawn instance a name that no answer has."""
    if isinstance(card.answer, Cloze):
        return tuple(f"{card.key}/{gap.slug}" for gap in card.answer.gaps)
    return (name,)


def _told(units: Sequence[str], numbers: Sequence[int]) -> str:
    """Which gap is which, for the way back: `c1=rate c3=noise`."""
    pairs = zip(numbers, units, strict=True)
    return " ".join(f"c{number + 1}={unit.rpartition('/')[2]}" for number, unit in pairs)


def _is_typed(card: Card) -> bool:
    """Whether Anki can compare what is typed: its way knows no formula."""
    return isinstance(card.answer, Typed) and "$" not in card.answer.accepted[0]


def _seed(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest(), "big")


def _digest(fields: Sequence[str], tags: Sequence[str]) -> str:
    text = json.dumps([fields, tags])
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def _tags(card: Card) -> Iterator[str]:
    topic = (f"topic::{card.topic}",) if card.topic else ()
    for tag in dict.fromkeys((*card.tags, *topic)):
        yield "-".join(tag.split())


def _fields(question: Question, key: str, units: str = "") -> tuple[str, ...]:
    """Front, Back, Explanation, Hint, Source, Key and Units."""
    front = front_html(question.front)
    return (
        front + _shown(question), _back(question), "".join(_explained(question)),
        _hints(question.hints), inline_html(question.card.ref), text_html(key), text_html(units),
    )  # fmt: skip


def _shown(question: Question) -> str:
    """What is shown below the front: options, items, cells."""
    asked = _ASKED.get(question.kind, "")
    told = f"<p><i>{asked}</i></p>" if asked else ""
    if question.kind in CHOSEN:
        return told + _lettered(option.text for option in question.options)
    if question.items:
        return told + _list("ul", map(inline_html, question.items))
    if question.lefts:
        return told + _list("ol", map(inline_html, question.lefts)) + _lettered(question.rights)
    return told


def _lettered(texts: Iterable[str]) -> str:
    return _list("ol type=a", map(inline_html, texts))


def _list(tag: str, items: Iterable[str]) -> str:
    inside = "".join(f"<li>{item}</li>" for item in items)
    return f"<{tag}>{inside}</{tag.split(maxsplit=1)[0]}>"


def _back(question: Question) -> str:
    """The answer; of a choice with the letter and each option's reason."""
    card = question.card
    if isinstance(card.answer, Cloze):
        return ""
    if question.kind in CHOSEN:
        return "".join(_options(question))
    if isinstance(card.answer, Match):
        return _table(card.answer.titles, card.answer.pairs)
    if question.kind == "typed":
        text = question.accepted[0] if _is_typed(card) else ""
        return text_html(text) if text else inline_html(question.solution)
    if isinstance(card.answer, Numeric):
        return text_html(question.expected) + _tolerance(card.answer)
    return html(question.solution)


def _options(question: Question) -> Iterator[str]:
    labelled = list(zip(LETTERS, question.options, strict=False))
    for letter, option in labelled:
        if option.right:
            yield f"<p><b>{letter}</b>: {inline_html(option.text)}</p>"
    reasons = [f"<b>{letter}</b>: {inline_html(o.reason)}" for letter, o in labelled if o.reason]
    if reasons:
        yield _list("ul", reasons)


def _table(titles: Sequence[str], pairs: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{inline_html(title)}</th>" for title in titles)
    rows = "".join(
        f"<tr>{''.join(f'<td>{inline_html(cell)}</td>' for cell in pair)}</tr>" for pair in pairs
    )
    return f"<table><tr>{head}</tr>{rows}</table>"


def _tolerance(number: Numeric) -> str:
    amount = number.tolerance.amount
    if not amount or number.interval:
        return ""
    share = f"{amount * 100:g} %" if number.tolerance.relative else f"{amount:g}"
    return f" (± {share} is right)"


def _explained(question: Question) -> Iterator[str]:
    if question.kind == "typed" and len(question.accepted) > 1:
        yield f"<p>Right too: {text_html('; '.join(question.accepted[1:]))}</p>"
    if question.generated:
        lines = question.worked()
        if lines:
            yield f"<p>{'<br>'.join(map(text_html, map(plain_line, lines)))}</p>"
    if question.explanation:
        yield html_blocks(question.explanation)


def _hints(hints: Sequence[str]) -> str:
    if len(hints) < 2:
        return html(hints[0]) if hints else ""
    return _list("ol", map(html, hints))


def _cloze_text(card: Card, numbers: Sequence[int]) -> str:
    cloze = card.answer
    assert isinstance(cloze, Cloze)
    if max(numbers) >= MOST_GAPS:
        raise LeftOutError(f"Anki has no gap beyond the number {MOST_GAPS}")
    gaps = [f"=={gap.text}==" for gap in cloze.gaps]
    joined = "".join(part + gap for part, gap in zip(cloze.parts, [*gaps, ""], strict=True))
    made = cloze_html(joined, [number + 1 for number in numbers])
    if made is None:
        raise LeftOutError("its gaps cannot be told apart in HTML")
    return made
