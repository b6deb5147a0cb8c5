"""Compiles demos' kernels in a child process: ahead of time, and at once for a demo that is opened.

There is one child at a time, so nothing is compiled twice; compiling here would stall the screen.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress

COMMAND = (sys.executable, "-m", "tutor", "warm")
SWITCH = "TUTOR_NO_WARM"

Tell = Callable[[int, int], None]


def wanted() -> bool:
    """Whether to compile ahead of time at all; TUTOR_NO_WARM=1 says no."""
    return os.environ.get(SWITCH, "0") in {"", "0"}


class Warmer:
    """Runs `tutor warm`, which prints a line `done/all name` for each kernel, and follows it.

    command: what to run, with the names of demos added.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = tuple(command)
        self._ahead: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._news = asyncio.Event()
        self._at, self._done = "", 0

    async def start(self) -> None:
        """Begin to compile all that is cold, ahead of time; once is enough."""
        from tutor.lab import warm

        if self._ahead is None and (names := await asyncio.to_thread(warm.cold)):
            self._ahead = asyncio.create_task(self._compile_ahead(names))

    async def stop(self) -> None:
        """End the child that works ahead of time."""
        if self._ahead is not None:
            self._ahead.cancel()
            with suppress(asyncio.CancelledError):
                await self._ahead

    async def compile(self, name: str, tell: Tell) -> None:
        """Return when the kernels of a demo are compiled, calling `tell(done, all)` meanwhile.

        If the child is just compiling this very demo it is waited for; else it makes room and
        goes on with the others afterwards. A cancelled call ends the child that it started.
        """
        async with self._turn:
            if self._at == name:
                await self._follow(name, tell)
            else:
                await self._compile_now(name, tell)

    async def _follow(self, name: str, tell: Tell) -> None:
        from tutor.lab import warm

        total = warm.kernels([name])
        while self._at == name:
            tell(self._done, max(self._done, total))
            self._news.clear()
            await self._news.wait()

    async def _compile_now(self, name: str, tell: Tell) -> None:
        busy = self._ahead is not None and not self._ahead.done()
        await self.stop()
        try:
            async with aclosing(self._lines([name])) as lines:
                async for done, total, _ in lines:
                    tell(done, total)
        finally:
            if busy:
                self._ahead = asyncio.create_task(self._compile_ahead([]))

    async def _compile_ahead(self, names: Sequence[str]) -> None:
        """Follow a child for `names` (whatever is cold, when there are none), demo by demo."""
        before = 0
        try:
            async with aclosing(self._lines(names)) as lines:
                async for done, _, name in lines:
                    before = before if name == self._at else done
                    self._at, self._done = name, done - before
                    self._news.set()
        finally:
            self._at = ""
            self._news.set()

    async def _lines(self, names: Sequence[str]) -> AsyncGenerator[tuple[int, int, str], None]:
        """What the child prints: kernels done, all of them, the demo; ended when left early."""
        child = await asyncio.create_subprocess_exec(
            *self._command, *names,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert child.stdout is not None
            async for line in child.stdout:
                count, name = line.decode().split()
                done, total = count.split("/")
                yield int(done), int(total), name
            await child.wait()
        finally:
            if child.returncode is None:
                child.terminate()
                await child.wait()
