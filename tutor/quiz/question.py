"""A question: what is shown of a card while it is asked, and what marking needs to know of it.

`tutor.quiz.asking` makes questions of cards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tutor.deck.model import MARKED, Card, Gap, Kind, Option
from tutor.deck.walker import Value

if TYPE_CHECKING:
    from tutor.quiz.number import Number

# The labels of options, and of a match's right cells.
LETTERS = "abcdefghij"
# The kinds that are answered by choosing among options.
CHOSEN: frozenset[Kind] = frozenset({"choice", "multi", "truefalse"})
# The kinds that are answered in words, which may be another term's.
WORDED: frozenset[Kind] = frozenset({"typed", "cloze"})
# The kinds whose answer is written, rather than chosen or the learner's own to judge.
WRITTEN: frozenset[Kind] = WORDED | {"numeric"}


@dataclass(frozen=True, slots=True)
class Question:
    """What the screens show of one question and what marking needs to know of it.

    key: what is scheduled: the card's key, or `deck/id/gap` when one gap of a cloze is asked.
    front, body, explanation, hints, solution: Markdown with the drawn numbers in it. `body` is a
        cloze's text with its gaps open, `solution` the same closed, or the answer in prose.
    expected: the right answer in plain words.
    options: of a choice, as shown. items: of an order, as shown; `places` are the positions in
        `items`, from 0, in the right order. lefts, rights: of a match, as shown; `pairs[i]` is
        the position in `rights` that belongs to `lefts[i]`.
    gaps: the gaps that are asked for. accepted: the wordings of a typed answer.
    slips: each misconception's name and the number it gives. values: the drawn numbers by name.
    """

    key: str
    card: Card
    kind: Kind
    seed: int
    front: str
    body: str = ""
    explanation: str = ""
    hints: tuple[str, ...] = ()
    expected: str = ""
    solution: str = ""
    options: tuple[Option, ...] = ()
    items: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    lefts: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    pairs: tuple[int, ...] = ()
    gaps: tuple[Gap, ...] = ()
    accepted: tuple[str, ...] = ()
    unit: str = ""
    slips: tuple[tuple[str, Number], ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def marked(self) -> bool:
        """Whether the program can mark the answer; else the learner rates it after revealing.

        A formula is revealed, not typed, so a cloze of formulas only is the learner's to judge.
        """
        return self.kind in MARKED and (self.kind != "cloze" or bool(self.typed_gaps))

    @property
    def typed_gaps(self) -> tuple[Gap, ...]:
        """The gaps to be typed, in the order of the text."""
        return tuple(gap for gap in self.gaps if not gap.formula)

    @property
    def generated(self) -> bool:
        """Whether another seed gives other numbers, so that another one like this can be asked."""
        return bool(self.values)

    def worked(self) -> tuple[str, ...]:
        """How the drawn numbers lead to the answer, one line an assignment."""
        from tutor.quiz.working import worked

        return worked(self.card, self.values)

    @property
    def text(self) -> str:
        """The question as it is asked, in plain words: its front, and a text with its gaps open."""
        from tutor.text.markdown import plain

        heading, _, rest = self.front.partition("\n\n")
        parts = [plain_line(heading), *(plain(part, None) for part in (rest, self.body) if part)]
        return "\n".join(parts)

    def chosen(self, picked: Sequence[int]) -> str:
        """What was picked by its labels, in words: options, an order, pairs; `Mark.picked`."""
        if self.items:
            return ", then ".join(plain_line(self.items[at]) for at in picked)
        if self.lefts:
            pairs = zip(self.lefts, (self.rights[at] for at in picked), strict=False)
            return "; ".join(f"{plain_line(left)}: {plain_line(right)}" for left, right in pairs)
        return "; ".join(plain_line(self.options[at].text) for at in picked)

    @property
    def labels(self) -> str:
        """The right answer by the labels shown (`b`, `3,1,2`, `1b,2a`); else nothing."""
        match self.kind:
            case "choice" | "multi" | "truefalse":
                right = [i for i, option in enumerate(self.options) if option.right]
                return ",".join(LETTERS[i] for i in right)
            case "order":
                return ",".join(str(place + 1) for place in self.places)
            case "match":
                return ",".join(f"{i}{LETTERS[place]}" for i, place in enumerate(self.pairs, 1))
            case _:
                return ""


def plain_line(markdown: str) -> str:
    """A front, an option or a cell as one line of plain text."""
    from tutor.text import markdown as text

    return text.plain_line(markdown)


def typed_line(markdown: str) -> str:
    """The same as it is typed and compared, with formulas in signs, whatever is read out."""
    from tutor.text import markdown as text

    return text.typed_line(markdown)
