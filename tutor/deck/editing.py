"""Edits deck files card by card: replaces, inserts and removes the lines of one card alone.

A deck is read with `open_deck`; each edit gives the deck as it then is, already on disk. Before a
byte is written, the whole new text is read: the wanted card must be there, and every other card,
topic and lesson must be what it was. The file is replaced at once, so that whatever ends the
program leaves the old text or the new one; and only if nobody else has changed it meanwhile.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tutor.deck import files
from tutor.deck.model import Card, Problem, Source, Topic
from tutor.deck.outline import decoded, outline
from tutor.deck.parse import ParsedFile, parse_bytes
from tutor.deck.rules import Findings
from tutor.deck.sections import Block, Section
from tutor.deck.writer import placeless, write_card, write_deck
from tutor.errors import InexpressibleError, NotFoundError

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
_END = re.compile(rb"\r\n|\r|\n")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class OpenDeck:
    """A deck file as it was read, byte by byte, with what it holds."""

    path: Path
    data: bytes
    parsed: ParsedFile

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the linter says of it, by line."""
        return self.parsed.problems

    def card(self, key: str) -> Card:
        """One of its cards. Raises NotFoundError."""
        found = next((card for card in self.parsed.cards if card.key == key), None)
        if found is None:
            raise NotFoundError(
                "No such card", f"{self.path} holds no card `{key}`.", "See: tutor check"
            )
        return found


def open_deck(path: Path) -> OpenDeck:
    """The deck in a file. Raises DeckError when it cannot be read."""
    return _opened(path, files.read_bytes(path))


def create_deck(deck: ParsedFile, license_name: str = "") -> OpenDeck:
    """Write a new file at `deck.file`, whole or not at all.

    Raises InexpressibleError for what no deck can hold, and DeckError when the file exists already
    or cannot be written.
    """
    path, data = Path(deck.file), write_deck(deck, license_name).encode()
    files.create_bytes(path, data)
    return _opened(path, data)


def replace_card(deck: OpenDeck, key: str, card: Card) -> OpenDeck:
    """Write `card` in the place of the card `key`, whose own comments and notes stay.

    A card of another id or text is another Card; give it the old key as `aka` to keep its history.
    Raises NotFoundError, InexpressibleError for what no deck can hold, EditedError when the file
    was changed meanwhile, and DeckError when it cannot be written.
    """
    old = deck.card(key)
    start, end = old.source.line - 1, old.source.end
    kept = _kept(deck, start)
    wanted = [card if other is old else other for other in deck.parsed.cards]
    return _written(deck, wanted, (start, end), _texts([card], deck, start, *kept))


def insert_cards(deck: OpenDeck, cards: Sequence[Card], after: str = "") -> OpenDeck:
    """Write cards below the card `after`, or else at the end of the topic of the first one.

    A card of no topic goes above all topics, a card of a topic of another file to the end.
    Raises as `replace_card` does.
    """
    if not cards:
        return deck
    line = deck.card(after).source.end if after else _place(deck, cards[0].topic)
    before = [card for card in deck.parsed.cards if card.source.line <= line]
    wanted = [*before, *cards, *deck.parsed.cards[len(before) :]]
    return _written(deck, wanted, (line, line), _texts(cards, deck, line))


def remove_card(deck: OpenDeck, key: str) -> OpenDeck:
    """Take the card's own lines out. Raises as `replace_card` does."""
    old = deck.card(key)
    wanted = [card for card in deck.parsed.cards if card is not old]
    return _written(deck, wanted, (old.source.line - 1, old.source.end), [""])


def _opened(path: Path, data: bytes) -> OpenDeck:
    return OpenDeck(path, data, parse_bytes(data, str(path)))


def _topic_at(deck: OpenDeck, line: int) -> str | None:
    """The topic that is open before a line, counted from 0."""
    opened = [topic.id for topic in deck.parsed.topics if topic.source.line <= line]
    return opened[-1] if opened else None


def _place(deck: OpenDeck, topic: str | None) -> int:
    """The line, counted from 0, before which a new card of a topic is to stand."""
    topics = deck.parsed.topics
    names = [one.id for one in topics]
    if topic in names[:-1]:
        return topics[names.index(topic) + 1].source.line - 1
    if topic is None and topics:
        return topics[0].source.line - 1
    return len(_lines(deck.data))


