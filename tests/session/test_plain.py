"""`tutor study --plain`, `due`, `stats` and `known`, as they are typed and piped."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest

from tests.session.decks import DECK, place
from tutor.cli import main
from tutor.store.database import open_store

Tutor = Callable[..., list[str]]
SAVED = re.compile(r"saved (\S+) due (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")


@pytest.fixture
def tutor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Tutor:
    """Run a verb with these lines on stdin; gives the lines on stdout."""
    where = place(tmp_path, DECK)

    def run(*words: str, say: str = "", status: int = 0) -> list[str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(say))
        options = ["--data-dir", str(where.data), "--no-bundled", "--content", *map(
            str, where.content[:1])]  # fmt: skip
        assert main([*words, *options]) == status
        captured = capsys.readouterr()
        assert not captured.err or status
        return captured.out.splitlines()

    return run


def study(tutor: Tutor, *words: str, say: str = "") -> list[str]:
    return tutor("study", "--plain", *words, say=say)


def as_json(lines: list[str]) -> Any:
    (line,) = lines
    return json.loads(line)


def test_one_card(tutor: Tutor, tmp_path: Path) -> None:
    lines = study(tutor, "--limit", "1", say="\n4\n")
    shown = "\n".join(lines)
    assert "[1/1] d/alpha · term\nAlpha\n" in shown
    assert "The first letter." in shown
    assert "1 Again 1m · 2 Hard 6m · 3 Good 10m · 4 Easy 8d" in lines
    (saved,) = filter(None, map(SAVED.fullmatch, lines))
    assert saved[1] == "d/alpha"
    where = place(tmp_path)
    with open_store(where.database, where.backups) as store:
        assert [event.card_key for event in store.events()] == ["d/alpha"]


def test_where_nothing_waits_u_takes_the_last_answer_back(tutor: Tutor) -> None:
    study(tutor, "--new", "1", say="\n4\n")
    lines = study(tutor, "--new", "0", say="u\n")
    assert "Alpha" in lines[lines.index("undone d/alpha") :]


def test_at_the_end_u_brings_the_last_card_back_and_a_pipe_is_not_waited_for(
    tmp_path: Path,
) -> None:
    where = place(tmp_path, DECK)
    command = [
        sys.executable, "-m", "tutor", "study", "--plain", "--data-dir",
        str(where.data), "--no-bundled", "--content", str(where.content[0]), "--new",
    ]  # fmt: skip
    for new, said in (("1", "\n4\n"), ("0", "u\n\n4\n")):
        with Popen([*command, new], stdin=PIPE, stdout=PIPE, text=True) as process:
            assert process.stdin and process.stdout
            process.stdin.write(said)
            process.stdin.flush()  # and the pipe stays open
            lines = process.stdout.read().splitlines()
        assert sum(line.startswith("saved d/alpha") for line in lines) == 1


def test_a_new_lesson_stands_above_its_first_card_and_takes_no_line(tutor: Tutor) -> None:
    lines = study(tutor, say="\n3\n\n")
    assert lines.count("New topic: Alpha") == 1
    assert lines.index("New topic: Alpha") < lines.index("Alpha")
    assert sum(line.startswith("saved") for line in lines) == 1
    again = study(tutor, say="\n3\n")
    assert "New topic: Alpha" not in again, "a topic that was begun is not new"


def test_every_prompt_ends_its_line_on_a_pipe(tutor: Tutor) -> None:
    for line in study(tutor, say="\n3\nb\n\n1\n"):
        assert not re.search(r"[:?] +\S*saved|:\s*saved", line)
    assert any(line.startswith("Recall") for line in study(tutor, say="u\n"))


def test_minutes_are_told_instead_of_a_count(tutor: Tutor) -> None:
    lines = study(tutor, "--minutes", "3", say="\n3\n")
    assert sum(line.startswith("[3 min left] d/") for line in lines) >= 2


def test_quit_and_the_end_of_input_end_well(tutor: Tutor) -> None:
    for words in ("q\n", "\nq\n", "", "\n", "\n3\nq\n"):
        study(tutor, say=words)


def test_a_marked_card_is_marked_at_once(tutor: Tutor) -> None:
    card = ["--topic", "beta", "--new", "9"]
    wrong = study(tutor, *card, "--limit", "2", say="\n4\n7\n")
    assert "wrong" in wrong
    assert any("Right answer: 1 letter" in line for line in wrong)
    assert wrong.index("wrong") < [i for i, line in enumerate(wrong) if "saved" in line][1]
    assert sum("1 Again" in line for line in wrong) == 1, "after a wrong answer no rating is asked"


def test_a_right_choice_is_at_most_good(tutor: Tutor, tmp_path: Path) -> None:
    lines = study(tutor, "--topic", "alpha", say="\n4\n\nq\n")
    letter = next(line[0] for line in lines if line.endswith(") beta"))
    right = study(tutor, "--topic", "alpha", say=f"{letter}\n4\n")
    assert "right" in right
    assert "1 Again 1m · 2 Hard 6m · 3 Good 10m · 4 Easy 10m" in right
    where = place(tmp_path)
    with open_store(where.database, where.backups) as store:
        last = list(store.events())[-1]
        assert (last.card_key, last.rating, last.correct) == ("d/second", 3, True)


def test_an_unreadable_answer_is_asked_again(tutor: Tutor) -> None:
    lines = study(tutor, "--topic", "beta", "--limit", "2", say="\n4\nmany\n1\n3\n")
    assert any(line.startswith("That is not a number I can read.") for line in lines)
    assert "right" in lines


def test_not_knowing_is_again(tutor: Tutor) -> None:
    lines = study(tutor, "--topic", "beta", "--limit", "2", say="\n4\n?\n")
    assert "wrong" in lines
    assert sum(line.startswith("saved") for line in lines) == 2


def test_a_hint_costs_the_higher_ratings(tutor: Tutor) -> None:
    lines = study(tutor, "--limit", "1", say="hint\n\n4\n")
    assert "It is not the last." in lines
    assert "1 Again 1m · 2 Hard 6m · 3 Good 6m · 4 Easy 6m" in lines


def test_a_rating_that_is_none_is_asked_again(tutor: Tutor) -> None:
    lines = study(tutor, "--limit", "1", say="\n5\n\ngood\n")
    assert lines.count("Write 1, 2, 3 or 4.") == 2
    assert any(map(SAVED.fullmatch, lines))


def test_undo_at_both_prompts_and_across_sessions(tutor: Tutor) -> None:
    study(tutor, say="\n4\n")
    lines = study(tutor, say="u\n\nu\nq\n")
    assert lines.count("undone d/alpha") == 1
    assert lines.count("There is no answer to take back.") == 1
    assert as_json(tutor("stats", "--json"))["reviews"] == 0
    after = "\n".join(lines).partition("undone d/alpha")[2]
    assert "d/alpha · term" in after


def test_an_undone_answer_does_not_count_for_the_limit(tutor: Tutor) -> None:
    lines = study(tutor, "--limit", "2", say="\n4\nu\n\n3\n\n4\n\n4\n")
    assert sum(line.startswith("saved") for line in lines) == 3
    assert as_json(tutor("stats", "--json"))["reviews"] == 2


def test_the_end_tells_what_still_waits(tutor: Tutor) -> None:
    lines = study(tutor, "--limit", "1", say="\n4\n")
    parts = "0 due · 0 learning · 4 new"
    assert lines[-1] == f"That was this session. Still to come today: {parts}."
    assert tutor("due")[0].startswith(parts), "one count everywhere"


def test_new_cards_whatever_the_day(tutor: Tutor) -> None:
    assert not any("saved" in line for line in study(tutor, "--new", "0", say="\n4\n" * 9))
    saved = [line for line in study(tutor, "--new", "2", say="\n4\n" * 9) if "saved" in line]
    assert len(saved) == 2


def test_a_topic_that_is_not_there(tutor: Tutor) -> None:
    assert tutor("study", "--plain", "--topic", "omega", status=2) == []


def test_without_a_terminal_study_is_plain(tutor: Tutor) -> None:
    assert any("d/alpha" in line for line in tutor("study", say="q\n"))


def test_control_characters_in_an_answer_do_no_harm(tutor: Tutor) -> None:
    lines = study(tutor, "--limit", "1", say="\x1b]52;c;eA==\x07\n4\n")
    assert not any("\x1b" in line for line in lines)
    assert any(map(SAVED.fullmatch, lines))


def test_due(tutor: Tutor) -> None:
    assert as_json(tutor("due", "--json")) == {"now": 0, "today": 0, "new": 3, "next_due": None}
    saved = next(filter(None, map(SAVED.fullmatch, study(tutor, say="\n3\n"))))
    due = as_json(tutor("due", "--json"))
    assert due == {"now": 0, "today": 1, "new": 4, "next_due": saved[2]}, "Beta is open now"
    assert tutor("due")[0].startswith("0 due · 1 learning · 4 new")


def test_stats(tutor: Tutor) -> None:
    study(tutor, say="\n3\n\n4\n\n1\n")
    stats = as_json(tutor("stats", "--json"))
    assert stats["reviews"] == 3
    assert stats["cards"] == {
        "new": 4, "learning": 2, "review": 1, "suspended": 0, "retired": 0,
    }  # fmt: skip
    assert stats["true_retention"] == {"value": None, "low": None, "high": None, "n": 0}
    assert stats["streak"] == 1
    (day,) = stats["study_days"]
    assert day["reviews"] == 3
    assert set(day) == {"day", "reviews", "seconds"}
    assert [topic["id"] for topic in stats["topics"]] == ["alpha", "beta", "gamma"]
    assert set(stats["topics"][0]) == {"id", "known", "cards", "retrievability"}
    assert stats["topics"][0]["retrievability"] == 1.0
    assert set(stats["due"]) == {"now", "today", "new", "next_due"}
    lines = tutor("stats")
    assert "answers     3" in lines
    assert "retention   no reviews yet: it shows when cards come back on a later day" in lines


def test_known(tutor: Tutor) -> None:
    assert tutor("known", "Alpha", "beta") == ["known alpha: Alpha", "known beta: Beta"]
    topics = as_json(tutor("stats", "--json"))["topics"]
    assert [topic["known"] for topic in topics] == [True, True, False]
    assert tutor("known", "omega", status=2) == []


def test_a_slip_in_the_settings_is_told(
    tutor: Tutor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    errors = io.StringIO()
    monkeypatch.setattr("sys.stderr", errors)
    where = place(tmp_path)
    where.data.mkdir(parents=True, exist_ok=True)
    (where.data / "settings.toml").write_text('new_cards_a_day = "lots"\n')
    study(tutor, say="q\n")
    assert "new_cards_a_day must be from 0 to 1000" in errors.getvalue()
