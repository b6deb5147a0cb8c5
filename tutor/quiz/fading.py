"""Worked examples that fade: whole for a new card, with a step left out, and then none.

Who has not yet solved such a task learns more from an example of it than from trying; who has,
learns more from solving (J. Sweller & G. A. Cooper, Cognition and Instruction 2, 1985; S. Kalyuga
et al., Educational Psychologist 38, 2003). Between the two the last step is left out first
(A. Renkl et al., Journal of Experimental Education 70, 2002). Only cards that draw their numbers
have steps that can be shown with others.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.quiz.asking import UNASKABLE, make_question
from tutor.quiz.question import Question

_DRAWS = 20  # so often other numbers are looked for
_EQUALS = " = "


@dataclass(frozen=True, slots=True)
class Example:
    """What is shown before the answer: a label of one word, and lines of plain text."""

    label: str
    lines: tuple[str, ...]


def example(question: Question, phase: str) -> Example | None:
    """What helps with a question to a card in this phase of learning; None for one known well.

    new: the same task with other numbers, worked out. learning, relearning: the steps of this one
    without the last. review: nothing.
    """
    steps = question.worked() if question.generated else ()
    if not steps or steps[-1].count(_EQUALS) < 2:  # nothing is worked out: a number alone
        return None
    if phase == "new":
        return _whole(question)
    return Example("Steps", without_last(steps)) if phase in ("learning", "relearning") else None


def without_last(steps: tuple[str, ...]) -> tuple[str, ...]:
    """The steps with the last one begun: its formula, without its numbers and its value."""
    name, formula, *_ = steps[-1].split(_EQUALS)
    return (*steps[:-1], f"{name}{_EQUALS}{formula}{_EQUALS}?")


def _whole(question: Question) -> Example | None:
    for more in range(1, _DRAWS + 1):
        try:
            other = make_question(question.card, question.seed + more)
        except UNASKABLE:
            continue
        if other.text != question.text and other.expected != question.expected:
            return Example("Example", (*other.text.splitlines(), *other.worked()))
    return None
