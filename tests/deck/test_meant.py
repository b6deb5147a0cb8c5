"""What was meant as cards is told, and nothing in a text makes the search for it take for ever."""

import pytest

from tutor.deck import parse


def told(text: str) -> list[str]:
    return [problem.message for problem in parse.parse_text(text, "x.md").problems]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a dog\tun chien\na cat\tun chat\n", "question, tab, answer"),
        ("C: The [kernel] slides.\n", "gaps"),
        ("```\nQ: no\n```\n\nQ: What?\nA: That.\n", "it has `Q:` and `A:` lines"),
        # An opened fence that nothing closes hides nothing.
        ("```x\nQ: What?\nA: That.\n", "`Q:` and `A:` lines"),
        ("~~~\n```\n~~~\nC: a [b]\n", "gaps"),
    ],
)
def test_the_form_of_another_program_is_told(text: str, seen: str) -> None:
    assert any(seen in message for message in told(text))


@pytest.mark.parametrize(
    "text",
    [
        "aaaa\t" * 60 + "\t\n",
        "# A\n\n" + "```x\n" * 20_000,
        "# A\n" + ("C: " + "[" * 7_000 + "\n") * 40,
        "a | b\n" + "-" + " " * 7_900 + "x\n",
    ],
    ids=["tabs", "fences", "brackets", "blanks"],
)
def test_a_text_that_can_be_parted_in_many_ways_is_read_to_its_end(text: str) -> None:
    assert any("Nothing here is a card" in message for message in told(text))
