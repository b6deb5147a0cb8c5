"""Measures in a pseudo-terminal how soon Today stands there, and how soon the first card does.

    python -m tools.measure_opening DATA DECK [--turns 5]

DATA is a data folder (`python -m tools.measure_store` shows how to fill one), DECK its deck. In
turns: a bare Textual app to its first paint; the tutor to Today; and from an enter on Today, sent
as soon as it is painted, to the first card or lesson. Wall seconds, the least of the turns, for a
machine is never quiet. Prints; it asserts nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.ui.terminal import Terminal

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("Bare app is here")
Bare().run()
"""


class Program(Terminal):
    """A terminal that notes when a text came."""

    def came(self, wanted: str, other: str = "\0") -> float:
        """Read until one of two texts stands there; the moment of that."""
        until = time.monotonic() + 120
        while wanted not in self.text and other not in self.text:
            if time.monotonic() > until:
                raise TimeoutError(self.text)
            if not self.drain():
                time.sleep(0.002)
        return time.monotonic()


def bare(folder: Path) -> float:
    """Seconds from the start of a bare Textual app to its first paint."""
    script = folder / "bare.py"
    script.write_text(BARE, encoding="utf-8")
    start = time.monotonic()
    with Program(program=str(script)) as terminal:
        return terminal.came("Bare app is here") - start


def today(data: str, deck: str) -> tuple[float, float]:
    """Seconds from the start to Today, and from an enter there to the first card or lesson."""
    start = time.monotonic()
    with Program("--data-dir", data, "--content", deck) as terminal:
        painted = terminal.came("Start today")
        terminal.child.send("\r")
        first = terminal.came("enter go on", "New topic")
    return painted - start, first - painted


def main() -> None:
    """Print the least of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("deck")
    parser.add_argument("--turns", type=int, default=5)
    args = parser.parse_args()
    # The cache of decks and the prepared row are there after any run.
    due = ["--data-dir", args.data, "--content", args.deck, "due"]
    subprocess.run([sys.executable, "-m", "tutor", *due], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        turns = [(bare(Path(folder)), *today(args.data, args.deck)) for _ in range(args.turns)]
    least, paint, card = (min(column) for column in zip(*turns, strict=True))
    print(f"bare Textual app   {least:.3f} s")
    print(f"tutor to Today     {paint:.3f} s, {paint / least:.2f} times that")
    print(f"enter to a card    {card:.3f} s, {card / paint:.2f} times the first paint")


if __name__ == "__main__":
    main()
