"""Screens that Textual lays out for the newest size alone, and styles once when they open."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.screen import Screen


class NewestSize(Screen[Any]):
    """A screen that lets an older size go by.

    Textual's screen answers each size by sending itself that size again. Where two wait at once,
    as when a window is drawn larger faster than it can be painted, each calls for the other anew,
    for ever.
    """

    _styled = False

    async def _on_resize(self, event: events.Resize) -> None:
        """Keep what is out of date from Textual's own handler."""
        if event.size != self.app.size:
            event.prevent_default().stop()

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """Keep Textual's own handler from styling anew what has been styled as it was put together.

        The screen itself has got its classes since.
        """
        if not self._styled:
            self._styled, event.refresh_styles = True, False
            self.app.stylesheet.apply(self)
