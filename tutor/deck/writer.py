"""Writes cards, topics and whole decks as Markdown that reads back as the very same.

What is written is read again at once: a text that the grammar of decks would take for something
else is refused with a word, never written. So nothing here knows how the parser works inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import partial
from itertools import takewhile

from tutor.deck import markup
from tutor.deck.model import (
    Answer,
    Card,
    Choice,
    Cloze,
    Match,
    Numeric,
    Order,
    Prose,
    Source,
    Topic,
)
from tutor.deck.parse import ParsedFile, parse_text
from tutor.deck.slugs import free
from tutor.errors import InexpressibleError

# Lists of different markers do not run into one another; the first one that reads back is taken.
_BULLETS = ("-", "*", "+")
_NUMBERS = (".", ")", ")")
# Between the wordings of a gap; in a table a bar must be escaped.
_BARS = (" | ", r" \| ", "|")
_ALWAYS_TYPED = frozenset({"truefalse", "order", "match"})
_NOWHERE = Source("", 0)
_SHOWN = 60


def write_card(
    card: Card,
    under: str | None = None,
    depth: int = 2,
    comments: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> str:
    """The Markdown of a card, from its heading to the end of its last line.

    under: the topic that is open where the card will stand. depth: the number of `#`s.
    comments: comments for its end (`<!-- check 2 + 2 = 4 -->`). notes: lines that start with `#`,
    for the top of its `params`.
    Raises InexpressibleError for what no text of a deck would be read as.
    """
    write = partial(_card, card, under, depth, comments, notes)
    candidates = dict.fromkeys(write(style, typed) for typed in (False, True) for style in range(3))
    wanted = placeless(card)
    faults = list(_plain_faults(card))
    for text in candidates if not faults else ():
        fault = _fault(wanted, text, under)
        if fault is None:
            return text
        faults.append(fault)
    raise InexpressibleError("Card cannot be written", f"{card.key}: {faults[0]}.", _HINT)


_HINT = "Change that text; docs/writing-a-deck.md says what a deck can hold."


def draft_card(card: Card) -> str:
    """The Markdown that a card most likely reads back from; whoever writes many reads it back."""
    plain = card.kind == "basic" and not card.front.rstrip().endswith("?")
    return _card(card, None, 2, (), (), 0, plain)


def write_body(card: Card, hints: bool = True, explanation: bool = True) -> str:
    """The Markdown below a card's comment, as one edits it: its blocks one below the other.

    hints, explanation: whether they stand there as quotes.
    """
    kept = replace(
        card,
        hints=card.hints if hints else (),
        explanation=card.explanation if explanation else "",
    )
    try:
        text = write_card(kept)
    except InexpressibleError:
        text = draft_card(kept)
    return text.partition("-->\n")[2].strip("\n")


def write_topic(topic: Topic) -> str:
    """The Markdown of a topic with its lesson; whether it reads back is seen by `write_deck`."""
    values = {
        "id": topic.id,
        "needs": ",".join(topic.needs),
        "aka": ",".join(topic.aka),
        "find": ",".join(topic.find),
        "demo": topic.demo,
        "ref": topic.ref,
    }
    head = f"{markup.heading(1, topic.title)}\n{markup.comment('topic', values)}\n"
    return f"{head}\n{topic.lesson}\n" if topic.lesson else head


def write_deck(deck: ParsedFile, license_name: str = "") -> str:
    """The Markdown of a whole file: front matter, topics with their lessons, cards in their order.

    Raises InexpressibleError for what would be read as something else.
    """
    text = "\n".join([_front_matter(deck, license_name), *_parts(deck)])
    if not deck.cards and not deck.topics:
        return text
    read = parse_text(text, deck.file)
    for name in ("deck", "title", "chapter", "chapter_title", "retention"):
        if getattr(read, name) != getattr(deck, name):
            raise _unlike(deck.file, name, getattr(deck, name), getattr(read, name))
    for topic, found in zip(deck.topics, read.topics, strict=False):
        if fault := difference(topic, replace(found, source=topic.source)):
            raise InexpressibleError("Topic cannot be written", f"{topic.id}: {fault}.", _HINT)
    if [*map(placeless, read.cards)] != [*map(placeless, deck.cards)] or len(read.topics) != len(
        deck.topics
    ):
        wanted, seen = len(deck.topics) + len(deck.cards), len(read.topics) + len(read.cards)
        raise _unlike(deck.file, "topics and cards", wanted, seen)
    return text


def placeless(card: Card) -> Card:
    """A card without its place in a file, to compare what it says."""
    return replace(card, source=_NOWHERE, content_hash="")


def difference(wanted: Card | Topic, read: Card | Topic) -> str:
    """The first field that was read as something else, in words; empty when there is none."""
    for field in fields(wanted):
        mine, theirs = getattr(wanted, field.name), getattr(read, field.name)
        if mine != theirs:
            return f"its {field.name} {_apart(mine, theirs)}"
    return ""


def _apart(mine: object, theirs: object) -> str:
    """Two values from a little before the place where they begin to differ."""
    texts = [value if isinstance(value, str) else repr(value) for value in (mine, theirs)]
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
    start = max(0, alike - _SHOWN // 2)
    before = "…" if start else ""
    wanted, read = (f"{before}{_cut(text[start:])}" for text in texts)
    return f"`{wanted}` would be read as `{read}`"


def _cut(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _unlike(file: str, what: str, wanted: object, read: object) -> InexpressibleError:
    message = f"{file}: its {what} {_apart(wanted, read)}."
    return InexpressibleError("Deck cannot be written", message, _HINT)


def _card(
    card: Card,
    under: str | None,
    depth: int,
    comments: Sequence[str],
    notes: Sequence[str],
    style: int,
    typed: bool,
) -> str:
    """One way to write a card, whether it reads back or not."""
    front, _, stem = card.front.partition("\n\n")
    values = _values(card, under, typed)
    # The first list or table of an `order` or a `match` is its answer.
    first = style == len(_BULLETS) - 1 and isinstance(card.answer, Order | Match)
    answer = _answer(card.answer, style)
    blocks = [
        *_before(card.answer, notes),
        *((answer, stem) if first else (stem, answer)),
        *(markup.quote(hint, "TIP") for hint in card.hints),
        markup.quote(card.explanation, "NOTE") if card.explanation else "",
        *comments,
    ]
    head = f"{markup.heading(depth, front)}\n{markup.comment('card', values)}\n"
    return head + "\n\n".join(block for block in blocks if block) + "\n"


def _values(card: Card, under: str | None, typed: bool) -> dict[str, str]:
    """The keys of a card's comment."""
    return {
        "id": card.id,
        "topic": card.topic if card.topic is not None and card.topic != under else "",
        "type": card.kind if typed or card.kind in _ALWAYS_TYPED else "",
        "tags": ",".join(card.tags),
        "find": ",".join(card.find),
        "aka": ",".join(old.removeprefix(f"{card.deck}/") for old in card.aka),
        "asks": card.asks,
        "claim": card.claim,
        "overrides": card.overrides,
        "demo": card.demo,
        "rev": card.rev,
        "ref": card.ref,
    }


