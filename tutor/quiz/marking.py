"""Marks an answer: sends it to the marker of its kind.

What cannot be read comes back as "ask-again" with the way out, never as wrong.
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.deck.expr import accepts
from tutor.deck.model import Numeric
from tutor.quiz import picking, wording
from tutor.quiz.number import Number, Reading, people, read
from tutor.quiz.question import Question, plain_line
from tutor.quiz.verdict import Mark, UnreadableError

__all__ = ["Mark", "give_up", "mark"]

_LONGEST = 500


def mark(question: Question, answer: str) -> Mark:
    """The verdict on `answer`. Raises ValueError if the program cannot mark this question."""
    if not question.marked:
        raise ValueError(f"{question.key} is the learner's own to judge")
    try:
        return _MARKERS[question.kind](question, _readable(answer))
    except UnreadableError as unread:
        return Mark("ask-again", message=str(unread), expected=question.expected)


def give_up(question: Question) -> Mark:
    """The mark of "I do not know": wrong, with the right answer."""
    return Mark("wrong", expected=question.expected)


def _readable(answer: str) -> str:
    answer = answer.strip()
    if not answer:
        raise UnreadableError("Write an answer, or ? if you do not know.")
    if len(answer) > _LONGEST:
        raise UnreadableError("That is too long to be an answer.")
    return answer


def _mark_numeric(question: Question, answer: str) -> Mark:
    numeric = question.card.answer
    assert isinstance(numeric, Numeric)
    reading = read(answer, unit=numeric.unit)
    for value in reading.values:
        if accepts(numeric, value, question.values):
            _ask_about_slip(numeric, reading, value, question)
            return Mark("right", message=reading.note(value), expected=question.expected)
    _ask_about_groups(numeric, reading, question)
    names = _slips(question, numeric, reading)
    return Mark(
        "wrong",
        message=_several(names) or _as_read(reading),
        misconception=names[0] if len(names) == 1 else None,
        expected=question.expected,
    )


def _ask_about_slip(numeric: Numeric, reading: Reading, right: Number, question: Question) -> None:
    """Ask again where the usual reading is a known slip: lost a factor of a thousand."""
    usual = reading.values[0]
    near = numeric.tolerance.accepts
    if right != usual and any(near(slip, usual) for _, slip in question.slips):
        raise UnreadableError(
            f"{reading.text} can be read as {people(usual)} and as {people(right)}."
            " Write it without its mark, or with one more decimal."
        )


def _ask_about_groups(numeric: Numeric, reading: Reading, question: Question) -> None:
    value = reading.doubtful
    if value is not None and accepts(numeric, value, question.values):
        raise UnreadableError(
            f"I cannot tell the groups of {reading.text}. Do you mean {people(value)}?"
        )


def _slips(question: Question, numeric: Numeric, reading: Reading) -> list[str]:
    """The names of the slips that give this number, each once."""
    near = numeric.tolerance.accepts
    found = (name for name, slip in question.slips for v in reading.values if near(slip, v))
    return list(dict.fromkeys(found))


def _several(names: list[str]) -> str:
    """No cause is claimed where two slips give one number."""
    return f"more than one slip gives this: {'; '.join(names)}" if len(names) > 1 else ""


def _as_read(reading: Reading) -> str:
    if reading.literal and len(reading.values) > 1:
        return f"wrong as {' and as '.join(map(people, reading.values))}"
    return reading.note(reading.values[0])


def _mark_typed(question: Question, answer: str) -> Mark:
    if wording.same(answer, question.accepted):
        return Mark("right", expected=question.expected)
    if wording.nearly(answer, question.accepted):
        raise UnreadableError("almost: spelling")
    return Mark("wrong", expected=question.expected)


def _mark_cloze(question: Question, answer: str) -> Mark:
    """Every gap that is typed, in the order of the text."""
    wanted = [plain_line(gap.text) for gap in question.typed_gaps]
    given = [part.strip() for part in answer.split(";")] if len(wanted) > 1 else [answer]
    if len(given) != len(wanted):
        raise UnreadableError(
            f"There are {len(wanted)} gaps: write {len(wanted)} answers with ; between."
        )
    for number, (text, right) in enumerate(zip(given, wanted, strict=True), 1):
        if wording.nearly(text, [right]):
            raise UnreadableError(
                "almost: spelling" + (f" (gap {number})" if len(wanted) > 1 else "")
            )
    parts = tuple(wording.same(text, [right]) for text, right in zip(given, wanted, strict=True))
    if all(parts):
        return Mark("right", expected=question.expected, parts=parts)
    message = f"{sum(parts)} of {len(parts)} gaps right" if len(parts) > 1 else ""
    return Mark("wrong", message=message, expected=question.expected, parts=parts)


_MARKERS: dict[str, Callable[[Question, str], Mark]] = {
    "choice": picking.mark_choice,
    "multi": picking.mark_multi,
    "truefalse": picking.mark_truefalse,
    "order": picking.mark_order,
    "match": picking.mark_match,
    "numeric": _mark_numeric,
    "typed": _mark_typed,
    "cloze": _mark_cloze,
}
