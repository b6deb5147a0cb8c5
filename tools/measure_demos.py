"""Measures each demo in a pseudo-terminal: its first frame, frames a second, bytes a frame, memory.

    python -m tools.measure_demos [DEMO ...] [--seconds 4] [--columns 120] [--rows 40]

A bare Textual app is started beside each demo. first: CPU seconds of the process from its start to
the first frame; times: how often those of the bare app. Once the answers are open, too, the demo
runs at the pace at which it opens: frames a second (few where nothing moves by itself), bytes and
CPU ms a frame, and RSS in MB at the end (Linux). A frame is what the program writes without a
pause. Kernels should lie ready (`tutor warm`). Prints; it asserts nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect

from demos import catalog
from tools.measure_memory import memory, settle
from tools.measure_opening import BARE, Program

PAUSE = 0.02  # seconds without a byte that part two frames; at 15 a second they are 0.067 apart
FIRST = "step 0", "paused"


def worked(pid: int) -> float:
    """CPU seconds of a process and its threads, finer than a clock tick."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(one.read_text(encoding="ascii").split()[0]) for one in threads) / 1e9


@contextmanager
def opened(*args: str, size: tuple[int, int], program: str | None = None) -> Iterator[Program]:
    """A program in a terminal, ended in the end, however long a loaded machine takes for it."""
    columns, rows = size
    terminal = Program(*args, columns=columns, rows=rows, program=program)
    try:
        yield terminal
    finally:
        with contextlib.suppress(pexpect.ExceptionPexpect):
            terminal.child.close(force=True)


def bare(script: Path, size: tuple[int, int]) -> float:
    """CPU seconds of a bare Textual app to its first paint."""
    with opened(size=size, program=str(script)) as terminal:
        terminal.came("Bare app is here")
        return worked(terminal.child.pid)


def frames(terminal: Program, seconds: float) -> list[tuple[float, int]]:
    """When each frame came, and how many bytes it has."""
    found: list[tuple[float, int]] = []
    began, last = time.monotonic(), 0.0
    while (now := time.monotonic()) < began + seconds:
        try:
            data = terminal.child.read_nonblocking(65536, timeout=PAUSE)
        except pexpect.TIMEOUT:
            continue
        if now - last > PAUSE or not found:
            found.append((now, 0))
        found[-1] = found[-1][0], found[-1][1] + len(data)
        last = time.monotonic()
    return found


def measure(demo: str, data: str, script: Path, size: tuple[int, int], seconds: float) -> str:
    """One demo as a line."""
    beside = bare(script, size)
    with opened("--data-dir", data, "demo", demo, size=size) as terminal:
        pid = terminal.child.pid
        terminal.came(*FIRST)
        first = worked(pid)
        settle(terminal)  # the answers are opened behind the first frame
        terminal.child.send(" ")  # leaves the question, and runs
        before, came = worked(pid), frames(terminal, seconds)
        ms, count = 1000 * (worked(pid) - before) / max(1, len(came)), len(came)
        rate = (count - 1) / (came[-1][0] - came[0][0]) if count > 1 else 0.0
        size_of = sum(length for _, length in came) / max(1, count)
        return (
            f"{demo:<16} {first:6.2f} s {first / beside:5.1f} times {rate:6.1f}/s "
            f"{size_of:8.0f} bytes {ms:6.1f} ms {memory(pid)[0]:6.0f} MB"
        )


def main() -> None:
    """Print a line a demo."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("demos", nargs="*", help="all, if none is named")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--columns", type=int, default=120)
    parser.add_argument("--rows", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "bare.py")
        script.write_text(BARE, encoding="utf-8")
        size = given.columns, given.rows
        for demo in given.demos or catalog.names():
            print(measure(demo, folder, script, size, given.seconds), flush=True)


if __name__ == "__main__":
    main()
