"""`--speak`: the same sessions for ears and fingers."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.session.decks import place
from tools import by_ear
from tutor.cli import main
from tutor.memory.labels import interval_words

DECK = """\
---
deck: d
title: Letters
license: CC0-1.0
---
# Alpha
<!-- topic id=alpha -->

The step is $10^{-8}$, not $10$.

| sign | means |
| --- | --- |
| $\\ne$ | not equal |

## Which is $T > 1$?
<!-- card id=which -->
- [x] $T > 1$
- [ ] $T < 1$

## What is written $\\hat m$?
<!-- card id=hat -->
= "m hat" | "$\\hat m$"
"""
Tutor = Callable[..., list[str]]


@pytest.fixture
def tutor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Tutor:
    where = place(tmp_path, DECK)

    def run(*words: str, say: str = "") -> list[str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(say))
        options = [
            "--data-dir",
            str(where.data),
            "--no-bundled",
            "--content",
            str(where.content[0]),
        ]
        assert main([*words, *options]) == 0
        return capsys.readouterr().out.splitlines()

    return run


def test_study_aloud(tutor: Tutor) -> None:
    lines = tutor("study", "--speak", say="a\n3\nŷ\n")
    said = "\n".join(lines)
    assert said.isascii()
    assert "The step is 10 to the minus 8, not 10." in lines
    assert "sign: not equal to; means: not equal." in lines
    question = lines.index("Which is capital T greater than 1?")
    assert lines[question + 1] == "a: capital T greater than 1" or (
        lines[question + 1] == "a: capital T less than 1"
    )
    assert lines[question + 3] == "Card 1 of 2. choice, d/which."
    assert any(re.fullmatch(r"saved d/which due \S+Z", line) for line in lines)
    assert any(re.fullmatch(r"Saved: due in \d+ (minute|day)s?\.", line) for line in lines)
    assert not any("─" in line or "[1/2]" in line for line in lines)


def test_an_answer_in_signs_is_still_right(tutor: Tutor) -> None:
    lines = tutor("quiz", "--speak", "--card", "d/hat", say="m̂\n")
    assert "right" in lines
    assert "You had 1 of 1 right." in lines


def test_an_exam_is_heard_in_words_and_kept_in_signs(tutor: Tutor) -> None:
    lines = tutor("exam", "--speak", "--kind", "choice", "--seed", "1", say=":done\n")
    assert "   right: capital T greater than 1" in lines
    assert "0 of 1 right. Time: under 1 of 2 minutes." in lines
    assert "Your share of right answers lies between 0% and 79%, 95 times in 100." in lines
    assert not any(re.search(r"\d (?:min|s)\b", line) for line in lines)
    assert "   right: T > 1" in tutor("report")
    assert "   right: capital T greater than 1" in tutor("report", "--speak")


def test_ratings_are_spelled(tutor: Tutor) -> None:
    lines = tutor("study", "--speak", "--topic", "alpha", say="a\nb\n")
    shown = [line for line in lines if line.startswith("1 again")]
    if shown:  # the choice was right
        assert re.match(r"1 again, in 1 minute; 2 hard, in 6 minutes; 3 good, in", shown[0])
    assert interval_words(60_000) == "1 minute"
    assert interval_words(40 * 86_400_000) == "1.3 months"
    assert interval_words(-5) == "0 minutes"


def test_show_and_json(tutor: Tutor) -> None:
    lines = tutor("show", "alpha", "--speak")
    assert lines[:2] == ["Alpha", "d/alpha, d"] or lines[0] == "Alpha"
    assert not any(line.startswith("=") for line in lines)
    assert "\n".join(lines).isascii()
    assert json.loads("\n".join(tutor("due", "--speak", "--json")))["new"] == 2


def test_the_setting_speaks_without_the_option(tutor: Tutor, tmp_path: Path) -> None:
    where = place(tmp_path)
    where.settings.parent.mkdir(parents=True, exist_ok=True)
    where.settings.write_text('formulas = "words"\n', encoding="utf-8")
    assert "The step is 10 to the minus 8, not 10." in tutor("show", "alpha")
    assert "The step is 10 to the minus 8, not 10." in tutor("study", "--plain")
    where.settings.write_text('formulas = "signs"\n', encoding="utf-8")
    assert "The step is 10⁻⁸, not 10." in tutor("show", "alpha")


def test_the_transcript_has_all_verbs_and_loses_no_sign() -> None:
    text = by_ear.DOCUMENT.read_text("utf-8").split(by_ear.BEGIN)[1]
    assert by_ear.lost(text) == set()
    assert by_ear.lost("10⁻⁸ ≠") == {"⁻", "⁸", "≠"}
    for verb, _ in by_ear.HOUR:
        assert f"\n$ tutor {verb}\n" in text


@pytest.mark.ears
def test_the_transcript_is_what_the_program_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["by_ear", "--check"])
    assert by_ear.main() == 0, capsys.readouterr().out
