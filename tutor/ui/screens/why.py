"""Why a demo does what it does: a box over it, with what to look at."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from demos.base import Spec
from tutor.ui.screens.dialog import Dialog


class WhyScreen(Dialog):
    """A demo's own explanation."""

    def __init__(self, spec: Spec) -> None:
        super().__init__()
        self.spec = spec

    def body(self) -> ComposeResult:
        """The title and one paragraph a sentence or two."""
        yield Static(Content.styled(self.spec.title, "bold"), classes="gap")
        for paragraph in self.spec.why:
            yield Static(Content(paragraph), classes="gap")
