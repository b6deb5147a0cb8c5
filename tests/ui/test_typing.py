"""The box that asks for the text of a demo's knob."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.ui.test_lab import LabApp, play, shows, text, until


async def test_a_line_is_typed_in_a_box_and_refused_with_what_it_takes() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "word ‹slowest›", "j type")
        await pilot.press("j")
        await shows(pilot, "one to cut by what was learnt", ">  slowest")
        await pilot.press(*["backspace"] * 7, "enter")
        await shows(pilot, "It takes a line of up to 40 characters.")
        await pilot.press(*"kindest", "enter")
        await shows(pilot, "word ‹kindest›", "_|k|i|n|d|e|s|t")
        await pilot.press("right")
        await shows(pilot, ">  kindest")
        await pilot.press("escape", "right_square_bracket")
        await shows(pilot, "across spaces ‹off›")
        await until(pilot, lambda: "j type" not in text(pilot))

    await play("tokeniser?word=slowest", script)
