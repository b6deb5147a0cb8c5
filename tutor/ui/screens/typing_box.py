"""A box that asks for the text of a demo's knob, over the demo; enter sets it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from tutor.errors import KnobError
from tutor.lab import knobs
from tutor.ui.screens.dialog import Dialog
from tutor.ui.widgets.demo_view import DemoView
from tutor.ui.widgets.field import Field, Value
from tutor.ui.widgets.knobs import words


class TypingBox(Dialog):
    """The knob in hand of a demo, as a field that begins with its text."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, view: DemoView) -> None:
        super().__init__()
        self.view = view

    def body(self) -> ComposeResult:
        """What is asked for, the field, and what is wrong with what was typed."""
        knob = self.view.controls.knob
        about = f"{knob.about}, {knobs.range_of(knob)}"
        yield Static(words(knob.name), markup=False, classes="strong gap")
        yield Static(about, markup=False, classes="quiet")
        yield Field(kind=Value)
        yield Static("", id="wrong", markup=False, classes="quiet")

    def on_mount(self) -> None:
        """Begin with the text as it is."""
        controls = self.view.controls
        self.query_one(Input).value = str(controls.values[controls.knob.name])

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            self.view.type(event.value)
        except KnobError as error:
            self.query_one("#wrong", Static).update(error.hint)
        else:
            self.dismiss()
