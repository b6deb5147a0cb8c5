"""Marks an answer: sends it to the marker of its kind.

What cannot be read comes back as "ask-again" with the way out, never as wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tutor.deck.expr import accepts
from tutor.deck.model import Gap, Numeric
from tutor.quiz import misspelling, picking, wording
from tutor.quiz.number import Number, Reading, people, read
from tutor.quiz.question import WORDED, Question, typed_line
from tutor.quiz.terms import NONE, Terms
from tutor.quiz.verdict import Mark, NearlyError, UnreadableError

__all__ = ["Mark", "give_up", "mark"]

_LONGEST = 500


def mark(question: Question, answer: str, terms: Terms = NONE) -> Mark:
    """The verdict on `answer`. Raises ValueError if the program cannot mark this question.

    terms: what else a wrong word may be, so that it is not called a misspelling.
    """
    if not question.marked:
        raise ValueError(f"{question.key} is the learner's own to judge")
    try:
        answer = _readable(answer)
        if question.kind in WORDED:
            return _WORD_MARKERS[question.kind](question, answer, terms)
        return _MARKERS[question.kind](question, answer)
    except UnreadableError as unread:
        near = isinstance(unread, NearlyError)
        return Mark("ask-again", message=str(unread), expected=question.expected, near=near)


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
    if reading.span:
        raise UnreadableError(
            f"{reading.text} is {people(reading.values[0])}, or a range. Write one number."
        )
    _ask_about_share(numeric, reading, question)
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
        raise NearlyError(
            f"{reading.text} can be read as {people(usual)} and as {people(right)}."
            " Write it without its mark, or with one more decimal."
        )


def _ask_about_groups(numeric: Numeric, reading: Reading, question: Question) -> None:
    value = reading.doubtful
    if value is not None and accepts(numeric, value, question.values):
        raise NearlyError(
            f"I cannot tell the groups of {reading.text}. Do you mean {people(value)}?"
        )


def _ask_about_share(numeric: Numeric, reading: Reading, question: Question) -> None:
    """Ask again where a percentage was meant and its share of one was written."""
    value = reading.values[0]
    if not numeric.unit.startswith("%") or "%" in reading.text or not 0 < abs(value) <= 1:
        return
    if accepts(numeric, 100 * value, question.values):
        raise NearlyError(
            f"{reading.text} would be {people(value)} percent. Do you mean {people(100 * value)}%?"
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


def _mark_typed(question: Question, answer: str, terms: Terms) -> Mark:
    right, note = _worded(answer, question.accepted, terms)
    return Mark("right" if right else "wrong", message=note, expected=question.expected)


def _worded(answer: str, accepted: Sequence[str], terms: Terms) -> tuple[bool, str]:
    """Whether an accepted wording was meant, and what is to be said.

    Raises UnreadableError for one that is only misspelt.
    """
    if found := wording.match(answer, accepted):
        return True, found.note(answer)
    if term := terms.find(answer):
        return False, f"that is {term.words}"
    if misspelling.nearly(answer, accepted, terms.words):
        raise NearlyError("almost: spelling")
    other = misspelling.confused(answer, accepted, terms.words)
    return False, f"that is {other}" if other else ""


def _mark_cloze(question: Question, answer: str, terms: Terms) -> Mark:
    """Every gap that is typed, in the order of the text."""
    gaps = question.typed_gaps
    given = [part.strip() for part in answer.split(";")] if len(gaps) > 1 else [answer]
    if len(given) != len(gaps):
        raise UnreadableError(
            f"There are {len(gaps)} gaps: write {len(gaps)} answers with ; between."
        )
    parts: list[bool] = []
    notes: list[str] = []
    for number, (text, gap) in enumerate(zip(given, gaps, strict=True), 1):
        right, note = _gap(text, gap, terms, f" (gap {number})" if len(gaps) > 1 else "")
        parts.append(right)
        notes.append(note)
    if not all(parts) and len(parts) > 1:
        notes.insert(0, f"{sum(parts)} of {len(parts)} gaps right")
    return Mark(
        "right" if all(parts) else "wrong",
        message="; ".join(filter(None, notes)),
        expected=question.expected,
        parts=tuple(parts),
    )


def _gap(text: str, gap: Gap, terms: Terms, which: str) -> tuple[bool, str]:
    accepted = [typed_line(wanted) for wanted in (gap.text, *gap.others)]
    try:
        right, note = _worded(text, accepted, terms)
    except UnreadableError as unread:
        raise type(unread)(f"{unread}{which}") from None
    return right, f"{note}{which}" if note else ""


_MARKERS: dict[str, Callable[[Question, str], Mark]] = {
    "choice": picking.mark_choice,
    "multi": picking.mark_multi,
    "truefalse": picking.mark_truefalse,
    "order": picking.mark_order,
    "match": picking.mark_match,
    "numeric": _mark_numeric,
}
_WORD_MARKERS: dict[str, Callable[[Question, str, Terms], Mark]] = {
    "typed": _mark_typed,
    "cloze": _mark_cloze,
}
