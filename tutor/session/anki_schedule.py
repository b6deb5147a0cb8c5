"""What Anki is told of each unit: its state, and every answer that counts.

Days are study days; Anki works out the same memory from the answers' times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tutor.deck.load_progress import OnProgress, ignore
from tutor.exchange.anki.package_writer import Answer, Schedule, memory_data
from tutor.memory.model import CardState, Event, Phase, Rating
from tutor.memory.replay import apply
from tutor.memory.schedule import LEARNING_MIN, RELEARNING_MIN, minutes_of, moved
from tutor.memory.time import DAY_MS, day_start, nearest_day

if TYPE_CHECKING:
    from tutor.session.learner import Learner
    from tutor.store import plain

_TYPES: dict[Phase, int] = {"new": 0, "learning": 1, "review": 2, "relearning": 3}
# The kind of an answer is what the card was before it.
_KINDS: dict[Phase, int] = {"new": 0, "learning": 0, "review": 1, "relearning": 2}
_BY_HAND = 4
_BURIED, _SUSPENDED = -2, -1


class Schedules:
    """The schedules of a learner's units, as Anki keeps them.

    first_day: the first study day of all answers, or today.
    """

    def __init__(self, learner: Learner, on_progress: OnProgress = ignore) -> None:
        self.learner = learner
        self._now = learner.now()
        self.first_day = self._now.study_day
        self._answers = self._read(on_progress)

    def answered(self) -> dict[str, int]:
        """How many answers each unit has, also one that no deck has."""
        return {
            unit: sum(answer.ease > 0 for answer in rows) for unit, rows in self._answers.items()
        }

    def of(self, unit: str, position: int) -> Schedule:
        """What Anki is told of a unit; position: its place among new cards."""
        state = self.learner.state(unit)
        answers = self._answers.get(unit, [])
        flags = int(state.flagged)
        if state.phase == "new":
            queue = _SUSPENDED if state.suspended else _BURIED if self._buried(state) else 0
            return Schedule(0, queue, position, flags=flags, answers=answers)
        days = state.phase == "review"
        return Schedule(
            _TYPES[state.phase], self._queue(state),
            self._day(state.due_utc_ms) if days else state.due_utc_ms // 1000,
            self._interval(state), state.reps, state.lapses, _left(state), flags,
            self._memory(state, answers), answers,
        )  # fmt: skip

    def _queue(self, state: CardState) -> int:
        if state.suspended:
            return _SUSPENDED
        if self._buried(state):
            return _BURIED
        return 2 if state.phase == "review" else 1

    def _buried(self, state: CardState) -> bool:
        return state.buried_until_day is not None and self._now.study_day < state.buried_until_day

    def _interval(self, state: CardState) -> int:
        """Days since the last answer; in relearning those that are promised after it."""
        if state.phase == "review":
            last = state.last_day if state.last_day is not None else self._now.study_day
            return max(1, self._day(state.due_utc_ms) - last)
        if state.phase == "relearning":
            by = self.learner.scheduler
            return max(1, round(by.model.interval(state.stability, by.desired_retention)))
        return 0

    def _memory(self, state: CardState, answers: Sequence[Answer]) -> str:
        by = self.learner.scheduler
        last = next((row.at_utc_ms for row in reversed(answers) if row.ease), None)
        if last is None:  # a memory without its answers
            last = (state.last_day or 0) * DAY_MS + DAY_MS // 2
        return memory_data(
            state.stability, state.difficulty, by.desired_retention, by.model.weights[20],
            min(last, self._now.utc_ms) // 1000,
        )  # fmt: skip

    def _day(self, due_utc_ms: int) -> int:
        return nearest_day(due_utc_ms, self._now.utc_offset_min, self.learner.scheduler.rollover)

    # -- answers ------------------------------------------------------------------------------

    def _read(self, on_progress: OnProgress) -> dict[str, list[Answer]]:
        """The answers of every unit under its present key."""
        renames, found = self.learner.renames, dict[str, list[Answer]]()
        seen: set[str] = set()
        slow: dict[str, None] = {}
        all_of, done = max(1, self.learner.glance().answers), 0
        for card in self.learner.store.cards():
            key = renames.key(card.key)
            if "/" not in key:  # a topic
                continue
            # Rows under several keys are one history.
            if card.answers and key not in seen:
                found[key] = list(self._plain(card.answers))
                self.first_day = min(self.first_day, card.answers.days[0])
            else:
                slow[key] = None
            seen.add(key)
            done += len(card.answers.ids) if card.answers else 0
            on_progress(min(1.0, done / all_of))
        for key in slow:
            found[key] = list(self._slowly(key))
        return {key: not_ahead(rows, self._now.utc_ms) for key, rows in found.items() if rows}

    def _plain(self, given: plain.Answers) -> Iterator[Answer]:
        """The rows of a card that was only answered, and in order."""
        model, moves = self.learner.scheduler.model, _MOVES
        # The middle of a day away from its beginning, as `nearest_day` rounds.
        half = DAY_MS // 2 - day_start(0, self._now.utc_offset_min, self.learner.scheduler.rollover)
        place, interval, difficulty = _NEW, 0, None
        columns = (given.at_utc_ms, given.days, given.ratings, given.due_utc_ms, given.elapsed_ms)
        for at, day, rating, due, elapsed in zip(*columns, strict=True):
            place, step_s, last, kind = moves[place, rating]
            difficulty = model.difficulty(difficulty, rating)
            before = interval if last is None else last
            interval = step_s or max(1, ((at if due is None else due) + half) // DAY_MS - day)
            yield Answer(at, rating, interval, before, _factor(difficulty), elapsed or 0, kind)

    def _slowly(self, key: str) -> Iterator[Answer]:
        """The rows of any card, event by event."""
        state, interval = CardState(key), 0
        for event in self.learner.renames.history(key, self.learner.store):
            before = state
            state = apply(state, event, self.learner.scheduler)
            self.first_day = min(self.first_day, event.study_day)
            if row := self._row(before, state, event, interval):
                interval = row.interval
                yield row

    def _row(
        self, before: CardState, after: CardState, event: Event, interval: int
    ) -> Answer | None:
        last = _last_interval(before.phase, before.step, interval)
        at, factor = event.at_utc_ms, _factor(after.difficulty)
        if event.kind == "reset":
            return Answer(at, 0, 0, last, 0, 0, _BY_HAND)
        # Among the answers of learning it would begin a new life: Anki counts from the last run.
        if event.kind == "set_due" and before.phase in ("review", "relearning"):
            days = max(1, self._day(after.due_utc_ms) - event.study_day)
            return Answer(at, 0, days, last, factor, 0, _BY_HAND)
        if event.kind != "review" or event.rating is None:
            return None
        given = self._given(
            after.phase, after.step, event.rating, after.due_utc_ms, event.study_day
        )
        kind = _KINDS[before.phase]
        return Answer(at, event.rating, given, last, factor, event.elapsed_ms or 0, kind)

    def _given(self, phase: Phase, step: int, rating: int, due_utc_ms: int, day: int) -> int:
        """The interval that an answer gave: days, or minus the seconds of a step."""
        if phase == "review":
            return max(1, self._day(due_utc_ms) - day)
        return -60 * minutes_of(phase, step, rating)


_Place = tuple[Phase, int]
_NEW: _Place = ("new", 0)


def _moves() -> dict[tuple[_Place, int], tuple[_Place, int, int | None, int]]:
    """From a phase and step, and a rating, to the next ones: minus the seconds until then (0 for
    days), what Anki calls the last interval (None for the one before), and the answer's kind."""
    places: list[_Place] = [_NEW, ("review", 0)]
    places += [("learning", step) for step in range(len(LEARNING_MIN))]
    places += [("relearning", step) for step in range(len(RELEARNING_MIN))]
    found = {}
    for phase, step in places:
        for rating in Rating:
            after = moved(phase, step, rating)
            step_s = 0 if after[0] == "review" else -60 * minutes_of(*after, rating)
            last = None if phase == "review" else _last_interval(phase, step, 0)
            found[(phase, step), int(rating)] = after, step_s, last, _KINDS[phase]
    return found


