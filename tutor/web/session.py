"""One tab's app: its process, and the socket that shows it now, if there is one.

The process outlives the socket, so that a reload, a closed lid or a locked phone comes back to
the same card; what it paints meanwhile is let go, and painted anew when somebody looks again.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Mapping, Sequence

from aiohttp import web

from tutor import children
from tutor.web import packets

TAKEN_OVER, ENDED, FAILED = 4001, 4003, 4004
"""Close codes of a socket: another tab shows the session, the app ended, it never began."""

PRELUDE = 20
"""Lines that the app may print before its first packet."""

REASON = 120
"""Bytes of a close reason; a frame holds 123."""

# What the app wrote when it began, which a new terminal has not heard: alternate screen, mouse
# (buttons, all motion, urxvt and SGR form), no cursor, bracketed paste.
MODES = b"\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?25l\x1b[?2004h"

DRIVER = "tutor.ui.terminal.web_driver:ServedDriver"
# They describe the terminal in which the server runs, or would open a program there.
_NOT_ITS_OWN = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "TMUX", "STY", "EDITOR", "VISUAL",
                "NO_COLOR", "TEXTUAL", "TEXTUAL_DEBUG", "TERM_PROGRAM_VERSION")  # fmt: skip


def environment(own: Mapping[str, str], width: int, height: int, files: bool) -> dict[str, str]:
    """What the app of a tab is started with. files: whether it may read and write by a path."""
    kept = children.environment(own, _NOT_ITS_OWN)
    return kept | {
        "TEXTUAL_DRIVER": DRIVER, "TEXTUAL_COLOR_SYSTEM": "truecolor", "TERM": "xterm-256color",
        "COLORTERM": "truecolor", "TERM_PROGRAM": "tutor-serve", "COLUMNS": str(width),
        "ROWS": str(height), "TUTOR_SERVED": "files" if files else "no files",
    }  # fmt: skip


class Session:
    """The app of one tab."""

    def __init__(self, arguments: Sequence[str], files: bool = False) -> None:
        """arguments: of `tutor`; files: whether it may read and write files by their path."""
        self.arguments = tuple(arguments)
        self.files = files
        self.socket: web.WebSocketResponse | None = None
        self.left_at = time.monotonic()
        self.size = (80, 24)
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        """Whether the app runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def over(self) -> bool:
        """Whether the app has ended."""
        return self._process is not None and self._process.returncode is not None

    async def show(self, socket: web.WebSocketResponse, width: int, height: int) -> None:
        """Let a socket show the app, which is started if need be; another one is closed."""
        before, self.socket = self.socket, socket
        if before is not None:
            await before.close(code=TAKEN_OVER)
        if not self.alive:
            await self.start(width, height)
            return
        await socket.send_bytes(MODES)
        # A new size makes the app paint everything; one resize to the same size would not.
        if self.size == (width, height):
            await self.resize(width + 1, height)
            await asyncio.sleep(0.1)
        await self.resize(width, height)
        await self.focus(True)

    def leave(self, socket: web.WebSocketResponse) -> None:
        """A socket is gone; the app goes on."""
        if self.socket is socket:
            self.socket, self.left_at = None, time.monotonic()

    async def start(self, width: int = 80, height: int = 24) -> None:
        """Start the app; what it paints before a socket shows it is let go."""
        self.size = (width, height)
        self._process = await asyncio.create_subprocess_exec(
            *children.COMMAND, *self.arguments,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, start_new_session=True,
            env=environment(os.environ, width, height, self.files),
            # A path that is typed in a page is one of the folder in which the server was started.
            cwd=None if self.files else children.NEUTRAL,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read(self._process))

    # -- to the app -----------------------------------------------------------------------------

    async def keys(self, text: str) -> None:
        """What was typed, pasted or clicked."""
        await self._write(packets.data(text.encode("utf-8", "replace")))

    async def resize(self, width: int, height: int) -> None:
        """The tab has another size, in cells."""
        self.size = (width, height)
        await self._write(packets.meta(type="resize", width=width, height=height))

    async def focus(self, on: bool) -> None:
        """The tab got the focus, or lost it."""
        await self._write(packets.meta(type="focus" if on else "blur"))

    async def _write(self, packet: bytes) -> None:
        if self._process is None or self._process.stdin is None or not self.alive:
            return
        with contextlib.suppress(ConnectionError, RuntimeError):
            self._process.stdin.write(packet)
            await self._process.stdin.drain()

    # -- from the app ---------------------------------------------------------------------------

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None and process.stderr is not None
        errors = asyncio.create_task(process.stderr.read())
        code, reason = ENDED, b""
        if await self._begins(process.stdout):
            await self._pass_on(process.stdout)
        else:
            code = FAILED
        await process.wait()
        if code == FAILED:
            said = (await errors).decode("utf-8", "replace").strip().splitlines()
            reason = " ".join(said[-3:]).encode()[-REASON:]
        else:
            errors.cancel()
        if self.socket is not None:
            await self.socket.close(code=code, message=reason.decode("utf-8", "ignore").encode())

    async def _begins(self, stream: asyncio.StreamReader) -> bool:
        for _ in range(PRELUDE):
            line = await stream.readline()
            if line == packets.BEGINS or not line:
                return bool(line)
        return False

    async def _pass_on(self, stream: asyncio.StreamReader) -> None:
        while (packet := await packets.read(stream)) is not None:
            letter, payload = packet
            if letter == b"D" and self.socket is not None:
                with contextlib.suppress(ConnectionError, RuntimeError):
                    await self.socket.send_bytes(payload)

    # -- the end --------------------------------------------------------------------------------

    async def stop(self, patience: float = 2.5) -> None:
        """End the app, kindly, then less so. patience: seconds that it has to end by itself."""
        process = self._process
        if process is None:
            return
        await self._write(packets.meta(type="quit"))
        for end, seconds in ((process.terminate, patience), (process.kill, 1.0)):
            if await _ended(process, seconds):
                break
            with contextlib.suppress(ProcessLookupError):
                end()
        await _ended(process, 1.0)
        if self._reading is not None:
            self._reading.cancel()
        if self.socket is not None:
            await self.socket.close(code=1001)


async def _ended(process: asyncio.subprocess.Process, seconds: float) -> bool:
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        return False
    return True
