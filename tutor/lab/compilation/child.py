"""Compiles demos' kernels in a child process: ahead of time, and at once for a demo that is opened.

There is one child at a time, so nothing is compiled twice; compiling here would stall the screen.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from pathlib import Path

# -P: nothing of the folder that the program was started in is imported.
COMMAND = (sys.executable, "-P", "-m", "tutor", "warm")
SWITCH = "TUTOR_NO_WARM"
_PATHS = {"TUTOR_DATA_DIR", "TUTOR_CACHE_DIR", "TUTOR_MNIST", "NUMBA_CACHE_DIR", "PYTHONPATH"}
_COUNT = re.compile(rb"(\d{1,9})/(\d{1,9}) ")

OnCount = Callable[[int, int], None]


def wanted() -> bool:
    """Whether to compile ahead of time at all; TUTOR_NO_WARM=1 says no."""
    return os.environ.get(SWITCH, "0") in {"", "0"}


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """`given` for a child that works in another folder: paths are whole, decks are of no use."""
    found = {name: value for name, value in given.items() if name != "TUTOR_CONTENT"}
    for name in _PATHS & found.keys():
        parts = found[name].split(os.pathsep) if name == "PYTHONPATH" else [found[name]]
        whole = [str(Path(part).expanduser().absolute()) for part in parts if part]
        found[name] = os.pathsep.join(whole)
    return found


class Warmer:
    """Runs `tutor warm`, which prints a line `done/all name` for each kernel, and follows it.

    command: what to run, with the names of demos added.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = tuple(command)
        self._ahead: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    async def start(self) -> str:
        """Begin to compile all that is cold, ahead of time; once is enough.

        Returns what is to be told of kernels that were damaged; empty when none was.
        """
        from tutor.lab.compilation import readiness

        await asyncio.to_thread(readiness.sweep)
        if self._ahead is None and (names := await asyncio.to_thread(readiness.cold)):
            self._ahead = asyncio.create_task(self._compile_ahead(names))
        return readiness.news()

    async def stop(self) -> None:
        """End the child that works ahead of time."""
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
        await self.stop()
        try:
            async with aclosing(self._counts("--first", name)) as counts:
                async for done, total in counts:
                    on_count(done, total)
        finally:
            if busy:
                self._ahead = asyncio.create_task(self._compile_ahead([]))

    async def _compile_ahead(self, names: Sequence[str]) -> None:
        """Let a child compile `names` (whatever is cold, when there are none)."""
        async with aclosing(self._counts(*names)) as counts:
            async for _ in counts:
                pass

    async def _counts(self, *arguments: str) -> AsyncGenerator[tuple[int, int], None]:
        """What the child prints: how much is done, and all there is; ended when left early."""
        try:
            child = await asyncio.create_subprocess_exec(
                *self._command, *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=os.sep,
                env=environment(os.environ),
                process_group=0,
            )  # fmt: skip
        except OSError:
            return  # such as an update that exchanged Python: the demo compiles for itself
        try:
            assert child.stdout is not None
            async for line in child.stdout:
                if count := _COUNT.match(line):
                    yield int(count[1]), int(count[2])
            await child.wait()
        finally:
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGTERM)  # with the processes it works with
                await child.wait()
