"""What Anki itself makes of our packages: every answer, every date, every memory.

`python -m pytest -m anki tests/exchange/test_anki_round_trip.py`, in an environment with Anki.
"""

from __future__ import annotations

import io
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.anki_peer import ask
from tests.exchange.lives import ROLLOVER, Life, drawn, live
from tutor.cli import main
from tutor.memory.model import CardState, Event, Rating
from tutor.memory.replay import replay
from tutor.memory.time import DAY_MS, Moment, nearest_day
from tutor.paths import settle
from tutor.session.learner import Learner

pytestmark = pytest.mark.anki

BASIC, CLOZES = 240, 30
UNITS = [f"lives/b{i}" for i in range(BASIC)] + [
    f"lives/c{i}/{gap}" for i in range(CLOZES) for gap in ("one", "two")
]
ZONES = ("UTC", "Europe/Berlin", "America/New_York")
_TYPES = {"new": 0, "learning": 1, "review": 2, "relearning": 3}


def deck() -> str:
    """A deck of cards with as many units."""
    basic = "## Question {0}?\n<!-- card id=b{0} -->\nAnswer $x_{{{0}}} < 1$.\n"
    cloze = "## Gaps {0}\n<!-- card id=c{0} -->\nText {0} with ==one== and ==two==.\n"
    cards = [basic.format(i) for i in range(BASIC)] + [cloze.format(i) for i in range(CLOZES)]
    return "---\ndeck: lives\n---\n\n" + "\n".join(cards)


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@dataclass
class Tried:
    """A folder with lives in it, the package made of it, and what Anki says."""

    folder: Path
    events: list[Event]
    states: dict[str, CardState]

    def export(self, name: str, *words: str) -> tuple[Path, dict[str, Any]]:
        """A package, and what the verb said."""
        file = self.folder / name
        told = ["--data-dir", str(self.folder), "--no-bundled"]
        with redirect_stdout(io.StringIO()) as said:
            assert main([*told, "export", "anki", str(file), "--json", *words]) == 0
        return file, json.loads(said.getvalue())


def lived(folder: Path, lives: dict[str, Life]) -> Tried:
    """A data folder in which these lives were lived."""
    decks = folder / "decks"
    decks.mkdir(parents=True)
    (decks / "lives.md").write_text(deck(), encoding="utf-8")
    with closing(Learner.open(settle(str(folder), bundled=False))) as learner:
        now = time.time_ns() // 1_000_000
        events = live(lives, learner.scheduler, now)
        states = replay(events, learner.scheduler)
        learner.store.append(events, states.values())
    return Tried(folder, events, states)


class Seen:
    """What Anki has of the units."""

    def __init__(self, dump: dict[str, Any], memory: dict[str, list[float]]) -> None:
        self.memory: dict[str, list[float]] = {}
        self.cards: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, list[list[int]]] = defaultdict(list)
        units = {}
        fields = {note["guid"]: note["fields"][-1] for note in dump["notes"]}
        for card in dump["cards"]:
            gaps = dict(pair.split("=") for pair in fields[card["guid"]].split())
            gap = gaps.get(f"c{card['ord'] + 1}")
            unit = units[card["id"]] = f"{card['guid']}/{gap}" if gap else card["guid"]
            self.cards[unit] = card
            self.memory[unit] = memory[str(card["id"])]
        for cid, *row in dump["answers"]:
            self.answers[units[cid]].append(row)


SEED = 20_261_128


def test_lives_arrive_whole(zone: str, tmp_path: Path) -> None:
    """300 lives: every answer, every due day, S and D as written and from the history."""
    folder = tmp_path
    seed = SEED + ZONES.index(zone)
    print(f"seed {seed}")
    tried = lived(folder, dict(zip(UNITS, drawn(len(UNITS), seed), strict=True)))
    file, said = tried.export("lives.apkg", "--with-schedule")
    taken, dump, memory, checked, again = ask(
        folder / "c.anki2",
        {"do": "import", "path": str(file)}, {"do": "dump"}, {"do": "memory"}, {"do": "check"},
        {"do": "import", "path": str(file)},
    )  # fmt: skip
    assert taken["new"] == said["notes"] == BASIC + CLOZES
    assert again["duplicate"] == BASIC + CLOZES
    assert checked == {"text": "Database rebuilt and optimized.", "empty": 0}
    seen = Seen(dump, memory)
    answers = 0
    with closing(Learner.open(settle(str(folder), bundled=False))) as learner:
        now = learner.now()
        for unit in UNITS:
            history = learner.renames.history(unit, learner.store)
            answers += compare(seen, unit, learner.state(unit), history, now.utc_offset_min)
    assert answers == said["answers"] > 500
    print(f"{zone}: {len(UNITS)} lives, {answers:,} answers")


