"""Notes of other programs as cards of this one, and the Markdown that holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tutor.deck.model import Card, Source
from tutor.deck.parse import ParsedFile, parse_text
from tutor.deck.slugs import free, slug
from tutor.deck.writer import write_card, write_deck
from tutor.errors import InexpressibleError
from tutor.exchange.notes import Found, LeftOut, Note, short


@dataclass(frozen=True, slots=True)
class NewDeck:
    """One deck file after an import: its text, and the cards that are new in it."""

    deck: str
    file: str
    text: str
    cards: tuple[Card, ...]
    present: int


@dataclass(slots=True)
class Plan:
    """What an import would write; nothing is written yet."""

    found: Found
    decks: list[NewDeck] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    # Unit key of a card -> its note, for what else the file says of it (a date).
    notes: dict[str, Note] = field(default_factory=dict)

    @property
    def cards(self) -> int:
        """How many cards would come in."""
        return sum(len(deck.cards) for deck in self.decks)

    @property
    def present(self) -> int:
        """How many cards of the file are there already."""
        return sum(deck.present for deck in self.decks)


def plan(found: Found, into: str, texts: Mapping[str, str]) -> Plan:
    """Lay the notes out in decks: one a top group, or all in `into`.

    texts: what stands in the deck files now, by file name; their cards stay as they are, and a
    note whose front and answer are there already is not taken again.
    """
    made = Plan(found, left_out=list(found.left_out))
    for title, notes in _by_deck(found.notes, into).items():
        name = slug(title) or _hashed("deck", title)
        made.decks.append(_deck(made, name, title, notes, texts.get(f"{name}.md", "")))
    made.decks = [deck for deck in made.decks if deck.cards or deck.present]
    return made


def _by_deck(notes: Sequence[Note], into: str) -> dict[str, list[Note]]:
    decks: dict[str, list[Note]] = {}
    for note in notes:
        top = into if into else note.group.split("::")[0].strip()
        decks.setdefault(top or "imported", []).append(note)
    return decks


def _deck(plan: Plan, name: str, title: str, notes: Sequence[Note], text: str) -> NewDeck:
    file = f"{name}.md"
    there = parse_text(text, file).cards if text else ()
    known = {card.front: card for card in there}
    taken = {card.id for card in there}
    new: list[Card] = []
    pieces: list[str] = []
    present = 0
    for note in notes:
        card = _card(note, name, file, taken)
        before = known.get(card.front)
        if before is not None:
            present += before.answer == card.answer
            if before.answer != card.answer:
                plan.left_out.append(_other(note))
            continue
        try:
            pieces.append(write_card(card))
        except InexpressibleError as error:
            plan.left_out.append(LeftOut(short(note.front), _why(error), note.line))
            continue
        taken.add(card.id)
        new.append(card)
        plan.notes[card.key] = note
    whole = _text(name, title, file, text, pieces)
    return NewDeck(name, file, whole, tuple(new), present)


def _card(note: Note, deck: str, file: str, taken: set[str]) -> Card:
    wanted = slug(note.front) or _hashed("card", note.source_id or note.front)
    name = free(wanted, taken)
    parts = note.group.split("::")
    below = parts[1:] if slug(parts[0]) == deck else parts
    tags = dict.fromkeys(filter(None, map(_tag, [*note.tags, *below])))
    return Card(
        f"{deck}/{name}", deck, name, note.kind, note.front, note.answer, Source(file, 1),
        hints=note.hints, explanation=note.explanation, ref=note.ref, tags=tuple(tags),
    )  # fmt: skip


def _tag(text: str) -> str:
    """A tag has neither blanks, commas nor quotes."""
    return "".join(sign for sign in text.strip().replace(" ", "-") if sign not in ',"<>')


def _text(name: str, title: str, file: str, text: str, pieces: Sequence[str]) -> str:
    head = text or write_deck(ParsedFile(file, deck=name, title=short(title)))
    return "\n\n".join([head.rstrip("\n"), *(piece.strip("\n") for piece in pieces)]) + "\n"


def _other(note: Note) -> LeftOut:
    why = "the deck has this front with another answer: change it there"
    return LeftOut(short(note.front), why, note.line)


def _why(error: InexpressibleError) -> str:
    return str(error).split("\n")[1].strip() if "\n" in str(error) else str(error)


def _hashed(what: str, text: str) -> str:
    return f"{what}-{hashlib.blake2b(text.encode(), digest_size=5).hexdigest()}"
