"""Two questions before a lesson: asked where that is wished, and written nowhere."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.session.decks import learner, place
from tutor.cli import main
from tutor.errors import NotFoundError
from tutor.memory.model import Rating
from tutor.session.pretest import Pretest, questions_before
from tutor.session.study import StudySession
from tutor.session.turn import Turn


def test_two_cards_of_the_topic_that_are_new_and_of_two_kinds(tmp_path: Path) -> None:
    with_deck = learner(tmp_path)
    try:
        assert questions_before(with_deck, "alpha") == ("d/second",), "no term, no cloze"
        assert questions_before(with_deck, "gamma") == ()
        with pytest.raises(NotFoundError):
            Pretest(with_deck, "gamma")
        pretest = Pretest(with_deck, "alpha")
        assert pretest.question is not None
        turn = Turn(pretest.question, with_deck.library)
        turn.reply("a")
        pretest.settle(turn)
        pretest.advance()
        assert pretest.question is None and pretest.report().asked == 1
        assert pretest.undo() is None
        assert with_deck.store.last_event_id() is None, "nothing is written"
        session = StudySession(with_deck)
        while (item := session.next()) is not None and item.unit != "d/second":
            session.suspend(item)
        assert item is not None
        turn = Turn(item.question, with_deck.library, rated=True)
        turn.reply(item.question.labels)
        session.settle(item, turn, Rating.GOOD)
        assert questions_before(with_deck, "alpha") == (), "what was answered is no guess"
    finally:
        with_deck.close()


@pytest.mark.parametrize("wished", [True, False])
def test_a_plain_session_guesses_before_the_lesson(
    wished: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    where = place(tmp_path)
    where.data.mkdir()
    if wished:
        where.settings.write_text('pretest = "on"\n', "utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n" * wished + "\n3\nq\n"))
    words = ["study", "--plain", "--no-bundled", "--data-dir", str(where.data)]
    assert main([*words, "--content", str(where.content[0])]) == 0
    lines = capsys.readouterr().out.splitlines()
    guess = [n for n, line in enumerate(lines) if line.startswith("First two guesses")]
    assert bool(guess) is wished
    lesson = lines.index("Letters stand in an order.")
    assert not guess or guess[0] < lesson
    assert sum(line.startswith("saved ") for line in lines) == 1
