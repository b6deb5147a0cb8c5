"""Two hands that do the same on a page: one presses keys only, the other only clicks."""

from __future__ import annotations

import re
from itertools import cycle
from typing import Protocol

from textual import events
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.screen import Screen

from tests.ui.conftest import press, screen_text, settled
from tutor.ui.screens.help import HelpScreen
from tutor.ui.widgets.clicks import KEY
from tutor.ui.widgets.keybar import KeyBar, live_bindings

FAR = 60  # rows that a cursor goes at most


class Hand(Protocol):
    """What a learner does, by the meaning of a key or by what stands in a row."""

    pilot: Pilot[None]

    async def do(self, name: str) -> None:
        """What the binding of this id does."""

    async def take(self, words: str) -> None:
        """The row that says this."""

    async def tick(self, words: str) -> None:
        """The same where rows are ticked."""

    async def choose(self, digit: int, words: str) -> None:
        """What carries this digit and these words."""


def key_of(screen: Screen[object], name: str) -> str:
    """The key that does this now."""
    keys = {binding.id: binding.key for binding in reversed(live_bindings(screen))}
    assert name in keys, f"{name} does nothing here: {sorted(map(str, keys))}"
    return keys[name]


class Keys:
    """Presses keys."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot

    async def do(self, name: str) -> None:
        await press(self.pilot, key_of(self.pilot.app.screen, name))

    async def take(self, words: str) -> None:
        await self._go_to(words)
        await press(self.pilot, "enter")

    async def tick(self, words: str) -> None:
        await self._go_to(words)
        await press(self.pilot, "space")

    async def choose(self, digit: int, words: str) -> None:
        assert words in screen_text(self.pilot)
        await press(self.pilot, str(digit))

    async def _go_to(self, words: str) -> None:
        """Down and up to the row, and by tab to the next list."""
        row = re.compile(r"> [✓· ]*\d* *" + re.escape(words))
        ways = cycle(["down", "up", "tab"])
        way = next(ways)
        for _ in range(FAR):
            before = screen_text(self.pilot)
            if row.search(before):
                return
            await press(self.pilot, way)
            if way == "tab" or screen_text(self.pilot) == before:
                way = next(ways)
        raise AssertionError(f"no way to {words!r}:\n{screen_text(self.pilot)}")


class Mouse:
    """Clicks, and turns the wheel."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot

    async def do(self, name: str) -> None:
        screen = self.pilot.app.screen
        key = key_of(screen, name)
        bar = screen.query_one(KeyBar).region
        if not await self._press(key, bar.y, bar.bottom):
            help_key = key_of(screen, "help")
            assert await self._press(help_key, bar.y, bar.bottom), "help is always in the footer"
            await self._press_in_help(key)

    async def take(self, words: str) -> None:
        await self._click_on(words)

    async def tick(self, words: str) -> None:
        await self._click_on(words)

    async def choose(self, digit: int, words: str) -> None:
        await self._click_on(words)

    async def _press_in_help(self, key: str) -> None:
        screen = self.pilot.app.screen
        assert isinstance(screen, HelpScreen)
        lines = screen.query_one(VerticalScroll)
        while not await self._press(key, lines.region.y, lines.region.bottom):
            before = lines.scroll_offset.y
            await self._wheel(lines.region.x + 2, lines.region.y + 1)
            assert lines.scroll_offset.y > before, f"help has no row for {key}"

    async def _press(self, key: str, top: int, bottom: int) -> bool:
        """Click on the cell between two rows that stands for a key, if there is one."""
        screen = self.pilot.app.screen
        for y in range(top, bottom):
            for x in range(screen.size.width):
                if screen.get_style_at(x, y).meta.get(KEY) == key:
                    await self._click(x, y)
                    return True
        return False

    async def _click_on(self, words: str) -> None:
        """Click on the words, which the wheel brings into sight."""
        for _ in range(FAR):
            lines = screen_text(self.pilot).splitlines()
            found = [(line.index(words), y) for y, line in enumerate(lines) if words in line]
            if found:
                await self._click(*found[-1])
                return
            await self._wheel(self.pilot.app.size.width // 3, self.pilot.app.size.height // 2)
            if screen_text(self.pilot).splitlines() == lines:
                break
        raise AssertionError(f"no way to {words!r}:\n{screen_text(self.pilot)}")

    async def _click(self, x: int, y: int) -> None:
        await self.pilot.click(offset=(x, y))
        await settled(self.pilot)

    async def _wheel(self, x: int, y: int) -> None:
        await self.pilot._post_mouse_events([events.MouseScrollDown], offset=(x, y), button=0)
        await settled(self.pilot)
        await self.pilot.pause(0.3)
