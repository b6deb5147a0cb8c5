"""Every kind of card as it is documented, and what the parser makes of it."""

import re
from pathlib import Path

import pytest

from tutor.deck.expr import draw
from tutor.deck.model import (
    KINDS,
    Card,
    Choice,
    Cloze,
    Gap,
    Match,
    Numeric,
    Option,
    Order,
    Prose,
    Tolerance,
    Typed,
)
from tutor.deck.parse import ParsedFile, parse_text

DOC = Path(__file__).parents[2] / "docs" / "writing-a-deck.md"
EXAMPLES = re.findall(r"^````markdown\n(.*?)^````$", DOC.read_text(encoding="utf-8"), re.M | re.S)


def only(text: str) -> Card:
    """The one card of a snippet that has no error."""
    parsed = parse_text(text, "d.md")
    assert [p for p in parsed.problems if p.level == "error"] == []
    (card,) = parsed.cards
    return card


def documented(heading: str, which: int = 0) -> Card:
    section = DOC.read_text(encoding="utf-8").split(f"\n### {heading}\n")[1].split("\n### ")[0]
    return only(re.findall(r"^````markdown\n(.*?)^````$", section, re.M | re.S)[which])


def parsed(text: str) -> ParsedFile:
    return parse_text(text, "d.md")


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_documented_example_is_clean(example: str) -> None:
    found = parsed("---\ndeck: d\n---\n# T\n<!-- topic id=t -->\n" + example.rpartition("---\n")[2])
    assert found.cards
    assert found.problems == ()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_documented(kind: str) -> None:
    assert documented(kind).kind == kind


def test_the_first_example_is_a_deck() -> None:
    found = parsed(EXAMPLES[0])
    assert (found.deck, found.title, found.chapter) == ("my-deck", "My first deck", 0)
    (topic,) = found.topics
    assert (topic.id, topic.aka) == ("my-gradient-descent", ("steepest descent",))
    assert topic.lesson.startswith("Take a small step") and "##" not in topic.lesson
    assert found.cards[0].key == "my-deck/learning-rate"
    assert found.cards[0].topic == "my-gradient-descent"


def test_term_and_basic() -> None:
    assert documented("term").answer == Prose("One pass over the whole training set.")
    assert documented("basic").front.endswith("?")


def test_cloze_is_cut_at_its_gaps() -> None:
    answer = documented("cloze").answer
    assert isinstance(answer, Cloze)
    assert answer.gaps == (
        Gap("chain-rule", "chain rule", False),
        Gap("loss", "loss", False),
        Gap("w", "$W$", True),
    )
    assert len(answer.parts) == len(answer.gaps) + 1


@pytest.mark.parametrize(
    ("text", "parts", "gaps"),
    [
        ("A ==b== c.", ("A ", " c."), [("b", "b")]),
        ("==a== ==a==", ("", " ", ""), [("a", "a"), ("a-2", "a")]),
        ("==*very* `a == b`== x", ("", " x"), [("very-a-b", "*very* `a == b`")]),
        ("`a == b` and $a == b$ ==c==", ("`a == b` and $a == b$ ", ""), [("c", "c")]),
        ("- one ==two==\n- three", ("- one ", "\n- three"), [("two", "two")]),
        ("> quoted\n> ==two== x", ("> quoted\n> ", " x"), [("two", "two")]),
        ("**bold ==a== b** [l ==c==](http://x.y)", None, [("a", "a"), ("c", "c")]),
        ("One.\n\nTwo ==a\nb== c.", ("One.\n\nTwo ", " c."), [("a-b", "a\nb")]),
        ("| x | y |\n| - | - |\n| ==a== | ==a== |", None, [("a", "a"), ("a-2", "a")]),
        ("$x$ is ==ö é==", ("$x$ is ", ""), [("o-e", "ö é")]),
        ("It is ==日本== here", ("It is ", " here"), [("gap-1", "日本")]),
    ],
)
def test_gaps(text: str, parts: tuple[str, ...] | None, gaps: list[tuple[str, str]]) -> None:
    answer = only(f"## X\n<!-- card id=x -->\n{text}\n").answer
    assert isinstance(answer, Cloze)
    assert [(gap.slug, gap.text) for gap in answer.gaps] == gaps
    assert parts is None or answer.parts == parts
    pieces = [p for pair in zip(answer.parts, [*answer.gaps, None], strict=True) for p in pair]
    whole = "".join(p if isinstance(p, str) else f"=={p.text}==" if p else "" for p in pieces)
    assert whole == text


def test_a_gap_that_is_a_formula_says_so() -> None:
    answer = only("## X\n<!-- card id=x -->\nIt is ==$x^2$== or ==x==.\n").answer
    assert isinstance(answer, Cloze)
    assert [gap.formula for gap in answer.gaps] == [True, False]


def test_choice_keeps_order_and_reasons() -> None:
    answer = documented("choice").answer
    assert isinstance(answer, Choice)
    assert answer.options[0] == Option("the first", True)
    assert answer.options[1].reason == "16 · 16 = 256 weights join the two hidden layers."
    multi = documented("multi").answer
    assert isinstance(multi, Choice) and [o.right for o in multi.options] == [True, True, False]


