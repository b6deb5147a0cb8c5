"""Measures in a pseudo-terminal how soon Today stands there, and how soon the first card does.

    python -m tools.measure_opening [--cards 10000] [--answers 100000] [--turns 5] [--keep FOLDER]

Makes a deck of so many further cards and a journal of so many answers to them. In turns: a bare
Textual app to its first paint; the tutor to Today; and from an enter on Today, sent as soon as it
is painted, to the first card or lesson. Wall seconds, and seconds of CPU of all its threads as the
kernel counts them, for a machine is never quiet: the least and the median of the turns. With
--keep the folder stays and is used again. Prints; it asserts nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.ui.terminal import Terminal
from tools.measure_store import log

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("Bare app is here")
Bare().run()
"""
CARDS_A_TOPIC = 50


class Spent(NamedTuple):
    """Seconds since a program began: on the wall, and of CPU."""

    wall: float
    cpu: float

    def since(self, before: Spent) -> Spent:
        """What was spent after `before`."""
        return Spent(self.wall - before.wall, self.cpu - before.cpu)


class Program(Terminal):
    """A terminal that tells what it took until a text came."""

    def __init__(
        self, *args: str, columns: int = 80, rows: int = 24, program: str | None = None
    ) -> None:
        self.begun = time.monotonic()
        super().__init__(*args, columns=columns, rows=rows, program=program)

    def came(self, *wanted: str) -> Spent:
        """Read until one of the texts stands there; what was spent until then."""
        until = time.monotonic() + 300
        while not any(text in self.text for text in wanted):
            if time.monotonic() > until:
                raise TimeoutError(self.text)
            if not self.drain():
                time.sleep(0.002)
        return self.spent()

    def spent(self) -> Spent:
        """What was spent until now."""
        return Spent(time.monotonic() - self.begun, self._cpu())

    def _cpu(self) -> float:
        """Seconds of CPU of every thread of the program that still runs."""
        threads = Path(f"/proc/{self.child.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in threads) / 1e9


def deck(file: Path, cards: int) -> None:
    """Write a deck of so many cards, c0, c1, ..., fifty a topic."""
    lines = []
    for n in range(cards):
        if n % CARDS_A_TOPIC == 0:
            lines.append(f"# Topic {n}\n<!-- topic id=topic-{n} -->\nWhat belongs to {n}.\n")
        lines.append(f"## What is the number of card {n}?\n<!-- card id=c{n} -->\nIt is {n}.\n")
    file.write_text("\n".join(lines), encoding="utf-8")


def prepared(folder: Path, cards: int, answers: int) -> list[str]:
    """The options of a place with the deck and its journal, both made if they are not there."""
    file = folder / "many.md"
    options = ["--data-dir", str(folder / "data"), "--content", str(file)]
    if not file.exists():
        deck(file, cards)
        if answers:
            log(folder / "log.csv", answers, cards, "many/")
            _tutor(*options, "import", "reviews", str(folder / "log.csv"))
    # The cache of decks and the prepared row are there after any run.
    _tutor(*options, "due")
    return options


def _tutor(*words: str) -> None:
    command = [sys.executable, "-m", "tutor", *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def bare(folder: Path) -> Spent:
    """What a bare Textual app takes to its first paint."""
    script = folder / "bare.py"
    script.write_text(BARE, encoding="utf-8")
    with Program(program=str(script)) as terminal:
        return terminal.came("Bare app is here")


def opened(options: list[str]) -> tuple[Spent, Spent]:
    """What Today takes, and what an enter there takes to the first card or lesson."""
    with Program(*options) as terminal:
        painted = terminal.came("Start today", "Go on", "due")
        terminal.child.send("\r")
        first = terminal.came("enter show", "enter go on", "New topic", "enter reveal")
    return painted, first.since(painted)


@contextlib.contextmanager
def place(kept: str | None) -> Iterator[Path]:
    """The folder named, which stays, or one that goes."""
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def table(turns: list[tuple[Spent, Spent, Spent]]) -> Iterator[str]:
    """Each row's least and median, and its share of what it is compared with."""
    for kind in Spent._fields:
        for pick in (min, median):
            bare_app, today, card = (
                pick([getattr(turn[at], kind) for turn in turns]) for at in range(3)
            )
            start = f"{kind:4} {pick.__name__:6}"
            yield f"{start} bare Textual app {bare_app:.3f} s"
            yield f"{start} tutor to Today   {today:.3f} s {today / bare_app:5.2f} times bare"
            yield f"{start} enter to a card  {card:.3f} s {card / today:5.2f} times Today"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--keep")
    args = parser.parse_args()
    with place(args.keep) as folder:
        options = prepared(folder, args.cards, args.answers)
        turns = [(bare(folder), *opened(options)) for _ in range(args.turns)]
    print(f"{args.cards:,} further cards, {args.answers:,} answers")
    print("\n".join(table(turns)))


if __name__ == "__main__":
    main()
