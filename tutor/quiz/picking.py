"""Answers made of labels: which option, which several, in which order, what with what.

Labels are letters or digits with anything light between them: `b`, `a,c`, `3 1 2`, `1b,2a`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from tutor.quiz.number_words import DIGITS
from tutor.quiz.question import LETTERS, Question
from tutor.quiz.verdict import Mark, UnreadableError
from tutor.quiz.wording import normalized

_BETWEEN = re.compile(r"[\s,;.:=()\[\]<>→⇒|/&+–—-]+|\b(?:and|then)\b")
_PAIR = re.compile(r"([0-9]) ?([a-z])")
_NUMBER = re.compile(r"(?<=[0-9])[snrt][tdh]\b|(?<![^\W\d_])(?P<word>[a-z]+)(?![^\W\d_])")


def mark_choice(question: Question, answer: str) -> Mark:
    """One option. Raises UnreadableError unless exactly one of them is named."""
    chosen = _labels(question, answer)
    if len(chosen) != 1:
        raise UnreadableError(f"Choose one: {_range(len(question.options))}.")
    option = question.options[chosen[0]]
    return _verdict(question, option.right, tuple(chosen), reason=option.reason)


def mark_truefalse(question: Question, answer: str) -> Mark:
    """True or false, by word, first letter or label."""
    words = [normalized(option.text) for option in question.options]
    meant = {"t": "true", "f": "false"}.get(normalized(answer), normalized(answer))
    if meant in words:
        answer = LETTERS[words.index(meant)]
    return mark_choice(question, answer)


def mark_multi(question: Question, answer: str) -> Mark:
    """All the right options and no other."""
    chosen = set(_labels(question, answer))
    parts = tuple(option.right == (i in chosen) for i, option in enumerate(question.options))
    astray = [question.options[i] for i in sorted(chosen) if not question.options[i].right]
    wanted = sum(option.right for option in question.options)
    message = f"{len(chosen) - len(astray)} of {wanted} right options chosen"
    if astray:
        message += f", and {len(astray)} that {'do' if len(astray) > 1 else 'does'} not belong"
    reasons = "\n".join(option.reason for option in astray if option.reason)
    return _verdict(question, all(parts), tuple(sorted(chosen)), parts, message, reasons)


def mark_order(question: Question, answer: str) -> Mark:
    """The shown numbers in the right order: `3,1,2` puts the item shown as 3 first."""
    size = len(question.items)
    labels = _BETWEEN.sub("", _NUMBER.sub(_digit, _folded(answer)))
    if sorted(labels) != [str(i) for i in range(1, size + 1)]:
        raise UnreadableError(
            f"Write each number from 1 to {size} once, in the right order, like {_like(size)}."
        )
    given = tuple(int(label) - 1 for label in labels)
    # By text, not by number: two items that read the same may change places.
    parts = tuple(
        question.items[mine] == question.items[place]
        for mine, place in zip(given, question.places, strict=True)
    )
    return _verdict(question, all(parts), given, parts, f"{sum(parts)} of {size} in their place")


def mark_match(question: Question, answer: str) -> Mark:
    """Every left cell with its right cell: `1b,2a`."""
    size = len(question.lefts)
    packed = _BETWEEN.sub(" ", _folded(answer)).strip()
    found = _PAIR.findall(packed)
    given = {int(left) - 1: LETTERS.find(right) for left, right in found}
    complete = set(given) == set(given.values()) == set(range(size)) and len(found) == size
    if not complete or _PAIR.sub("", packed).strip():
        raise UnreadableError(
            f"Write a letter after each number from 1 to {size}, like {_like_pairs(size)}."
        )
    parts = tuple(
        question.rights[given[i]] == question.rights[place]
        for i, place in enumerate(question.pairs)
    )
    picked = tuple(given[i] for i in range(size))
    return _verdict(question, all(parts), picked, parts, f"{sum(parts)} of {size} pairs right")


def _verdict(
    question: Question,
    right: bool,
    picked: tuple[int, ...],
    parts: tuple[bool, ...] = (),
    message: str = "",
    reason: str = "",
) -> Mark:
    return Mark(
        "right" if right else "wrong",
        message="" if right else message,
        expected=question.expected,
        reason=reason or None,
        parts=parts,
        picked=picked,
    )


def _labels(question: Question, answer: str) -> Sequence[int]:
    """The positions of the options that `answer` names, by letters or by digits from 1."""
    count = len(question.options)
    labels = list(dict.fromkeys(_BETWEEN.sub("", _folded(answer))))
    chosen = [
        LETTERS.find(label) if label.isalpha() else int(label) - 1 if label in "123456789" else -1
        for label in labels
    ]
    if not chosen or not all(0 <= i < count for i in chosen):
        raise UnreadableError(f"Answer with letters from {_range(count)}.")
    if any(label.isdigit() for label in labels) and _numbered(question):
        raise UnreadableError(
            f"Answer with letters from {_range(count)}: the options are numbers themselves."
        )
    return chosen


def _folded(answer: str) -> str:
    return unicodedata.normalize("NFKC", answer).casefold()


def _digit(found: re.Match[str]) -> str:
    """The digits of a number word, nothing for the end of an ordinal; other words stay."""
    word = found["word"]
    return str(DIGITS.get(word, word)) if word else ""


def _numbered(question: Question) -> bool:
    return any(option.text.strip().isdigit() for option in question.options)


def _range(count: int) -> str:
    return f"a to {LETTERS[count - 1]}"


def _like(size: int) -> str:
    return ",".join(str(i) for i in (*range(2, size + 1), 1))


def _like_pairs(size: int) -> str:
    return ",".join(f"{i}{LETTERS[i % size]}" for i in range(1, size + 1))
