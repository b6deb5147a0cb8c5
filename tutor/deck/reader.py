"""Parses single cards out of their files when they are shown.

Only the card's own lines are parsed; the lines of the last few files are kept.
"""

from __future__ import annotations

from dataclasses import replace

from tutor.deck import files
from tutor.deck.cache import Stamp
from tutor.deck.model import Card, Entry
from tutor.errors import DeckError

KEPT_FILES = 8


class Reader:
    """Reads cards by their entries, and remembers the ones it read."""

    def __init__(self) -> None:
        self._cards: dict[tuple[str, str], tuple[Stamp, Card]] = {}
        self._lines: dict[str, tuple[Stamp, list[str]]] = {}

    def card(self, entry: Entry) -> Card:
        """The card of an entry. Raises DeckError when its file no longer holds it."""
        file = entry.source.file
        try:
            stamp = files.stamp_of(file)
            known = self._cards.get((file, entry.key))
            if known and known[0] == stamp:
                return known[1]
            card = _sliced(entry, self._read(file, stamp)) or _searched(entry)
        except OSError as error:
            raise _gone(entry, str(error.strerror)) from error
        if card is None:
            raise _gone(entry, "the file was changed")
        self._cards[file, entry.key] = (stamp, card)
        return card

    def _read(self, file: str, stamp: Stamp) -> list[str]:
        from tutor.deck.outline import decoded
        from tutor.deck.references import resolved

        known = self._lines.pop(file, None)
        if known is None or known[0] != stamp:
            lines = decoded(files.content(file)).split("\n")
            known = (stamp, resolved(lines, lambda *_: None))
        self._lines[file] = known
        while len(self._lines) > KEPT_FILES:
            self._lines.pop(next(iter(self._lines)))
        return known[1]


def _sliced(entry: Entry, lines: list[str]) -> Card | None:
    """The card from the lines where it stood; None when another text stands there now."""
    from tutor.deck.cards import Context, read_card
    from tutor.deck.outline import outline
    from tutor.deck.rules import Findings

    source, findings = entry.source, Findings(entry.source.file)
    _, own, found = outline("\n".join(lines[source.line - 1 : source.end]), findings)
    opened = [(section, section.opener) for section in found if section.opener]
    if len(opened) != 1 or opened[0][1].word != "card":
        return None
    context = Context(source.file, entry.deck, entry.topic)
    read = read_card(*opened[0], own, context, findings)
    if read is None or read[0].key != entry.key:
        return None
    return replace(read[0], source=entry.source, topic=entry.topic)


def _searched(entry: Entry) -> Card | None:
    """The card from anywhere in its file, which was changed after it was loaded."""
    from tutor.deck.parse import parse_bytes

    parsed = parse_bytes(files.content(entry.source.file), entry.source.file)
    return next((card for card in parsed.cards if card.key == entry.key), None)


def _gone(entry: Entry, why: str) -> DeckError:
    return DeckError(
        "Card cannot be read",
        f"{entry.key} in {entry.source.file}:{entry.source.line}: {why}.",
        "Start again to load the decks as they are now; see also: tutor check",
    )
