"""Several programs on one folder: each waits for the others, and no card is asked by two."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.session.decks import Clock, learner
from tutor.errors import ChangedError
from tutor.memory.model import Rating
from tutor.session import several
from tutor.session.learner import Learner
from tutor.session.plans import QuizPlan
from tutor.session.quiz import QuizSession
from tutor.session.study import StudySession
from tutor.session.turn import Turn

CARDS = 12
DECK = "".join(f"## What is card {n}?\n<!-- card id=c{n} -->\nText {n}.\n\n" for n in range(CARDS))
_ASKED = re.compile(r"\[\d+/\d+\] (\S+) ·")


class Plain:
    """A plain session in a process of its own, spoken to line by line."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tutor", "--data-dir", str(folder), "--no-bundled"]
        self.process = subprocess.Popen(
            [*command, "study", "--plain"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )

    def asked(self) -> str | None:
        """The key of the next card; None at the end."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            assert "Traceback" not in line
            if found := _ASKED.match(line):
                return found[1]
        return None

    def answer(self, rating: str = "4") -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"\n{rating}\n")
        self.process.stdin.flush()

    def close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        self.process.wait(20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "d.md").write_text(DECK)
    (tmp_path / "settings.toml").write_text("new_cards_a_day = 100\nminutes_a_day = 240\n")
    return tmp_path


@pytest.fixture
def programs(folder: Path) -> Iterator[list[Plain]]:
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Plain(folder))) for _ in range(3)]


def test_no_card_is_asked_by_two_programs(programs: list[Plain]) -> None:
    now = {program: program.asked() for program in programs}
    asked = list(now.values())
    assert len({*asked}) == 3
    while any(now.values()):
        for program in programs:
            if now[program] is not None:
                program.answer()
                now[program] = program.asked()
                asked.append(now[program])
    keys = [key for key in asked if key]
    assert len(keys) == len({*keys}) == CARDS
    for program in programs:
        program.close()
        assert program.process.returncode == 0


def test_a_card_is_free_again_when_its_program_ends(folder: Path) -> None:
    with closing(Plain(folder)) as one, closing(Plain(folder)) as two:
        first = one.asked()
        asked = {two.asked()}
        one.process.kill()
        one.process.wait(20)
        while len(asked) < CARDS:
            two.answer()
            asked.add(two.asked())
        assert first in asked


def test_what_another_program_answered_is_taken_in_before_a_card_is_shown(folder: Path) -> None:
    clock = Clock()
    with closing(learner(folder, clock)) as mine, closing(learner(folder, clock)) as others:
        session, other = StudySession(mine), StudySession(others)
        mine_first = session.next()
        assert mine_first is not None
        answered = []
        for _ in range(5):
            item = other.next()
            assert item is not None
            other.answer(item, Rating.EASY)
            answered.append(item.unit)
        item = session.next()
        assert item is not None
        assert item.unit not in answered


def test_an_answer_waits_for_the_others_and_then_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []
    monkeypatch.setattr("time.sleep", lambda _: None)
    times = iter([0.0, *(n / 10 for n in range(1, 100))])
    monkeypatch.setattr("time.monotonic", lambda: next(times))

    def changed() -> str:
        tries.append("try")
        if len(tries) < wins:
            raise ChangedError("changed")
        return "done"

    wins = 20
    assert several.patiently(changed, lambda: tries.append("look")) == "done"
    assert tries.count("look") == tries.count("try") - 1
    tries.clear()
    times, wins = iter([0.0, 1.0, 4.9, 5.1]), 1_000
    with pytest.raises(ChangedError):
        several.patiently(changed, lambda: None)
    assert len(tries) == 3


def test_a_folder_without_locks_asks_as_if_alone(tmp_path: Path) -> None:
    claims = several.Claims(tmp_path / "no such folder" / "tutor.db")
    assert claims.take("d/a")
    claims.give_back()


CHOICES = "---\ndeck: d\n---\n\n# Numbers\n<!-- topic id=numbers -->\n" + "".join(
    f"\n## Is {n} a number?\n<!-- card id=t{n} -->\n- [x] yes\n- [ ] no\n" for n in range(4)
)


class Locks:
    """Locks on bytes held by open files; those of `fcntl` never lock their own process out."""

    LOCK_EX, LOCK_NB, LOCK_UN = 2, 4, 8

    def __init__(self) -> None:
        self.holder: dict[int, int] = {}

    def lockf(self, file: int, act: int, _length: int, place: int) -> None:
        if act == self.LOCK_UN:
            self.holder.pop(place, None)
        elif self.holder.setdefault(place, file) != file:
            raise OSError(errno.EAGAIN, "held")


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Learner, Learner]]:
    """Two learners over one folder, as if in two processes."""
    monkeypatch.setattr(several, "fcntl", Locks())
    clock = Clock()
    with (
        closing(learner(tmp_path, clock, CHOICES)) as mine,
        closing(learner(tmp_path, clock, CHOICES)) as others,
    ):
        yield mine, others


def asked_by(quiz: QuizSession) -> str:
    assert quiz.question is not None
    return quiz.question.key


def answer(quiz: QuizSession) -> str:
    """Answer the question asked now, and go on; gives its key."""
    assert quiz.question is not None
    turn, key = Turn(quiz.question, quiz.learner.library), quiz.question.key
    turn.reply("a")
    quiz.settle(turn)
    assert asked_by(quiz) == key, "an answered question stays until the next"
    quiz.advance()
    return key


def test_two_quizzes_never_ask_one_card_twice(two: tuple[Learner, Learner]) -> None:
    quizzes = [QuizSession(each, QuizPlan(seed=3)) for each in two]
    assert len({*map(asked_by, quizzes)}) == 2
    answered = [answer(quizzes[turn % 2]) for turn in range(4)]
    assert len({*answered}) == 4
    assert [quiz.question for quiz in quizzes] == [None, None]
    assert [quiz.report().asked for quiz in quizzes] == [2, 2]


def test_a_quiz_that_two_windows_go_on_with_is_answered_once(two: tuple[Learner, Learner]) -> None:
    mine = QuizSession(two[0], QuizPlan(seed=3))
    answered = [answer(mine)]
    two[1].catch_up()
    others = QuizSession(two[1], mine.resuming)
    assert asked_by(mine) != asked_by(others)
    while (mine.question, others.question) != (None, None):
        answered += [answer(quiz) for quiz in (mine, others) if quiz.question is not None]
    assert sorted(answered) == sorted({*answered}) and len(answered) == 4


def test_a_quiz_and_a_session_never_ask_one_card_at_once(two: tuple[Learner, Learner]) -> None:
    study = StudySession(two[0])
    item = study.next()
    assert item is not None
    quiz = QuizSession(two[1], QuizPlan(seed=3))
    answered = [answer(quiz) for _ in range(3)]
    assert item.entry.key not in answered
    assert quiz.question is None, "what is still asked elsewhere is left out"
    assert quiz.total == 3


def test_what_one_answers_and_takes_back_oneself_is_asked_on(two: tuple[Learner, Learner]) -> None:
    quiz = QuizSession(two[0], QuizPlan(seed=3))
    key = answer(quiz)
    assert quiz.undo() == key and asked_by(quiz) == key
    assert answer(quiz) == key
