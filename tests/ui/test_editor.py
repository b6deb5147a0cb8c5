"""The learner's editor: what it is given, and what is said where there is none to start."""

import shlex
from pathlib import Path

import pytest

from tests.ui.conftest import Make, press, screen_text, settled
from tutor.deck.model import Source
from tutor.ui import editor
from tutor.ui.start import Start

SOURCE = Source("+3.md", 7)


@pytest.mark.parametrize("name", ["vi", "nano -w", "hx", "code --wait", "'/opt/my editor/ed'"])
def test_a_deck_that_is_named_like_an_option_is_given_as_a_path(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = editor.command(name, SOURCE)
    given = len(shlex.split(name))
    paths = [word for word in words[given:] if ".md" in word]
    assert [path.partition(":")[0] for path in paths] == [str(tmp_path / "+3.md")]
    assert all(word.startswith("/") or word == "+7" for word in words[given:])


@pytest.mark.parametrize("name", ["'x", " ", '"', "\\"])
async def test_an_editor_that_is_no_command_is_told(
    name: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", name)
    app = make(Start("card", term="small/padding"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "e", "ctrl+o")
        await settled(pilot)
        assert "EDITOR is no command" in screen_text(pilot)


@pytest.mark.parametrize("name", ["./ed", "bin/ed --wait", "../bin/ed"])
def test_a_program_of_the_present_folder_is_no_editor(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path, tmp_path / "bin", tmp_path / "here", tmp_path / "here" / "bin"):
        folder.mkdir(exist_ok=True)
        (folder / "ed").touch(mode=0o700)
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "here" / "ed").touch(mode=0o700)
    with pytest.raises(ValueError, match="whole path"):
        editor.command(name, SOURCE)
    monkeypatch.setenv("PATH", ":/bin")
    with pytest.raises(ValueError, match="whole path"):
        editor.command("ed", SOURCE)


def test_the_home_folder_may_be_written_as_the_shell_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert editor.command("~/ed -w", SOURCE)[:2] == [str(tmp_path / "ed"), "-w"]
