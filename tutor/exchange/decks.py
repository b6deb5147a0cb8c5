"""Notes of other programs as cards of this one, and the Markdown that holds them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from tutor.deck.load_progress import OnProgress, counted, ignore, parts
from tutor.deck.model import Answer, Card, Source
from tutor.deck.parse import ParsedFile, parse_bytes, parse_text
from tutor.deck.slugs import slug
from tutor.deck.writer import draft_card, placeless, write_card, write_deck
from tutor.errors import InexpressibleError
from tutor.exchange.notes import Found, LeftOut, Note, short

# Blanks in the repr of a text.
_BLANKS = re.compile(r"(?:\\n|\s)+")


@dataclass(frozen=True, slots=True)
class NewDeck:
    """One deck file after an import: its text, and the cards that are new in it."""

    deck: str
    file: str
    text: str
    cards: tuple[Card, ...]
    present: int
    # What `text` was read back as; None where nothing is new.
    parsed: ParsedFile | None = None


@dataclass(slots=True)
class Plan:
    """What an import would write; nothing is written yet."""

    found: Found
    decks: list[NewDeck] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    # Unit key of a card -> its note, for what else the file says of it (a date).
    notes: dict[str, Note] = field(default_factory=dict)
    # The same of cards that were there before.
    there: dict[str, Note] = field(default_factory=dict)

    @property
    def cards(self) -> int:
        """How many cards would come in."""
        return sum(len(deck.cards) for deck in self.decks)

    @property
    def present(self) -> int:
        """How many cards of the file are there already."""
        return sum(deck.present for deck in self.decks)


def plan(
    found: Found,
    into: str,
    texts: Mapping[str, str],
    known: Mapping[str, str] | None = None,
    used: Container[str] = (),
    on_progress: OnProgress = ignore,
) -> Plan:
    """Lay the notes out in decks: one a top group, or all in `into`.

    texts: what stands in the deck files now, by file name; their cards stay as they are, and a
    note whose front and answer are there already is not taken again. known: the key of the card
    that a note's unit became, by the other program's name of it. used: keys that other decks have.
    """
    made = Plan(found, left_out=list(found.left_out))
    by_deck = _by_deck(found.notes, into)
    shares = parts(on_progress, [len(notes) for notes in by_deck.values()])
    for (title, notes), share in zip(by_deck.items(), shares, strict=True):
        name = slug(title) or _hashed("deck", title)
        text = texts.get(f"{name}.md", "")
        made.decks.append(_Deck(made, name, title, text, used).take(notes, known or {}, share))
    made.decks = [deck for deck in made.decks if deck.cards or deck.present]
    return made


def _by_deck(notes: Sequence[Note], into: str) -> dict[str, list[Note]]:
    decks: dict[str, list[Note]] = {}
    for note in notes:
        top = into if into else note.group.split("::")[0].strip()
        decks.setdefault(top or "imported", []).append(note)
    return decks


class _Deck:
    """One deck file while notes are laid into it."""

    def __init__(self, plan: Plan, name: str, title: str, text: str, used: Container[str]) -> None:
        self.plan, self.name, self.file, self.used = plan, name, f"{name}.md", used
        self.head = text or write_deck(ParsedFile(self.file, deck=name, title=short(title)))
        self.text = text
        self.drafts: list[tuple[Card, Note]] = []
        self.present = 0

    @cached_property
    def there(self) -> dict[str, Card]:
        """The cards that the file has now, by their ids."""
        found = parse_text(self.text, self.file).cards if self.text else ()
        return {card.id: card for card in found}

    @cached_property
    def fronts(self) -> dict[str, list[Card]]:
        """The cards that a note may be, by their fronts."""
        found: dict[str, list[Card]] = {}
        for card in self.there.values():
            found.setdefault(card.front, []).append(card)
        return found

    @cached_property
    def taken(self) -> set[str]:
        """The ids that are taken."""
        return set(self.there)

    def take(
        self, notes: Sequence[Note], known: Mapping[str, str], on_progress: OnProgress
    ) -> NewDeck:
        """The deck with these notes; what they became is in the plan."""
        for note in counted(notes, on_progress):
            key = next((known[unit] for unit in note.units if unit in known), "")
            if key:
                self._is_there(key, note)
            else:
                self._take(note)
        return self._written()

    def _is_there(self, key: str, note: Note) -> None:
        self.present += 1
        self.plan.there[key] = note

    def _take(self, note: Note) -> None:
        front = _front(note)
        alike = self.fronts.get(front, [])
        before = next((card for card in alike if _words(card.answer) == _words(note.answer)), None)
        if before is not None:
            if note.units:
                # Another note of the same words is another card.
                alike.remove(before)
            self._is_there(before.key, note)
            return
        if alike and not note.units:
            self.plan.left_out.append(_other(note))
            return
        card = self._card(note, front)
        self.taken.add(card.id)
        self.drafts.append((card, note))

    def _card(self, note: Note, front: str) -> Card:
        wanted = note.wanted or slug(front) or _hashed("card", note.source_id or front)
        name = self._free(wanted)
        parts = note.group.split("::")
        below = parts[1:] if slug(parts[0]) == self.name else parts
        tags = dict.fromkeys(filter(None, map(_tag, [*note.tags, *below])))
        return Card(
            f"{self.name}/{name}", self.name, name, note.kind, front, note.answer,
            Source(self.file, 1), hints=note.hints, explanation=note.explanation, ref=note.ref,
            tags=tuple(tags),
        )  # fmt: skip

    def _free(self, wanted: str) -> str:
        """The first of `wanted`, `wanted-2`, ... that is not taken."""
        number = self.numbers.get(wanted, 1)
        name = wanted if number == 1 else f"{wanted}-{number}"
        while name in self.taken or f"{self.name}/{name}" in self.used:
            number += 1
            name = f"{wanted}-{number}"
        self.numbers[wanted] = number
        return name

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number that a name got last, so that many alike cost no more than others."""
        return {}

    def _written(self) -> NewDeck:
        """The file's text, read back: what would be read as something else is left out."""
        if not self.drafts:
            return NewDeck(self.name, self.file, self.text, (), self.present)
        pieces = {card.id: draft_card(card) for card, _ in self.drafts}
        text, parsed = self._joined(pieces)
        while faulty := self._faulty(pieces, parsed):
            if not self._mend(pieces, faulty):
                for card, note in faulty:
                    pieces.pop(card.id, None)
                    why = "it would be read as something else beside the other cards"
                    self.plan.left_out.append(LeftOut(short(note.front), why, note.line))
            text, parsed = self._joined(pieces)
        kept = [(card, note) for card, note in self.drafts if card.id in pieces]
        self.plan.notes |= {card.key: note for card, note in kept}
        return NewDeck(
            self.name, self.file, text, tuple(card for card, _ in kept), self.present, parsed
        )

    def _joined(self, pieces: Mapping[str, str]) -> tuple[str, ParsedFile]:
        rows = [self.head.rstrip("\n"), *(piece.strip("\n") for piece in pieces.values())]
        text = "\n\n".join(rows) + "\n"
        return text, parse_bytes(text.encode(), self.file)

    def _faulty(self, pieces: Mapping[str, str], parsed: ParsedFile) -> list[tuple[Card, Note]]:
        """The drafts that are not read as what they are; all, where there is a card too many."""
        read = {card.id: card for card in parsed.cards}
        drafts = [each for each in self.drafts if each[0].id in pieces]
        if read.keys() - pieces.keys() - self.there.keys():
            return drafts
        return [each for each in drafts if not _alike(each[0], read.get(each[0].id))]

    def _mend(self, pieces: dict[str, str], faulty: Sequence[tuple[Card, Note]]) -> bool:
        """Write each of them with care; whether anything became another."""
        changed = False
        for card, note in faulty:
            try:
                piece = write_card(card)
            except InexpressibleError as error:
                del pieces[card.id]
                self.plan.left_out.append(LeftOut(short(note.front), _why(error), note.line))
                changed = True
                continue
            changed = changed or piece != pieces[card.id]
            pieces[card.id] = piece
        return changed


def _front(note: Note) -> str:
    return note.front.strip()


def _alike(card: Card, read: Card | None) -> bool:
    # Below an open topic a card is that topic's. Blank lines that Markdown wants before a list or
    # a fence are no difference.
    return read is not None and (
        _words(placeless(replace(read, topic=None))) == _words(placeless(card))
    )


def _words(value: Card | Answer) -> str:
    """All that a card or an answer says, whatever blanks and line ends stand between the words."""
    return _BLANKS.sub(" ", repr(value))


def _tag(text: str) -> str:
    """A tag has neither blanks, commas nor quotes."""
    return "".join(sign for sign in text.strip().replace(" ", "-") if sign not in ',"<>')


def _other(note: Note) -> LeftOut:
    why = "the deck has this front with another answer: change it there"
    return LeftOut(short(note.front), why, note.line)


def _why(error: InexpressibleError) -> str:
    return str(error).split("\n")[1].strip() if "\n" in str(error) else str(error)


def _hashed(what: str, text: str) -> str:
    return f"{what}-{hashlib.blake2b(text.encode(), digest_size=5).hexdigest()}"
