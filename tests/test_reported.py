"""What people reported of notes and answers, one test each: taken as meant, or told.

The ids name the reports; F22 and F28 (a backlog, keys in one burst) are tested where they belong.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.deck.model import Cloze, Prose
from tutor.deck.parse import parse_text
from tutor.quiz.asking import make_question
from tutor.quiz.marking import mark
from tutor.quiz.terms import Terms
from tutor.text import math
from tutor.text.markdown import plain

HEAD = (
    "---\ndeck: d\ntitle: D\n---\n# T\n<!-- topic id=t ref=A -->\n\n"
    "## What is it here?\n<!-- card id=a -->\n"
)
SHOWN = {
    "F01-math": ("| a | b |\n| - | - |\n| $P(X|Y)$ | given |", ["P(X|Y)", "given"]),
    "F01-code": ("| a | b |\n| - | - |\n| `p|q` | piped |", ["p|q", "piped"]),
    "F03-range": ("From $30-$40 a day, $1/$9 or B$2/C$3.", ["$30-$40", "$1/$9", "B$2/C$3"]),
    "F03-list": ("Plans of $1,500,$2,500 exist.", ["$1,500,$2,500"]),
    "F05": ("See [this paper][q].\n\n[q]: http://example.org/z", ["http://example.org/z"]),
    "F06-brackets": (r"A loss \( \alpha_i \) falls.", ["αᵢ"]),
    "F06-blanks": (r"With $ \beta = 2 $ it holds.", ["β = 2"]),
    "F06-environment": ("\\begin{align}\nu &= v\n\\end{align}", ["u = v"]),
    "F09-links": ("Read [[Backpropagation|this]]. %%private%%", ["Read this."]),
    "F09-note": ("With a note[^n].\n\n[^n]: Its text.", ["(Its text)"]),
    "F12": ("$$\nM = \\frac{1}{K} \\\\\n$$", ["M = 1/K"]),
    "F15": (r"$\textcolor{blue}{y} \hspace{1em} {n \choose k}$", ["y", "(n choose k)"]),
}
TOLD = {
    "F01-third-cell": ("| a | b |\n| - | - |\n| 1 | 2 | 3 |", "table-cells"),
    "F04-gap-in-math": ("So $$ ==z^2== = 1 $$ holds.", "gap-in-math"),
    "F06-open": (r"We set $\gamma = r and leave.", "raw-latex"),
    "F08": (
        "One.\n\n## What is another one?\nText.\n\n## Last?\n<!-- card id=z -->\nYes.",
        "forgotten-card",
    ),
    "F09-open-comment": ("Text %%never closed.", "unread-mark"),
    "F15-unknown": (r"A $\unheardof{x}$.", "unknown-math"),
}
ASKED = {
    "F11-number": ("It has ==2,000== units.", "2000", "right"),
    "F11-wordings": ("A ==ridge | weight decay== term.", "weight decay", "right"),
    "F16": ("= 2_400.3 ± 1%", "2,400", "right"),
    "F16-interval": ("= [1_999.5, 3_000.5]", "2,500", "right"),
    "F18-power": ("= 24_000 steps", "2.4 × 10⁴", "right"),
    "F18-billion": ("= 3_000_000_000 parameters", "3B", "right"),
    "F18-percent": ("= 0.35 ± 0.001", "35 percent", "right"),
    "F18-minus": ("= -0.25 ± 0.01", "minus 0.25", "right"),
    "F19": ('= "precision"', "recall", "wrong"),
    "F19-near": ('= "LSTM"', "LSTD", "wrong"),
    "F20-article": ('= "gradient"', "the gradients", "right"),
    "F20-spelling": ('= "regularizer"', "regulariser", "right"),
    "F20-points": ('= "RNN"', "R.N.N.", "right"),
    "F20-greek": ('= "λ"', "lambda", "right"),
}


def _answer(source: str) -> str:
    answer = parse_text(HEAD + source + "\n", "d.md").cards[0].answer
    assert isinstance(answer, Prose)
    return plain(answer.text, None)


@pytest.mark.parametrize("report", SHOWN)
def test_what_is_shown_as_meant(report: str) -> None:
    source, wanted = SHOWN[report]
    shown = " ".join(_answer(source).split())
    assert [each for each in wanted if each not in shown] == [], shown


@pytest.mark.parametrize("report", TOLD)
def test_what_is_told(report: str) -> None:
    source, rule = TOLD[report]
    assert rule in {problem.rule for problem in parse_text(HEAD + source + "\n", "d.md").problems}


@pytest.mark.parametrize("source", ["==$ z^3 $==", "==$$ w $$==", "==$u$=="])
def test_a_gap_may_be_a_formula_with_blanks(source: str) -> None:
    answer = parse_text(f"{HEAD}The rule is {source} here.\n", "d.md").cards[0].answer
    assert isinstance(answer, Cloze)
    assert [gap.formula for gap in answer.gaps] == [True]


@pytest.mark.parametrize(
    "text", ["Q: What?\nA: This.\n", "one::two\n", "# Notes\n\n## What?\nThis.\n"]
)
def test_a_file_in_which_nothing_is_a_card_is_told(text: str) -> None:
    assert [problem.rule for problem in parse_text(text, "notes.md").problems] == ["no-card"]


def test_rows_stay_when_one_is_too_wide() -> None:
    wide = " + ".join(rf"\text{{term {n}}}" for n in range(12))
    box = math.display(rf"\begin{{aligned}} a &= b \\ &= {wide} \\ &= c \end{{aligned}}", 76)
    assert box.height >= 4
    assert box.width <= 76


@pytest.mark.parametrize("report", ASKED)
def test_how_an_answer_is_marked(report: str) -> None:
    line, answer, verdict = ASKED[report]
    card = parse_text(HEAD + line + "\n", "d.md").cards[0]
    assert mark(make_question(card, 0), answer, Terms.of([])).verdict == verdict


def test_a_renamed_file_gets_its_history_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    text = HEAD.partition("# T")[2]
    (notes / "first.md").write_text(
        f"# T{text}One.\n\n## And this one?\n<!-- card id=b -->\nTwo.\n"
    )
    where = ["--no-bundled", "--content", str(notes), "--data-dir", str(tmp_path / "data")]

    def run(*words: str, say: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(say))
        assert main([*words, *where]) == 0
        return capsys.readouterr().out

    run("study", "--plain", say="\n4\n\n4\n")
    (notes / "first.md").rename(notes / "second.md")
    assert "2 new" in run("due")
    assert "first may now be second; then write deck: first" in run("doctor")
    old = (notes / "second.md").read_text()
    (notes / "second.md").write_text(f"---\ndeck: first\n---\n{old}")
    assert "0 new" in run("due")
    assert "may now be" not in run("doctor")


@pytest.mark.parametrize(
    ("rows", "status", "word"),
    [
        ("c,1735725600,3,10\n", 2, "--unit s"),
        ("c,1735725600000,3,10\nc,1735812000000,0,0\n", 0, "1 row"),
    ],
    ids=["F26-seconds", "F26-rating-0"],
)
def test_a_log_with_other_units_and_rows(
    rows: str, status: int, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log.csv"
    log.write_text(f"card_id,review_time,review_rating,review_duration\n{rows}")
    assert main(["import", "reviews", str(log), "--data-dir", str(tmp_path / "data")]) == status
    captured = capsys.readouterr()
    assert word in captured.out + captured.err
