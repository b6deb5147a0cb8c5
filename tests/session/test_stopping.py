"""What is stopped in the middle of coming in is not there at all, and comes in whole later."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.exchange.anki_packages import BASIC, REVERSED, Anki
from tests.session.decks import Clock, learner
from tutor.cli import main
from tutor.deck.load_progress import OnProgress, StoppedError
from tutor.session import arriving, importing_decks, leaving
from tutor.session.arriving import Kind, Wish
from tutor.session.learner import Learner

NOTES = 30
COMES_IN: tuple[Kind, ...] = ("anki", "reviews", "deck")


def file_of(kind: Kind, folder: Path) -> Path:
    """A file of some cards or answers, all of which have dates."""
    if kind == "anki":
        anki = Anki()
        for number in range(NOTES):
            card = anki.note(BASIC, f"q{number}", "a", type=2, queue=2, due=9, ivl=8, reps=2)
            for answer in range(3):
                anki.answer(card, 3600 * (24 * answer + 1) + number, 4, 8, 0 if not answer else 1)
        return anki.write(folder / "latin.apkg")
    file = folder / f"{kind}.md"
    if kind == "deck":
        pair = "Word {0}::Meaning {0} <!--SR:!2026-08-27,5,230-->\n\n"
        file.write_text("".join(pair.format(number) for number in range(NOTES)))
    else:
        rows = "".join(f"other/c{at},3,2024-01-{at:02}T10:00:00Z\n" for at in range(1, NOTES))
        file.write_text(f"card_id,review_rating,review_time\n{rows}")
    return file


def standing(one: Learner) -> dict[str, object]:
    """All that an import may change."""
    data = one.place.data
    files = {path.name: path.read_bytes() for path in (data / "decks").glob("*.md")}
    names = data / "anki-import.json"
    with closing(sqlite3.connect(one.place.database)) as rows:
        made = rows.execute("SELECT type, name FROM sqlite_master ORDER BY name").fetchall()
        count = rows.execute("SELECT count(*) FROM event").fetchall()
    return {
        "files": files, "names": names.read_bytes() if names.exists() else None,
        "tables": made, "rows": count, "states": sorted(state.key for state in one.states()),
        "cards": sorted(one.library.entries),
    }  # fmt: skip


def stopping(call: int, error: type[BaseException]) -> tuple[OnProgress, list[int]]:
    """An `OnProgress` that ends the work at its so-and-so-manieth call, and its calls."""
    calls: list[int] = []

    def hear(share: float) -> None:
        assert 0 <= share <= 1
        calls.append(1)
        if len(calls) == call:
            raise error

    return hear, calls


@pytest.mark.parametrize("error", [StoppedError, KeyboardInterrupt, ZeroDivisionError])
@pytest.mark.parametrize("kind", COMES_IN)
def test_nothing_is_half_in_wherever_it_was_stopped(
    kind: Kind, error: type[BaseException], tmp_path: Path
) -> None:
    file = file_of(kind, tmp_path)
    wish = Wish(dates=kind == "deck")
    with closing(learner(tmp_path, Clock())) as one:
        (one.place.data / "decks").mkdir()
        (one.place.data / "decks" / "latin.md").write_bytes(b"---\r\ndeck: latin\r\n---\r\n")
        one.reload()
        before = standing(one)
        for call in (1, 2, NOTES // 2):
            arrival = arriving.look(one.place, one, file, kind, wish)
            hear, calls = stopping(call, error)
            if kind == "deck" and call > 1:
                break
            with pytest.raises(error):
                arrival.take(hear)
            assert len(calls) == call
            assert standing(one) == before
        arriving.look(one.place, one, file, kind, wish).take()
        after = standing(one)
        assert after["rows"] != before["rows"]
        again = arriving.look(one.place, one, file, kind, wish)
        again.take()
        assert standing(one)["rows"] == after["rows"]


@pytest.mark.parametrize("kind", ["anki", "deck"])
def test_a_reading_can_be_stopped_too(kind: Kind, tmp_path: Path) -> None:
    file = file_of(kind, tmp_path)
    with closing(learner(tmp_path, Clock())) as one:
        hear, calls = stopping(3, StoppedError)
        with pytest.raises(StoppedError):
            arriving.look(one.place, one, file, on_progress=hear)
        assert len(calls) == 3


@pytest.mark.parametrize("form", leaving.FORMS)
def test_an_export_that_is_stopped_leaves_the_old_file(form: str, tmp_path: Path) -> None:
    target = tmp_path / leaving.FORMS[form].file
    with closing(learner(tmp_path, Clock())) as one:
        hear, calls = stopping(2, StoppedError)
        with pytest.raises(StoppedError):
            leaving.FORMS[form].write(one, target, hear)
        assert len(calls) == 2
        assert not target.exists()
        assert not (one.place.data / "anki.json").exists()


def test_a_deck_that_changed_meanwhile_is_put_back_too(tmp_path: Path) -> None:
    file = file_of("deck", tmp_path)
    with closing(learner(tmp_path, Clock())) as one:
        plan = importing_decks.look(one.place, file, "obsidian", "")
        with pytest.raises(ZeroDivisionError), importing_decks.written(one.place, plan) as decks:
            assert decks[0].exists()
            raise ZeroDivisionError
        assert not decks[0].exists()


def test_the_verb_says_that_it_was_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tutor.store.many.insert", stop)
    words = ["--data-dir", str(tmp_path / "data"), "import", str(file_of("anki", tmp_path))]
    assert main(words) == 130
    assert "Stopped" in capsys.readouterr().err
    assert not list((tmp_path / "data").rglob("*.md"))


@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_a_signal_in_the_middle_of_the_verb_leaves_nothing(tmp_path: Path) -> None:
    anki = Anki()
    for number in range(2000):
        anki.note(REVERSED, f"Word <b>{number}</b>", f"<i>{number}</i>", ords=(0, 1))
    file, data = anki.write(tmp_path / "a.apkg"), tmp_path / "data"
    words = [sys.executable, "-m", "tutor", "--no-bundled", "--data-dir", str(data), "import"]
    with subprocess.Popen([*words, str(file)], stdout=subprocess.DEVNULL) as verb:
        until = time.monotonic() + 60
        while not list(data.rglob("latin.md")) and verb.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.001)
        verb.send_signal(signal.SIGINT)
        ended = verb.wait(60)
    there = [path.name for path in (data / "decks").iterdir()]
    # Where the signal came late, all of it is there.
    assert (ended, there) in [(130, []), (0, ["latin.md"])]
