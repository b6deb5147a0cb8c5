"""Whatever a file holds, parsing never fails, never hangs, and never hides the good cards."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tutor.deck.library import load
from tutor.deck.parse import parse_bytes, parse_text

BEFORE = "# T\n<!-- topic id=t -->\n\n## Good before\n<!-- card id=before -->\nAn answer.\n\n"
AFTER = "\n\n## Good after\n<!-- card id=after -->\nAn answer.\n"
HEAD = "## Bad\n<!-- card id=bad -->\n"

BAD = {
    "osc 52": HEAD + "\x1b]52;c;aGk=\x07 and \x9b31m and \u202e",
    "nul": HEAD + "\x00" * 5000,
    "unclosed comment": "## Bad\n<!-- card id=bad\nText",
    "unclosed comment in a lesson": "# Lesson\n<!-- a note\n\n## Fine\n<!-- card id=fine -->\nText",
    "many unclosed comments": "## Bad\n<!-- card\n" * 3000,
    "unclosed fence": HEAD + "````\ncode",
    "unclosed params": HEAD + "```params\na = 1",
    "many unclosed fences": HEAD + "```params\n" * 20_000,
    "script": HEAD + "<script>\nlet x",
    "cdata": HEAD + "<![CDATA[\n",
    "declaration": HEAD + "<!DOCTYPE",
    "instruction": HEAD + "<?php",
    "div": HEAD + "<div>\n",
    "math": HEAD + "$$\nx",
    "deep quote": HEAD + "\n".join(">" * n + " a" for n in range(1, 400)),
    "deep list": HEAD + "\n".join("  " * n + "- a" for n in range(200)),
    "deep list on a line": HEAD + "1. " * 5000,
    "one long line": HEAD + "x" * 1_000_000,
    "long line of brackets": HEAD + "[" * 1_000_000,
    "long line of stars": HEAD + "*a **b" * 200_000,
    "long line of dollars": HEAD + "$" * 1_000_000,
    "long answer line": HEAD + "= " + "1" * 1_000_000,
    "many empty headings": "#\n" * 100_000,
    "many headings with comments": "#\n<!-- card -->\n" * 5_000,
    "front matter twice": "---\ndeck: x\n---\n",
    "huge power": HEAD + "```params\na = 9**9**9\n```\n= @{a}",
    "huge check": HEAD + "<!-- check 9**9**9 = 1 -->",
    "huge id": "## Bad\n<!-- card id=" + "x" * 5000 + " -->\nText",
    "many attributes": "## Bad\n<!-- card " + "a=b " * 5000 + "-->\nText",
    "quote in attributes": '## Bad\n<!-- card id="bad -->\nText',
    "wide table": HEAD + "|a" * 3000 + "|\n" + "|-" * 3000 + "|\n",
    "many options": HEAD + "- [ ] a\n" * 4000,
    "surrogates": HEAD + "\ud800\udfff",
}


@pytest.mark.parametrize("name", BAD)
def test_good_cards_survive_and_the_bad_part_is_named(name: str) -> None:
    parsed = parse_text(BEFORE + BAD[name] + AFTER, "d.md")
    assert {"before", "after"} <= {card.id for card in parsed.cards}
    fine = {"many empty headings", "math", "wide table"}
    assert name in fine or any(p.level == "error" for p in parsed.problems)
    assert not any(c in repr(parsed.cards) for c in ("\\x1b", "\\x07", "\\x9b", "\\u202e"))


def test_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    data = BEFORE.encode() + HEAD.encode() + b"\xe9t\xe9 \xff\xfe\n" + AFTER.encode()
    parsed = parse_bytes(data, "d.md")
    assert [card.id for card in parsed.cards] == ["before", "bad", "after"]
    (found,) = (p for p in parsed.problems if p.rule == "control-character")
    assert found.line == BEFORE.count("\n") + 3
    assert "UTF-8" in found.message


def test_utf16_is_named() -> None:
    parsed = parse_bytes((BEFORE + AFTER).encode("utf-16"), "d.md")
    assert "UTF-16" in parsed.problems[0].message


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_and_byte_order_mark(end: str) -> None:
    data = b"\xef\xbb\xbf" + (BEFORE + AFTER).replace("\n", end).encode()
    parsed = parse_bytes(data, "d.md")
    assert [card.source.line for card in parsed.cards] == [4, 10]
    assert {p.rule for p in parsed.problems} == {"no-ref", "no-deck"}


def test_a_file_without_cards_is_silent(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Title\n===\n<b>x</b> $\\nosuch$ <!-- note\n784*16\x07")
    library = load([tmp_path], None)
    assert library.problems == ()
    assert not library.entries


_PIECES = st.sampled_from(
    [
        *"#<>-=|$`*_~[]()!@{}&\\\"'\n\n\n\t 1ax",
        "<!--", "-->", "<!-- card id=x -->", "<!-- topic id=t -->", "<!-- check ", "```params\n",
        "```", "$$", "==", "- [ ] ", "- [x] ", "> [!TIP]\n", "> ", "\n## ", "\n# ", "1. ", "= ",
        "@{a}", "| a | b |\n| - | - |\n", "wrong \"x\" = ", "require ", "\x1b", "\r", "é", "±",
        "---\n",
    ]
)  # fmt: skip
_GARBAGE = st.lists(_PIECES, max_size=40).map("".join)


@given(st.one_of(_GARBAGE, st.text(max_size=80)))
@settings(max_examples=500, deadline=None)
@example("== ==a== ==")
@example("<!-- card id=a --><!-- card id=b -->")
def test_garbage_never_hides_a_card(garbage: str) -> None:
    parsed = parse_text(f"{BEFORE}{HEAD}{garbage}{AFTER}", "d.md")
    assert {"before", "after"} <= {card.id for card in parsed.cards} or _taken(garbage)
    assert list(parsed.problems) == sorted(parsed.problems, key=lambda p: p.line)
    assert all(0 < p.line <= 80 for p in parsed.problems)


def _taken(garbage: str) -> bool:
    """Garbage may close a fence of its own behind the next heading, as in any Markdown."""
    return "```" in garbage or "~~~" in garbage


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes(data: bytes) -> None:
    parse_bytes(data, "d.md")
    parse_bytes(HEAD.encode() + data, "d.md")
