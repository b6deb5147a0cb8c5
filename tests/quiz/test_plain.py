"""The quiz on pipes, with a real deck, a real store and a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.memory.model import Rating
from tutor.store.database import open_store

from .driver import Quiz
from .plain_deck import DECK

SAVED = re.compile(r"saved (\S+) due \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    path = tmp_path / "d.md"
    path.write_text(DECK, encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def one(card: str, data: Path, content: Path, *more: str) -> Quiz:
    return Quiz("--card", f"d/{card}", "--seed", "5", *more, data=data, content=content)


def letter(lines: list[str], text: str) -> str:
    return next(line[0] for line in lines if line[1:] == f") {text}")


def test_a_wrong_option(data: Path, content: Path) -> None:
    with one("same", data, content) as quiz:
        shown = quiz.ask()
        options = [line for line in shown if re.match(r"[a-z]\) ", line)]
        assert sorted(line[3:] for line in options) == ["1", "2", "4"]
        assert [line[0] for line in options] == ["a", "b", "c"]
        assert "[1/1] d/same · choice" in shown
        said = quiz.answer(letter(shown, "4"))
    assert said[:4] == [
        "wrong",
        f"Right answer: 2 ({letter(shown, '2')})",
        "That is k − 1, both sides together.",
        "Half of what the kernel takes away.",
    ]
    saved = SAVED.fullmatch(said[4])
    assert saved and saved[1] == "d/same"
    assert said[-3:] == ["  frames: 0 of 1", "To review: d/same", "score 0/1"]


def test_a_misconception_is_named_first(data: Path, content: Path) -> None:
    with one("count", data, content) as quiz:
        front = next(line for line in quiz.ask() if line.startswith("A layer has"))
        n, m = map(int, re.findall(r"\d+", front))
        said = quiz.answer(f"{n * m} parameters")
    assert said[:4] == [
        "wrong",
        "Misconception: forgot the biases",
        f"Right answer: {n * m + m} parameters",
        f"{n} × {m} weights and {m} biases.",
    ]
    assert SAVED.fullmatch(said[4])


def test_what_cannot_be_read_is_asked_again(data: Path, content: Path) -> None:
    with one("count", data, content) as quiz:
        front = next(line for line in quiz.ask() if line.startswith("A layer has"))
        n, m = map(int, re.findall(r"\d+", front))
        for unread in ("many", "12 weights", ""):
            said = quiz.answer(unread)
            assert len(said) == 2
            assert said[1] == "Answer (a number of parameters):"
        assert quiz.answer(f"{n * m + m}")[0] == "right"
        assert quiz.said[-1] == "score 1/1"


def test_a_near_miss_is_spelling(data: Path, content: Path) -> None:
    with one("relu", data, content) as quiz:
        quiz.ask()
        assert quiz.answer("rectified linaer unit")[0] == "almost: spelling"
        assert quiz.answer("Rectified-linear unit")[0] == "right"


def test_every_kind_can_be_answered(data: Path, content: Path) -> None:
    with one("true-ones", data, content) as quiz:
        shown = quiz.ask()
        right = f"{letter(shown, 'It adds zeros')},{letter(shown, 'It keeps the edge')}"
        assert quiz.answer(right)[0] == "right"
    with one("weights", data, content) as quiz:
        assert quiz.ask()[-3:-1] == ["a) True", "b) False"]
        assert quiz.answer("true")[:3] == [
            "wrong",
            "Right answer: False (b)",
            "They are constants.",
        ]
    with one("steps", data, content) as quiz:
        shown = quiz.ask()
        order = ",".join(letter(shown, t) for t in ("Forward pass", "Loss", "Backward pass"))
        assert quiz.answer(order)[0] == "right"
    with one("losses", data, content) as quiz:
        shown = quiz.ask()
        pairs = {
            "cross-entropy": "classification",
            "squared error": "regression",
            "hinge": "margins",
        }
        line = ",".join(letter(shown, a) + letter(shown, b) for a, b in pairs.items())
        assert quiz.answer(line)[0] == "right"
    with one("chain", data, content) as quiz:
        shown = quiz.ask()
        assert "The [1 …] goes back to the [2 …] by [formula]." in shown
        assert quiz.answer("loss; weights")[0] == "right"


def test_a_formula_is_the_learners_to_judge(data: Path, content: Path) -> None:
    with one("formula", data, content) as quiz:
        assert quiz.ask()[-1].startswith("This one is yours to judge.")
        assert quiz.answer("")[0] == "Right answer: e^(sᵢ)"
        assert quiz.answer("perhaps")[0] == "Write y or n."
        assert quiz.answer("y")[0] == "right"
        assert quiz.said[-1] == "score 1/1"


def test_the_report_as_json(data: Path, content: Path) -> None:
    with one("relu", data, content, "--card", "d/weights", "--json") as quiz:
        quiz.ask()
        assert quiz.answer("relu !")[0] == "right, you were sure"
        assert quiz.answer("f?")[0] == "right, you were unsure"
        assert quiz.end() == 0
    report = quiz.report()
    assert list(report) == ["asked", "right", "score_interval", "items", "review"]
    assert (report["asked"], report["right"]) == (2, 2)
    assert report["review"] == ["d/weights"]
    assert [item["confidence"] for item in report["items"]] == ["sure", "unsure"]
    assert [item["answer"] for item in report["items"]] == ["relu", "f"]
    assert [item["given"] for item in report["items"]] == ["relu", "f"]
    assert quiz.said[-2] == "score 2/2"


def test_the_report_tells_the_question_with_its_numbers(data: Path, content: Path) -> None:
    with one("count", data, content, "--card", "d/chain", "--card", "d/losses", "--json") as quiz:
        front = next(line for line in quiz.ask() if line.startswith("A layer has"))
        quiz.answer("?")
        quiz.answer("loss; loss")
        quiz.answer("1a 2b 3c")
        assert quiz.end() == 0
    count, chain, losses = quiz.report()["items"]
    assert count["question"] == front and re.search(r"\d", front)
    assert (count["given"], count["answer"]) == ("?", "")
    assert "The [1 …] goes back to the [2 …] by [formula]." in chain["question"]
    assert (chain["given"], losses["given"]) == ("loss; loss", "1a 2b 3c")
    assert quiz.said.count(front) == 2, "asked, and told again at the end"
    assert "  you: no answer · right: " in "\n".join(quiz.said)


def test_an_order_or_match_tells_my_answer_and_the_right_one(data: Path, content: Path) -> None:
    with one("steps", data, content) as quiz:
        shown = quiz.ask()
        given = ("Loss", "Forward pass", "Backward pass")
        said = quiz.answer(",".join(letter(shown, text) for text in given))
    assert said[0] == "wrong" and said[1] == f"Your answer: {', then '.join(given)}"
    assert said[2].startswith("Right answer: Forward pass, then Loss, then Backward pass")


def test_a_hint_is_given_when_asked_for(data: Path, content: Path) -> None:
    with one("relu", data, content) as quiz:
        assert quiz.ask()[-1] == "Answer (a word or a few) (or hint):"
        assert quiz.answer("hint")[0] == "Four letters."
        assert quiz.answer("hint")[0] == "wrong"
    with one("relu", data, content) as quiz:
        quiz.ask()
        quiz.answer("hint")
        assert quiz.answer("relu")[0] == "right"
    with open_store(data / "tutor.db", data / "backups") as store:
        hints, ratings = zip(*((e.hints, e.rating) for e in store.events()), strict=True)
    assert hints == (1, 1)
    assert ratings == (Rating.AGAIN, Rating.HARD)


def test_i_do_not_know(data: Path, content: Path) -> None:
    with one("relu", data, content) as quiz:
        quiz.ask()
        assert quiz.answer("?")[:2] == ["wrong", "Right answer: ReLU"]


def test_undo_takes_back_and_asks_again(data: Path, content: Path) -> None:
    with one("relu", data, content, "--card", "d/weights", "--json") as quiz:
        quiz.ask()
        quiz.answer("sigmoid")
        said = quiz.answer("u")
        assert said[0] == "undone d/relu"
        assert "[1/2] d/relu · typed" in said
        assert quiz.answer("relu")[0] == "right"
        assert quiz.answer("f")[0] == "right"
        assert quiz.end() == 0
    assert quiz.report()["right"] == 2


def test_undo_takes_back_all_gaps_of_a_cloze(
    data: Path, content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with one("chain", data, content) as quiz:
        quiz.ask()
        assert quiz.answer("weights; loss")[0] == "wrong"
    with one("chain", data, content) as quiz:
        quiz.ask()
        assert quiz.answer("u")[0] == "undone d/chain"
        assert quiz.answer("u")[0] == "There is no answer to take back."
        assert quiz.answer("loss; weights")[0] == "right"
    main(["doctor", "--json", "--no-bundled", "--data-dir", str(data), "--content", str(content)])
    report = json.loads(capsys.readouterr().out)
    assert report["states_match"] is True
    with open_store(data / "tutor.db", data / "backups") as store:
        kept = {event.card_key: event.rating for event in store.active_events()}
    assert kept == {"d/chain/loss": Rating.GOOD, "d/chain/weights": Rating.GOOD}


def test_undo_reaches_an_earlier_session(data: Path, content: Path) -> None:
    with one("relu", data, content) as quiz:
        quiz.ask()
        quiz.answer("sigmoid")
    with one("weights", data, content) as quiz:
        quiz.ask()
        said = quiz.answer("u")
        assert said[0] == "undone d/relu"
        assert "[1/2] d/relu · typed" in said
        assert quiz.answer("u")[0] == "There is no answer to take back."
        quiz.answer("relu")
        quiz.answer("f")
        assert quiz.said[-1] == "score 2/2"


@pytest.mark.parametrize("leave", ["q", None])
def test_leaving_early_is_no_failure(data: Path, content: Path, leave: str | None) -> None:
    with one("relu", data, content, "--card", "d/weights") as quiz:
        quiz.ask()
        quiz.answer("relu")
        if leave:
            quiz.answer(leave)
        assert quiz.end() == 0
    assert quiz.said[-1] == "score 1/1"


def test_the_same_seed_asks_the_same_in_any_process(tmp_path: Path, content: Path) -> None:
    spoken = []
    for run in ("1", "2"):
        with Quiz("--seed", "11", data=tmp_path / run, content=content, hash_seed=run) as quiz:
            quiz.ask()
            while "score" not in quiz.said[-1]:
                quiz.answer("?" if quiz.said[-1].startswith("Answer") else "n")
        spoken.append([line for line in quiz.said if not line.startswith("saved")])
    assert spoken[0] == spoken[1]
    assert spoken[0][-1] == "score 0/9"


def test_the_seed_counts_and_not_what_was_answered_before(data: Path, content: Path) -> None:
    """Cards already met come first, but not when a seed fixes the questions."""
    asked = []
    for _ in range(2):
        with Quiz("--seed", "11", "--count", "2", data=data, content=content) as quiz:
            quiz.ask()
            quiz.answer("?")
            quiz.answer("?")
        asked.append([line for line in quiz.said if line.startswith("[")])
    assert asked[0] == asked[1]
    with Quiz("--count", "2", data=data, content=content) as quiz:
        first = next(line for line in quiz.ask() if line.startswith("["))
    met = {line.split()[1] for line in asked[0]}
    assert first.split()[1] in met


def test_topics_and_kinds(data: Path, content: Path) -> None:
    with Quiz(
        "--topic", "Zero-Frames", "--kind", "choice", "--kind", "multi", data=data, content=content
    ) as quiz:
        quiz.ask()
        quiz.answer("?")
        quiz.answer("?")
        assert quiz.end() == 0
    assert {line.split()[1] for line in quiz.said if line.startswith("[")} == {
        "d/same",
        "d/true-ones",
    }


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--topic", "frmaes"], "Did you mean frames?"),
        (["--topic", "nonsense"], "no topic of these decks"),
        (["--kind", "term"], "is studied, not quizzed"),
        (["--kind", "essay"], "is no kind of question"),
        (["--card", "d/nothing"], "is no card of these decks"),
        (["--card", "d/term"], "you rate it yourself"),
        (["--topic", "frames", "--kind", "order"], "Nothing to ask"),
    ],
)
def test_what_does_not_exist_is_exit_2(
    data: Path,
    content: Path,
    options: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = ["--no-bundled", "--data-dir", str(data), "--content", str(content)]
    assert main(["quiz", "--plain", *options, *place]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err


def test_bytes_that_are_no_text_do_no_harm(data: Path, content: Path) -> None:
    command = [sys.executable, "-m", "tutor", "quiz", "--plain", "--no-bundled", "--card", "d/relu"]
    done = subprocess.run(
        [*command, "--data-dir", str(data), "--content", str(content)],
        input=b"\xff\xfe\x1b]52;c;eA==\x07\nrelu\n",
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=60,
    )
    assert b"\x1b" not in done.stdout
    assert done.stderr == b""


def test_o_counts_a_written_miss_as_right(data: Path, content: Path) -> None:
    with one("relu", data, content, "--card", "d/weights", "--json") as quiz:
        quiz.ask()
        quiz.answer("sigmoid")
        said = quiz.answer("o")
        assert said[0].startswith("counted as right d/relu due ")
        assert any(line.startswith("[2/2] d/weights") for line in said)
        assert quiz.answer("u")[0] == "undone d/relu"
        assert quiz.answer("o")[0].startswith("counted as right d/relu due ")
        # There is no miss any more, so that it is an answer.
        assert quiz.answer("o")[0] == "Answer with letters from a to b."
        quiz.answer("f")
        assert quiz.end() == 0
    assert (quiz.report()["right"], quiz.report()["review"]) == (2, [])
