"""One study day: what was done on it, what waits, what is new; kept right answer by answer.

Every change of a state goes through `put`, which costs the same with ten cards and with 100,000.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import inf
from operator import attrgetter

from tutor.deck.model import Entry
from tutor.memory.course import Course, topic_of
from tutor.memory.model import CardState
from tutor.memory.time import Moment, day_start, nearest_day

# What falls due later than this is left out of the first screen's row.
HORIZON_DAYS = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a day may bring; `new_topics` is None when topics are not counted."""

    new_cards: int = 20
    new_topics: int | None = 3
    reviews: int = 200


class Today:
    """The states of all units and topics, and what a day needs to know of them.

    states: by unit, or by topic id; changed by `put` only. day: the study day. offset: the
    minutes by which its clock is ahead of UTC.
    introduced: units first answered today. reviewed: units answered today that are older.
    known: topics whose card was answered well once, or that are marked; marked: only these.
    changes: a count that goes up when something else than before is new, coming or known; most
    answers leave it.
    """

    def __init__(
        self, course: Course, states: Mapping[str, CardState], now: Moment, rollover: int
    ) -> None:
        self.course = course
        self.day = now.study_day
        self.states: dict[str, CardState] = {}
        self.introduced: set[str] = set()
        self.reviewed: set[str] = set()
        self.known: set[str] = set()
        self.marked: set[str] = set()
        self.changes = 0
        self.offset, self._rollover = now.utc_offset_min, rollover
        self.start = self._start(self.day)
        self.end = self._start(self.day + 1)
        self._horizon = self._start(self.day + HORIZON_DAYS)
        self._fresh: dict[str, list[int]] = defaultdict(list)
        self._available: dict[str, set[str]] = defaultdict(set)
        self._offering: list[int] = []
        self._units = tuple(course.entry_of)
        self._begun: Counter[str] = Counter()
        self._begun_today: Counter[str] = Counter()
        self._begun_of: Counter[str] = Counter()  # by deck
        self._answered: dict[str, set[str]] = {}
        self._counted: dict[str, int] = {}
        self._waiting: Counter[int] = Counter()
        self._stepping: set[str] = set()  # those of `_counted` in their learning steps
        self._steps: Counter[int] = Counter()
        self._load(states)

    def _load(self, states: Mapping[str, CardState]) -> None:
        """What `put` would do with every state, in one pass in the order of teaching."""
        touched = []
        for unit, place in self.course.place.items():
            state = states.get(unit)
            topic = self.course.topic(unit)
            if state is None or self._is_fresh(state):
                self._fresh[topic].append(place)
                self._available[topic].add(self.course.entry_of[unit].key)
            if state is None:
                continue
            self.states[unit] = state
            if state.last_day == self.day:
                touched.append(state)
            else:
                self._count_begun(topic, state, 1)
            if state.passed and unit in self.course.gates[topic]:
                self.known.add(topic)
            self._recount(unit)
        self._offering = [
            number for number, topic in enumerate(self.course.topics) if self._available[topic]
        ]
        for state in touched:
            self._put_unit(CardState(state.key), state)
        for key in states.keys() - self.course.place.keys():
            self.put(states[key])

    def state(self, key: str) -> CardState:
        """The state of a unit or topic, touched or not."""
        return self.states.get(key) or CardState(key)

    def put(self, state: CardState) -> None:
        """Take in a new state, be it after an answer, an undo or anything else."""
        before = self.state(state.key)
        self.states[state.key] = state
        if state.key in self.course.entry_of:
            self._put_unit(before, state)
        elif "/" not in state.key:
            _set(self.marked, state.key, state.passed)
            self._settle_known(state.key)
            self.changes += 1

    def held(self, unit: str) -> bool:
        """Whether a sibling was answered today, so that this unit waits until tomorrow."""
        answered = self._answered.get(self.course.entry_of[unit].key)
        return bool(answered) and answered != {unit}

    def due_at(self, unit: str) -> int | None:
        """When a unit waits for its answer, in UTC ms; None if it does not wait at all."""
        state = self.states.get(unit)
        if state is None or state.phase == "new" or state.suspended:
            return None
        due = state.due_utc_ms
        if state.phase == "review":
            due = self._start(nearest_day(due, self.offset, self._rollover))
            if self.held(unit):
                due = max(due, self.end)
        if state.buried_until_day is not None:
            due = max(due, self._start(state.buried_until_day))
        return due

    def due_today(self) -> Iterator[str]:
        """The units that wait at some time of this day."""
        return (unit for unit, due in self._counted.items() if due < self.end)

    def waiting(self) -> list[tuple[int, int]]:
        """(UTC ms, units due from then on), ascending; what is overdue stands at the day's start.

        What is due beyond the horizon is left out.
        """
        return sorted(pair for pair in self._waiting.items() if pair[0] < self._horizon)

    def ever_waiting(self) -> list[tuple[int, int]]:
        """The same, however late a unit is due."""
        return sorted(self._waiting.items())

    def steps(self) -> list[tuple[int, int]]:
        """Those of `waiting` that are in their learning steps, first or repeated."""
        return sorted(pair for pair in self._steps.items() if pair[0] < self._horizon)

    def beyond_horizon(self) -> int | None:
        """The first moment beyond the horizon at which a unit is due; None if there is none."""
        return min((due for due in self._waiting if due >= self._horizon), default=None)

    def load(self, day: int) -> int:
        """How many reviews a study day has so far; what is overdue counts on this day."""
        return self._waiting.get(self._start(day), 0)

    def begun(self, topic: str) -> bool:
        """Whether any card of the topic was answered."""
        return bool(self._begun[topic] or self._begun_today[topic])

    def begun_of(self, deck: str) -> int:
        """How many units of a deck were answered."""
        return self._begun_of[deck]

    def new(
        self, limits: Limits, chosen: Collection[str] = (), ignore_needs: bool = False
    ) -> Iterator[tuple[str, Iterator[str]]]:
        """Topics in teaching order with the new units that each may bring today.

        chosen: only these topics, which are always open. Of siblings only the first is given.
        The caller keeps to `limits.new_cards`.
        """
        for topic in self._topics_with_new(limits, chosen, ignore_needs):
            yield topic, self._free(topic)

    def new_count(
        self, limits: Limits, chosen: Collection[str] = (), ignore_needs: bool = False
    ) -> int:
        """How many new units may still come today."""
        left = limits.new_cards - len(self.introduced)
        count = 0
        for topic in self._topics_with_new(limits, chosen, ignore_needs):
            count += len(self._available[topic])
            if count >= left:
                return max(0, left)
        return count

    def _topics_with_new(
        self, limits: Limits, chosen: Collection[str], ignore_needs: bool
    ) -> Iterator[str]:
        topics_left = limits.new_topics
        if topics_left is not None:
            topics_left -= sum(self._is_new_topic(topic) for topic in self._begun_today)
        last = inf  # the last chapter from which a topic may be begun
        shut: defaultdict[int, set[str]] = defaultdict(set)
        for number in self._offering:
            topic = self.course.topics[number]
            if topic not in chosen if chosen else topic in self.marked:
                continue
            begun = self.begun(topic) or bool(chosen)
            if not begun and not ignore_needs:
                chapter = self.course.chapter.get(topic, 0)
                if not self.course.open(topic, self.known):
                    if chapter < last and self._on_its_way(topic, chapter, shut[chapter]):
                        last = chapter
                    continue
                if chapter > last:
                    continue
            if not begun and topics_left is not None:
                if topics_left <= 0:
                    continue
                topics_left -= 1
            yield topic

    def _on_its_way(self, topic: str, chapter: int, shut: set[str]) -> bool:
        """Whether something that a closed topic needs is being learnt, or can be, by its chapter.

        Then no later chapter is begun: a learner who struggles stays where the words are known.
        shut: topics from which nothing was found, by the same chapter; this one's are added. A long
        row of topics, each of which needs the one before, is gone through once.
        """
        found, rest = {topic}, [topic]
        while rest:
            for need in self.course.needs.get(rest.pop(), ()):
                if need in self.known or need in found or need in shut:
                    continue
                if self.course.chapter.get(need, 0) > chapter:
                    continue
                if (self.begun(need) or self.course.open(need, self.known)) and any(
                    not self.state(unit).suspended for unit in self.course.gates[need]
                ):
                    return True
                found.add(need)
                rest.append(need)
        shut |= found
        return False

    def coming(self) -> Iterator[str]:
        """The topics to be begun next, in their order, if each is known before the next one."""
        begun = set(self._begun + self._begun_today)
        known = self.known | begun
        for number in self._offering:
            topic = self.course.topics[number]
            if topic not in self.course.chapter or topic in self.marked or topic in begun:
                continue
            if self.course.open(topic, known):
                known.add(topic)
                yield topic

    def _free(self, topic: str) -> Iterator[str]:
        """The new units of a topic that no sibling holds back, one a card."""
        last = ""
        for place in self._fresh[topic]:
            unit = self._units[place]
            card = self.course.entry_of[unit].key
            if card != last and not self.held(unit):
                last = card
                yield unit

    def _is_new_topic(self, topic: str) -> bool:
        return bool(self._begun_today[topic]) and not self._begun[topic]

    def _put_unit(self, before: CardState, after: CardState) -> None:
        unit = after.key
        entry = self.course.entry_of[unit]
        topic = topic_of(entry)
        if _bearing(before) != _bearing(after):
            self.changes += 1
        self._count_begun(topic, before, -1)
        self._count_begun(topic, after, 1)
        _set(self.introduced, unit, after.first_day == self.day)
        _set(self.reviewed, unit, after.last_day == self.day != after.first_day)
        self._set_fresh(topic, unit, self._is_fresh(after))
        if unit in self.course.gates[topic] and before.passed != after.passed:
            self._settle_known(topic)
        today = after.last_day == self.day
        if today != (unit in self._answered.get(entry.key, ())):
            _set(self._answered.setdefault(entry.key, set()), unit, today)
            for sibling in entry.units:
                self._recount(sibling)
        else:
            self._recount(unit)
        self._settle_offer(topic, entry)

    def _count_begun(self, topic: str, state: CardState, sign: int) -> None:
        if state.first_day is not None:
            counts = self._begun_today if state.first_day == self.day else self._begun
            counts[topic] += sign
            self._begun_of[self.course.entry_of[state.key].deck] += sign

    def _is_fresh(self, state: CardState) -> bool:
        buried = state.buried_until_day is not None and state.buried_until_day > self.day
        return state.phase == "new" and not state.suspended and not buried

    def _set_fresh(self, topic: str, unit: str, wanted: bool) -> None:
        fresh, place = self._fresh[topic], self.course.place[unit]
        at = bisect_left(fresh, place)
        there = at < len(fresh) and fresh[at] == place
        if wanted and not there:
            insort(fresh, place)
        elif there and not wanted:
            del fresh[at]

    def _settle_offer(self, topic: str, entry: Entry) -> None:
        """Note whether a card has a new unit that may come today, and so whether its topic has."""
        available = self._available[topic]
        fresh = any(self._is_fresh(self.state(unit)) for unit in entry.units)
        wanted = fresh and not self._answered.get(entry.key)
        if wanted == (entry.key in available):
            return
        self.changes += 1
        _set(available, entry.key, wanted)
        number = self.course.topic_place[topic]
        at = bisect_left(self._offering, number)
        there = at < len(self._offering) and self._offering[at] == number
        if available and not there:
            self._offering.insert(at, number)
        elif there and not available:
            del self._offering[at]

    def _settle_known(self, topic: str) -> None:
        passed = any(self.state(unit).passed for unit in self.course.gates.get(topic, ()))
        _set(self.known, topic, passed or topic in self.marked)

    def _recount(self, unit: str) -> None:
        counted = self._counted.pop(unit, None)
        if counted is not None:
            _take(self._waiting, counted)
            if unit in self._stepping:
                self._stepping.remove(unit)
                _take(self._steps, counted)
        due = self.due_at(unit)
        if due is not None:
            due = max(due, self.start)
            self._counted[unit] = due
            self._waiting[due] += 1
            if self.states[unit].phase in ("learning", "relearning"):
                self._stepping.add(unit)
                self._steps[due] += 1

    def _start(self, day: int) -> int:
        return day_start(day, self.offset, self._rollover)


_bearing = attrgetter("first_day", "suspended", "passed")
"""What of a state bears on what is coming, beside whether it is new."""


def _set(where: set[str], key: str, wanted: bool) -> None:
    (where.add if wanted else where.discard)(key)


def _take(counts: Counter[int], key: int) -> None:
    counts[key] -= 1
    if not counts[key]:
        del counts[key]
