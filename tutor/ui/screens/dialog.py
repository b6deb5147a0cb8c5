"""The one error dialog: what happened, where, and what to press.

It closes with enter or escape; the page below is as it was.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.errors import TutorError
from tutor.ui.keys import bind
from tutor.ui.screens.newest_size import NewestSize
from tutor.ui.widgets.keybar import KeyBar
from tutor.ui.widgets.too_small import TooSmall


class Dialog(NewestSize, ModalScreen[None]):
    """A box over a page, closed by escape."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [bind("back", "dismiss", "close")]

    def compose(self) -> ComposeResult:
        """The box with its keys below."""
        with Vertical(classes="dialog"):
            yield from self.body()
            yield KeyBar()
        yield TooSmall()

    def body(self) -> ComposeResult:
        """What the box holds."""
        yield from ()

    def action_dismiss(self, result: None = None) -> None:  # type: ignore[override]
        """Close the box."""
        self.dismiss(result)


class ErrorDialog(Dialog):
    """An expected failure, told in its three parts."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("go", "dismiss", "close")]

    def __init__(self, error: TutorError) -> None:
        super().__init__()
        self.error = error

    def body(self) -> ComposeResult:
        """Title, message, hint."""
        yield Static(Content.assemble(("! ", "$bad"), (self.error.title, "bold")), classes="gap")
        for text in filter(None, (self.error.message, self.error.hint)):
            yield Static(Content(text), classes="gap")
