"""What a class knows, counted: each machine says where its learner stands, a teacher gets sums.

The server counts over learners in one function of its own and gives no line about fewer than five.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from tutor.exchange.classroom.server import Server

LEAST = 5
"""So many learners a line is about, or more."""
_LONGEST = 200
# Topics that this machine has and that were not met go; those of other machines' decks stay.
_PUT_TOPICS = """
    WITH gone AS (DELETE FROM tutor.standing WHERE topic = ANY (%s::text[]))
    INSERT INTO tutor.standing AS old (topic, known_until)
    SELECT * FROM unnest(%s::text[], %s::integer[])
    ON CONFLICT (learner, topic) DO UPDATE SET known_until = EXCLUDED.known_until
    WHERE old.known_until IS DISTINCT FROM EXCLUDED.known_until
"""
_PUT_SLIPS = """
    INSERT INTO tutor.slip AS old (topic, slip, last_day)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::integer[])
    ON CONFLICT (learner, topic, slip) DO UPDATE SET last_day = EXCLUDED.last_day
    WHERE old.last_day < EXCLUDED.last_day
"""
_REPORT = "SELECT topic, slip, met, known, forgotten FROM tutor.report()"


@dataclass(frozen=True, slots=True)
class TopicLine:
    """How many learners have met a topic, know it, and knew it once but have forgotten it."""

    topic: str
    met: int
    known: int
    forgotten: int


@dataclass(frozen=True, slots=True)
class SlipLine:
    """How many learners have shown a named misconception lately."""

    topic: str
    slip: str
    learners: int


def put_standing(
    server: Server,
    topics: Mapping[str, int | None],
    unmet: Sequence[str],
    slips: Mapping[tuple[str, str], int],
) -> None:
    """Say where the learner stands; see `Standing`. Raises ServerError."""
    # Sorted, so that two machines of one learner wait for each other and never crosswise.
    kept = {name: day for name, day in sorted(topics.items()) if _fits(name)}
    gone = [name for name in unmet if _fits(name)]
    if kept or gone:
        server.run(_PUT_TOPICS, (gone, list(kept), list(kept.values())))
    shown = [(*pair, day) for pair, day in sorted(slips.items()) if all(map(_fits, pair))]
    if shown:
        server.run(_PUT_SLIPS, tuple(map(list, zip(*shown, strict=True))))


def report(server: Server) -> tuple[list[TopicLine], list[SlipLine]]:
    """The lines about topics, and about misconceptions, the most common first.

    Raises ServerError, also for who is no teacher of the class.
    """
    found = server.rows(_REPORT)
    topics = [TopicLine(topic, met, *counts) for topic, slip, met, *counts in found if slip is None]
    slips = [SlipLine(topic, slip, met) for topic, slip, met, *_ in found if slip is not None]
    slips.sort(key=attrgetter("topic", "slip"))
    return sorted(topics, key=attrgetter("topic")), sorted(slips, key=lambda line: -line.learners)


def _fits(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and text.isprintable()
