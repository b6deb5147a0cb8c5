"""`backup`, `restore` and `doctor` as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.samples import fingerprint
from tutor.cli import main
from tutor.memory.model import CardState
from tutor.store.catalog import Files
from tutor.store.database import open_store
from tutor.store.glance import read_glance
from tutor.store.verify import verify

DECK = """\
---
title: Convolution
deck: conv
---

## Padding
<!-- topic id=padding -->

Zeros around the border.

### What does padding add?
<!-- card id=what -->

A border.

### What does it keep?
<!-- card id=keep -->

The size.
"""

Tutor = Callable[..., int]


@pytest.fixture
def tutor(tmp_path: Path) -> Tutor:
    deck = tmp_path / "deck.md"
    deck.write_text(DECK, encoding="utf-8")

    def run(*words: str) -> int:
        options = ("--data-dir", str(tmp_path / "data"), "--no-bundled", "--content", str(deck))
        return main([*words, *options])

    return run


@pytest.fixture
def learned(tutor: Tutor, tmp_path: Path) -> Files:
    """The files after one topic was marked as known."""
    assert tutor("known", "padding") == 0
    return Files(tmp_path / "data" / "tutor.db", tmp_path / "data" / "backups")


def test_backup_and_restore(
    tutor: Tutor, learned: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = fingerprint(learned.database)
    capsys.readouterr()
    assert tutor("backup", str(tmp_path / "usb.db")) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'usb.db'}\n"
    assert tutor("backup") == 0
    kept = Path(capsys.readouterr().out.strip())
    assert kept.parent == learned.backups
    assert verify(kept).good
    (tmp_path / "folder").mkdir()
    assert tutor("backup", str(tmp_path / "folder")) == 0
    assert verify(tmp_path / "folder" / "tutor.db").good
    learned.database.unlink()
    assert tutor("restore", str(tmp_path / "usb.db")) == 0
    assert "restored 1 row" in capsys.readouterr().out
    assert fingerprint(learned.database) == before


def test_without_answers_there_is_nothing_to_back_up(
    tutor: Tutor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tutor("backup") == 2
    assert "tutor study" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("verb", ["backup", "due", "doctor", "stats"])
def test_answers_that_are_missing_beside_a_backup_are_a_loss(
    verb: str, tutor: Tutor, learned: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tutor("backup") == 0
    learned.database.unlink()
    capsys.readouterr()
    assert tutor(verb) == 3
    told = capsys.readouterr().err
    assert "file is missing" in told and "tutor restore" in told
    assert not learned.database.exists()


def test_a_refused_restore_is_told_and_exits_with_3(
    tutor: Tutor, learned: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tutor("backup", str(tmp_path / "usb.db")) == 0
    content = (tmp_path / "usb.db").read_bytes()
    (tmp_path / "usb.db").write_bytes(content[: len(content) // 2])
    before = fingerprint(learned.database)
    assert tutor("restore", str(tmp_path / "usb.db")) == 3
    told = capsys.readouterr().err
    assert "cannot be restored" in told
    assert f"tutor restore {learned.listed()[0].path}" in told
    assert fingerprint(learned.database) == before


def test_doctor_on_a_healthy_learner(
    tutor: Tutor, learned: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert tutor("doctor", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) >= {
        "integrity", "schema", "journal", "states_match", "orphans", "proposals", "backups",
    }  # fmt: skip
    assert found["integrity"] == "ok"
    assert found["states_match"] is True
    assert found["orphans"] == []
    assert tutor("doctor") == 0
    assert "all as the journal says" in capsys.readouterr().out


def test_doctor_mends_states_and_says_so(
    tutor: Tutor, learned: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(learned.database, learned.backups) as store:
        right = store.states()
        store.replace_states([CardState("padding"), CardState("conv/what", "review", 2.0, 5.0)])
    assert tutor("doctor") == 1
    assert "2 not as the journal says, mended" in capsys.readouterr().out
    assert tutor("doctor") == 0
    with open_store(learned.database, learned.backups) as store:
        assert store.states() == right
    glance = read_glance(learned.database)
    assert glance is not None
    assert glance.known == 1


def test_a_renamed_card_is_no_finding(
    tutor: Tutor, learned: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(learned.database, learned.backups) as store:
        event = next(store.events())
        flag = replace(event, id="f" + event.id[1:], kind="flag", card_key="conv/what")
        store.append([flag], [CardState("conv/what", flagged=True)])
    renamed = DECK.replace("id=what", "id=padding-adds aka=what")
    (tmp_path / "deck.md").write_text(renamed, encoding="utf-8")
    capsys.readouterr()
    assert tutor("doctor", "--json") == 0
    assert json.loads(capsys.readouterr().out)["orphans"] == []


def test_doctor_names_cards_that_are_gone(
    tutor: Tutor, learned: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "deck.md").write_text(DECK.replace("id=padding", "id=paddings"), encoding="utf-8")
    capsys.readouterr()
    assert tutor("doctor", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["orphans"] == ["padding"]
    assert [each["likely"] for each in found["proposals"]] == ["paddings"]


def test_doctor_on_a_damaged_file(
    tutor: Tutor, learned: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tutor("backup") == 0
    learned.database.write_bytes(learned.database.read_bytes()[:5000])
    capsys.readouterr()
    assert tutor("doctor", "--json") == 3
    error = json.loads(capsys.readouterr().out)["error"]
    assert "cut short" in error["message"]
    assert str(learned.listed()[0].path) in error["hint"]
