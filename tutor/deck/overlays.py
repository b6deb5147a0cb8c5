"""Cards that stand in the place of another file's: the learner's own wording of a bundled card.

Such a card has the key of the other one, and with it its history; `overrides=` holds the hash of
the text that it was made from, so that a later change there can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tutor.deck.cache import Deck
from tutor.deck.model import ANY_TEXT, Card, Entry, Problem
from tutor.deck.rules import problem


def in_place(
    found: Iterable[Entry], overridden: Mapping[str, Entry], decks: Sequence[Deck]
) -> list[Entry]:
    """The cards that count, each overriding one at the place of the card that it overrides.

    It keeps the old keys of that card, and its topic where it names none itself.
    """
    standing = {entry.key: entry for entry in found}
    placed: list[Entry] = []
    for deck in decks:
        for entry in deck.entries:
            original, winner = overridden.get(entry.key), standing.get(entry.key)
            if winner is None:
                continue
            if original is entry:
                placed.append(_heir(winner, original))
            elif original is None and winner is entry:
                placed.append(entry)
    return placed


def _heir(entry: Entry, original: Entry) -> Entry:
    old = dict.fromkeys((*entry.aka, *original.aka))
    return replace(entry, topic=entry.topic or original.topic, aka=tuple(old))


def overlay_problems(
    entries: Iterable[Entry], original: Callable[[str], Card | None]
) -> Iterator[Problem]:
    """What is to be said of the overriding cards, in the lines of their comments."""
    for entry in entries:
        if not entry.overrides:
            continue
        file, line = entry.source.file, entry.source.line + 1
        card = original(entry.key)
        if card is None:
            message = f"No other file has a card `{entry.key}`: this one stands for itself."
            yield problem(file, line, "overrides-nothing", message)
        elif entry.overrides not in {ANY_TEXT, card.content_hash}:
            where = f"{card.source.file}:{card.source.line}"
            message = (
                f"The card that it overrides ({where}) has changed since: compare the two, then"
                f" write overrides={card.content_hash}, or take this one out."
            )
            yield problem(file, line, "overridden-changed", message)
