"""How smooth the lab is: frames, bytes and key presses while a network trains, in a pty.

Printed, never asserted: `python -m pytest tests/benchmarks/bench_lab.py -m bench -s`.
"""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import sys
import time
from pathlib import Path

import pexpect
import pytest

from tests.ui.test_lab import LabApp

FRAME = re.compile(rb"step [\d,]+ of")
SECONDS = 6.0
PRESSES = 60


def opened(demo: str, size: tuple[int, int], home: Path, **more: str) -> pexpect.spawn[bytes]:
    """The real program on a demo, in a pty of this size, its kernels compiled."""
    env = {
        **os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor",
        "TUTOR_DATA_DIR": str(home), **more,
    }  # fmt: skip
    words = ["-m", "tutor", "demo", demo]
    child = pexpect.spawn(sys.executable, words, env=env, dimensions=size[::-1], timeout=60)
    child.delaybeforesend = None
    return child


def read_for(child: pexpect.spawn[bytes], seconds: float) -> bytes:
    """All that the program sends in so many seconds."""
    out, end = b"", time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        try:
            out += child.read_nonblocking(1 << 16, timeout=left)
        except pexpect.TIMEOUT:
            break
    return out


def key_to_paint(child: pexpect.spawn[bytes]) -> float:
    """Seconds from `]` until the next knob is drawn as the one in hand."""
    read_for(child, 0.02)
    began = time.perf_counter()
    child.send("]")
    child.expect("\u2039".encode(), timeout=5)
    return time.perf_counter() - began


@pytest.mark.bench
@pytest.mark.parametrize("demo", ["overfit", "digits"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("where", ["here", "over ssh"])
def test_frames_bytes_and_keys(
    demo: str, size: tuple[int, int], where: str, tmp_path: Path
) -> None:
    ssh = {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"} if where == "over ssh" else {}
    child = opened(demo, size, tmp_path, **ssh)
    child.expect("Predict", timeout=60)
    child.expect("paused", timeout=90)
    child.send("-----" if demo == "overfit" else "---")
    child.send(" ")
    child.expect("running", timeout=10)
    out = read_for(child, SECONDS)
    presses = sorted(key_to_paint(child) for _ in range(PRESSES))
    child.send("\x11")
    child.close(force=True)
    frames = len(FRAME.findall(out))
    print(
        f"\n{demo:8} {size[0]}x{size[1]} {where:8}: {frames / SECONDS:5.1f} frames/s, "
        f"{len(out) / SECONDS / 1000:6.1f} KB/s, key to repaint "
        f"{1000 * statistics.median(presses):4.0f} ms, p99 {1000 * presses[-1]:4.0f} ms"
    )


class Heart:
    """Beats every 5 ms in the event loop and remembers its longest pauses."""

    def __init__(self) -> None:
        self.gaps: list[float] = []

    async def beat(self) -> None:
        """Go on until cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            self.gaps.append(now - last - 0.005)
            last = now

    def __str__(self) -> str:
        ordered = sorted(self.gaps)
        most, longest = ordered[-1 - len(ordered) // 100], ordered[-1]
        return f"p99 {1000 * most:.0f} ms, longest {1000 * longest:.0f} ms"


@pytest.mark.bench
@pytest.mark.parametrize("demo", ["overfit", "digits"])
async def test_gaps_of_the_event_loop(
    demo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a child compiles everything anew, while the demo starts, and while it trains."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    for name, until in (("compiling", "paused"), ("training", "complete")):
        app = LabApp(demo)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            if name == "training":
                await pilot.press("space")
            heart = Heart()
            beating = asyncio.ensure_future(heart.beat())
            while app.view.snapshot.state != until:
                await pilot.pause(0.1)
            beating.cancel()
        print(f"\n{demo:8} {name}: gaps of the event loop {heart}")
