"""The last row of every page: the keys that act right now, and nothing else.

What can be done here stands at the left, help and quit at the right; a click acts like the key.
"""

from __future__ import annotations

from typing import Any

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from tutor.ui.keys import place, shown
from tutor.ui.widgets.clicks import clickable, key_under, press
from tutor.ui.widgets.line import spread

AT_RIGHT = ("back", "help", "quit")
GAP = "   "


class KeyBar(Widget):
    """Shows the active bindings of its screen in one row."""

    DEFAULT_CSS = "KeyBar { height: 1; dock: bottom; }"

    def on_mount(self) -> None:
        """Follow the screen: what acts changes with the focus and with the state."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, _screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> Content:
        """As many keys as fit; the help page lists them all."""
        left, right = self._ends()
        return spread(_joined(left), _joined(right), self.size.width)

    def _ends(self) -> tuple[list[Content], list[Content]]:
        live = live_bindings(self.screen)
        # A demo has more keys than fit: there `back` takes the place of `quit`.
        crowded = any(b.id == "next-knob" for b in live)
        ends = AT_RIGHT[:-1] if crowded else AT_RIGHT
        right = [_shown(b, live) for name in ends for b in live if b.id == name]
        room = self.size.width - _joined(right).cell_length - len(GAP)
        left: list[Content] = []
        for binding in live:
            if not binding.show or binding.id in AT_RIGHT:
                continue
            key = _shown(binding, live)
            if _joined([*left, key]).cell_length > room:
                break
            left.append(key)
        return left, right

    def on_click(self, event: events.Click) -> None:
        """Press the key under the mouse."""
        if key := key_under(event):
            event.stop()  # the page below would press it again
            press(self.app, key)


def live_bindings(screen: Screen[Any]) -> list[Binding]:
    """The bindings that act now, each once, in the order of the table."""
    seen: dict[str, Binding] = {}
    for _, binding, enabled, _ in screen.active_bindings.values():
        if enabled and binding.id and not binding.system:
            seen.setdefault(binding.id, binding)
    return sorted(seen.values(), key=place)


def printed(binding: Binding, live: list[Binding]) -> str:
    """The key of a binding; of a row of digits as many as act now."""
    family = (binding.id or "").removesuffix("-1")
    if binding.key != "1" or family == binding.id:
        return shown(binding)
    last = max(b.key for b in live if b.id == f"{family}-{b.key}")
    return "1" if last == "1" else f"1-{last}"


def _shown(binding: Binding, live: list[Binding]) -> Content:
    """The key in the accent, its word quiet."""
    word = Content.assemble(" ", (binding.description, "$quiet"))
    return clickable(printed(binding, live), word, binding.key, {one.key for one in live})


def _joined(keys: list[Content]) -> Content:
    return Content(GAP).join(keys)
