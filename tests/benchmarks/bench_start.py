"""From exec to "N due" on the screen, against a bare Textual app in the same run.

`pytest tests/benchmarks/bench_start.py -m bench -s` prints the table; nothing is asserted on time.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pexpect
import pytest

from tutor import paths
from tutor.memory.model import Rating
from tutor.paths import Place
from tutor.session.learner import Learner
from tutor.session.study import StudySession

ROOT = Path(__file__).parents[2]
ROUNDS = 7
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("23 due")
Bare().run()
"""
CARD = """
## What is the number of card {n}?
<!-- card id=card-{n} topic=many -->
It is {n}.
"""


def seconds(command: list[str], wanted: str) -> float:
    """Seconds from exec until `wanted` was written to the terminal."""
    env = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    begin = time.perf_counter()
    child = pexpect.spawn(command[0], command[1:], env=env, dimensions=(24, 80), timeout=60)
    child.expect(wanted)
    passed = time.perf_counter() - begin
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    return passed


def begun(place: Place) -> Place:
    """The place with one answer in its journal, so that there is something to show."""
    learner = Learner.open(place)
    session = StudySession(learner)
    item = session.next()
    assert item is not None
    session.answer(item, Rating.GOOD, elapsed_ms=5000)
    learner.close()
    return place


def many_cards(folder: Path) -> Path:
    """A deck of 10,000 cards."""
    deck = folder / "many.md"
    cards = "".join(CARD.format(n=n) for n in range(10_000))
    deck.write_text(f"# Many\n<!-- topic id=many -->\n{cards}", encoding="utf-8")
    return deck


@pytest.mark.bench
def test_start(tmp_path: Path) -> None:
    """Interleaved rounds: bare, bundled decks, bundled decks and 10,000 cards more."""
    plain, full = tmp_path / "plain", tmp_path / "full"
    begun(paths.settle(data_dir=str(plain)))
    begun(paths.settle(data_dir=str(full), content=(str(many_cards(tmp_path)),)))
    tutor = [sys.executable, "-m", "tutor", "--data-dir"]
    runs: dict[str, Callable[[], float]] = {
        "bare Textual app": lambda: seconds([sys.executable, "-c", BARE], "23 due"),
        "tutor, bundled decks": lambda: seconds([*tutor, str(plain)], " due"),
        "tutor, 10,000 cards more": lambda: seconds(
            [*tutor, str(full), "--content", str(tmp_path / "many.md")], " due"
        ),
    }
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            times[name].append(run())
    bare = median(times["bare Textual app"])
    print()
    for name, taken in times.items():
        middle = median(taken)
        print(f"{name:28} {middle * 1000:6.0f} ms   {middle / bare:4.2f} x")
