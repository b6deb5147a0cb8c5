"""Settings: each with its value and one sentence; left and right change it, at once and for good.

They live in one readable file, whose place is shown; an editor changes them as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tutor import settings as files
from tutor.errors import UnwritableError
from tutor.settings import CHOICES, LIMITS, TEXTS, Settings, explained, stepped
from tutor.ui import themes
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page
from tutor.ui.start import Start

# What has but one word to choose is written in the file.
WRITTEN = tuple(name for name, text in TEXTS.items() if len(text.words) > 1)
NAMES = (*LIMITS, *CHOICES, *WRITTEN, "theme")
LABEL_WIDTH = 20
THEME_NAMES = themes.names()


def shown(settings: Settings, name: str) -> str:
    """A value with its unit."""
    value = getattr(settings, name)
    match name:
        case "desired_retention":
            return f"{value * 100:.0f} %"
        case "minutes_a_day":
            return f"{value} min"
        case "rollover_hour":
            return f"{value}:00"
        case "theme":
            return str(value).removeprefix("tutor-")
        case "easy_days":
            return str(value) or "none"
    return f"{value}"


def turned(settings: Settings, name: str, steps: int) -> Settings:
    """The settings after left (-1) or right (+1) on one of them."""
    if name in LIMITS:
        return stepped(settings, name, steps)
    chosen = CHOICES.get(name) or TEXTS.get(name)
    words = chosen.words if chosen else THEME_NAMES
    value = getattr(settings, name) if chosen else shown(settings, name)
    at = words.index(value) if value in words else 0
    return files.changed(settings, name, words[(at + steps) % len(words)])


class Choices(Widget, can_focus=True):
    """The settings as rows, one of them current."""

    DEFAULT_CSS = "Choices { height: auto; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "choose", key_display="↑↓", id="move-1",
                tooltip="Choose a setting."),
        Binding("down", "move(1)", "choose", show=False, id="move-2"),
        Binding("left", "screen.turn(-1)", "change", key_display="←→", id="turn-1",
                tooltip="Change the chosen setting."),
        Binding("right", "screen.turn(1)", "change", show=False, id="turn-2"),
    ]  # fmt: skip

    @dataclass
    class Turned(Message):
        """The learner clicked on an arrow of the current setting."""

        steps: int

    cursor: reactive[int] = reactive(0)
    values: reactive[Settings] = reactive(Settings())

    def validate_cursor(self, cursor: int) -> int:
        """Stay on a row."""
        return max(0, min(cursor, len(NAMES) - 1))

    def watch_cursor(self) -> None:
        """Keep the chosen setting in view."""
        if isinstance(self.parent, VerticalScroll):
            self.parent.scroll_to_region(Region(0, 2 * self.cursor, 1, 2), animate=False)

    def action_move(self, by: int) -> None:
        """Move to another setting."""
        self.cursor += by

    def on_click(self, event: events.Click) -> None:
        """Choose the setting under the mouse; on its value change it, down at its first arrow."""
        row = event.y // 2
        if row >= len(NAMES):
            return
        value = event.x - len("> ") - LABEL_WIDTH
        if row == self.cursor and value >= 0:
            self.post_message(self.Turned(-1 if value < len("← ") else 1))
        self.cursor = row

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Two lines a setting."""
        return 2 * len(NAMES)

    def render(self) -> Content:
        """Label and value in one line, the sentence of the current one below it."""
        lines: list[Content] = []
        for at, name in enumerate(NAMES):
            current = at == self.cursor
            limit = explained(name)
            about = limit.about if limit else "Dark, light, or one of the themes of Textual."
            lines.append(
                Content.assemble(
                    ("> " if current else "  ", "$accent"),
                    ((limit.label if limit else "Theme").ljust(LABEL_WIDTH), "bold" * current),
                    (f"← {shown(self.values, name)} →" if current else
                     f"  {shown(self.values, name)}", "$accent" if current else ""),
                )
            )  # fmt: skip
            lines.append(Content.styled(f"  {about}", "$quiet") if current else Content(""))
        return Content("\n").join(lines)


class SettingsScreen(Page):
    """Change what the learner can choose."""

    AUTO_FOCUS = "Choices"
    panes = ("What you can choose",)
    BINDINGS: ClassVar[list[BindingType]] = [bind("exchange")]

    def body(self) -> ComposeResult:
        """The settings, and where they are kept."""
        yield Choices()
        yield Static(id="where", classes="quiet", markup=False)

    def on_mount(self) -> None:
        """Show what is set now."""
        self.head("Settings")
        self.query_one(Choices).values = self.host.settings
        self.query_one("#where", Static).update(Content(f"  Kept in {self.host.place.settings}"))

    def action_exchange(self) -> None:
        """Open the page of decks and answers that come and go."""
        self.host.go(Start("exchange"))

    def on_choices_turned(self, event: Choices.Turned) -> None:
        """An arrow was clicked."""
        self.action_turn(event.steps)

    def action_turn(self, steps: int) -> None:
        """Change the current setting by one step and save the file."""
        choices = self.query_one(Choices)
        new = turned(self.host.settings, NAMES[choices.cursor], steps)
        try:
            said = files.save(self.host.place.settings, new)
        except UnwritableError as error:
            self.failed(error)
            return
        choices.values = new
        self.host.use_settings(new)
        self.say(said or "Saved.")