def test_options_may_hold_more_than_a_line() -> None:
    text = "- [x] one\n  two\n- [ ] `code`\n\n  > No:\n  > never.\n\n  > And no.\n"
    answer = only(f"## What is it?\n<!-- card id=x -->\n{text}").answer
    assert answer == Choice(
        (Option("one\ntwo", True), Option("`code`", False, "No:\nnever.\n\nAnd no."))
    )


def test_prose_beside_an_answer_belongs_to_the_question() -> None:
    card = only("## What is x?\n<!-- card id=x -->\n```python\nx = 2\n```\n\n= 2\n")
    assert card.front == "What is x?\n\n```python\nx = 2\n```"
    assert card.answer == Numeric("2")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("13_002 parameters", Numeric("13_002", unit="parameters")),
        ("13,002", Numeric("13,002")),
        ("0.5 ± 0.01 B tokens", Numeric("0.5", Tolerance(0.01), unit="B tokens")),
        ("200 ± 1%", Numeric("200", Tolerance(0.01, relative=True))),
        ("73.1 % ± 0.1", Numeric("73.1", Tolerance(0.1), unit="%")),
        ("−7", Numeric("-7")),
        ("1/3 ± 0.01", Numeric("1/3", Tolerance(0.01))),
        ("[0.2, 0.4] nats", Numeric("", interval=("0.2", "0.4"), unit="nats")),
        ('"ReLU" | "rectified | unit"', Typed(("ReLU", "rectified | unit"))),
    ],
)
def test_answers_behind_an_equals_sign(line: str, answer: Numeric | Typed) -> None:
    assert only(f"## What is it?\n<!-- card id=x -->\n= {line}\n").answer == answer


def test_generated_numbers() -> None:
    answer = documented("numeric", 1).answer
    assert isinstance(answer, Numeric) and answer.params
    drawn = draw(answer.params, 1, answer)
    values = drawn.values
    assert values["ans"] == int(str(values["n_in"])) * int(str(values["n_out"])) + int(
        str(values["n_out"])
    )
    assert [name for name, _ in drawn.wrongs] == ["forgot the biases", "one bias for the layer"]


def test_order_and_match() -> None:
    assert documented("order").answer == Order(("Forward pass", "Loss", "Backward pass", "Update"))
    answer = documented("match").answer
    assert isinstance(answer, Match)
    assert answer.titles == ("Loss", "Task")
    assert answer.pairs[0] == ("cross-entropy", "classification")


def test_hints_explanations_and_keys() -> None:
    card = only(
        "# T\n<!-- topic id=t -->\n## X\n"
        '<!--\n card id=x ref="A & B, 1"\n tags=a,b demo=d?k=1 rev=2\n aka="old,other/older" -->\n'
        "Text.\n\n> [!TIP]\n> one\n\n> [!TIP]\n> two\n\n> [!NOTE]\n> because\n> so\n"
    )
    assert card.hints == ("one", "two")
    assert card.explanation == "because\nso"
    assert (card.ref, card.tags, card.demo, card.rev) == ("A & B, 1", ("a", "b"), "d?k=1", "2")
    assert card.aka == ("d/old", "other/older")
    assert card.answer == Prose("Text.")
    assert (card.topic, card.source.line) == ("t", 3)


def test_type_overrides_what_the_body_looks_like() -> None:
    card = only("## X\n<!-- card id=x type=term -->\n1. one\n2. two\n\n= 5\n")
    assert card.kind == "term"
    assert card.answer == Prose("1. one\n2. two\n\n= 5")


def test_the_hash_follows_the_text_and_not_the_comment() -> None:
    first = only("## X\n<!-- card id=x -->\nText.\n")
    assert only("## X\n\n<!-- card id=x rev=2 -->\n\nText.\n").content_hash == first.content_hash
    assert only("## X\n<!-- card id=x -->\nText!\n").content_hash != first.content_hash
    assert only("## Y\n<!-- card id=x -->\nText.\n").content_hash != first.content_hash


def test_lessons_hold_everything_that_is_no_card() -> None:
    (topic,) = parsed(
        "Before.\n\n# T\n<!-- topic id=t -->\nOne.\n<!-- check 1+1 = 2 -->\n\n## Sub\nTwo.\n\n"
        "## Card\n<!-- card id=c -->\nNo.\n\n## Late\n> [!NOTE]\n> Three.\n"
    ).topics
    assert topic.lesson == "One.\n\n## Sub\n\nTwo.\n\n## Late\n\n> [!NOTE]\n> Three."


def test_a_deck_is_named_by_its_file() -> None:
    found = parse_text("## X\n<!-- card id=x -->\nText.", "/a/My Deck é.md")
    assert found.cards[0].key == "my-deck-e/x"


def test_a_chapter_may_have_its_own_title() -> None:
    found = parsed("---\nchapter: 8 Convolution\ntitle: Padding\n---\n# T\n<!-- topic id=t -->\n")
    assert (found.topics[0].chapter, found.topics[0].chapter_title) == (8, "Convolution")


def test_a_params_block_may_hold_comments() -> None:
    block = "```params\n# the widths\na = pick(4, 8)\n\n## twice\nb = 2 * a\n```\n= @{b}\n"
    answer = only(f"## Twice @{{a}}?\n<!-- card id=it -->\n{block}").answer
    assert isinstance(answer, Numeric) and answer.params
    assert [name for name, _ in answer.params.assignments] == ["a", "b"]
