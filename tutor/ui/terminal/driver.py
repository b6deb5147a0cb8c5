"""Textual's driver for a terminal, with ears of our own and a way out for signals.

Not on Windows, whose console Textual reads by other means.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import signal
from codecs import getincrementaldecoder
from time import monotonic

from textual.drivers.linux_driver import LinuxDriver

from tutor.ui.terminal.keys import Keyboard

IDLE, WAITING = 0.1, 0.02
"""Seconds between two looks at whether the app has ended, or a sequence is no longer awaited."""
ENDING = (signal.SIGTERM, signal.SIGHUP)
SIGNALLED = 128
"""Added to a signal's number it is the exit status, as in a shell."""


class TerminalDriver(LinuxDriver):
    """Reads keys through `Keyboard`, and leaves the terminal as it was when it is told to end."""

    def start_application_mode(self) -> None:
        """Take the terminal over; from now on a signal to end gives it back first."""
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, self._end, SIGNALLED + number)
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def _end(self, status: int) -> None:
        self._app.exit(return_code=status)

    def run_input_thread(self) -> None:
        """Read until the app ends or the terminal is gone."""
        keyboard = Keyboard()
        decode = getincrementaldecoder("utf-8")("ignore").decode
        # epoll and kqueue refuse some terminals.
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(WAITING if keyboard.waits else IDLE):
                    data = self._read()
                    if not data:
                        self._loop.call_soon_threadsafe(self._end, SIGNALLED + signal.SIGHUP)
                        return
                    for event in keyboard.feed(decode(data), monotonic()):
                        self.process_message(event)
                for event in keyboard.tick(monotonic()):
                    self.process_message(event)

    def _read(self) -> bytes:
        """What has arrived; nothing if the terminal is gone."""
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""
