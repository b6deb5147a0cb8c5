"""Adds missing ids to the comments of a deck file and changes no other byte of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from tutor.deck.comments import Comment, attributes
from tutor.deck.outline import decoded, outline
from tutor.deck.rules import Findings
from tutor.deck.sections import Section
from tutor.deck.slugs import free, slug

_OPENING = re.compile(rb"<!--\s*(?:card|topic)\b", re.IGNORECASE)
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)")
_REFERENCE = re.compile(r"@\{[^{}]*\}")
MAX_WORDS = 6


@dataclass(frozen=True, slots=True)
class Missing:
    """A card or topic without an id: its comment's line (from 1), and a key that is free."""

    word: str
    line: int
    key: str

    @property
    def id(self) -> str:
        """The id that gives that key."""
        return self.key.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A section that is a card or opens a topic."""

    section: Section
    comment: Comment

    @property
    def id(self) -> str:
        return attributes(self.comment, Findings("")).get("id", "")

    def key(self, deck: str, name: str) -> str:
        return name if self.comment.word == "topic" else f"{deck}/{name}"

    def made(self) -> str:
        return made(self.section.front) or self.comment.word


def made(front: str) -> str:
    """A slug of a heading's first words; empty where it has none."""
    words = slug(_REFERENCE.sub(" ", front)).split("-")
    return "-".join(words[:MAX_WORDS])


def missing(data: bytes, file: str, taken: Collection[str]) -> list[Missing]:
    """Every card and topic of a deck file that has no id, with the one that it could get.

    taken: the topics' ids and the cards' keys of all decks, none of which is given again.
    """
    front, _, sections = outline(decoded(data), Findings(file))
    deck = front.deck_of(file)
    opened = [_Opened(section, section.opener) for section in sections if section.opener]
    given = {one.key(deck, one.id) for one in opened if one.id} | {*taken}
    found: list[Missing] = []
    for one in opened:
        if not one.id:
            key = free(one.key(deck, one.made()), given)
            given.add(key)
            found.append(Missing(one.comment.word, one.comment.line, key))
    return found


def deck_to_name(data: bytes, file: str) -> str | None:
    """The deck's present name if the file has cards and does not say it; else None."""
    front, _, sections = outline(decoded(data), Findings(file))
    cards = any(one.opener and one.opener.word == "card" for one in sections)
    return front.deck_of(file) if cards and not front.deck else None


def with_deck(data: bytes, name: str) -> bytes:
    """`data` with `deck: name` as the first line of its front matter, which it gets if needed."""
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    first, end, rest = re.match(rb"([^\r\n]*)(\r\n|\r|\n|)", data[len(mark) :]), b"\n", b""
    if first is not None:
        end = first[2] or b"\n"
        rest = data[len(mark) + first.end() :]
        if first[1].rstrip() == b"---":
            return mark + first[0] + b"deck: " + name.encode() + end + rest
    head = b"---" + end + b"deck: " + name.encode() + end + b"---" + end + end
    return mark + head + data[len(mark) :]


def with_ids(data: bytes, found: list[Missing]) -> bytes:
    """`data` with the ids of `found` put behind the first word of their comments."""
    wanted = {one.line: one.id for one in found}
    pieces: list[bytes] = []
    at = 0
    for number, match in enumerate(_LINE.finditer(data), 1):
        opening = _OPENING.search(data, match.start()) if number in wanted else None
        if opening:
            pieces += [data[at : opening.end()], b" id=", wanted[number].encode()]
            at = opening.end()
    return b"".join([*pieces, data[at:]])
