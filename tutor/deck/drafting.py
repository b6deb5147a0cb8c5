"""A card while it is being written: fields as they are typed, read as a deck is read.

The fields become the Markdown of a card, and what the parser and the linter say of that is what
the writer is told. In the answer a few kinds may be written shorter than in a deck.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from tutor.deck import markup
from tutor.deck.model import KINDS, Card, Kind
from tutor.deck.outline import outline
from tutor.deck.parse import parse_text
from tutor.deck.rules import Findings
from tutor.deck.writer import placeless, write_body
from tutor.text.tables import cells_of

LIMIT = 20_000
"""Characters of one field."""

HOW: dict[Kind, str] = {
    "term": "What the words above mean, in a sentence or two.",
    "basic": "The answer; you rate yourself.",
    "cloze": "A sentence with ==gaps==; ==one | other== takes either.",
    "choice": "An option a line, the right one first; > why it is wrong, below it.",
    "multi": "[x] before what is right, [ ] before the others; > why it is wrong, below it.",
    "truefalse": "true or false.",
    "numeric": "A number: 13_002, or 0.731 ± 0.001, or [0.2, 0.4], with a unit if it has one.",
    "typed": "The word; word | other word takes either.",
    "order": "An item a line, in the right order.",
    "match": "A pair a line: left | right.",
}
"""How the answer of each kind is written, in one line."""

_ID = "draft"
# The place of a new card names no source, and what it says stands in its own file.
_NOT_SAID = frozenset({"no-ref", "no-deck"})
# What would end a value of the comment.
_NO_TAG = str.maketrans("", "", '"<>')
_TRUE = {"true": True, "yes": True, "t": True, "false": False, "no": False, "f": False}
_BOX = re.compile(r"\[[ xX]\] ")
_LISTED = re.compile(r"\s*(?:[-*+]|\d+[.)]) ")
# In quotes a bar is a part of the wording.
_WORDING = re.compile(r'"[^"]*"(?=\s*(?:\||$))|[^|\s][^|]*')


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of a card, each as it is typed; tags are separated by commas.

    kind: one of `KINDS`, or empty where it follows from the text. answer: Markdown as it stands
    in a deck, or the short form of its kind. topic: an id or a name. deck: where a new card goes.
    """

    kind: str = ""
    front: str = ""
    answer: str = ""
    hint: str = ""
    explanation: str = ""
    topic: str = ""
    tags: str = ""
    deck: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a draft is read as: the card, None where it is none yet, and what is to be said."""

    card: Card | None
    errors: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


def draft_of(card: Card) -> Draft:
    """The draft that reads as `card`; what its fields cannot hold stays in the answer's text."""
    hint = card.hints[0] if len(card.hints) == 1 and "\n" not in card.hints[0] else ""
    front, _, _ = card.front.partition("\n\n")
    return Draft(
        kind=card.kind,
        front=front,
        answer=write_body(card, hints=not hint, explanation=False),
        hint=hint,
        explanation=card.explanation,
        topic=card.topic or "",
        tags=", ".join(card.tags),
        deck=card.deck,
    )


def read_draft(draft: Draft, original: Card | None = None) -> Reading:
    """Read a draft as a deck would be read. Its topic is taken as it is.

    original: the card that is being changed; what the form does not show is kept.
    """
    deck = original.deck if original else draft.deck
    head = f"---\ndeck: {deck}\ntitle: {deck}\n---\n\n"
    parsed = parse_text(f"{head}{markdown_of(draft)}", "draft.md")
    errors = [p.message for p in parsed.problems if p.level == "error"]
    advice = [p.message for p in parsed.problems if p.level != "error" and p.rule not in _NOT_SAID]
    if [card.id for card in parsed.cards] != [_ID] or parsed.topics or _goes_on(draft):
        errors = errors or ["A line that begins with # starts another card: put a word before it."]
        return Reading(None, tuple(dict.fromkeys(errors)))
    [card] = parsed.cards
    if original is not None:
        card = _changed(original, card)
        advice += _lost_gaps(original, card)
    return Reading(card, tuple(dict.fromkeys(errors)), tuple(dict.fromkeys(advice)))


