"""Measures finding cards: each keystroke of a query, browse from the running app, `tutor browse`.

    python -m tools.measure_browse [--cards 100000] [--answers 100000] [--turns 5] [--keep FOLDER]

Makes a deck of so many cards beside the bundled ones, and a journal of so many answers. Types
queries letter by letter, as the page does, and takes the milliseconds of CPU of each; in a
pseudo-terminal of 120×40 presses `b` on Today, once all is open, until the rows stand there; and
starts `tutor browse` and Today in turns. Prints the least and the median; it asserts nothing.
"""

from __future__ import annotations

import argparse
import time
from statistics import median

from tools.measure_memory import settle
from tools.measure_opening import Program, place, prepared
from tutor import paths
from tutor.session.browsing import Browser
from tutor.session.learner import Learner
from tutor.session.query import QueryError

QUERIES = (
    "number", "card 77", "softmax temperature", "due:today", "lapses>3 number", "s<10",
    "topic:softmax", "-number soft", '"learning rate"', "kind:numeric flag:",
)  # fmt: skip
ROWS = "lapses"  # a title of the table, painted with its rows


def keystrokes(options: list[str]) -> None:
    """The milliseconds of each letter of each query, the slowest first."""
    data, content = options[1], options[3]
    learner = Learner.open(paths.settle(data_dir=data, content=(content,)))
    browser = Browser(learner)
    browser.open_index()
    took: list[tuple[float, str, int]] = []
    for query in QUERIES:
        for end in range(1, len(query) + 1):
            begun, found = time.process_time(), 0
            try:
                found = len(browser.find(query[:end]))
            except QueryError:
                found = -1
            took.append(((time.process_time() - begun) * 1000, query[:end], found))
    browser.close()
    learner.close()
    took.sort(reverse=True)
    print(f"{len(took)} keystrokes over {len(browser.rows):,} cards, CPU ms")
    print(f"  median {median(ms for ms, *_ in took):.1f}, slowest {took[0][0]:.1f}")
    for ms, query, found in took[:6]:
        print(f"  {ms:6.1f}  {query!r}: {found:,} cards")


def opens(options: list[str]) -> tuple[float, float]:
    """Milliseconds of wall and CPU from `b` on Today to the rows."""
    with Program(*options, columns=120, rows=40) as terminal:
        terminal.came("due")
        settle(terminal)
        begun, before = time.monotonic(), terminal.spent()
        terminal.child.send("b")
        after = terminal.came(ROWS)
        return (time.monotonic() - begun) * 1000, (after.cpu - before.cpu) * 1000


def starts(options: list[str], *words: str, shows: str) -> float:
    """CPU seconds from exec to what is shown."""
    with Program(*options, *words, columns=120, rows=40) as terminal:
        return terminal.came(shows).cpu


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cards", type=int, default=100_000)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--keep")
    args = parser.parse_args()
    with place(args.keep) as folder:
        options = prepared(folder, args.cards, args.answers)
        keystrokes(options)
        walls, cpus = zip(*(opens(options) for _ in range(args.turns)), strict=True)
        print(
            f"b on Today to its rows: wall {min(walls):.0f} ms, median {median(walls):.0f}; ",
            end="",
        )
        print(f"CPU {min(cpus):.0f} ms, median {median(cpus):.0f}")
        turns = [
            (starts(options, shows="due"), starts(options, "browse", shows=ROWS))
            for _ in range(args.turns)
        ]
    for name, pick in (("least", min), ("median", median)):
        today, browse = (pick(turn[at] for turn in turns) for at in range(2))
        print(
            f"{name:6} Today {today:.2f} s, tutor browse {browse:.2f} s: {browse / today:.2f} times"
        )


if __name__ == "__main__":
    main()
