"""A card made ready to be asked: numbers drawn, options shuffled, gaps opened.

Everything random comes from one seed, so the same seed asks the same question in any process.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from tutor.deck.expr import ExprError
from tutor.deck.model import Card, Choice, Cloze, Gap, Match, Numeric, Option, Order, Prose, Typed
from tutor.errors import DeckError, NotFoundError
from tutor.quiz.question import Question, plain_line, typed_line

T = TypeVar("T")

UNASKABLE = (DeckError, ExprError, NotFoundError)
"""What keeps one card from being asked: its file, its numbers, or it is gone. Others are asked."""


def make_question(
    card: Card, seed: int, *, gap: int | None = None, shuffle: bool = True
) -> Question:
    """`card` as a question.

    gap: of a cloze, the one gap to open; without it all are open. shuffle: whether a choice's
    options change their order (true and false never do; order and match always are shuffled).
    """
    bare = Question(
        key=card.key, card=card, kind=card.kind, seed=seed,
        front=card.front, explanation=card.explanation, hints=card.hints,
    )  # fmt: skip
    rng = random.Random(seed)
    match card.answer:
        case Prose(text):
            question = replace(bare, expected=plain_line(text), solution=text)
        case Cloze() as cloze:
            question = _cloze(bare, cloze, gap)
        case Choice(options):
            question = _choice(bare, options, rng if shuffle else None)
        case Typed(accepted):
            question = _typed(bare, accepted)
        case Order(items):
            question = _order(bare, items, rng)
        case Match(_, pairs):
            question = _match(bare, pairs, rng)
        case Numeric() as numeric:
            from tutor.quiz.drawing import numeric_question

            question = numeric_question(bare, numeric)
    return question


def _typed(bare: Question, accepted: tuple[str, ...]) -> Question:
    wordings = tuple(map(typed_line, accepted))
    return replace(bare, accepted=wordings, expected=plain_line(accepted[0]), solution=accepted[0])


def _cloze(bare: Question, cloze: Cloze, only: int | None) -> Question:
    asked = cloze.gaps if only is None else (cloze.gaps[only],)
    closed = [f"=={gap.text}==" if gap in asked else gap.text for gap in cloze.gaps]
    return replace(
        bare,
        key=bare.key if only is None else f"{bare.key}/{cloze.gaps[only].slug}",
        gaps=asked,
        body=_joined(cloze.parts, [_blank(gap, asked) for gap in cloze.gaps]),
        solution=_joined(cloze.parts, closed),
        expected="; ".join(plain_line(gap.text) for gap in asked),
    )


def _blank(gap: Gap, asked: Sequence[Gap]) -> str:
    if gap not in asked:
        return gap.text
    if gap.formula:
        return "[formula]"
    typed = [other for other in asked if not other.formula]
    return "[…]" if len(typed) == 1 else f"[{typed.index(gap) + 1} …]"


def _joined(parts: Sequence[str], between: Sequence[str]) -> str:
    return "".join(part + gap for part, gap in zip(parts, (*between, ""), strict=True))


def _choice(bare: Question, options: tuple[Option, ...], rng: random.Random | None) -> Question:
    shown = list(options)
    if rng and bare.kind != "truefalse":
        rng.shuffle(shown)
    right = [option.text for option in shown if option.right]
    return replace(
        bare,
        options=tuple(shown),
        expected="; ".join(map(plain_line, right)),
        solution="\n".join(f"- {text}" for text in right),
    )


def _order(bare: Question, items: tuple[str, ...], rng: random.Random) -> Question:
    shown = _shuffled(range(len(items)), rng)
    return replace(
        bare,
        items=tuple(items[i] for i in shown),
        places=tuple(shown.index(i) for i in range(len(items))),
        expected=", then ".join(map(plain_line, items)),
        solution="\n".join(f"{i}. {item}" for i, item in enumerate(items, 1)),
    )


def _match(bare: Question, pairs: tuple[tuple[str, str], ...], rng: random.Random) -> Question:
    shown = _shuffled(range(len(pairs)), rng)
    return replace(
        bare,
        lefts=tuple(left for left, _ in pairs),
        rights=tuple(pairs[i][1] for i in shown),
        pairs=tuple(shown.index(i) for i in range(len(pairs))),
        expected="; ".join(f"{plain_line(left)}: {plain_line(right)}" for left, right in pairs),
        solution="\n".join(f"- {left}: {right}" for left, right in pairs),
    )


def _shuffled(things: Sequence[T], rng: random.Random) -> list[T]:
    """The things in an order that is not their own, if there are two to change places."""
    shown = list(things)
    while shown == list(things) and len(shown) > 1:
        rng.shuffle(shown)
    return shown
