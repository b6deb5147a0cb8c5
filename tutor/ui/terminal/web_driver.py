"""Textual's driver for an app in a browser, which ends when its server is gone."""

from __future__ import annotations

import os
import threading

from textual import events
from textual.drivers.web_driver import WebDriver

PATIENCE = 4.0
"""Seconds that the app has to end by itself; every answer is on the disk already."""


class ServedDriver(WebDriver):
    """Reads until the server is gone, and then ends the app, which would stay for ever."""

    def start_application_mode(self) -> None:
        """Begin with the focus, as a page does that was just opened; Textual's begins without."""
        super().start_application_mode()
        self._app.call_later(self._app.post_message, events.AppFocus())

    def run_input_thread(self) -> None:
        """Read the server's packets until the app or the server ends."""
        super().run_input_thread()
        if self.exit_event.is_set():
            return
        last = threading.Timer(PATIENCE, os._exit, (0,))
        last.daemon = True
        last.start()
        self._loop.call_soon_threadsafe(self._app.exit)
