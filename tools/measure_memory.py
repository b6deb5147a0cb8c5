"""Measures how much memory the app takes: `python -m tools.measure_memory [DATA]`.

In a pseudo-terminal of 120×40: at the first paint of Today (the program is stopped there, so that
nothing is loaded behind it), with answers and decks opened, at the first card, and beside it a bare
Textual app. DATA is copied first; without it the learner is new. RSS in MB, and the part of it
that no other process shares (Linux). Prints; it asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import tempfile
import time
from pathlib import Path

from tools.measure_opening import BARE, Program

QUIET = 1.5  # seconds of no CPU work after which all is opened
TICKS = os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> tuple[float, float]:
    """RSS of a process, and its private part, in MB."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    sizes = {name: int(kb) for name, kb in re.findall(r"^(\w+): +(\d+) kB", told, re.MULTILINE)}
    return sizes["Rss"] / 1024, (sizes["Private_Clean"] + sizes["Private_Dirty"]) / 1024


def worked(pid: int) -> float:
    """CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def settle(terminal: Program) -> None:
    """Wait until the program rests."""
    pid, since, before = terminal.child.pid, time.monotonic(), -1.0
    while time.monotonic() - since < QUIET:
        terminal.drain()
        if (now := worked(pid)) > before + 0.02:
            since, before = time.monotonic(), now
        time.sleep(0.05)


def told(what: str, pid: int) -> None:
    """Print one line."""
    resident, private = memory(pid)
    print(f"{what:<28} {resident:6.1f} MB, private {private:6.1f} MB", flush=True)


def measure(data: str) -> None:
    """The app from its first paint to its first card."""
    with Program("--data-dir", data, columns=120, rows=40) as terminal:
        terminal.came("Start today", "Learn machine learning")
        os.kill(terminal.child.pid, signal.SIGSTOP)
        told("Today, first paint", terminal.child.pid)
        os.kill(terminal.child.pid, signal.SIGCONT)
        settle(terminal)
        told("Today, decks opened", terminal.child.pid)
    with Program("--data-dir", data, "study", columns=120, rows=40) as terminal:
        terminal.came("go on", "first card")
        settle(terminal)
        told("study, first card or lesson", terminal.child.pid)


def main() -> None:
    """Measure a copy of a learner's folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", nargs="?", help="a data folder; it is copied first")
    data = parser.parse_args().data
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "bare.py")
        script.write_text(BARE, encoding="utf-8")
        with Program(program=str(script), columns=120, rows=40) as terminal:
            terminal.came("Bare app is here")
            told("a bare Textual app", terminal.child.pid)
        copy = Path(folder, "data")
        if data:
            shutil.copytree(data, copy)
        measure(str(copy))


if __name__ == "__main__":
    main()
