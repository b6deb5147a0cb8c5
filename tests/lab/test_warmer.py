"""Compiling ahead of time: one child at a time, and the demo that is opened comes first."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.lab.compilation import readiness
from tutor.lab.compilation.child import Warmer, wanted

# A child in place of `tutor warm`: notes who it is and for which demos, then says a line for each
# file put into its folder, until one named `end` is there.
CHILD = """
import os, sys, time
from pathlib import Path
folder, names = Path(sys.argv[1]), sys.argv[2:]
with (folder / "log").open("a") as log:
    print(os.getpid(), *names, file=log)
said = set()
while not (folder / "end").exists():
    for line in sorted(folder.glob("*.line")):
        if line not in said:
            said.add(line)
            print(line.read_text(), flush=True)
    time.sleep(0.005)
"""


class Bench:
    """A folder through which a test and its fake children speak."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.said = folder, 0
        self.warmer = Warmer((sys.executable, "-c", CHILD, str(folder)))

    def say(self, line: str) -> None:
        draft = self.folder / "draft"
        draft.write_text(line)
        draft.rename(self.folder / f"{self.said:03}.line")
        self.said += 1

    def end(self) -> None:
        (self.folder / "end").touch()

    def children(self) -> list[list[str]]:
        log = self.folder / "log"
        return [line.split() for line in log.read_text().splitlines()] if log.exists() else []


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(readiness, "cold", lambda: ["digits", "overfit"])
    return Bench(tmp_path)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until `holds`; fails after 20 seconds."""
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.005)


def alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    return True


async def test_one_child_compiles_what_is_cold_and_ends_with_the_program(bench: Bench) -> None:
    await bench.warmer.start()
    await bench.warmer.start()
    await until(lambda: bool(bench.children()))
    [[pid, *names]] = bench.children()
    assert names == ["digits", "overfit"]
    assert alive(pid)
    await bench.warmer.stop()
    assert not alive(pid)


async def test_nothing_starts_where_all_is_warm(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "cold", list)
    await bench.warmer.start()
    await bench.warmer.stop()
    assert bench.children() == []


async def test_another_demo_comes_first_and_the_rest_goes_on_after_it(bench: Bench) -> None:
    told: list[tuple[int, int]] = []
    await bench.warmer.start()
    await until(lambda: len(bench.children()) == 1)
    opened = asyncio.create_task(bench.warmer.compile("overfit", lambda *done: told.append(done)))
    await until(lambda: len(bench.children()) == 2)
    first, second = bench.children()
    assert second[1:] == ["--first", "overfit"]
    assert not alive(first[0])
    bench.say("4/24 overfit")
    await until(lambda: told == [(4, 24)])
    bench.end()
    await asyncio.wait_for(opened, 20)
    await until(lambda: len(bench.children()) == 3)
    assert bench.children()[2][1:] == []
    await bench.warmer.stop()


async def test_leaving_a_demo_ends_its_child(bench: Bench) -> None:
    opened = asyncio.create_task(bench.warmer.compile("overfit", lambda *_: None))
    await until(lambda: bool(bench.children()))
    [[pid, *_]] = bench.children()
    opened.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opened
    assert not alive(pid)
    assert len(bench.children()) == 1


async def test_nothing_begins_any_more_once_the_program_ends(bench: Bench) -> None:
    await bench.warmer.start()
    await until(lambda: len(bench.children()) == 1)
    opened = asyncio.create_task(bench.warmer.compile("overfit", lambda *_: None))
    await until(lambda: len(bench.children()) == 2)
    await bench.warmer.stop()
    opened.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opened
    await bench.warmer.start()
    await asyncio.sleep(0.1)
    assert len(bench.children()) == 2
    assert not any(alive(pid) for pid, *_ in bench.children())


async def test_a_child_that_does_not_listen_is_killed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.lab.compilation.child.PATIENCE_S", 0.1)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + CHILD
    bench.warmer = Warmer((sys.executable, "-c", deaf, str(bench.folder)))
    await bench.warmer.start()
    await until(lambda: bool(bench.children()))
    await bench.warmer.stop()
    assert not any(alive(pid) for pid, *_ in bench.children())


async def test_what_is_cancelled_at_any_moment_ends_with_its_child(bench: Bench) -> None:
    for moment in range(40):
        opened = asyncio.create_task(bench.warmer.compile("overfit", lambda *_: None))
        await asyncio.sleep(moment / 2000)
        opened.cancel()
        async with asyncio.timeout(20):
            with pytest.raises(asyncio.CancelledError):
                await opened
    assert not any(alive(pid) for pid, *_ in bench.children())


@pytest.mark.parametrize(("value", "expected"), [("1", False), ("0", True), ("", True)])
def test_one_variable_switches_it_off(
    value: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_NO_WARM", value)
    assert wanted() is expected
    monkeypatch.delenv("TUTOR_NO_WARM")
    assert wanted()


async def test_the_child_sees_nothing_of_the_present_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder may hold a `tutor.py` or a `numpy.py`: whoever starts the program there ran it."""
    poisoned = tmp_path / "decks"
    poisoned.mkdir()
    for name in ("tutor", "demos", "numba", "numpy", "platformdirs", "json"):
        (poisoned / f"{name}.py").write_text("import pathlib\npathlib.Path(__file__ + 'x').touch()")
    monkeypatch.chdir(poisoned)
    monkeypatch.setenv("TUTOR_CACHE_DIR", "cache")
    monkeypatch.setenv("TUTOR_CONTENT", "nowhere")
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    counts = [count async for count in Warmer()._counts("--first", "softmax")]
    assert counts, "the child ran"
    assert [path.name for path in poisoned.iterdir() if path.suffix == ".pyx"] == []
    assert [path.name for path in poisoned.iterdir() if path.is_dir()] == ["cache"]


async def test_a_child_that_says_something_else_or_cannot_be_started() -> None:
    odd = Warmer((sys.executable, "-c", "print('hello'); print('1/2 x'); print('/3 y')"))
    assert [count async for count in odd._counts()] == [(1, 2)]
    gone = Warmer(("/nowhere/python",))
    assert [count async for count in gone._counts()] == []
