"""What the served app costs: the first picture, a key, the memory of a session, its end.

Run: python -m tools.measure_served [--keys 40] [--wait S]

A key is `down` on Today, from its sending to the first bytes that come back, in turn through a
socket of the server, through a pseudo-terminal and, where Debian's chromium and the extra
`browser` are there, through a page, on the same machine in the same run. The page is opened S
seconds after its address was printed. The end is that of the server and its apps after SIGTERM,
with three tabs open. Prints medians; asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pexpect

from tests.web.served import Served, Tab, browser, learner, open_tab, serving

if TYPE_CHECKING:
    from tests.web.chromium import Browser

_NAMES = {"\x1b[B": "ArrowDown", "\x1b[A": "ArrowUp"}


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


class Page:
    """The app in chromium; a key takes, by the page's clock, until bytes come back."""

    _TIMED = """
        const [key, done] = arguments;
        const field = document.querySelector(".xterm-helper-textarea"), began = performance.now();
        window.__told = (now) => { window.__told = null; done((now - began) / 1000); };
        field.dispatchEvent(new KeyboardEvent("keydown", {
          key, code: key, keyCode: key === "ArrowDown" ? 40 : 38, bubbles: true }));"""

    def __init__(self, shown: Browser) -> None:
        self.shown = shown

    def key(self, key: str) -> float:
        """Seconds until a key is answered in the page."""
        taken: float = self.shown.driver.execute_async_script(self._TIMED, _NAMES[key])
        self.shown.quiet()
        return taken


@contextmanager
def page(given: list[str], wait: float = 0.0) -> Iterator[tuple[Page, float] | None]:
    """A page on a server of its own, and the seconds from its address to the first picture.

    None without chromium or selenium.
    """
    try:
        from tests.web import chromium
    except ImportError:
        chromium = None  # type: ignore[assignment]
    if chromium is None or not os.access(chromium.CHROMIUM, os.X_OK):
        yield None
        return
    with (
        chromium.started() as driver,
        serving(given) as served,
        chromium.tab(driver, (1280, 800), served.origin) as shown,
    ):
        time.sleep(wait)
        shown.open(served.address)
        shown.until("Start today")
        # By the page's clock, from its address on: reading the picture here takes longer.
        first: float = shown.driver.execute_script("return window.__first") / 1000
        shown.until(lambda text: "Opening" not in text)
        shown.quiet()
        yield Page(shown), first


def seconds_to_end(served: Served) -> float:
    """Seconds from SIGTERM until the server and its apps are gone."""
    apps = served.apps()
    began = time.perf_counter()
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(60)
    while any(Path(f"/proc/{app}").exists() for app in apps):
        time.sleep(0.01)
    return time.perf_counter() - began


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
    options.add_argument("--wait", type=float, default=0.0)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        given = learner(Path(folder))
        with page(given, chosen.wait) as shown, serving(given) as served:
            await measure(given, served, shown, chosen.keys)


async def measure(
    given: list[str], served: Served, shown: tuple[Page, float] | None, count: int
) -> None:
    """Print what one server costs. shown: a page beside it, and how long its picture took."""
    child = pexpect.spawn(
        sys.executable, ["-m", "tutor", *given], dimensions=(30, 100), encoding="utf-8"
    )
    child.delaybeforesend = None
    async with browser(served) as client:
        began = time.perf_counter()
        tab = await open_tab(client, served, "tab-00000001")
        await tab.until("Start today")
        print(f"first picture: {time.perf_counter() - began:.2f} s after a socket opened")
        await tab.until(lambda text: "Opening" not in text)
        await asyncio.sleep(3)
        await _quiet(tab)
        _drain(child)
        times: dict[str, list[float]] = {"pty": [], "served": [], "page": []}
        for key in [*_NAMES] * (count // 2):
            times["served"].append(await served_key(tab, key))
            times["pty"].append(terminal_key(child, key))
            if shown is not None:
                times["page"].append(shown[0].key(key))
        _print_keys(times)
        if shown is not None:
            print(f"first picture: {shown[1]:.2f} s after the address was opened in chromium")
        (app,) = served.apps()
        print(f"a session's own memory: {private_megabytes(app):.0f} MB")
        print(f"the server's own memory: {private_megabytes(served.process.pid):.0f} MB")
        for name in ("tab-00000002", "tab-00000003"):
            await (await open_tab(client, served, name)).until("Start today")
        print(f"SIGTERM with 3 tabs open: all gone after {seconds_to_end(served):.2f} s")
    child.close(force=True)


def _print_keys(times: dict[str, list[float]]) -> None:
    pty = statistics.median(times["pty"])
    for way, taken in times.items():
        if taken:
            middle = statistics.median(taken)
            print(f"a key: {middle * 1000:.1f} ms, {way}, {middle / pty:.2f} times a pty")


if __name__ == "__main__":
    asyncio.run(main())
