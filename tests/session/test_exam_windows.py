"""One exam in several windows: all show the same one, and no question is marked twice."""

from __future__ import annotations

import io
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.decks import Clock, learner, place
from tests.session.test_exam import DECK, right
from tests.session.test_several import Locks
from tutor.cli import main
from tutor.errors import ElsewhereError
from tutor.session import several
from tutor.session.exam import ExamSession
from tutor.session.exam_result import results
from tutor.session.exam_rows import left
from tutor.session.learner import Learner
from tutor.session.plans import ExamPlan, QuizPlan
from tutor.session.quiz import QuizSession


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Learner, Learner]]:
    """Two learners over one folder, as if in two processes."""
    monkeypatch.setattr(several, "fcntl", Locks())
    clock = Clock()
    with (
        closing(learner(tmp_path, clock, DECK)) as mine,
        closing(learner(tmp_path, clock, DECK)) as others,
    ):
        yield mine, others


def begun(person: Learner, count: int = 4, seed: int = 1) -> ExamSession:
    return ExamSession(person, ExamPlan(count=count, seed=seed))


def gone_on_with(person: Learner) -> ExamSession:
    return ExamSession(person, ExamPlan(go_on=True))


def reviewed(person: Learner) -> Counter[str]:
    return Counter(event.card_key for event in person.store.events() if event.kind == "review")


def test_a_second_window_shows_the_same_exam_and_both_say_so(two: tuple[Learner, Learner]) -> None:
    mine = begun(two[0])
    mine.answer(right(mine), "sure")
    others = gone_on_with(two[1])
    assert others.resumed and others.answer_at(0) == mine.answer_at(0) and not others.news
    others.answer(right(others))
    others.go(2)
    others.flag()
    assert mine.answer_at(1) is None
    mine.go(1)
    assert mine.given == others.answer_at(1) and mine.is_flagged(2)
    assert "Another window has this exam open too" in mine.news
    mine.news = ""
    mine.go(3)
    assert not mine.news, "once is enough"
    mine.answer(right(mine))
    result = others.hand_in()
    assert result.report.right == 3, "what was answered in either window counts"


def test_what_is_handed_in_in_one_window_is_over_in_the_other(two: tuple[Learner, Learner]) -> None:
    mine = begun(two[0])
    mine.answer(right(mine))
    others = gone_on_with(two[1])
    result = others.hand_in()
    with pytest.raises(ElsewhereError, match="handed this exam in"):
        mine.answer("?")
    assert mine.over and mine.hand_in() == result
    assert not mine.leave(), "there is nothing to go on with"
    assert len(results(two[0])) == 1
    assert [*reviewed(two[0]).values()] == [1]


def test_of_two_that_were_only_drawn_the_first_that_is_answered_goes_on_in_both(
    two: tuple[Learner, Learner],
) -> None:
    mine, others = begun(two[0]), begun(two[1], count=5, seed=2)
    others.answer(right(others))
    with pytest.raises(ElsewhereError, match="Another window has begun an exam"):
        mine.answer(right(mine))
    assert (mine.total, mine.seed, mine.answered) == (5, 2, 1)
    mine.answer(right(mine))
    assert others.hand_in().report.asked == 5
    assert max(reviewed(two[0]).values()) == 1


def test_an_exam_that_is_given_up_elsewhere_is_left_for_the_new_one(
    two: tuple[Learner, Learner],
) -> None:
    mine = begun(two[0])
    mine.answer(right(mine))
    others = begun(two[1], count=3, seed=9)
    assert not mine.news, "it is given up by the first answer to the other"
    others.answer(right(others))
    with pytest.raises(ElsewhereError):
        mine.hand_in()
    assert not mine.over and mine.total == 3
    others.hand_in()
    with pytest.raises(ElsewhereError):
        mine.flag()
    assert len(results(two[0])) == 1


def test_one_handed_in_elsewhere_ends_no_other(two: tuple[Learner, Learner]) -> None:
    mine, others = begun(two[0]), begun(two[1], count=3, seed=9)
    others.answer(right(others))
    others.hand_in()
    assert mine.answer(right(mine)) == ""
    assert left(two[1]) is not None
    assert mine.hand_in().report.asked == 4


def test_no_quiz_asks_what_an_exam_looks_at(two: tuple[Learner, Learner]) -> None:
    session = begun(two[0])
    assert session.question is not None
    key = session.question.card.key
    quiz = QuizSession(two[1], QuizPlan(cards=(key, "d/even-1", "d/even-2")))
    assert quiz.question is not None and quiz.question.card.key != key
    session.close()
    quiz = QuizSession(two[1], QuizPlan(cards=(key, "d/even-1", "d/even-2")))
    assert quiz.question is not None and quiz.question.card.key == key


def test_whatever_two_windows_do_no_question_is_marked_twice(two: tuple[Learner, Learner]) -> None:
    rng = random.Random(16)
    print("seed 16")
    for _ in range(12):
        begun(two[0]).flag()
        windows = [gone_on_with(person) for person in two]
        before, ended = reviewed(two[0]), len(results(two[0]))
        given: dict[int, str] = {}
        while not all(window.over for window in windows):
            window = rng.choice([window for window in windows if not window.over])
            act = rng.choice(["go", "answer", "flag", "hand in"] + 3 * ["answer"])
            try:
                if act == "go":
                    window.go(rng.randrange(4))
                elif act == "flag":
                    window.flag()
                elif act == "hand in":
                    window.hand_in()
                elif window.question is not None:
                    text = rng.choice([right(window), "?"])
                    assert window.answer(text) == ""
                    given[window.at] = text
            except ElsewhereError:
                assert window.over
        one, other = (window.hand_in() for window in windows)
        assert one == other and len(results(two[1])) == ended + 1
        assert {at: item.given for at, item in enumerate(one.report.items) if item.given} == given
        new = reviewed(two[0]) - before
        assert len(given) <= new.total() and max(new.values(), default=1) == 1


class Typing(io.StringIO):
    """Lines typed one after the other; before the second something happens in another window."""

    def __init__(self, lines: str, meanwhile: Callable[[], object]) -> None:
        super().__init__(lines)
        self._meanwhile = meanwhile
        self._read = 0

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        self._read += 1
        if self._read == 2:
            self._meanwhile()
        return super().readline(-1 if size is None else size)


def test_a_plain_exam_says_what_another_window_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = place(tmp_path, DECK)
    words = ["exam", "--plain", "--data-dir", str(where.data), "--no-bundled"]
    words += ["--content", str(where.content[0])]

    def elsewhere(*acts: str) -> None:
        with closing(Learner.open(where)) as person:
            session = gone_on_with(person)
            for act in acts:
                session.answer(right(session)) if act == "answer" else session.hand_in()

    monkeypatch.setattr("sys.stdin", Typing("?\n\nq\n", lambda: elsewhere("answer")))
    assert main([*words, "--count", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Another window has this exam open too: what was answered there is here." in lines
    assert lines[-1] == "Left with 2 of 3 answered: tutor exam goes on."
    monkeypatch.setattr("sys.stdin", Typing("\n?\n?\n", lambda: elsewhere("hand in")))
    assert main([*words, "--json"]) == 0
    out = capsys.readouterr().out
    assert "Another window has handed this exam in. It is over." in out
    assert json.loads(out.splitlines()[-1])["done"] is True
