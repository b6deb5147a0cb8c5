"""What the served app costs: the first picture, a key, the memory of a session.

Run: python -m tools.measure_served [--keys 40]

A key is `down` on Today, from its sending to the first bytes that come back, in turn through a
socket of the server and through a pseudo-terminal, on the same machine in the same run. Prints
medians; asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import pexpect

from tests.web.served import Tab, browser, learner, open_tab, serving


def private_megabytes(pid: int) -> float:
    """Memory of a process that it shares with none."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    kept = [int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private")]
    return sum(kept) / 1024


async def served_key(tab: Tab, key: str) -> float:
    """Seconds until a key is answered through the server."""
    began = time.perf_counter()
    await tab.type(key)
    while (await tab.socket.receive(timeout=10)).type is not aiohttp.WSMsgType.BINARY:
        pass
    taken = time.perf_counter() - began
    await _quiet(tab)
    return taken


async def _quiet(tab: Tab) -> None:
    while True:
        try:
            await tab.socket.receive(timeout=0.15)
        except TimeoutError:
            return


def terminal_key(child: pexpect.spawn[str], key: str) -> float:
    """Seconds until a key is answered through a pseudo-terminal."""
    began = time.perf_counter()
    child.send(key)
    child.read_nonblocking(1, timeout=10)
    taken = time.perf_counter() - began
    _drain(child)
    return taken


def _drain(child: pexpect.spawn[str]) -> None:
    while True:
        try:
            child.read_nonblocking(65_536, timeout=0.15)
        except pexpect.TIMEOUT:
            return


async def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keys", type=int, default=40)
    count = options.parse_args().keys
    with tempfile.TemporaryDirectory() as folder:
        given = learner(Path(folder))
        with serving(given) as served:
            child = pexpect.spawn(
                sys.executable, ["-m", "tutor", *given], dimensions=(30, 100), encoding="utf-8"
            )
            child.delaybeforesend = None
            async with browser(served) as client:
                began = time.perf_counter()
                tab = await open_tab(client, served, "tab-00000001")
                await tab.until("Start today")
                first = time.perf_counter() - began
                await tab.until(lambda text: "Opening" not in text)
                await asyncio.sleep(3)
                await _quiet(tab)
                _drain(child)
                keys = ["\x1b[B", "\x1b[A"] * (count // 2)
                pairs = [(await served_key(tab, key), terminal_key(child, key)) for key in keys]
                (app,) = served.apps()
                web, pty = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
                print(f"first picture {first:.2f} s after its socket opened")
                print(f"a key: {web:.1f} ms served, {pty:.1f} ms in a pty, {web / pty:.2f} times")
                print(f"a session's own memory: {private_megabytes(app):.0f} MB")
                print(f"the server's own memory: {private_megabytes(served.process.pid):.0f} MB")
            child.close(force=True)


if __name__ == "__main__":
    asyncio.run(main())
