"""The server: our page, the terminal's files out of textual-serve, and one socket a tab.

It listens on this machine alone, and asks nothing of any other.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import signal
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import textual_serve
from aiohttp import WSMsgType, web

from tutor.errors import UsageError
from tutor.web.guard import Guard, Handler
from tutor.web.session import Session
from tutor.web.sessions import FullError, Sessions

FULL = 4002
"""Close code of a socket: there are eight sessions already."""

SWEEP = 30.0  # seconds between two looks at sessions that nobody looks at
WIDEST = 1_000
_TAB = re.compile(r"[A-Za-z0-9-]{8,64}")
_THEIRS = Path(textual_serve.__file__).parent / "static"
_FILES = {
    "terminal.js": ("js/textual.js", "text/javascript"),
    "terminal.css": ("css/xterm.css", "text/css"),
    "mono.ttf": ("fonts/RobotoMono-VariableFont_wght.ttf", "font/ttf"),
    "mono-italic.ttf": ("fonts/RobotoMono-Italic-VariableFont_wght.ttf", "font/ttf"),
}
_OURS = {"page.js": "text/javascript", "page.css": "text/css"}


class Server:
    """One server of one learner's folder."""

    def __init__(self, port: int, arguments: Sequence[str], allow_files: bool = False) -> None:
        """arguments: with which `tutor` is started, such as its data folder."""
        self.port = port
        self.guard = Guard(port)
        self.sessions = Sessions(lambda: Session(arguments, allow_files))

    def application(self) -> web.Application:
        """The routes behind the guard."""

        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self.guard.check(request, handler)

        app = web.Application(middlewares=[web.middleware(guarded)])
        app.add_routes([
            web.get("/", self._page),
            web.get("/alive", self._alive),
            web.get("/file/{name}", self._file),
            web.get("/ws/{tab}", self._socket),
        ])  # fmt: skip
        return app

    async def run(self, ready: Callable[[str], None]) -> None:
        """Serve until a signal ends it. `ready` is told the address. Raises UsageError."""
        logging.getLogger("aiohttp.access").disabled = True  # it would print the token
        runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self.port).start()
        except OSError as error:
            await runner.cleanup()
            raise UsageError(
                "The port is taken",
                f"127.0.0.1:{self.port}: {error.strerror}.",
                f"Another one: tutor serve --port {self.port % 65_000 + 1}",
            ) from error
        await self.sessions.begin_ahead()
        ready(self.guard.address)
        await self._until_told(runner)

    async def _until_told(self, runner: web.AppRunner) -> None:
        done = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(number, done.set)
        while not done.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), SWEEP)
            await self.sessions.sweep()
        await self.sessions.stop()
        await runner.cleanup()

    # -- what is asked for ----------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.StreamResponse:
        text = (files("tutor.web") / "page.html").read_text("utf-8")
        return web.Response(text=text, content_type="text/html")

    async def _alive(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text="yes\n")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name in _OURS:
            body, kind = (files("tutor.web") / name).read_bytes(), _OURS[name]
            return web.Response(body=body, content_type=kind, charset="utf-8")
        if name not in _FILES:
            raise web.HTTPNotFound
        path, kind = _FILES[name]
        headers = {"Cache-Control": "private, max-age=86400"}
        return web.Response(body=(_THEIRS / path).read_bytes(), content_type=kind, headers=headers)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        tab = request.match_info["tab"]
        if not _TAB.fullmatch(tab):
            raise web.HTTPNotFound
        socket = web.WebSocketResponse(heartbeat=15)
        await socket.prepare(request)
        try:
            session = await self.sessions.of_tab(tab)
        except FullError:
            await socket.close(code=FULL)
            return socket
        size = (_cells(request.query.get("width"), 80), _cells(request.query.get("height"), 24))
        await session.show(socket, *size)
        try:
            await _listen(socket, session)
        finally:
            session.leave(socket)
        return socket


async def _listen(socket: web.WebSocketResponse, session: Session) -> None:
    """Carry what the page tells to the app; what is no message is nothing."""
    async for message in socket:
        if message.type != WSMsgType.TEXT:
            continue
        with contextlib.suppress(ValueError, KeyError, IndexError, TypeError):
            kind, *told = json.loads(message.data)
            match kind:
                case "stdin":
                    await session.keys(str(told[0]))
                case "resize":
                    size = _cells(told[0]["width"], 80), _cells(told[0]["height"], 24)
                    if size != session.size:
                        await session.resize(*size)
                case "focus" | "blur":
                    await session.focus(kind == "focus")
                case "ping":
                    await socket.send_json(["pong", str(told[0])[:40]])


def _cells(given: object, default: int) -> int:
    """A size in cells, within bounds."""
    try:
        return max(1, min(WIDEST, int(str(given))))
    except ValueError:
        return default
