"""A demo whose kernels are not ready says so, and starts when they are."""

from __future__ import annotations

import asyncio

import pytest
from textual.pilot import Pilot

from tests.ui.test_lab import LabApp, play, shows
from tutor.lab.compilation import readiness
from tutor.lab.compilation.child import OnCount, Warmer


async def test_kernels_compile_in_a_child_and_then_it_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readiness, "starts_at_once", lambda name: False)
    seen, compiled = asyncio.Event(), Warmer.compile

    async def compile_once_seen(self: Warmer, name: str, on_count: OnCount) -> None:
        await seen.wait()
        await compiled(self, name, on_count)

    monkeypatch.setattr(Warmer, "compile", compile_once_seen)

    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "Compiling this demo's kernels")
        seen.set()
        await pilot.press("1")
        await shows(pilot, "You predicted", "running")

    await play("overfit", script)
