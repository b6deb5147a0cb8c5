"""Compiles demos' kernels in a child process: ahead of time, and at once for a demo that is opened.

There is one child at a time, so nothing is compiled twice; compiling here would stall the screen.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress

from tutor import children

COMMAND = (*children.COMMAND, "warm")
SWITCH = "TUTOR_NO_WARM"
PATIENCE_S = 2
"""How long a child may take to end."""
# A deck that is missing would be a reason not to begin.
_UNUSED = ("TUTOR_CONTENT",)
_COUNT = re.compile(rb"(\d{1,9})/(\d{1,9}) ")

OnCount = Callable[[int, int], None]


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
        self._stopped = False

    async def start(self) -> str:
        """Begin to compile all that is cold, ahead of time; once is enough.

        Returns what is to be told of kernels that were damaged; empty when none was.
        """
        from tutor.lab.compilation import readiness

        await asyncio.to_thread(readiness.sweep)
        names = await asyncio.to_thread(readiness.cold) if self._ahead is None else []
        if names and self._ahead is None and not self._stopped:
            self._ahead = asyncio.create_task(self._compile_ahead(names))
        return readiness.news()

    async def stop(self) -> None:
        """End the child that works ahead of time, for good: none is begun from now on."""
        self._stopped = True
        await self._make_room()

    async def _make_room(self) -> None:
        if self._ahead is not None:
            self._ahead.cancel()
            with suppress(asyncio.CancelledError):
                await self._ahead

    async def compile(self, name: str, on_count: OnCount) -> None:
        """Return when what a demo's start needs is compiled.

        `on_count(done, all)` is called meanwhile. A child that works ahead makes room, and goes on
        afterwards; what it has compiled is kept. A cancelled call ends the child that it started.
        """
        async with self._turn:
            await self._compile_now(name, on_count)

    async def _compile_now(self, name: str, on_count: OnCount) -> None:
        busy = self._ahead is not None and not self._ahead.done()
        await self._make_room()
        try:
            async with aclosing(self._counts("--first", name)) as counts:
                async for done, total in counts:
                    on_count(done, total)
        finally:
            if busy and not self._stopped:
                self._ahead = asyncio.create_task(self._compile_ahead([]))

    async def _compile_ahead(self, names: Sequence[str]) -> None:
        """Let a child compile `names` (whatever is cold, when there are none)."""
        async with aclosing(self._counts(*names)) as counts:
            async for _ in counts:
                pass

    async def _counts(self, *arguments: str) -> AsyncGenerator[tuple[int, int], None]:
        """What the child prints: how much is done, and all there is; ended when left early."""
        try:
            child = subprocess.Popen(
                [*self._command, *arguments],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                cwd=children.NEUTRAL, env=children.environment(os.environ, _UNUSED),
                process_group=0,
            )  # fmt: skip
        except OSError:
            return  # such as an update that exchanged Python: the demo compiles for itself
        try:
            assert child.stdout is not None
            while line := await asyncio.to_thread(child.stdout.readline):
                if count := _COUNT.match(line):
                    yield int(count[1]), int(count[2])
            await asyncio.to_thread(child.wait)
        finally:
            await asyncio.to_thread(_end, child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a child with the processes it works with; one that does not listen is killed."""
    with child:
        for number in (signal.SIGTERM, signal.SIGKILL):
            if child.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, number)
                with suppress(subprocess.TimeoutExpired):
                    child.wait(PATIENCE_S)
