"""A served tutor for tests: the real server as a process, and tabs that speak to it."""

from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, redirect_stdout
from pathlib import Path
from unittest import mock

import aiohttp
import pyte

from tutor.cli import main

DECK = """\
---
deck: d
title: Letters
license: CC0-1.0
---
# Alpha
<!-- topic id=alpha -->

The first letter.

## What comes after a?
<!-- card id=after-a -->
b is next.

## What comes after b?
<!-- card id=after-b -->
c is next.

## What comes after c?
<!-- card id=after-c -->
d is next.

## Which is a vowel?
<!-- card id=vowel -->
- [x] The letter e
- [ ] The letter f

## Which is a consonant?
<!-- card id=consonant -->
- [x] The letter t
- [ ] The letter u
"""
WAIT = 60.0


class Served:
    """A server that runs: its process, its port and the address that it printed."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address
        self.host = address.split("/")[2]
        self.origin = f"http://{self.host}"

    def apps(self) -> list[int]:
        """The processes that the server has started."""
        done = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return [int(pid) for pid in done.stdout.split()]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def learner(folder: Path) -> list[str]:
    """Options for a learner in `folder` who has answered one card, so that no welcome shows."""
    folder.mkdir(parents=True, exist_ok=True)
    deck = folder / "letters.md"
    deck.write_text(DECK, encoding="utf-8")
    options = ["--data-dir", str(folder / "data"), "--no-bundled", "--content", str(deck)]
    with redirect_stdout(io.StringIO()), mock.patch("sys.stdin", io.StringIO("\n3\n")):
        assert main([*options, "study", "--plain", "--limit", "1"]) == 0
    return options


@contextmanager
def serving(options: Sequence[str], *more: str) -> Iterator[Served]:
    """A server for a learner; ended at the end if the test did not."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tutor", *options, "serve", "--port", str(free_port()), *more],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "TUTOR_NO_WARM": "1", "SSH_CONNECTION": "1 2 3 4"},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        address = next(
            found[0] for line in process.stdout if (found := re.search(r"http\S+", line))
        )
        yield Served(process, address)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        process.stdout.close()


@asynccontextmanager
async def browser(served: Served) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that has exchanged the address for the cookie."""
    jar = aiohttp.CookieJar(unsafe=True)  # for an address without a name
    async with aiohttp.ClientSession(served.origin, cookie_jar=jar) as client:
        async with client.get(served.address) as page:
            assert page.status == 200
        yield client


class Tab:
    """A tab: a socket, and the screen that it was sent."""

    def __init__(self, shown: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = shown
        self.screen = pyte.Screen(100, 30)
        self._stream = pyte.ByteStream(self.screen)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    async def type(self, keys: str) -> None:
        await self.socket.send_json(["stdin", keys])

    async def until(self, shows: str | Callable[[str], bool]) -> str:
        """The screen once it shows this."""
        found = shows if callable(shows) else lambda text: shows in text
        ends = time.monotonic() + WAIT
        while not found(self.text):
            assert time.monotonic() < ends, f"waited for {shows!r}:\n{self.text}"
            try:
                message = await self.socket.receive(timeout=1.0)
            except TimeoutError:
                continue
            assert message.type is aiohttp.WSMsgType.BINARY, (message, self.text)
            self._stream.feed(message.data)
        return self.text

    async def close(self) -> None:
        await self.socket.close()

    async def closed_with(self) -> int | None:
        """The code with which the server closes it."""
        while True:
            message = await self.socket.receive(timeout=WAIT)
            if message.type is aiohttp.WSMsgType.CLOSE:
                return int(message.data)
            if message.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}:
                code: int | None = self.socket.close_code
                return code


async def open_tab(client: aiohttp.ClientSession, served: Served, name: str) -> Tab:
    """A tab of this name; the same name is the same tab, loaded again."""
    socket = await client.ws_connect(
        f"/ws/{name}?width=100&height=30", headers={"Origin": served.origin}
    )
    return Tab(socket)


async def gone(pid: int) -> bool:
    """Whether a process ends within the time to wait."""
    ends = time.monotonic() + WAIT
    while time.monotonic() < ends:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if "Z" in _state(pid):
            return True
        await asyncio.sleep(0.1)
    return False


def _state(pid: int) -> str:
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return done.stdout
