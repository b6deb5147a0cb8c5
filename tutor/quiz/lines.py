"""Questions and their feedback as plain lines, for sessions without a screen.

An option, an item and a cell each have a line of their own: a label and the text, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.quiz.question import LETTERS, Question, plain_line
from tutor.quiz.verdict import Mark
from tutor.text.markdown import plain
from tutor.text.voice import speaking
from tutor.text.wrap import wrap

# What to write for each kind, said at the prompt and in the empty field.
HOW = {
    "choice": "one letter",
    "multi": "all letters that fit, like a,c",
    "truefalse": "t or f",
    "numeric": "a number",
    "typed": "a word or a few",
    "cloze": "the missing words",
    "order": "the numbers in the right order, such as 2,3,1",
    "match": "a letter for each number, such as 1b,2a",
}


def question_lines(question: Question, width: int | None = None) -> Iterator[str]:
    """The front and what there is to choose from; prose in lines of `width` cells, if given."""
    heading, _, rest = question.front.partition("\n\n")
    yield from wrap(plain_line(heading), width)
    for part in filter(None, (rest, question.body)):
        yield plain(part, width)
    for label, text in _choices(question):
        yield f"{label}{':' if speaking() else ')'} {plain_line(text)}"


def _choices(question: Question) -> Iterator[tuple[str, str]]:
    yield from zip(LETTERS, (option.text for option in question.options), strict=False)
    for number, text in enumerate(question.items or question.lefts, 1):
        yield str(number), text
    yield from zip(LETTERS, question.rights, strict=False)


def how(question: Question) -> str:
    """What to write, in a few words."""
    gaps = len(question.typed_gaps)
    return f"the {gaps} missing words, with ; between" if gaps > 1 else HOW[question.kind]


def prompt(question: Question) -> str:
    """What to write, asked for."""
    unit = f" of {question.unit}" if question.unit else ""
    return f"Answer ({how(question)}{unit}):"


def feedback_lines(question: Question, mark: Mark, width: int | None = None) -> Iterator[str]:
    """What follows the verdict: the slip, the right answer, the reason, the explanation."""
    if mark.misconception:
        yield f"Misconception: {mark.misconception}"
    if mark.picked and not mark.right and not question.options:
        yield from wrap(f"Your answer: {question.chosen(mark.picked)}", width)
    if not mark.right or any(gap.formula for gap in question.gaps):
        yield from wrap(right_answer(question), width)
    if mark.message:
        yield f"{mark.message}."
    if mark.reason:
        yield plain(mark.reason, width)
    if question.explanation:
        yield plain(question.explanation, width)


def right_answer(question: Question) -> str:
    """The right answer in words, with its labels where there are any."""
    labels = f" ({question.labels})" if question.labels else ""
    return f"Right answer: {question.expected}{labels}"
