"""A card's rows of Anki's review log as what they say of its memory, and how the card stands.

Which rows count, and where a life begins, is Anki's own rule (docs/exchange.md): its buttons of
rating, resets, dates that were set; a preview says nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tutor.exchange.anki.collection import Answer, Card, Collection
from tutor.memory.time import DAY_MS, MINUTE_MS

# Kinds of rows in the log: review, relearning and rescheduled need no name here.
_LEARNING, _RELEARNING, _FILTERED, _BY_HAND = 0, 2, 3, 4
# Kinds and queues of cards.
_NEW, _IN_LEARNING, _REVIEW, _IN_RELEARNING = 0, 1, 2, 3
_SUSPENDED, _BURIED = -1, (-2, -3)
# A `due` of a card in learning is a day, or seconds since 1970.
_A_SECOND = 1_000_000_000
_EARLIEST_MS = 536_457_600_000
_TOLERANCE_MS = 10 * MINUTE_MS
# Under FSRS a row's factor is the difficulty, from 100 for 1 to 1,100 for 10; else the ease.
_LEAST_FACTOR, _MOST_FACTOR = 100, 1_100
_DEFAULT_EASE = 2.5
_LONGEST_DAYS = 36_500


class Row(NamedTuple):
    """One thing that happened to a card.

    kind: `memory` gives it without an answer, `guess` lets one be made of ease and interval.
    interval: promised days, or minus seconds. memory: stability and difficulty. ease: the factor
    of SM-2; 0 where `difficulty` is known instead. day: of `memory`, days since 1970 where
    nothing says the time.
    """

    kind: Literal["review", "reset", "set_due", "memory", "guess"]
    at_utc_ms: int
    rating: int = 0
    interval: int = 0
    elapsed_ms: int = 0
    stability: float = 0.0
    difficulty: float = 0.0
    ease: float = 0.0
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a card stands in Anki.

    due_day: study day (since 1970); due_utc_ms: for a card that comes back within minutes; None
    for a new card, or the other one. changed_ms: when it last changed.
    """

    new: bool
    review: bool
    due_day: int | None
    due_utc_ms: int | None
    suspended: bool
    buried: bool
    flagged: bool
    changed_ms: int
    reps: int
    lapses: int


Told = tuple[int, int, int, int]
"""An answer: UTC milliseconds, rating, interval as in `Row`, and the milliseconds it took."""


@dataclass(slots=True)
class History:
    """What happened to a card, in order. skipped: rows that do not count, by the reason.

    plain: all of it where it is one run of answers and nothing else, as most cards' is; then
    `said` is empty. estimated: whether its memory is a guess, since its first answers are missing.
    """

    said: list[Row] = field(default_factory=list)
    plain: Sequence[Told] = ()
    skipped: Counter[str] = field(default_factory=Counter)
    estimated: bool = False

    @property
    def rows(self) -> list[Row]:
        """All of it as rows."""
        if not self.plain:
            return self.said
        return [
            Row("review", at, rating, interval, spent) for at, rating, interval, spent in self.plain
        ]

    @property
    def answers(self) -> int:
        """How many of the rows are answers."""
        return len(self.plain) or sum(row.kind == "review" for row in self.said)


def standing(card: Card, day_zero: int) -> Standing:
    """How the card stands."""
    day = seconds = None
    if card.type in (_IN_LEARNING, _IN_RELEARNING) and card.due >= _A_SECOND:
        seconds = card.due
    elif card.type != _NEW:
        day = day_zero + max(-_LONGEST_DAYS, min(card.due, _LONGEST_DAYS))
    return Standing(
        card.type == _NEW, card.type == _REVIEW, day,
        None if seconds is None else min(seconds, 4 * _A_SECOND) * 1000,
        card.queue == _SUSPENDED, card.queue in _BURIED, bool(card.flags & 7),
        card.changed * 1000, max(0, card.reps), max(0, card.lapses),
    )  # fmt: skip


def history(collection: Collection, card: Card, now_ms: int) -> History:
    """What happened to the card until now."""
    if plain := _plain(collection, card, now_ms):
        return History(plain=plain)
    made = History()
    told = list(collection.log.of(card.id))
    # They are in the order of time, and most cards have none that cannot be.
    if told and not all(_is_possible(row, now_ms) for row in (told[0], told[-1])):
        told = [row for row in told if _when(row, now_ms, made)]
    rows = [(row, kind) for row in told if (kind := _kind(row))]
    life = max((at + 1 for at, (_, kind) in enumerate(rows) if kind == "reset"), default=0)
    first = _first_of_life(rows, life)
    for at, (row, kind) in enumerate(rows):
        if at == first and any(kind == "review" for _, kind in rows[life:at]):
            made.said.append(Row("reset", row.at_utc_ms - 1))
        made.said.append(_row(row, kind, collection.old))
    answers = [row for row, kind in rows[life:] if kind == "review"]
    if answers and first is None:
        _complete(made, card, answers)
    elif not answers and not rows:
        _without_answers(made, card, collection.day_zero)
    return made


