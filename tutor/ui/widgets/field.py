"""The one text field: a prompt sign and what is typed, without a box.

While it has the focus every printable key is text; the F keys and escape still act.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tutor.text.sanitize import clean
from tutor.ui.keys import bind

PASTED = 2_000
"""Characters of a paste that a field takes."""


class Answer(Input):
    """Textual's field, with a cursor that stands still and an enter that the footer shows."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("submit")]

    cursor_blink = False

    @dataclass
    class Joined(Message):
        """Several lines were pasted, and are now one."""

        lines: int

    def _on_paste(self, event: events.Paste) -> None:
        """Textual's field takes the first line alone; an answer is whole or not at all."""
        event.prevent_default()
        event.stop()
        lines = [line.strip() for line in clean(event.text, PASTED).split("\n") if line.strip()]
        self.insert_text_at_cursor(" ".join(lines))
        if len(lines) > 1:
            self.post_message(self.Joined(len(lines)))


class Search(Answer):
    """A field that thins the list below it, into which enter goes."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("submit", label="to the list")]


class Value(Answer):
    """A field that takes a name, a day or a text, with which enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("submit", label="go on")]


class Field(Horizontal):
    """`> answer`; posts Textual's `Input.Submitted` and `Input.Changed`."""

    def __init__(
        self,
        placeholder: str = "",
        *,
        kind: type[Answer] = Answer,
        id: str | None = None,
        shown: bool = True,
    ) -> None:
        """kind: what enter does with what is typed, which the footer says."""
        super().__init__(id=id)
        self.display = shown
        self._placeholder, self._kind = placeholder, kind

    def compose(self) -> ComposeResult:
        """The sign, then the field."""
        yield Static(">", markup=False)
        yield self._kind(placeholder=self._placeholder, compact=True, select_on_focus=False)

    @property
    def input(self) -> Input:
        """The field itself."""
        return self.query_one(Input)

    def open(self, placeholder: str) -> None:
        """Show it empty, with the focus."""
        self.display = True
        self.input.placeholder = placeholder
        self.input.value = ""
        # At once: a focus that comes later would come to a field that was closed meanwhile.
        self.screen.set_focus(self.input)

    def close(self) -> None:
        """Hide it; the letters are keys again."""
        self.display = False
        if self.screen.focused is self.input:
            self.screen.set_focus(None)