def _plain_faults(card: Card) -> Iterator[str]:
    """What cannot be written and is said best without reading anything."""
    if "\n" in card.front.partition("\n\n")[0]:
        yield f"its front `{_cut(card.front)}` is a heading, and a heading is one line"
    for key, value in _values(card, None, typed=False).items():
        for mark in ('"', "-->"):
            if mark in value:
                yield f"its {key} `{_cut(value)}` holds `{mark}`, which ends a value or a comment"


def _before(answer: Answer, notes: Sequence[str]) -> Iterator[str]:
    if isinstance(answer, Numeric) and answer.params is not None:
        yield markup.params(answer.params, notes)


def _answer(answer: Answer, style: int) -> str:
    """The block of an answer; `style` chooses a list's marker, or the bars of a table."""
    match answer:
        case Prose():
            return answer.text
        case Cloze():
            return markup.gapped(answer, _BARS[style])
        case Choice():
            return "\n".join(
                markup.item(
                    f"{_BULLETS[style]} [{'x' if option.right else ' '}]",
                    option.text,
                    markup.quote(option.reason) if option.reason else "",
                )
                for option in answer.options
            )
        case Order():
            sign = _NUMBERS[style]
            items = enumerate(answer.items, 1)
            return "\n".join(markup.item(f"{number}{sign}", text) for number, text in items)
        case Match():
            return markup.table([answer.titles, *answer.pairs], every=style > 0)
        case _:
            return markup.equals(answer)


def _fault(wanted: Card, text: str, under: str | None) -> str | None:
    """Why `text` is not the card, or not it alone; None when it is.

    It is read between two other cards, which must stay what they are.
    """
    before, after = (free(name, {wanted.id}) for name in ("before", "after"))
    topic = f"# Topic\n<!-- topic id={under} -->\n\n" if under else ""
    front = f"---\ndeck: {wanted.deck}\n---\n\n"
    parsed = parse_text(
        f"{front}{topic}{_guard(before)}\n{text}\n{_guard(after)}", wanted.source.file
    )
    names = [card.id for card in parsed.cards]
    if names != [before, wanted.id, after]:
        first = next((p.message for p in parsed.problems if p.level == "error"), "")
        why = f" ({first.rstrip('.')})" if first else ""
        return f"it would not be read as one card{why}"
    fault = difference(wanted, placeless(parsed.cards[1]))
    if fault or parsed.cards[2].answer != Prose(_GUARD_TEXT):
        return fault or "it would reach into the card after it"
    return None


_GUARD_TEXT = "```\ntext\n```\n\nText."


def _guard(name: str) -> str:
    return f"## What?\n<!-- card id={name} -->\n{_GUARD_TEXT}\n<!-- end -->\n"


def _front_matter(deck: ParsedFile, license_name: str) -> str:
    chapter = f"{deck.chapter} {deck.chapter_title}".strip() if deck.chapter else ""
    values = {
        "deck": deck.deck,
        "title": deck.title,
        "chapter": chapter,
        "retention": f"{deck.retention:g}" if deck.retention else "",
        "license": license_name,
    }
    lines = (f"{key}: {_kept(value)}" for key, value in values.items() if value)
    return "\n".join(["---", *lines, "---", ""])


def _kept(value: str) -> str:
    """A value whose own quotes at both ends are not taken off when it is read."""
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return f'"{value}"' if quoted else value


def _parts(deck: ParsedFile) -> Iterator[str]:
    """Topics and cards, each in their order; a card names its topic where another one is open."""
    waiting = {topic.id: topic for topic in deck.topics}
    # A card of no topic cannot stand below one.
    free_until = max((i for i, card in enumerate(deck.cards) if card.topic is None), default=-1)
    opened: str | None = None
    for i, card in enumerate(deck.cards):
        while i > free_until and card.topic in waiting:
            opened = next(iter(waiting))
            yield write_topic(waiting.pop(opened))
        yield write_card(card, opened)
    yield from map(write_topic, waiting.values())
