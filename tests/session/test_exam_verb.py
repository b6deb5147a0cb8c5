"""`tutor exam` and `tutor report`, as they are typed and piped, and killed."""

from __future__ import annotations

import io
import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.session.decks import place
from tests.session.test_exam import DECK
from tutor.cli import main
from tutor.session.exam_rows import left
from tutor.session.learner import Learner

Run = Callable[..., list[str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a verb with these lines on stdin; gives the lines on stdout."""
    where = place(tmp_path, DECK)

    def verb(*words: str, say: str = "", status: int = 0) -> list[str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(say))
        assert main([*words, *_options(where.data, where.content[0])]) == status
        return capsys.readouterr().out.splitlines()

    return verb


def _options(data: Path, content: object) -> list[str]:
    return ["--data-dir", str(data), "--no-bundled", "--content", str(content)]


@pytest.mark.parametrize("number", ["²", "0", "4", "9" * 5_000])
def test_what_is_no_number_of_a_question_is_told(number: str, run: Run) -> None:
    words = ["exam", "--plain", "--count", "3", "--seed", "2", "--kind", "truefalse"]
    lines = run(*words, say=f":{number}\n:list\n{number}\n:2\nq\n")
    assert "Write :back, :1 to :3, :flag, :list or :done." in lines
    assert "Write a number from 1 to 3, or done." in lines
    assert any(line.startswith("[2/3]") for line in lines)


def test_an_exam_line_by_line(run: Run) -> None:
    words = ["exam", "--plain", "--count", "3", "--seed", "2", "--kind", "truefalse"]
    lines = run(*words, say="t!\n:flag\nf\n:back\n\n:list\nq\n")
    assert "Exam: 3 questions, 5 minutes, seed 2." in lines
    assert lines.count("noted 1/3") == lines.count("noted 2/3") == 1
    assert "Flagged: 2" in lines and "Open: 3" in lines
    assert "Your answer so far: f" in " ".join(lines)
    assert not any(line in {"right", "wrong"} or "Right answer" in line for line in lines)
    assert lines[-1] == "Left with 2 of 3 answered: tutor exam goes on."
    lines = run("exam", "--json", say="t\nnonsense\ndone\n")
    data = json.loads(lines[-1])
    assert data["done"] and data["answered"] == data["total"] == 3
    assert data["result"]["asked"] == 3 and data["result"]["flagged"]
    assert any(line.startswith("score ") for line in lines)
    report = json.loads(run("report", "--json")[-1])
    assert report == {"passed": [], "exams": [data["result"]]}
    assert any("of 3 right" in line for line in run("report"))
    assert "# Exams" in run("report", "--markdown")[0]


def test_fewer_questions_than_asked_are_told(run: Run) -> None:
    words = ["exam", "--plain", "--kind", "truefalse", "--seed", "2"]
    lines = run(*words, "--count", "500", say="t\nq\n")
    total = int(lines[1].split()[1])
    assert lines[0] == f"You asked for 500 questions: only {total} fit what you chose."
    assert not any("You asked" in line for line in run("exam", "--plain", "--resume", say="q\n"))


def test_by_ear_the_question_comes_first(run: Run) -> None:
    lines = run("exam", "--speak", "--count", "1", "--kind", "truefalse", say="t\ndone\n")
    question = next(n for n, line in enumerate(lines) if line.startswith("Is "))
    assert question < next(n for n, line in enumerate(lines) if line.startswith("Card 1 of 1"))


def test_another_exam_gives_up_the_one_before(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("tutor.verbs.exam.tell", told.append)
    run("exam", "--plain", "--count", "3", say="?\nq\n")
    assert "Exam: 2 questions" in " ".join(run("exam", "--plain", "--count", "2", say="?\nq\n"))
    assert told == ["The exam that you had left is given up for this one."]
    assert "It goes on" in " ".join(run("exam", "--plain", "--resume", say=":done\n"))
    run("exam", "--resume", status=2)


def test_a_kill_loses_no_answer_that_was_noted(tmp_path: Path) -> None:
    where = place(tmp_path, DECK)
    rng = random.Random(7)
    for times in range(1, 4):
        command = [sys.executable, "-m", "tutor", "exam", "--plain", *_options(
            where.data, where.content[0])]  # fmt: skip
        if times == 1:
            command += ["--count", "12", "--kind", "truefalse", "--seed", "1"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdin and child.stdout
            child.stdin.write(rng.choice("tf") + "\n" + "t\n")
            child.stdin.flush()
            while not child.stdout.readline().startswith("noted"):
                pass
            child.send_signal(signal.SIGKILL)
        person = Learner.open(where)
        try:
            sitting = left(person)
            assert sitting is not None and len(sitting.answers) >= times
            assert not list(person.states())
        finally:
            person.close()