def _last_interval(before: Phase, step: int, interval: int) -> int:
    """What Anki calls the last interval: in learning the step's own delay."""
    if before == "new":
        return 0
    if before == "review":
        return interval
    return -60 * (RELEARNING_MIN if before == "relearning" else LEARNING_MIN)[step]


_MOVES = _moves()


def _factor(difficulty: float) -> int:
    """The difficulty, 1 to 10, as the review log has it: 100 to 1100, never 0."""
    return round((max(difficulty, 1.0) - 1) / 9 * 1000 + 100)


def _left(state: CardState) -> int:
    """How many steps are to go."""
    if state.phase == "learning":
        return len(LEARNING_MIN) - state.step
    return len(RELEARNING_MIN) - state.step if state.phase == "relearning" else 0


def scheduled(answers: Schedule) -> int:
    """How many answers stand in a schedule; a date that was set is none."""
    return sum(answer.ease > 0 for answer in answers.answers)


def not_ahead(answers: list[Answer], now_ms: int) -> list[Answer]:
    """The answers of a card, none of which is of the future, of a clock that ran ahead.

    Anki would set each of those to the moment of its import.
    """
    if max(answer.at_utc_ms for answer in answers) <= now_ms:
        return answers
    first = now_ms - len(answers) + 1
    return [
        answer._replace(at_utc_ms=min(answer.at_utc_ms, first + place))
        for place, answer in enumerate(answers)
    ]
