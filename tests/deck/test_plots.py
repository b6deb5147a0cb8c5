"""Curves in decks: what a `plot` block says, what it may not say, and the keys of use."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.deck.library import Library
from tutor.deck.model import Card
from tutor.deck.parse import ParsedFile, parse_text
from tutor.deck.plots import PlotError, Span, plot

WHOLE = """\
title Two losses
x epoch from 0 to 30
y loss from 0.01 to 3 log
# a remark
"training" = 2 * exp(-x / 5)
"validation" : [2, 1, 1.5]
mark 9 "best"
level 0.693 "ln 2"
"""


def deck(text: str) -> ParsedFile:
    return parse_text(
        f"---\ndeck: d\ntitle: D\n---\n# T\n<!-- topic id=t ref=A -->\n{text}", "d.md"
    )


def card(body: str, keys: str = "") -> Card:
    [found] = deck(f"## What is it?\n<!-- card id=c {keys} -->\n{body}").cards
    return found


def rules(text: str) -> list[tuple[int, str]]:
    return [(p.line, p.rule) for p in deck(text).problems if p.level == "error"]


def test_a_block_is_read_line_by_line() -> None:
    read = plot(WHOLE, points=4)
    assert read.title == "Two losses"
    assert read.x == Span("epoch", 0, 30)
    assert read.y == Span("loss", 0.01, 3, log=True)
    training, validation = read.lines
    assert training.x == (0, 10, 20, 30)
    assert training.y == tuple(2 * math.exp(-x / 5) for x in training.x)
    assert (validation.x, validation.y, validation.dots) == ((0, 15, 30), (2, 1, 1.5), True)
    assert (read.marks, read.levels) == (((9, "best"),), ((0.693, "ln 2"),))


def test_a_logarithmic_axis_has_even_ratios_and_a_gap_where_there_is_no_value() -> None:
    [line] = plot('x from 1 to 1000 log\n"a" = 1 / (x - 10)', points=4).lines
    assert line.x == pytest.approx((1, 10, 100, 1000))
    [line] = plot('x from 0 to 2\n"a" = 1 / (x - 1)', points=3).lines
    assert math.isnan(line.y[1])


def test_numbers_without_an_axis_count_from_zero() -> None:
    assert plot('"a" = [1, 2, 4]').lines[0].x == (0, 1, 2)
    assert plot('"a" = [1]').lines[0].x == (0,)


@pytest.mark.parametrize(
    ("source", "row"),
    [
        ("", 0),
        ('"a" = x', 0),
        ('x from 3 to 3\n"a" = x', 0),
        ('x from 0 to 3 log\n"a" = x', 0),
        ('x from 0 to 3\n\n"a" = y', 2),
        ('x from 0 to 3\n"a" = log(-x)', 1),
        ('"a" = ["b"]', 0),
        ('"a" = [1, 2][0]', 0),
        ('x from 0 to 3\n"a" = sum([' + ", ".join(["x"] * 400) + "])", 1),
        ("what is this", 0),
        ("\n".join(f'"{i}" = [1, 2]' for i in range(5)), 0),
    ],
)
def test_a_block_that_cannot_be_drawn_says_where(source: str, row: int) -> None:
    with pytest.raises(PlotError) as caught:
        plot(source)
    assert caught.value.row == row


@given(st.text(alphabet='xy "=[]0129.ef-+*/:markleveltog\n', max_size=60))
def test_any_text_is_drawn_or_refused(source: str) -> None:
    try:
        assert plot(source, points=3).lines
    except PlotError as error:
        assert str(error)


def test_a_plot_belongs_to_the_question_of_every_kind_of_card() -> None:
    fence = f"```plot\n{WHOLE}```\n"
    for body in ("An answer.", "- [x] a\n- [ ] b\n", "= 3", "A ==gap== here."):
        for text in (f"{fence}\n{body}", f"{body}\n\n{fence}"):
            found = card(text)
            assert found.front == f"What is it?\n\n{fence.strip()}"
            assert "plot" not in str(found.answer)
    note = "\n> ".join(["> [!NOTE]", *fence.strip().split("\n")]).removeprefix("> ")
    assert card(f"An answer.\n\n> {note}").explanation == fence.strip()


def test_what_cannot_be_drawn_is_reported_in_cards_and_lessons() -> None:
    assert rules('```plot\n"a" = [1, 2]\n```\n') == []
    assert rules('```plot\nx from 0 to 1\n"a" = z\n```\n') == [(9, "plot")]
    text = '## What?\n<!-- card id=c -->\nIt.\n\n> [!NOTE]\n> ```plot\n> "a" = x\n> ```\n'
    assert rules(text) == [(13, "plot")]


def test_a_plot_takes_drawn_numbers() -> None:
    body = '```params\na = int(2, 9)\n```\n```plot\nx from 0 to 1\n"a" = @{a} * x\n```\n= @{a}'
    assert card(body).front.endswith('"a" = @{a} * x\n```')
    assert rules(f"## What?\n<!-- card id=c -->\n{body}") == []
    assert rules("## What?\n<!-- card id=c -->\n" + body.replace("@{a} *", "@{b} *")) == [
        (14, "undefined-parameter")
    ]


def test_the_use_of_a_card_and_its_claim() -> None:
    found = card("An answer.", "asks=limits claim=torch.lstm_parameters")
    assert (found.asks, found.claim) == ("limits", "torch.lstm_parameters")
    assert (card("An answer.").asks, card("An answer.").claim) == ("", "")
    head = "## What?\n<!-- card id=c {} -->\nIt.\n"
    assert rules(head.format("asks=guess")) == [(8, "unknown-asks")]
    assert rules(head.format("claim=no-name")) == [(8, "unknown-key")]


def test_the_old_id_of_a_topic_leads_to_the_one_that_took_it_over() -> None:
    library = _library(
        '# New\n<!-- topic id=new aka="old,noise" ref=A -->\n'
        "# Next\n<!-- topic id=next needs=old ref=A -->\n"
        "## What is it?\n<!-- card id=c topic=old -->\nIt.\n"
    )
    assert [topic.id for topic in library.find_topics("old")] == ["new"]
    assert library.topics["next"].needs == ("new",)
    assert library.entries["d/c"].topic == "new"
    assert (library.resolve("old"), library.resolve("new")) == ("new", "new")
    assert library.resolve("other") == "other"
    assert [p.rule for p in library.problems if p.level == "error"] == []


def _library(text: str) -> Library:
    from tutor.deck.cache import Deck
    from tutor.deck.files import entry_of

    parsed = deck(text)
    entries = tuple(entry_of(found) for found in parsed.cards)
    return Library([Deck("d.md", topics=parsed.topics, entries=entries)], None)
