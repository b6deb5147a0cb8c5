"""Which questions an exam asks, and what the interval of its score holds."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tools.exam_interval import coverage
from tutor.deck.model import Entry, Source
from tutor.quiz.sampling import sample


def _entries(sizes: list[int]) -> list[Entry]:
    return [
        Entry(f"d/t{topic}-{n}", "d", "typed", "", f"t{topic}", (f"d/t{topic}-{n}",), Source("", 1))
        for topic, size in enumerate(sizes)
        for n in range(size)
    ]


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=9), st.integers(0, 60), st.integers(0, 10**6)
)
def test_each_topic_has_its_share(sizes: list[int], count: int, seed: int) -> None:
    entries = _entries(sizes)
    chosen, spare = sample(entries, count, random.Random(seed))
    assert len(chosen) == min(count, len(entries)) == len(set(chosen))
    assert sorted(chosen + spare) == sorted(entry.key for entry in entries)
    for topic, size in enumerate(sizes):
        mine = sum(key.startswith(f"d/t{topic}-") for key in chosen)
        assert abs(mine - size * len(chosen) / max(1, len(entries))) < 1.001


def test_each_card_has_the_same_chance() -> None:
    entries = _entries([1, 9, 30])
    times = dict.fromkeys((entry.key for entry in entries), 0)
    for seed in range(2_000):
        for key in sample(entries, 10, random.Random(seed))[0]:
            times[key] += 1
    assert all(410 < count < 590 for count in times.values()), "500 expected, sd 19"


def test_the_interval_of_the_score_covers_what_it_should() -> None:
    print("seed 5; python -m tools.exam_interval runs all of it")
    found = [coverage(share, 20, exams=400, seed=5) for share in (0.5, 0.7, 0.9)]
    found += [coverage(0.97, count, exams=400, seed=count) for count in (10, 30)]
    assert all(each > 0.92 for each in found), found
