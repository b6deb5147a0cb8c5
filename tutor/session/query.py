"""The query language of Browse: words, and fields with what they must be; all of them must hold.

`softmax -kind:choice lapses>3 due:today` finds the choice-free cards on softmax that were forgotten
more than three times and wait today. A query is read into `Term`s, plain data; what they mean for
a card is in `tutor.session.browsing`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal, cast

from tutor.errors import UsageError, did_you_mean

Relation = Literal[":", "=", "<", "<=", ">", ">="]

# Fields whose value is a number; `due`, `added` and `answered` count days.
NUMBERS: dict[str, str] = {
    "lapses": "how often it was forgotten",
    "reps": "how often it was answered",
    "stability": "days until the chance to remember it has sunk to 90 %",
    "difficulty": "from 1 to 10",
    "recall": "the chance to remember it today, from 0 to 1",
}
DAYS: dict[str, str] = {
    "due": "days from today until it is due; or today, tomorrow, overdue, a date",
    "added": "it came to you in the last so many days",
    "answered": "it was answered in the last so many days",
}
# Fields whose value is a name; several with commas between them mean any of them.
NAMES: dict[str, str] = {
    "topic": "a topic, by its id, its title or a part of it",
    "chapter": "a chapter, by its number or a part of its title",
    "deck": "a deck",
    "tag": "a tag",
    "kind": "a kind of card",
    "phase": "new, learning, review or relearning",
    "asks": "what the card asks for: diagnosis, prediction, limits, contrast",
    "key": "a card's key, or the beginning of it",
}
MARKS: dict[str, str] = {
    "flagged": "it carries your flag",
    "suspended": "it is not asked until you bring it back",
    "buried": "it waits until tomorrow",
    "leech": "it was forgotten eight times or more",
}
SHORT = {
    "s": "stability", "d": "difficulty", "r": "recall", "flag": "flagged", "leeches": "leech",
    "interval": "stability", "ivl": "stability", "retrievability": "recall", "tags": "tag",
    "lapse": "lapses", "topics": "topic", "rated": "answered", "introduced": "added",
}  # fmt: skip
# What `is:` may ask for, as Anki's browser does.
IS: dict[str, tuple[str, Relation, str]] = {
    "due": ("due", "<=", "0"), "new": ("phase", ":", "new"), "learn": ("phase", ":", "learning"),
    "review": ("phase", ":", "review"), "suspended": ("suspended", ":", ""),
    "flagged": ("flagged", ":", ""), "buried": ("buried", ":", ""), "leech": ("leech", ":", ""),
}  # fmt: skip
FIELDS = (*NUMBERS, *DAYS, *NAMES, *MARKS)

_TERM = re.compile(
    r"""(?P<no>-?)(?:
        (?P<field>[a-z]+)(?P<relation>:|<=|>=|=|<|>)(?P<value>"[^"]*"?|[^\s"]*)
        | "(?P<phrase>[^"]*)"?
        | (?P<word>[^\s"]+)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?%?")


class QueryError(UsageError):
    """A query that means nothing, with what was probably meant."""


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a query.

    field: a name of `FIELDS`, or empty for words of the text. no: whether it must not hold.
    phrase: the words stand side by side, as they are.
    """

    field: str
    relation: Relation
    value: str
    no: bool = False
    phrase: bool = False


_OR = Term("", ":", "or")


def read(query: str) -> tuple[Term, ...]:
    """The terms of a query. Raises QueryError for an unknown field or value."""
    return tuple(_term(found) for found in _TERM.finditer(query) if found[0] not in ("-", '"'))


def alternatives(query: str) -> list[tuple[Term, ...]]:
    """The terms on either side of each `or`, for one of which all must hold.

    Raises as `read` does. An `or` with nothing on one side of it is not there yet.
    """
    parts: list[list[Term]] = [[]]
    for term in read(query):
        if term == _OR:
            parts.append([])
        else:
            parts[-1].append(term)
    return [tuple(part) for part in parts if part] or [()]


def _term(found: re.Match[str]) -> Term:
    no = bool(found["no"])
    if found["phrase"] is not None:
        return Term("", ":", found["phrase"], no, phrase=True)
    if found["word"] is not None:
        word = found["word"]
        if word.lower() == "or" and not no:
            return _OR
        mark = SHORT.get(word.lower(), word.lower())
        return Term(mark, ":", "", no) if mark in MARKS else Term("", ":", word, no)
    field, relation = found["field"].lower(), cast(Relation, found["relation"])
    return _of_field(SHORT.get(field, field), relation, found["value"].strip('"'), no, found[0])


def _of_field(field: str, relation: Relation, value: str, no: bool, whole: str) -> Term:
    if field == "is":
        if value.lower() not in IS:
            raise _unknown(whole, f"`is:` asks for one of {', '.join(IS)}.")
        field, relation, value = IS[value.lower()]
    if field == "prop" and (inner := _TERM.fullmatch(value)) and inner["field"]:
        return replace(_term(inner), no=no)  # as Anki writes it
    if field not in FIELDS:
        known = ", ".join(FIELDS)
        meant = did_you_mean(get_close_matches(field, FIELDS, n=1))
        told = f"No field is called `{field}`. {meant}".rstrip()
        raise _unknown(whole, f"{told} Fields: {known}.")
    if field in MARKS:
        no ^= _is_denied(field, value, whole)
        return Term(field, ":", "", no)
    if field in NUMBERS or (field in DAYS and relation != ":"):
        _check_number(field, value, whole)
        if field == "recall" and not value.endswith("%") and float(value) > 1:
            value += "%"  # r<80 can only mean the share
    elif relation not in (":", "="):
        raise _unknown(whole, f"`{field}` is no number: write {field}:{value or '…'}.")
    return Term(field, relation, value, no)


def _is_denied(mark: str, value: str, whole: str) -> bool:
    """Whether what stands behind a mark denies it; Anki numbers its flags."""
    if value.lower() in ("no", "none", "0", "false"):
        return True
    if value.lower() in ("", "yes", "true", *"1234567"):
        return False
    raise _unknown(whole, f"`{mark}:` wants nothing behind it, or no.")


def _check_number(field: str, value: str, whole: str) -> None:
    if not _NUMBER.fullmatch(value):
        raise _unknown(whole, f"`{field}` wants a number, such as {field}>3.")


def _unknown(whole: str, message: str) -> QueryError:
    quoted = whole.strip().replace('"', "")
    return QueryError("The search means nothing", message, f'To find the words: "{quoted}"')


def nothing_found(query: str) -> str:
    """What may help where a query means something and no card has it."""
    if query.count('"') % 2:
        return 'No card has these words side by side; the quotation mark " is still open.'
    return "No card has all of that. Take a word away, or use the start of a word."


def number(value: str) -> float:
    """The number of a checked value; a percentage is a share."""
    return float(value[:-1]) / 100 if value.endswith("%") else float(value)
