"""The settings file: whatever it holds, the learner goes on, and nothing of it is lost."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples_of_settings import BROKEN, ODD
from tutor import settings
from tutor.settings import Settings


@pytest.mark.parametrize("name", BROKEN)
def test_an_unreadable_file_is_told_and_never_overwritten(name: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(BROKEN[name])
    found, (complaint,) = settings.load(path)
    assert found == Settings()
    assert str(path) in complaint
    assert len(complaint) < len(str(path)) + 200
    said = settings.save(path, Settings(minutes_a_day=25))
    assert "settings.toml.broken" in said
    assert (tmp_path / "settings.toml.broken").read_bytes() == BROKEN[name]
    assert settings.load(path) == (Settings(minutes_a_day=25), [])
    path.write_bytes(BROKEN[name])
    settings.save(path, Settings())
    assert (tmp_path / "settings.toml.broken-2").read_bytes() == BROKEN[name]


@pytest.mark.parametrize("value", ODD)
def test_a_value_that_cannot_be_is_told_and_replaced(value: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"minutes_a_day = {value}\nnew_cards_a_day = 7\n# mine\nunknown = 3\n")
    found, (complaint,) = settings.load(path)
    assert found == Settings(new_cards_a_day=7)
    assert "minutes_a_day must be from 1 to 240" in complaint
    assert len(complaint) < len(str(path)) + 250
    assert settings.save(path, found) == ""
    text = path.read_text()
    assert "# mine" in text
    assert tomllib.loads(text)["unknown"] == 3


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    os.mkfifo(path)
    found, (complaint,) = settings.load(path)
    assert found == Settings()
    assert "no regular file" in complaint
    path.unlink()
    path.symlink_to("/dev/zero")
    assert "no regular file" in settings.load(path)[1][0]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, path = tmp_path / "real.toml", tmp_path / "settings.toml"
    real.write_text("theme = 'tutor-light'\n")
    path.symlink_to(real)
    settings.save(path, Settings(minutes_a_day=33))
    assert path.is_symlink()
    assert tomllib.loads(real.read_text())["minutes_a_day"] == 33


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_settings_or_a_complaint(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        path.write_bytes(data)
        found, complaints = settings.load(path)
        assert found == Settings() or not complaints
        settings.save(path, found)
        assert settings.load(path) == (found, [])
        assert complaints == [] or data in {file.read_bytes() for file in Path(folder).iterdir()}
