"""Which questions an exam asks: a sample that speaks for all that could be asked.

A systematic sample: every k-th card from a random start, so that each card has the same chance and
each topic its share (W. G. Cochran, Sampling Techniques, 1977, chapter 8). The cards of a topic are
shuffled first, so that no pattern in the deck meets the step.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence

from tutor.deck.model import MARKED, Entry


def sample(
    entries: Iterable[Entry],
    count: int,
    rng: random.Random,
    *,
    kinds: Collection[str] = (),
    topics: Collection[str] = (),
) -> tuple[list[str], list[str]]:
    """The keys of at most `count` cards, mixed, and those of all others, to stand in for them.

    entries: in teaching order. kinds, topics: only these, if any are given.
    """
    pool = [
        entry
        for entry in entries
        if entry.kind in MARKED
        and (not kinds or entry.kind in kinds)
        and (not topics or entry.topic in topics)
    ]
    keys = [entry.key for entry in _shuffled_within_topics(pool, rng)]
    chosen = _every_kth(keys, count, rng)
    taken = set(chosen)
    others = [key for key in keys if key not in taken]
    rng.shuffle(chosen)
    rng.shuffle(others)
    return chosen, others


def _shuffled_within_topics(pool: Sequence[Entry], rng: random.Random) -> list[Entry]:
    by_topic: dict[str, list[Entry]] = {}
    for entry in pool:
        by_topic.setdefault(entry.topic or entry.deck, []).append(entry)
    for entries in by_topic.values():
        rng.shuffle(entries)
    return [entry for entries in by_topic.values() for entry in entries]


def _every_kth(keys: Sequence[str], count: int, rng: random.Random) -> list[str]:
    if count >= len(keys):
        return list(keys)
    if not count:
        return []
    step = len(keys) / count
    start = rng.random() * step
    return [keys[min(int(start + at * step), len(keys) - 1)] for at in range(count)]
