"""What the fields of a query mean for a row."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from tutor.deck.library import Library
from tutor.deck.model import ASKS, KINDS
from tutor.memory.model import Phase
from tutor.session.card_rows import Row
from tutor.session.choosing import chapters_meant
from tutor.session.query import QueryError, Term, number
from tutor.text.numerals import whole_number

_EPOCH = date(1970, 1, 1).toordinal()
_PHASES: tuple[Phase, ...] = ("new", "learning", "review", "relearning")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ":": operator.eq, "=": operator.eq, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
Wanted = Callable[[Row], bool]
Field = Callable[[Library, Sequence[str]], Wanted]


def holds_for(term: Term, library: Library, day: int) -> Wanted:
    """Whether a term with a field holds for a row, its denial aside; `day` is today's study day.

    Raises QueryError for a value that means nothing.
    """
    field = term.field
    if field in _MARKS:
        return _MARKS[field]
    if field in _NAMES:
        return _NAMES[field](library, _values(term))
    if field in _SINCE and term.relation == ":":
        return _since(term, day)
    if field == "due" and term.relation == ":":
        return _due_on(term, day)
    value, compare, wanted_number = _VALUES[field], _COMPARE[term.relation], number(term.value)

    def holds(row: Row) -> bool:
        found = value(row, day)
        return found is not None and compare(found, wanted_number)

    return holds


def _since(term: Term, day: int) -> Wanted:
    if not term.value:
        return lambda row: _VALUES[term.field](row, 0) is not None
    days = whole_number(term.value)
    if days is None:
        raise _wants(term, f"a number of days, such as {term.field}:7")

    def holds(row: Row) -> bool:
        ago = _VALUES[term.field](row, day)
        return ago is not None and ago < days

    return holds


def _due_on(term: Term, day: int) -> Wanted:
    """`due:today` is whatever waits today; `due:3` what waits within three days."""
    word = term.value.lower()
    if word in ("", "today"):
        return lambda row: row.days is not None and row.days <= 0
    if word in ("overdue", "tomorrow"):
        overdue = word == "overdue"
        return lambda row: row.days is not None and (row.days < 0 if overdue else row.days == 1)
    if (within := whole_number(word)) is not None:
        return lambda row: row.days is not None and row.days <= within
    try:
        days = date.fromisoformat(word).toordinal() - _EPOCH - day
    except ValueError:
        raise _wants(term, "today, tomorrow, overdue, a number of days or a date") from None
    return lambda row: row.days == days


def _values(term: Term) -> tuple[str, ...]:
    return tuple(part.strip() for part in term.value.split(",") if part.strip())


def _wants(term: Term, what: str) -> QueryError:
    return QueryError(
        "The search means nothing",
        f"`{term.field}:` wants {what}.",
        f'To find the words: "{term.field} {term.value}"',
    )


def _of_topic(library: Library, values: Sequence[str]) -> Wanted:
    if not values:
        return lambda row: row.entry.topic is not None
    ids = set[str]()
    for value in values:
        found = library.find_topics(value) or library.search(value)
        if not found:
            raise _nothing_called("topic", value)
        ids.update(topic.id for topic in found)
    return lambda row: row.entry.topic in ids


def _of_chapter(library: Library, values: Sequence[str]) -> Wanted:
    if not values:
        return lambda row: row.entry.topic is not None or row.entry.deck in library.bare
    meant = [chapters_meant(library, value) for value in values]
    for value, found in zip(values, meant, strict=True):
        if not any(found):
            raise _nothing_called("chapter", value)
    numbers = {number for found, _ in meant for number in found}
    decks = {deck for _, found in meant for deck in found}
    topics = {topic.id for topic in library.topics.values() if topic.chapter in numbers}
    return lambda row: row.entry.topic in topics or row.entry.deck in decks


def _of_deck(library: Library, values: Sequence[str]) -> Wanted:
    wanted = _meant("deck", {deck.deck for deck in library.decks}, values)
    return lambda row: not wanted or row.entry.deck in wanted


def _of_tag(library: Library, values: Sequence[str]) -> Wanted:
    if [value.lower() for value in values] == ["none"]:
        return lambda row: not row.entry.tags
    known = {tag for entry in library.entries.values() for tag in entry.tags}
    wanted = _meant("tag", known, [value.lstrip("#") for value in values])
    return lambda row: any(not wanted or tag in wanted for tag in row.entry.tags)


def _meant(what: str, known: Iterable[str], values: Iterable[str]) -> set[str]:
    """The names that are meant, each of which may be cut short. Raises QueryError for none."""
    folded = {name: name.lower() for name in known}
    wanted = set[str]()
    for value in map(str.lower, values):
        found = {name for name, low in folded.items() if low == value} or {
            name for name, low in folded.items() if low.startswith(value)
        }
        if not found:
            raise _nothing_called(what, value)
        wanted |= found
    return wanted


def _nothing_called(what: str, value: str) -> QueryError:
    return QueryError(
        "The search finds nothing",
        f"No {what} is called `{value}`.",
        f'To find the word: "{value}"',
    )


def _of_key(library: Library, values: Sequence[str]) -> Wanted:
    now = tuple(library.resolve(value) for value in values)
    return lambda row: row.key.startswith(now or "")


def _one_of(what: str, known: Sequence[str], value: Callable[[Row], str]) -> Field:
    """A field with few values, each of which may be cut short."""

    def make(_library: Library, values: Sequence[str]) -> Wanted:
        wanted = set[str]()
        for given in map(str.lower, values):
            found = [name for name in known if name == given] or [
                name for name in known if name.startswith(given)
            ]
            if not found:
                known_ = ", ".join(known)
                raise QueryError(
                    "The search means nothing", f"No {what} is called `{given}`: {known_}."
                )
            wanted.update(found)
        return lambda row: value(row) in wanted if wanted else bool(value(row))

    return make


_MARKS: dict[str, Wanted] = {
    "flagged": lambda row: row.flagged,
    "suspended": lambda row: row.suspended,
    "buried": lambda row: row.buried,
    "leech": lambda row: row.leech,
}
_NAMES: dict[str, Field] = {
    "topic": _of_topic,
    "chapter": _of_chapter,
    "deck": _of_deck,
    "tag": _of_tag,
    "key": _of_key,
    "kind": _one_of("kind", KINDS, lambda row: row.entry.kind),
    "phase": _one_of("phase", _PHASES, lambda row: row.phase),
    "asks": _one_of("use", ASKS, lambda row: row.entry.asks),
}
# Days ago, from today.
_SINCE: dict[str, Callable[[Row, int], float | None]] = {
    "added": lambda row, day: None if row.first_day is None else day - row.first_day,
    "answered": lambda row, day: None if row.last_day is None else day - row.last_day,
}
_VALUES: dict[str, Callable[[Row, int], float | None]] = {
    **_SINCE,
    "due": lambda row, _day: row.days,
    "lapses": lambda row, _day: row.lapses,
    "reps": lambda row, _day: row.reps,
    "stability": lambda row, _day: row.stability,
    "difficulty": lambda row, _day: row.difficulty,
    "recall": lambda row, _day: row.recall,
}