def compare(seen: Seen, unit: str, state: CardState, history: list[Event], offset_min: int) -> int:
    """One unit in Anki and here; how many answers it has."""
    card, rows = seen.cards[unit], seen.answers[unit]
    mine = [event for event in history if event.kind == "review"]
    assert [row[1] for row in rows if row[1]] == [event.rating for event in mine]
    assert [row[5] for row in rows if row[1]] == [event.elapsed_ms or 0 for event in mine]
    assert all(abs(row[0] - e.at_utc_ms) < 1000 for row, e in zip(
        [row for row in rows if row[1]], mine, strict=True))  # fmt: skip
    assert card["type"] == _TYPES[state.phase]
    assert card["flags"] == state.flagged
    assert (card["queue"] == -1) == state.suspended
    if state.phase == "new":
        assert card["s"] is None
        return len(mine)
    assert (card["reps"], card["lapses"]) == (state.reps, state.lapses)
    if state.phase == "review":
        assert card["due"] == nearest_day(state.due_utc_ms, offset_min, ROLLOVER)
    else:
        assert card["due"] == state.due_utc_ms // 1000
    assert card["s"] == pytest.approx(state.stability, rel=1e-3, abs=1e-4)
    assert card["d"] == pytest.approx(state.difficulty, rel=1e-3)
    stability, difficulty = seen.memory[unit]
    assert stability == pytest.approx(state.stability, rel=1e-3)
    assert difficulty == pytest.approx(state.difficulty, rel=1e-3)
    return len(mine)


def test_cards_that_are_in_the_middle_of_something(tmp_path: Path) -> None:
    """Learning, relearning, buried today, suspended, flagged, reset, a memory without answers."""
    lives: dict[str, Life] = {}
    tried = lived(tmp_path, lives)
    with closing(Learner.open(settle(str(tmp_path), bundled=False))) as learner:
        now = learner.now()

        def act(kind: str, unit: int, ago_ms: int = 0, **fields: Any) -> None:
            at = now.utc_ms - ago_ms
            when = {"at_utc_ms": at, "study_day": now.study_day - ago_ms // DAY_MS}
            made = learner.event(kind, f"lives/b{unit}", **when, **fields)  # type: ignore[arg-type]
            if kind == "review":
                moment = Moment(at, now.utc_offset_min, made.study_day)
                after = learner.scheduler.outcome(
                    learner.state(made.card_key), fields["rating"], moment
                )
                made = replace(made, due_utc_ms=after.state.due_utc_ms)
            learner.append(lambda: [made])

        week = 7 * DAY_MS
        act("review", 0, rating=Rating.AGAIN, elapsed_ms=5)
        for unit in (1, 2, 3, 4):
            act("review", unit, 2 * week, rating=Rating.EASY, elapsed_ms=5)
        act("review", 1, rating=Rating.AGAIN, elapsed_ms=5)
        act("bury", 2)
        act("suspend", 3)
        act("flag", 3)
        act("reset", 4)
        memory = json.dumps({"stability": 40.0, "difficulty": 6.5})
        due = now.utc_ms + 30 * DAY_MS
        act("anchor", 5, week, payload=memory, due_utc_ms=due, source="import")
    file, said = tried.export("m.apkg", "--with-schedule")
    taken, dump, check = ask(
        tmp_path / "c.anki2",
        {"do": "import", "path": str(file)}, {"do": "dump"}, {"do": "check"},
    )  # fmt: skip
    cards = {card["guid"]: card for card in dump["cards"]}
    kinds = [(cards[f"lives/b{i}"]["type"], cards[f"lives/b{i}"]["queue"]) for i in range(7)]
    assert kinds == [(1, 1), (3, 1), (2, -2), (2, -1), (0, 0), (2, 2), (0, 0)]
    assert cards["lives/b0"]["left"] % 1000 == 2 and cards["lives/b1"]["left"] % 1000 == 1
    assert cards["lives/b3"]["flags"] == 1 and cards["lives/b1"]["ivl"] >= 1
    assert (cards["lives/b5"]["s"], cards["lives/b5"]["d"]) == (40.0, 6.5)
    assert said["answers"] == 6 and taken["new"] == BASIC + CLOZES
    assert check == {"text": "Database rebuilt and optimized.", "empty": 0}
