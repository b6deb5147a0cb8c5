"""The sessions of a server by their tab: at most eight, and none for long that nobody looks at.

One is begun before its tab: to start the app takes longer than all else until its first picture.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from tutor.web.session import Session

MOST = 8
KEEP = 600.0
"""Seconds that a session waits for its tab to come back."""


class FullError(Exception):
    """Eight sessions are looked at now."""


class Sessions:
    """Opens, keeps and ends the sessions."""

    def __init__(self, make: Callable[[], Session], most: int = MOST, keep: float = KEEP) -> None:
        self._make, self.most, self.keep = make, most, keep
        self._by_tab: dict[str, Session] = {}
        self._ahead: Session | None = None

    def __len__(self) -> int:
        return len(self._by_tab)

    async def begin_ahead(self) -> None:
        """Start the app of the first tab, which is yet to be opened."""
        self._ahead = self._make()
        await self._ahead.start()

    async def of_tab(self, tab: str) -> Session:
        """The session of a tab, the one it had if that still runs. Raises FullError."""
        await self.sweep()
        found = self._by_tab.get(tab)
        if found is None:
            await self._make_room()
        if found is None or found.over:
            ahead, self._ahead = self._ahead, None
            found = ahead if ahead is not None and ahead.alive else self._make()
            self._by_tab[tab] = found
        return found

    async def _make_room(self) -> None:
        if len(self._by_tab) < self.most:
            return
        waiting = [tab for tab, session in self._by_tab.items() if session.socket is None]
        if not waiting:
            raise FullError
        oldest = min(waiting, key=lambda tab: self._by_tab[tab].left_at)
        await self._by_tab.pop(oldest).stop()

    async def sweep(self) -> None:
        """End what nobody came back to, and forget what has ended."""
        before = time.monotonic() - self.keep
        for tab, session in list(self._by_tab.items()):
            if session.socket is None and (session.over or session.left_at < before):
                del self._by_tab[tab]
                await session.stop()

    async def stop(self) -> None:
        """End all of them."""
        sessions = [*self._by_tab.values(), *filter(None, (self._ahead,))]
        self._by_tab.clear()
        await asyncio.gather(*(session.stop() for session in sessions))
