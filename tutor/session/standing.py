"""Where a learner stands, topic by topic, as far as a teacher may count it.

Days, not shares: a topic is known until the day on which its cards are likely enough to be
forgotten, so that who does not come back is counted rightly without being heard of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.memory.course import topic_of
from tutor.memory.model import CardState
from tutor.session.learner import Learner
from tutor.session.payload import slip_of
from tutor.store.slips import payloads_with_slips

KNOWN_RECALL = 0.8
"""A topic is known as long as its cards are remembered with this chance, on the average."""
FOREVER = 100_000
"""The day until which a topic is known that was marked as known and never asked."""
SLIP_DAYS = 90
"""So long a misconception counts after it was shown last."""
_MOST_CARDS = 64  # of a topic, spread over it, are looked at


@dataclass(frozen=True, slots=True)
class Standing:
    """What is counted of a learner.

    topics: of each topic that was met, the day until which it is known (days since 1970); None
    if it was not known yet. unmet: the other topics of the decks. slips: by topic and name of the
    misconception the day on which it was shown last.
    """

    topics: dict[str, int | None]
    unmet: tuple[str, ...]
    slips: dict[tuple[str, str], int]


def standing(learner: Learner) -> Standing:
    """Where the learner stands today."""
    with learner.at_rest():
        known = learner.known()
        seen: dict[str, list[CardState]] = {}
        for unit, entry in learner.course.entry_of.items():
            of = seen.setdefault(topic_of(entry), [])
            if (state := learner.state(unit)).reps:
                of.append(state)
        topics = {
            name: _known_until(learner, states) if name in known else None
            for name, states in seen.items()
            if states or name in known
        }
        unmet = tuple(name for name in seen if name not in topics)
        return Standing(topics, unmet, _slips(learner))


def _known_until(learner: Learner, states: list[CardState]) -> int:
    """The last day on which the mean chance to remember is high enough; yesterday if none is."""
    some = states[:: len(states) // _MOST_CARDS + 1]
    low, high = learner.now().study_day - 1, FOREVER
    while some and low < high - 1:
        day = (low + high) // 2
        recall = sum(learner.scheduler.retrievability(state, day) for state in some) / len(some)
        low, high = (day, high) if recall >= KNOWN_RECALL else (low, day)
    return low if some else FOREVER


def _slips(learner: Learner) -> dict[tuple[str, str], int]:
    last: dict[tuple[str, str], int] = {}
    for topic, slip, day in _shown(learner):
        last[topic, slip] = max(day, last.get((topic, slip), day))
    return last


def _shown(learner: Learner) -> Iterator[tuple[str, str, int]]:
    since = learner.now().study_day - SLIP_DAYS
    for key, day, payload in payloads_with_slips(learner.store, since):
        entry = learner.course.entry_of.get(learner.renames.key(key))
        if entry is not None and (slip := slip_of(payload)):
            yield topic_of(entry), slip, day