def _plain(collection: Collection, card: Card, now_ms: int) -> list[Told]:
    """The answers of a card that lived one life, begun in learning; empty where more is to say."""
    times, eases, intervals, _, spent, kinds = collection.log.columns(card.id)
    if not times or collection.old or min(eases) < 1 or max(eases) > 4:
        return []
    run = bytes(kinds.tolist()) if min(kinds) >= 0 and max(kinds) <= _RELEARNING else b"\1"
    if run[0] != _LEARNING or 0 in run.lstrip(b"\0"):
        return []
    if not (times[0] >= _EARLIEST_MS and times[-1] <= now_ms + _TOLERANCE_MS):
        return []
    return list(zip(times, eases, intervals, spent, strict=True))


def _when(row: Answer, now_ms: int, made: History) -> bool:
    """Whether the row's time can be true; told where it cannot."""
    possible = _is_possible(row, now_ms)
    if not possible:
        future = row.at_utc_ms > now_ms
        made.skipped["an answer of the future" if future else "an answer before 1987"] += 1
    return possible


def _is_possible(row: Answer, now_ms: int) -> bool:
    return _EARLIEST_MS <= row.at_utc_ms <= now_ms + _TOLERANCE_MS


def _kind(row: Answer) -> Literal["", "review", "reset", "set_due"]:
    """What a row is; empty for one that says nothing."""
    if row.ease == 0:
        if row.kind != _BY_HAND:
            return ""
        return "set_due" if row.factor else "reset"
    if row.kind == _FILTERED and row.factor == 0:
        return ""
    return "review" if 1 <= row.ease <= 4 else ""


def _row(row: Answer, kind: Literal["review", "reset", "set_due"], old: bool) -> Row:
    if kind != "review":
        return Row(kind, row.at_utc_ms, interval=max(0, row.interval))
    # The first scheduler had three buttons in learning: Again, Good, Easy.
    raised = old and row.kind in (_LEARNING, _RELEARNING) and row.ease in (2, 3)
    return Row("review", row.at_utc_ms, row.ease + raised, row.interval, row.elapsed_ms)


def _first_of_life(rows: Sequence[tuple[Answer, str]], life: int) -> int | None:
    """Where the last run of answers in learning begins; None when there is none."""
    first = None
    for at in range(len(rows) - 1, life - 1, -1):
        row, kind = rows[at]
        if kind != "review":
            continue
        if row.kind == _LEARNING:
            first = at
        elif first is not None:
            break
    return first


def _complete(made: History, card: Card, answers: Sequence[Answer]) -> None:
    """The memory of a card whose first answers are missing: as Anki keeps it, or a guess."""
    if kept := _kept(card):
        last = answers[-1].at_utc_ms
        _put_after(made, last, Row("memory", last, stability=kept[0], difficulty=kept[1]))
        return
    # Anki begins with the first row that promised days; without one it knows no memory.
    start = next((row for row in answers if row.interval > 0), None)
    if start is None:
        return
    made.estimated = True
    guess = _guess(start.at_utc_ms, start.interval, start.factor)
    _put_after(made, start.at_utc_ms, guess)


def _put_after(made: History, at_utc_ms: int, told: Row) -> None:
    """Put a memory right behind the answer of that moment, before a date that was set later."""
    answer = next(
        place
        for place, row in enumerate(made.said)
        if row.kind == "review" and row.at_utc_ms == at_utc_ms
    )
    made.said.insert(answer + 1, told)


def _without_answers(made: History, card: Card, day_zero: int) -> None:
    """The memory of a card in review without any answer."""
    if card.type not in (_REVIEW, _IN_RELEARNING) or card.due >= _A_SECOND or card.reps == 0:
        return
    kept, data = _kept(card), _data(card)
    last = data.get("lrt")
    day = day_zero + max(-_LONGEST_DAYS, min(card.due - card.interval, _LONGEST_DAYS))
    at = last * 1000 if isinstance(last, int) and last > 0 else max(day * DAY_MS, _EARLIEST_MS)
    where = None if at != day * DAY_MS else day
    if kept:
        made.said.append(Row("memory", at, stability=kept[0], difficulty=kept[1], day=where))
    else:
        made.estimated = True
        made.said.append(_guess(at, card.interval, card.factor)._replace(day=where))


def _guess(at: int, interval: int, factor: int) -> Row:
    """What Anki makes of a row's interval and factor."""
    days = float(max(1, min(interval, _LONGEST_DAYS)))
    if _LEAST_FACTOR <= factor <= _MOST_FACTOR:
        difficulty = (factor - _LEAST_FACTOR) / (_MOST_FACTOR - _LEAST_FACTOR) * 9 + 1
        return Row("memory", at, stability=days, difficulty=difficulty)
    return Row("guess", at, interval=int(days), ease=factor / 1000 if factor > 0 else _DEFAULT_EASE)


def _kept(card: Card) -> tuple[float, float] | None:
    """Stability and difficulty as the card's data has them."""
    data = _data(card)
    stability, difficulty = data.get("s"), data.get("d")
    if not isinstance(stability, int | float) or not isinstance(difficulty, int | float):
        return None
    if not (0 < stability <= _LONGEST_DAYS and 1 <= difficulty <= 10):
        return None
    return float(stability), float(difficulty)


def _data(card: Card) -> dict[str, object]:
    try:
        data = json.loads(card.data) if card.data else {}
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
