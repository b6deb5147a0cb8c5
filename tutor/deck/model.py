"""What a deck holds, as plain frozen data: topics, cards, answers, problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "term", "basic", "cloze", "choice", "multi", "truefalse", "numeric", "typed", "order", "match"
]
KINDS: tuple[Kind, ...] = (
    "term", "basic", "cloze", "choice", "multi", "truefalse", "numeric", "typed", "order", "match",
)  # fmt: skip
# What a card makes one do with what one knows: find the cause of a symptom, say what will happen,
# say when not to, tell two neighbours apart.
ASKS: tuple[str, ...] = ("diagnosis", "prediction", "limits", "contrast")
ANY_TEXT = "any"
"""The `overrides=` of a card that stands for another one whatever that says."""
# Kinds whose answer the program can mark; a `term` or `basic` card is rated by the learner.
MARKED: frozenset[Kind] = frozenset(KINDS) - {"term", "basic"}


# What computing in floats may cost, as a share of the numbers computed with.
NOISE = 1e-12


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a deck file; lines count from 1. `end` is its last line, or 0 when unknown."""

    file: str
    line: int
    end: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of the linter."""

    file: str
    line: int
    level: Literal["error", "advice"]
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Prose:
    """The answer of a `term` or `basic` card, as Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """One `==gap==` of a cloze: its slug, its text, and whether it is a formula (never typed).

    others: wordings that are accepted beside `text`.
    """

    slug: str
    text: str
    formula: bool
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cloze:
    """Prose as Markdown, cut at its gaps: `len(parts) == len(gaps) + 1`."""

    parts: tuple[str, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice: its text, whether it is right, why it is wrong (or right)."""

    text: str
    right: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer of `choice`, `multi` and `truefalse`."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A misconception and the expression of the number that it gives."""

    name: str
    expr: str


@dataclass(frozen=True, slots=True)
class Params:
    """A `params` block: draws and derived names in order, requirements, misconceptions."""

    assignments: tuple[tuple[str, str], ...] = ()
    requires: tuple[str, ...] = ()
    wrongs: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far an answer may be off, inclusive: absolute, or relative to the value."""

    amount: float = 0.0
    relative: bool = False

    def accepts(self, value: float, given: float) -> bool:
        """Whether `given` is near enough to `value`; float noise is forgiven.

        Two whole numbers have none. Without a tolerance a whole number is meant, so that 1e-17 is
        a zero; with one, noise is measured by what is compared.
        """
        limit = self.amount * abs(value) if self.relative else self.amount
        size = limit + abs(value) if limit else max(1.0, abs(value))
        if isinstance(value, int) and isinstance(given, int):
            size = limit
        return abs(given - value) <= limit + NOISE * size


@dataclass(frozen=True, slots=True)
class Numeric:
    """The answer of a `numeric` card.

    value: a number as written (`13_002`) or a template over params (`@{ans}`).
    interval: `[low, high]` instead of a value, both ends included.
    """

    value: str
    tolerance: Tolerance = Tolerance()
    interval: tuple[str, str] | None = None
    unit: str = ""
    params: Params | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """Accepted texts, the first being the one shown."""

    accepted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """Items in their right order."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Pairs of left and right cells, with the two column titles."""

    titles: tuple[str, str]
    pairs: tuple[tuple[str, str], ...]


Answer = Prose | Cloze | Choice | Numeric | Typed | Order | Match


@dataclass(frozen=True, slots=True)
class Card:
    """One card, fully parsed. `key` is `deck/id`; texts are sanitised Markdown.

    find: words to search it by.
    asks: one of `ASKS`, or empty. claim: what a program outside can ask a framework about it.
    overrides: the `content_hash` of the card of this key in another file that it stands for, or
    `any`; empty for a card that stands for itself.
    """

    key: str
    deck: str
    id: str
    kind: Kind
    front: str
    answer: Answer
    source: Source
    topic: str | None = None
    hints: tuple[str, ...] = ()
    explanation: str = ""
    ref: str = ""
    demo: str = ""
    tags: tuple[str, ...] = ()
    aka: tuple[str, ...] = ()
    rev: str = ""
    asks: str = ""
    claim: str = ""
    find: tuple[str, ...] = ()
    overrides: str = ""
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What queue and glossary need to know of a card without parsing its body.

    units: the keys that are scheduled; one a gap for a cloze, else just `(key,)`.
    generated: its numbers are drawn anew each time. accepted: the words that it accepts, as
    Markdown. find: words to search it by.
    """

    key: str
    deck: str
    kind: Kind
    front: str
    topic: str | None
    units: tuple[str, ...]
    source: Source
    generated: bool = False
    aka: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    demo: str = ""
    rev: str = ""
    asks: str = ""
    accepted: tuple[str, ...] = ()
    find: tuple[str, ...] = ()
    overrides: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic with its lesson (Markdown). `order` is its place in the teaching order.

    aka: other names, and the ids of topics that it took over. find: words to search it by, which
    mean something else.
    """

    id: str
    title: str
    deck: str
    chapter: int
    chapter_title: str
    order: int
    source: Source
    needs: tuple[str, ...] = ()
    aka: tuple[str, ...] = ()
    demo: str = ""
    ref: str = ""
    lesson: str = ""
    find: tuple[str, ...] = ()

    @property
    def found_as(self) -> tuple[str, ...]:
        """Every word that leads here, but for title and id."""
        return (*self.aka, *self.find)
