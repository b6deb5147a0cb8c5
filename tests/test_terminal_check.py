"""`tutor doctor --terminal` in a pseudo-terminal that answers, and in one that does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ui.terminal import Terminal
from tutor import probe, settings
from tutor.probe import Measured
from tutor.verbs.terminal_check import SHEET, chosen


class Answering(Terminal):
    """A terminal that tells where its cursor is; `wide` paints Greek and lines in two cells."""

    def __init__(self, *args: str, wide: bool = False, **env: str) -> None:
        self.wide = wide
        super().__init__(*args, env=env)

    def _take(self, data: bytes) -> None:
        super()._take(data)
        if self.raw.endswith(b"\x1b[6n"):
            sign = self.raw[:-4].rpartition(b"\x1b[K")[2].decode()
            column = self.screen.cursor.x + 1 + (self.wide and sign in tuple("α×→─●"))
            self.child.send(f"\x1b[1;{column}R")


def options(folder: Path) -> list[str]:
    return ["--data-dir", str(folder), "--no-bundled", "doctor", "--terminal"]


@pytest.mark.parametrize(("seen", "signs"), [("yyyy", "full"), ("nyyy", "no accents"),
                                             ("yyny", "plain"), ("nnnn", "plain")])  # fmt: skip
def test_what_is_seen_chooses_the_signs(seen: str, signs: str, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("# mine\nminutes_a_day = 33\n")
    with Answering(*options(tmp_path)) as terminal:
        for (_, question, _), answer in zip(SHEET, seen, strict=True):
            terminal.until(question[:40])
            terminal.press(f"{answer}\r")
        terminal.until("Write glyphs")
        terminal.press("y\r")
        assert terminal.ended() == 0
        assert f"The signs for this terminal: {signs}" in terminal.text
    found, complaints = settings.load(tmp_path / "settings.toml")
    assert (found.glyphs, found.minutes_a_day, complaints) == (signs, 33, [])
    assert "# mine" in (tmp_path / "settings.toml").read_text()


def test_leaving_writes_nothing(tmp_path: Path) -> None:
    with Answering(*options(tmp_path)) as terminal:
        terminal.until("over each letter?")
        terminal.press("perhaps\r", "q\r")
        assert terminal.ended() == 0
        assert "Nothing was written." in terminal.text
    assert not (tmp_path / "settings.toml").exists()


def test_as_json_it_asks_nothing(tmp_path: Path) -> None:
    with Answering(*options(tmp_path), "--json", COLORTERM="truecolor") as terminal:
        assert terminal.ended() == 0
        told = json.loads(terminal.raw.decode().rpartition("\x1b[K")[2])
    assert told["terminal"]["TERM"] == "xterm-256color" and told["terminal"]["size"] == "80x24"
    assert [row["name"] for row in told["widths"]] == list(probe.SAMPLES)
    assert all(row["painted"] == row["assumed"] for row in told["widths"])


def test_a_terminal_that_paints_wide_gets_ascii(tmp_path: Path) -> None:
    with Answering(*options(tmp_path), "--json", wide=True) as terminal:
        assert terminal.ended() == 0
        told = json.loads(terminal.raw.decode().rpartition("\x1b[K")[2])
    wide = {row["name"] for row in told["widths"] if row["painted"] != row["assumed"]}
    assert wide == set(probe.AMBIGUOUS)
    measured = [Measured(**row) for row in told["widths"]]
    assert chosen([True] * 4, measured) == "plain"


def test_a_mute_terminal_is_only_asked_about(tmp_path: Path) -> None:
    with Terminal(*options(tmp_path)) as terminal:
        terminal.until("does not tell where its cursor is")
        terminal.press("q\r")
        assert terminal.ended() == 0
