"""The app compiles the demos while nothing is pressed, and ends that when it ends."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from textual import events

from demos.engine import kernel_files
from tests.lab.test_warmer import CHILD, alive, until
from tests.ui.conftest import Make, settled
from tutor import paths
from tutor.lab.compilation import readiness
from tutor.lab.compilation.child import SWITCH, Warmer
from tutor.ui import app as apps
from tutor.ui.app import TutorApp


@pytest.fixture
def app(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TutorApp:
    monkeypatch.setattr(readiness, "cold", lambda: ["overfit"])
    monkeypatch.setattr(apps, "IDLE_SECONDS", 0.01)
    app = make()
    app.warmer = Warmer((sys.executable, "-c", CHILD, str(tmp_path)))
    return app


async def test_after_some_idle_seconds_one_child_compiles(
    app: TutorApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SWITCH)
    log = tmp_path / "log"
    async with app.run_test():
        await until(lambda: log.exists() and log.read_text().endswith("\n"))
        pid, *names = log.read_text().split()
        assert names == ["overfit"]
        assert alive(pid)
    assert not alive(pid)


async def test_kernels_that_were_damaged_are_told_on_today(
    app: TutorApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SWITCH)
    readiness.news()
    broken = tmp_path / "kernels" / f"broken{kernel_files.SUFFIX}"
    broken.parent.mkdir()
    broken.write_bytes(b"")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(broken.parent))
    monkeypatch.setattr(paths, "use_kernel_cache", lambda _: None)
    async with app.run_test():
        await until(lambda: readiness.DAMAGED in app.today.said)
    assert not broken.exists()


async def test_tests_and_whoever_says_so_compile_nothing_ahead(
    app: TutorApp, tmp_path: Path
) -> None:
    async with app.run_test() as pilot:
        await app.warm_up()
        await pilot.press("x")
    assert not (tmp_path / "log").exists()


async def test_a_key_before_the_first_paint_is_taken(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready, heard = TutorApp.on_ready, []

    async def keyed(app: TutorApp) -> None:
        await app.on_event(events.Key("right", None))
        heard.append(app.is_running)
        ready(app)

    monkeypatch.setattr(TutorApp, "on_ready", keyed)
    async with make().run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert heard == [True]
