"""What a teacher sees of a class: lines about five learners and more."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Mapping

import pytest

from tests.classroom.school import School
from tests.session.decks import Clock
from tests.session.test_merging import rate
from tutor.cli import main
from tutor.exchange.classroom.counting import SlipLine, TopicLine, put_standing, report
from tutor.exchange.classroom.keeping import Member
from tutor.exchange.classroom.server import server
from tutor.memory.model import Rating
from tutor.quiz.asking import make_question
from tutor.quiz.marking import mark
from tutor.session.answers import record_quiz

# `.ci/run` looks for the words mark.class, which Python cannot read as they stand.
pytestmark = getattr(pytest.mark, "class")
FAR, PAST = 90_000, 100


def says(
    school: School,
    who: Member,
    topics: Mapping[str, int | None],
    slips: Mapping[tuple[str, str], int],
) -> None:
    with server(school.address(who)) as found:
        put_standing(found, topics, (), slips)
        found.commit()


def sums(school: School) -> tuple[list[TopicLine], list[SlipLine]]:
    with server(school.address(school.add("teacher"))) as found:
        return report(found)


def test_a_line_is_about_five_or_more(school: School) -> None:
    members = [school.add() for _ in range(6)]
    for number, who in enumerate(members[:4]):
        says(school, who, {"padding": FAR if number else None}, {("padding", "forgot a side"): FAR})
    assert sums(school) == ([], [])
    says(school, members[4], {"padding": PAST, "alone": FAR}, {("padding", "forgot a side"): FAR})
    line, slip = TopicLine("padding", 5, 3, 1), SlipLine("padding", "forgot a side", 5)
    assert sums(school) == ([line], [slip])
    says(school, members[4], {"padding": None}, {("padding", "forgot a side"): FAR})
    assert sums(school)[0] == [TopicLine("padding", 5, 3, 0)]
    says(school, members[5], {"padding": FAR}, {("padding", "another"): FAR})
    assert sums(school) == ([TopicLine("padding", 6, 4, 0)], [slip])
    school.remove(members[0])
    school.remove(members[1])
    assert sums(school) == ([], [])


def test_old_slips_are_not_common_ones(school: School) -> None:
    for _ in range(5):
        says(school, school.add(), {}, {("padding", "forgot a side"): PAST})
    assert sums(school) == ([], [])


def test_what_a_learner_says_beyond_measure_harms_nobody_else(school: School) -> None:
    odd = {"x" * 999: FAR, "a\0b": FAR, "": FAR, "\x1b[2J": FAR, "good": FAR}
    for _ in range(5):
        says(school, school.add(), odd, {("good", "\udc80"): FAR, ("good", "fine"): FAR})
    assert sums(school) == ([TopicLine("good", 5, 5, 0)], [SlipLine("good", "fine", 5)])


DECK = """---
deck: sums
---

# Adding
<!-- topic id=adding -->

## Adding
<!-- card id=adding -->
Putting together.

## What is @{a} + @{b}?
<!-- card id=add -->
```params
a = int(2, 9)
b = int(11, 19)
ans = a + b
wrong "took away" = b - a
```
= @{ans}
"""


def test_answers_become_the_lines_of_a_report(
    school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(5):
        clock = Clock(time.time_ns() // 1_000_000)  # the server counts days by its own
        one = school.machine(f"m{number}", clock, DECK)
        rate(one, Rating.EASY, "sums/adding")
        question = make_question(one.library.card("sums/add"), number)
        ((name, wrong),) = question.slips
        said = mark(question, str(wrong))
        assert said.misconception == name
        record_quiz(one, question, said, answer=str(wrong))
        assert school.sync(one, school.add()).sent == 2
    place = one.place
    words = ["--data-dir", str(place.data), "--no-bundled", "--content", str(place.content[0])]
    words += ["class", "report", school.address(school.add("teacher"))]
    assert main([*words, "--json"]) == 0
    said_json = json.loads(capsys.readouterr().out)
    (topic,), (slip,) = said_json["topics"], said_json["slips"]
    assert (topic["topic"], topic["title"], topic["met"]) == ("adding", "Adding", 5)
    assert topic["known"] + topic["forgotten"] == 5
    assert (slip["topic"], slip["slip"], slip["learners"]) == ("adding", "took away", 5)
    assert main([*words, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["topic"], row["slip"], row["met"]) for row in rows] == [
        ("adding", "", "5"), ("adding", "took away", "5"),
    ]  # fmt: skip
    assert main(words) == 0
    assert "Adding: took away (5 learners)" in capsys.readouterr().out


def test_a_report_without_lines_says_why(
    school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--no-bundled", "class", "report", school.address(school.add("teacher"))]) == 0
    assert "5 learners or more" in capsys.readouterr().out
    assert main(["--no-bundled", "class", "report", school.address(school.add())]) == 3
    assert "may not do that" in capsys.readouterr().err


def test_a_table_computes_nothing_that_learners_wrote(
    school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(5):
        says(school, school.add(), {"=1+1": FAR}, {("=1+1", "@SUM(1)"): FAR})
    words = ["--no-bundled", "class", "report", school.address(school.add("teacher")), "--csv"]
    assert main(words) == 0
    assert "'=1+1,'=1+1,'@SUM(1)" in capsys.readouterr().out
