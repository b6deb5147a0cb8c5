"""The source of a demo and of the kernels that it runs, to read."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer
from textual.highlight import highlight
from textual.widgets import Static

from demos import catalog
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page

ASIDE = 8  # cells


class CodeScreen(Page):
    """One file at a time; `[` and `]` go through the files that the demo uses, arrows scroll."""

    AUTO_FOCUS = "#code"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("next-knob", "turn_to(1)", "file"),
        bind("last-knob", "turn_to(-1)", "file", show=False),
        Binding("left", "aside(-1)", "sideways", key_display="← →", id="aside-1",
                tooltip="See the end of long lines, and their beginning again."),
        Binding("right", "aside(1)", "sideways", show=False, id="aside-2"),
        bind("back"),
    ]  # fmt: skip
    CSS_PATH = "code.tcss"

    def __init__(self, demo: str) -> None:
        super().__init__()
        self.files = catalog.sources(demo)
        self.place = 0

    def body(self) -> ComposeResult:
        """The file's text."""
        with ScrollableContainer(id="code"):
            yield Static()

    def on_mount(self) -> None:
        """Show the demo's own file first."""
        self.action_turn_to(0)

    def action_turn_to(self, by: int) -> None:
        """Show another file."""
        self.place = (self.place + by) % len(self.files)
        path = self.files[self.place]
        text = path.read_text(encoding="utf-8")
        self.query_one("#code Static", Static).update(highlight(text, language="python"))
        self.query_one("#code").scroll_home(animate=False)
        self.head(
            f"demos/{path.relative_to(catalog.FOLDER).as_posix()}",
            f"{self.place + 1} of {len(self.files)}",
        )

    def action_aside(self, by: int) -> None:
        """Move long lines left or right."""
        self.query_one("#code").scroll_relative(x=by * ASIDE, animate=False)

    def allows(self, action: str) -> bool:
        """With one file there is nothing to turn to, with short lines nothing aside."""
        acts = {
            "turn_to": len(self.files) > 1,
            "aside": self.is_mounted and self.query_one("#code").max_scroll_x > 0,
        }
        return acts.get(action, super().allows(action))