def _texts(
    cards: Sequence[Card],
    deck: OpenDeck,
    line: int,
    comments: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> list[str]:
    """The cards' text for that line: under the topic that seems open there, or naming theirs."""
    texts: list[str] = []
    for under in dict.fromkeys((_topic_at(deck, line), None)):
        written = (write_card(card, under, comments=comments, notes=notes) for card in cards)
        try:
            texts.append("\n".join(written))
        except InexpressibleError:
            if under is None:
                raise
    return texts


def _kept(deck: OpenDeck, start: int) -> tuple[list[str], list[str]]:
    """The author's comments of a card but the one that makes it a card, and its params' notes."""
    comments: list[str] = []
    notes: list[str] = []
    _, lines, found = outline(decoded(deck.data), Findings(str(deck.path)))
    section = next(section for section in found if section.start == start)
    for block in _own_blocks(section):
        own = lines[block.start : block.end]
        if block.kind == "html_block":
            comments.append("\n".join(own).strip("\n"))
        elif block.kind == "fence" and block.tokens[0].info.strip() == "params":
            notes += [line.strip() for line in own[1:-1] if line.lstrip().startswith("#")]
    return comments, notes


def _own_blocks(section: Section) -> list[Block]:
    """The blocks of a section but its opening comment and raw HTML, which is text."""
    return [
        block
        for block in section.blocks
        if block.kind != "html_block" or (block.comment and block.comment != section.opener)
    ]


def _written(
    deck: OpenDeck, wanted: Sequence[Card], lines: tuple[int, int], texts: Sequence[str]
) -> OpenDeck:
    """The deck with one of the texts in place of those lines, on disk: the first that fits."""
    fault = ""
    for text in texts:
        new = _opened(deck.path, _spliced(deck.data, *lines, text))
        fault = next(_faults(deck.parsed, new.parsed, wanted), "")
        if not fault:
            files.write_bytes(deck.path, new.data, expected=deck.data)
            return new
    raise InexpressibleError(
        "Deck cannot be edited", f"{deck.path}: {fault}.", "Edit the file by hand: tutor check"
    )


def _faults(old: ParsedFile, new: ParsedFile, wanted: Sequence[Card]) -> Iterator[str]:
    """What else than the wanted would change."""
    found = {card.key: placeless(card) for card in new.cards}
    expected = {card.key: placeless(card) for card in wanted}
    for key, count in Counter(card.key for card in wanted).items():
        if count > 1:
            yield f"it holds a card `{key}` already"
    for key, card in expected.items():
        if card.deck != new.deck and new.deck:
            yield f"its deck is `{new.deck}`, that of the card `{key}` is `{card.deck}`"
        if key not in found:
            yield f"the card `{key}` would not be read"
    for key, card in found.items():
        if card != expected.get(key):
            yield f"the card `{key}` would be read as another one"
    if [*expected] != [*found]:
        yield "the cards would stand in another order"
    if _topics(old) != _topics(new) or _heads(old, new):
        yield "more than its cards would change"


def _topics(parsed: ParsedFile) -> list[Topic]:
    """Its topics with their lessons, wherever they stand."""
    return [replace(topic, source=Source(parsed.file, 0)) for topic in parsed.topics]


def _heads(old: ParsedFile, new: ParsedFile) -> bool:
    """Whether the front matter reads otherwise; a file without any card or topic has none."""
    heads = {
        (head.deck, head.title, head.chapter, head.chapter_title, head.retention)
        for head in (old, new)
        if head.deck
    }
    return len(heads) > 1


def _lines(data: bytes) -> list[bytes]:
    return _LINE.findall(data)


def _spliced(data: bytes, start: int, end: int, text: str) -> bytes:
    """`data` with `text` instead of the lines from `start` up to `end`, in the file's line ends.

    Blank lines at the end of what is replaced stay; what is inserted gets one on either side.
    """
    mark = _BOM if data.startswith(_BOM) else b""
    lines = _lines(data.removeprefix(_BOM))
    ending = _END.search(b"".join(lines[start:end]) or data) or _END.search(data)
    line_end = ending[0] if ending else b"\n"
    above, old, below = lines[:start], lines[start:end], lines[end:]
    tail: list[bytes] = []
    while text and old and not old[-1].strip():
        tail.insert(0, old.pop())
    new = [line.encode() + line_end for line in text.split("\n")[:-1]]
    if new and old and not _END.search(old[-1]):
        new[-1] = new[-1].removesuffix(line_end)
    inserted = bool(new) and start == end
    if inserted and above and above[-1].strip():
        above[-1] = above[-1] if _END.search(above[-1]) else above[-1] + line_end
        above.append(line_end)
    if below and not tail and (inserted or (new and not below[0].startswith(b"#"))):
        tail = [line_end]
    return mark + b"".join([*above, *new, *tail, *below])
