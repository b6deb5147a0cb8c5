"""The pieces of a form: labelled fields of one line or several, and a row to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static, TextArea

from tutor.ui.keys import bind
from tutor.ui.widgets.field import Answer

LABEL = 12  # cells


class Entry(Answer):
    """A field of one line, whose enter goes on to the next."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("submit", label="next field")]


class Labelled(Horizontal):
    """A field of a form with its name before it."""

    DEFAULT_CSS = """
    Labelled { height: auto; }
    Labelled > Static { width: 12; }
    Labelled > TextArea { width: 1fr; padding: 0; border: none; }
    Labelled > Input { width: 1fr; }
    """

    def __init__(self, label: str, name: str, lines: int = 1, placeholder: str = "") -> None:
        """name: the field of the draft. lines: how high it is; one is a field of one line."""
        super().__init__()
        self.label, self.field_name, self.lines = label, name, lines
        self.placeholder = placeholder

    def compose(self) -> ComposeResult:
        """Name and field."""
        yield Static(Content(self.label), classes="quiet")
        if self.lines == 1:
            yield Entry(placeholder=self.placeholder, compact=True, select_on_focus=False)
            return
        area = TextArea(compact=True, placeholder=self.placeholder, tab_behavior="focus")
        area.cursor_blink = False
        area.styles.height = self.lines
        yield area

    @property
    def box(self) -> Entry | TextArea:
        """What is typed into."""
        return self.query_one(Entry) if self.lines == 1 else self.query_one(TextArea)

    @property
    def text(self) -> str:
        """What stands in it."""
        box = self.box
        return box.text if isinstance(box, TextArea) else box.value

    @text.setter
    def text(self, text: str) -> None:
        box = self.box
        if isinstance(box, TextArea):
            if box.text != text:
                box.load_text(text)
        else:
            box.value = text


class OneOf(Widget, can_focus=True):
    """One of several words: left and right turn it, a click turns it on."""

    DEFAULT_CSS = "OneOf { height: 1; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "change", key_display="←→", id="turn-1",
                tooltip="Choose another one."),
        Binding("right", "turn(1)", "change", show=False, id="turn-2"),
        Binding("enter", "screen.focus_next", "next field", show=False),
    ]  # fmt: skip

    at: reactive[int] = reactive(0)

    @dataclass
    class Turned(Message):
        """Another one is chosen."""

        word: str

    def __init__(self, label: str, words: tuple[tuple[str, str], ...]) -> None:
        """words: each with what is shown for it."""
        super().__init__()
        self.label, self.words = label, words

    @property
    def word(self) -> str:
        """The one that is chosen."""
        return self.words[self.at][0]

    @word.setter
    def word(self, word: str) -> None:
        self.at = next((at for at, (one, _) in enumerate(self.words) if one == word), 0)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line."""
        return 1

    def render(self) -> Content:
        """The name, and the word between arrows."""
        shown = self.words[self.at][1]
        around = f"← {shown} →" if self.has_focus else f"  {shown}"
        return Content.assemble((self.label.ljust(LABEL), "$quiet"), (around, "$accent"))

    def action_turn(self, by: int) -> None:
        """The next or the one before."""
        self.at = (self.at + by) % len(self.words)
        self.post_message(self.Turned(self.word))

    def on_click(self, event: events.Click) -> None:
        """The next one, or from the left arrow the one before."""
        if event.x >= LABEL:
            self.action_turn(-1 if event.x < LABEL + len("← ") else 1)
