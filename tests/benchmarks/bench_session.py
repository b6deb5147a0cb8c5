"""How fast the next card and an answer are with 100,000 cards. Printed, never asserted.

Run: pytest tests/benchmarks/bench_session.py -m bench -s
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TypeVar

import pytest

from tutor.memory.model import CardState, Rating
from tutor.memory.time import DAY_MS, study_day, system_clock
from tutor.paths import Place, settle
from tutor.session.learner import Learner
from tutor.session.plans import StudyPlan
from tutor.session.statistics import gather
from tutor.session.study import StudySession
from tutor.store.database import open_store

pytestmark = pytest.mark.bench

DECKS, CARDS_A_DECK = 1000, 100
SEEN = 0.9
ANSWERS = 215

T = TypeVar("T")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A learner of 100,000 cards in 1,000 topics, nine of ten of them in review."""
    folder = tmp_path_factory.mktemp("session")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUTOR_CACHE_DIR", str(folder / "cache"))
        (folder / "decks").mkdir()
        for deck in range(DECKS):
            (folder / "decks" / f"{deck}.md").write_text(_deck(deck), encoding="utf-8")
        place = settle(str(folder / "data"), (str(folder / "decks"),), bundled=False)
        with open_store(place.database, place.backups) as store:
            store.append([], list(_states()))
        _timed("first opening, 1,000 decks parsed", lambda: Learner.open(place).close())
        yield place


def _deck(deck: int) -> str:
    cards = "".join(
        f"\n## What is number {card} of {deck}?\n<!-- card id=c{card} -->\n"
        f"It is $x_{{{card}}}$, and *so on*.\n"
        for card in range(CARDS_A_DECK)
    )
    return f"---\ndeck: k{deck}\n---\n\n# Topic {deck}\n<!-- topic id=t{deck} -->\n{cards}"


def _states() -> Iterator[CardState]:
    chance, now = random.Random(1), system_clock()
    day = study_day(now, 0, 4)
    for number in range(round(DECKS * CARDS_A_DECK * SEEN)):
        deck, card = divmod(number, CARDS_A_DECK)
        due = now + chance.randint(-20, 200) * DAY_MS
        yield CardState(
            f"k{deck}/c{card}", "review", chance.uniform(1, 100), 5.0, due, reps=3,
            first_day=day - 200, last_day=day - chance.randint(1, 99), passed=True,
        )  # fmt: skip


def test_a_session(place: Place) -> None:
    learner = _timed("opening, decks cached", lambda: Learner.open(place))
    with closing(learner):
        session = _timed("first queue", lambda: StudySession(learner, StudyPlan(new=15)))
        nexts: list[float] = []
        cold: list[float] = []
        answers: list[float] = []
        for number in range(ANSWERS):
            # Every other card is read ahead, as while a learner thinks.
            if number % 2:
                session.prepare()
            started = time.perf_counter()
            item = session.next()
            (nexts if number % 2 else cold).append(time.perf_counter() - started)
            assert item is not None
            started = time.perf_counter()
            session.answer(item, Rating.GOOD, elapsed_ms=5000)
            answers.append(time.perf_counter() - started)
        _spread("next card, read ahead", nexts)
        _spread("next card, parsed now", cold)
        _spread("answer, committed", answers)
        _timed("undo", session.undo)
        _timed("what is due", learner.due)
        _timed("all statistics", lambda: gather(learner))


def _timed(what: str, act: Callable[[], T]) -> T:
    started = time.perf_counter()
    result = act()
    print(f"{what:<40} {(time.perf_counter() - started) * 1000:>10.3f} ms")
    return result


def _spread(what: str, times: list[float]) -> None:
    times = sorted(times)
    for name, share in (("median", 0.5), ("p99", 0.99)):
        print(f"{what + ', ' + name:<40} {times[int(len(times) * share)] * 1000:>10.3f} ms")