def _goes_on(draft: Draft) -> bool:
    """Whether a heading in the fields would end the card before its text ends."""
    _, _, sections = outline(markdown_of(draft), Findings("draft.md"))
    return len([section for section in sections if section.depth]) > 1


def same_text(one: Card, other: Card) -> bool:
    """Whether two cards say the same, wherever they stand and whatever they override."""
    return placeless(replace(one, overrides="")) == placeless(replace(other, overrides=""))


def _changed(original: Card, read: Card) -> Card:
    return replace(
        original,
        kind=read.kind,
        front=read.front,
        answer=read.answer,
        hints=read.hints,
        explanation=read.explanation,
        topic=read.topic,
        tags=read.tags,
        content_hash=read.content_hash,
    )


def _lost_gaps(original: Card, card: Card) -> list[str]:
    """The history of a gap hangs on its words."""
    from tutor.deck.files import entry_of

    before, after = (entry_of(one).units for one in (original, card))
    lost = [unit.rpartition("/")[2] for unit in before if unit not in after]
    if not lost:
        return []
    return [f"Other words ask anew: the answers to `{'`, `'.join(lost)}` count no more."]


def markdown_of(draft: Draft) -> str:
    """The Markdown of the card that the fields make."""
    kind = draft.kind if draft.kind in KINDS else ""
    tags = ",".join(tag.strip() for tag in draft.tags.translate(_NO_TAG).split(",") if tag.strip())
    values = {"id": _ID, "topic": draft.topic, "type": kind, "tags": tags}
    blocks = [
        in_full(kind, draft.answer.strip("\n")),
        markup.quote(draft.hint.strip(), "TIP") if draft.hint.strip() else "",
        markup.quote(draft.explanation.strip(), "NOTE") if draft.explanation.strip() else "",
    ]
    front = " ".join(draft.front.split())
    head = f"{markup.heading(2, front)}\n{markup.comment('card', values)}\n"
    return head + "\n\n".join(block for block in blocks if block) + "\n"


def in_full(kind: str, text: str) -> str:
    """The answer as it stands in a deck; its short form is the last block of the text."""
    make = _SHORT.get(kind)
    above, gap, last = text.rpartition("\n\n")
    if make is None or not last.strip():
        return text
    return f"{above}{gap}{make(last)}"


def _options(text: str) -> str:
    """Plain lines, the right one first, or lines with boxes; a line with > belongs to the last."""
    lines = [line for line in text.split("\n") if line.strip()]
    if any(_LISTED.match(line) for line in lines) or text.lstrip().startswith(("```", ">")):
        return text
    rows: list[str] = []
    for line in lines:
        if line.lstrip().startswith(">"):
            rows.append(f"  {line.lstrip()}")
        elif _BOX.match(line):
            rows.append(f"- {line}")
        else:
            rows.append(f"- [{' ' if rows else 'x'}] {line}")
    return "\n".join(rows)


def _boxes(text: str) -> str:
    return _options(text) if _BOX.match(text) else text


def _truth(text: str) -> str:
    truth = _TRUE.get(text.strip().casefold().rstrip("."))
    if truth is None:
        return text
    return "\n".join(f"- [{'x' if truth is one else ' '}] {one}" for one in (True, False))


def _number(text: str) -> str:
    return f"= {text.strip()}" if "\n" not in text.strip() and text[:1] not in "=`>" else text


def _words(text: str) -> str:
    line = text.strip()
    if "\n" in line or line[:1] in "=`>":
        return text
    words = [word.strip().strip('"') for word in _WORDING.findall(line)]
    return "= " + " | ".join(f'"{word}"' for word in words) if words else text


def _items(text: str) -> str:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if any(_LISTED.match(line) for line in lines) or text.lstrip().startswith(("```", ">")):
        return text
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _pairs(text: str) -> str:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    rows = [cells_of(line, 2) for line in lines]
    if any(line.startswith("|") for line in lines) or any(len(row) < 2 for row in rows):
        return text
    return markup.table([("This", "Goes with"), *rows])


_SHORT: dict[str, Callable[[str], str]] = {
    "choice": _options,
    "multi": _boxes,
    "truefalse": _truth,
    "numeric": _number,
    "typed": _words,
    "order": _items,
    "match": _pairs,
}
