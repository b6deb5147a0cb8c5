"""Which card comes next: learning now due, then reviews by falling risk, new ones mixed in.

Built once for a session and adjusted with every answer, so that the next card costs no search.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from heapq import heapify, heappop, heappush
from itertools import islice

from tutor.memory.model import CardState
from tutor.memory.time import MINUTE_MS, Moment
from tutor.memory.today import Limits, Today
from tutor.memory.waiting import Waiting

LEARN_AHEAD_MIN = 20

Recall = Callable[[CardState], float]


class Queue:
    """The cards of one session, in the order of need.

    recall: the chance that a card is remembered today. chosen: only these topics.
    new: how many new cards this session may bring, whatever the day's limits. only: of these
    topics just these units. urgent: strictly by risk, and new cards after all reviews.
    """

    def __init__(
        self,
        today: Today,
        recall: Recall,
        limits: Limits,
        *,
        chosen: Collection[str] = (),
        ignore_needs: bool = False,
        new: int | None = None,
        only: Collection[str] | None = None,
        urgent: bool = False,
    ) -> None:
        self._today = today
        self._recall = recall
        self._chosen = frozenset(chosen)
        self._ignore_needs = ignore_needs
        self._only = None if only is None else frozenset(only)
        self._urgent = urgent
        self._limits = limits
        if new is not None:
            self._limits = Limits(len(today.introduced) + new, None, limits.reviews)
        self._learning: list[tuple[int, str]] = []
        self._learners: set[str] = set()
        self._risk: dict[str, list[tuple[float, str]]] = {}
        self._topics: list[tuple[float, str]] = []
        self._due: set[str] = set()
        self._dropped: set[str] = set()
        self._last_topic = ""
        self._taken = {"review": 0, "new": 0}
        self._fill()

    def next(self, now: Moment) -> str | None:
        """The unit to ask now; None when nothing is left. Asks the same until `put`."""
        unit = self._learning_by(now.utc_ms) or self._review_or_new()
        return unit or self._learning_by(now.utc_ms + LEARN_AHEAD_MIN * MINUTE_MS)

    def put(self, unit: str, asked: bool = True) -> None:
        """Take note that a unit's state has changed; `asked` if it was by an answer just now."""
        if asked:
            self._last_topic = self._today.course.topic(unit)
            self._note(unit)
        for each in self._today.course.entry_of[unit].units:
            self._place(each)

    def coming(self) -> list[str]:
        """A few units, one of which will most likely be next; for reading their cards ahead."""
        heaps = [self._risk[topic] for _, topic in self._topics[:3]]
        reviews = [unit for heap in heaps for _, unit in heap[:3] if unit in self._due]
        new = [unit for _, units in islice(self._offered(), 2) for unit in islice(units, 2)]
        learning = [unit for due, unit in self._learning[:3] if self._learns(due, unit)]
        return [*learning, *reviews, *new]

    def drop(self, unit: str) -> None:
        """Leave a unit out of this session."""
        self._dropped.add(unit)
        self._due.discard(unit)
        self._learners.discard(unit)

    def waits(self, unit: str) -> bool:
        """Whether an answered unit comes again today."""
        return unit in self._learners or unit in self._due

    @property
    def left(self) -> int:
        """How many units are still to be asked today, as far as can be known now."""
        return len(self._learners) + self.reviews_left + self.new_left

    @property
    def waiting(self) -> Waiting:
        """The same in parts, with reviews beyond the day's limit."""
        return Waiting(len(self._due), len(self._learners), self.new_left)

    @property
    def reviews_left(self) -> int:
        """How many reviews may still come today."""
        return max(0, min(len(self._due), self._limits.reviews - len(self._today.reviewed)))

    @property
    def new_left(self) -> int:
        """How many new cards may still come."""
        if self._only is not None:
            left = max(0, self._limits.new_cards - len(self._today.introduced))
            return min(left, sum(1 for _, units in self._offered() for _ in units))
        return self._today.new_count(self._limits, self._chosen, self._ignore_needs)

    def _fill(self) -> None:
        for unit in self._today.due_today():
            if not self._belongs(unit):
                continue
            state = self._today.state(unit)
            if state.phase == "review":
                self._due.add(unit)
                topic = self._today.course.topic(unit)
                self._risk.setdefault(topic, []).append((self._recall(state), unit))
            else:
                self._place_learning(unit)
        for topic, heap in self._risk.items():
            heapify(heap)
            self._topics.append((heap[0][0], topic))
        heapify(self._topics)
        self._planned = {"review": self.reviews_left, "new": self.new_left}

    def _belongs(self, unit: str) -> bool:
        course = self._today.course
        if unit in self._dropped or (self._only is not None and unit not in self._only):
            return False
        return not self._chosen or course.topic(unit) in self._chosen

    def _is_due(self, unit: str) -> bool:
        """Whether a review waits on this day; its moment is always the beginning of a day."""
        due = self._today.due_at(unit)
        return (
            self._today.state(unit).phase == "review" and due is not None and due < self._today.end
        )

    def _place(self, unit: str) -> None:
        """Put a unit where its state says; what stands elsewhere is passed over when it comes."""
        if not self._belongs(unit):
            return
        if not self._is_due(unit):
            self._due.discard(unit)
            self._place_learning(unit)
            return
        self._learners.discard(unit)
        if unit not in self._due:
            self._due.add(unit)
            topic = self._today.course.topic(unit)
            head = (self._recall(self._today.state(unit)), unit)
            heappush(self._risk.setdefault(topic, []), head)
            heappush(self._topics, (head[0], topic))

    def _place_learning(self, unit: str) -> None:
        due = self._today.due_at(unit)
        learns = self._today.state(unit).phase in ("learning", "relearning")
        if due is None or due >= self._today.end or not learns:
            self._learners.discard(unit)
            return
        self._learners.add(unit)
        heappush(self._learning, (due, unit))

    def _learning_by(self, utc_ms: int) -> str | None:
        heap = self._learning
        while heap and not self._learns(*heap[0]):
            heappop(heap)
        return heap[0][1] if heap and heap[0][0] <= utc_ms else None

    def _learns(self, due: int, unit: str) -> bool:
        return unit in self._learners and self._today.due_at(unit) == due

    def _review_or_new(self) -> str | None:
        review = self._review() if self.reviews_left else None
        if review and not self._turn_of_new():
            return review
        return self._new() or review

    def _turn_of_new(self) -> bool:
        """Whether the new cards lag behind when both are spread evenly over the session."""
        if self._urgent:
            return False
        reviews, new = self._planned["review"] + 1, self._planned["new"] + 1
        return (self._taken["new"] + 1) * reviews < (self._taken["review"] + 1) * new

    def _note(self, unit: str) -> None:
        """Count the first answer of the day to a unit."""
        state = self._today.state(unit)
        if unit in self._due:
            self._taken["review"] += 1
        elif state.reps == 1:
            self._taken["new"] += 1

    def _review(self) -> str | None:
        """The review most at risk, of another topic than the last card's if there is one."""
        if self._urgent:
            first = self._riskiest_topic()
            return self._risk[first[1]][0][1] if first else None
        passed_over = set()
        while (head := self._riskiest_topic()) and head[1] == self._last_topic:
            passed_over.add(heappop(self._topics))
        for each in passed_over:
            heappush(self._topics, each)
        topic = head or min(passed_over, default=None)
        return self._risk[topic[1]][0][1] if topic else None

    def _riskiest_topic(self) -> tuple[float, str] | None:
        """The head of the topics' heap, once what has been answered is gone from it."""
        while self._topics:
            risk, topic = self._topics[0]
            heap = self._risk[topic]
            while heap and heap[0][1] not in self._due:
                heappop(heap)
            if heap and heap[0][0] == risk:
                return risk, topic
            heappop(self._topics)
            if heap:
                heappush(self._topics, (heap[0][0], topic))
        return None

    def _new(self) -> str | None:
        """The next new unit in teaching order, of another topic than the last if there is one."""
        if len(self._today.introduced) >= self._limits.new_cards:
            return None
        same = None
        for topic, units in self._offered():
            unit = next(units, None)
            if unit and topic != self._last_topic:
                return unit
            same = same or unit
        return same

    def _offered(self) -> Iterator[tuple[str, Iterator[str]]]:
        """Topics in teaching order with the new units that this session may bring."""
        for topic, units in self._today.new(self._limits, self._chosen, self._ignore_needs):
            yield topic, filter(self._may_come, units)

    def _may_come(self, unit: str) -> bool:
        return unit not in self._dropped and (self._only is None or unit in self._only)
