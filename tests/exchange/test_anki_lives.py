"""Cards that lived in Anki's own backend, under a clock that is set, come in as they are.

Needs `.venv-anki` (see `.ci/peers/anki.txt`) and Debian's faketime.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.exchange.test_from_anki import assert_replayed, take
from tests.session.decks import DECK, Clock, learner
from tools.anki_clock import live, missing
from tutor.memory.time import nearest_day

KINDS = ("Basic", "Basic (and reversed card)", "Basic (type in the answer)", "Cloze")
DAY_S, HOUR_S = 86_400, 3600
ROLLOVER = 4
# At these hours of the day Anki's test mode, which keeps its fuzz away, sets its own clock two
# hours back, but not the times of the answers that it is given.
SHIFTED = (2, 3)


def lives(draw: random.Random, begin: int, count: int, zone: str) -> list[dict[str, Any]]:
    """Random lives: answers in learning and after, early, late and twice a day, and all else."""
    there = ZoneInfo(zone)
    made = []
    for _ in range(count):
        at, steps = begin + draw.randrange(HOUR_S, 5 * DAY_S), list[tuple[int, Any]]()
        for _ in range(draw.randrange(0, 10)):
            what: Any = draw.choice((1, 2, 3, 3, 3, 3, 4))
            if draw.random() < 0.12:
                what = draw.choice(("forget", "due 5", "due 0", "filtered"))
            if datetime.fromtimestamp(at, there).hour in SHIFTED:
                at += 2 * HOUR_S
            steps.append((at, what))
            at += draw.choice((61, 700, 3 * HOUR_S, DAY_S, 3 * DAY_S, draw.randrange(12 * DAY_S)))
        last = draw.choice(("", "", "", "suspend", "bury", "flag 3", "filtered"))
        if last:
            steps.append((at, last))
        made.append({"kind": draw.choice(KINDS), "steps": steps})
    return made


@pytest.fixture(params=["UTC", "Europe/Berlin", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name: str = request.param
    monkeypatch.setenv("TZ", name)
    time.tzset()
    yield name
    monkeypatch.undo()
    time.tzset()


def near(one: float, other: float) -> bool:
    # Anki rounds to four and three digits after each answer.
    return abs(one - other) <= max(2e-3 * abs(other), 2e-3)


@pytest.mark.anki
@pytest.mark.parametrize(
    ("legacy", "fsrs", "whole", "seed"),
    [
        (True, True, False, 1),
        (False, True, False, 2),
        (True, False, False, 3),
        (True, True, True, 4),
        (False, True, True, 5),
    ],
)
def test_lives_come_in_as_they_are(
    tmp_path: Path, zone: str, legacy: bool, fsrs: bool, whole: bool, seed: int
) -> None:
    if missing():
        pytest.skip(f"needs {missing()}")
    if not legacy and sys.version_info < (3, 14):
        pytest.importorskip("backports.zstd")
    # Between two changes of the clocks, over which Anki counts days otherwise.
    begin = round(datetime(2026, 5, 4, 9, tzinfo=ZoneInfo(zone)).timestamp())
    anki = tmp_path / "anki"
    anki.mkdir()
    asked = lives(random.Random(f"{seed} {zone}"), begin, 20 if whole else 60, zone)
    found = live(anki, zone, begin=begin, fsrs=fsrs, legacy=legacy, whole=whole, cards=asked)
    last = max((at for each in asked for at, _ in each["steps"]), default=begin)
    with closing(learner(tmp_path, Clock((last + 60) * 1000), DECK)) as one:
        package = take(one, anki / "lives.apkg")
        unit_of = package.identities.units
        for card, life in zip(found["cards"], asked, strict=True):
            state = one.state(unit_of[f"{card['guid']}#{card['ord']}"])
            told = f"{zone} {life} {card} {state}"
            assert state.suspended == (card["queue"] == -1), told
            assert state.flagged == bool(card["flags"]), told
            if card["type"] == 0:
                assert state.phase == "new", told
                continue
            # What Anki goes on from, if it keeps a memory; else what it would begin with.
            if memory := card["kept"] or card["computed"]:
                assert near(state.stability, memory[0]), told
                assert near(state.difficulty, memory[1]), told
            if card["type"] == 2:
                offset = round(one.now().utc_offset_min)
                crt = datetime.fromtimestamp(card["crt"], ZoneInfo(zone)).date()
                day = (crt - datetime(1970, 1, 1).date()).days + card["due"]
                assert nearest_day(state.due_utc_ms, offset, ROLLOVER) == day, told
                assert state.phase in ("review", "new"), told
            elif card["due"] > 10**9:
                assert abs(state.due_utc_ms - card["due"] * 1000) < 1000, told
        rows = sum(1 for _ in one.store.events())
        again = take(one, anki / "lives.apkg")
        assert (again.plan.cards, again.arrived.new_answers) == (0, 0)
        assert sum(1 for _ in one.store.events()) == rows
        assert_replayed(one)
