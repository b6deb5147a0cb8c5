"""Each rule of the linter, by a snippet that breaks just this rule between two good cards."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tutor.deck import parse
from tutor.deck.facts import Allowed, DemoFacts
from tutor.deck.library import Library, load
from tutor.deck.rules import ADVICE, REPORTED, RULES, UNUSABLE

DEMOS = {
    "convolution": DemoFacts({
        "padding": Allowed(0, 3, whole=True), "weights": Allowed(-9, 9, side=2)
    })
}  # fmt: skip

BEFORE = """\
---
deck: d
title: D
---

# Padding
<!-- topic id=padding ref="A 1" -->

## First good card
<!-- card id=first -->
An answer.

"""
AFTER = """

## Last good card
<!-- card id=last -->
Another answer.
"""
QUIZ = "\n> [!NOTE]\n> Because.\n"
CARD = "## What is it here?\n<!-- card id=it -->\n"
OPTIONS = "- [x] a\n- [ ] b\n  > Wrong.\n"
TABLE = "| a | b |\n| - | - |\n"
PARAMS = "```params\n{}\n```\n= @{{a}}\n" + QUIZ


def card(keys: str, text: str) -> str:
    return f"## What is it here?\n<!-- card id=it {keys} -->\n{text}\n"


# rule, snippet, line of the finding counted from the snippet's first line
CASES = [
    ("no-id", "## What is it?\n<!-- card -->\nText.", 2),
    ("no-id", '## What is it?\n<!-- card id="" -->\nText.', 2),
    ("no-id", "# Topic\n<!-- topic needs=padding -->\nText.", 2),
    ("bad-id", "## What is it?\n<!-- card id=Not_a_slug -->\nText.", 2),
    ("duplicate-id", "## What is it?\n<!-- card id=first -->\nText.", 2),
    ("duplicate-id", "# Padding again\n<!-- topic id=padding -->\nText.", 2),
    ("unclosed-comment", "## What is it?\n<!-- card id=it\nText.", 2),
    ("unclosed-comment", CARD + "Text.\n<!-- a note", 4),
    ("unclosed-fence", CARD + "```python\nx = 1", 3),
    ("unclosed-fence", CARD + "```params\na = 1\n= 1", 3),
    ("too-large", CARD + "word\n\n" * 5000, 1),
    ("too-large", CARD + "> " * 30 + "deep", 1),
    ("misplaced-comment", "## What is it?\nText.\n<!-- card id=it -->", 3),
    ("misplaced-comment", CARD + "Text <!-- topic id=x --> and text.", 3),
    ("misplaced-comment", CARD + "- item\n  <!-- card id=x -->", 4),
    ("misplaced-comment", "## What is it?\n<!-- crad id=it -->\nText.", 2),
    ("text-after-comment", "## What is it?\n<!-- card id=it --> Text.\nMore.", 2),
    ("option-box", CARD + "- [x] a\n- b\n- [ ] c\n  > Wrong.\n" + QUIZ, 4),
    ("option-box", card("type=choice", "- a\n- b\n" + QUIZ), 3),
    ("right-answers", CARD + "- [ ] a\n  > No.\n- [ ] b\n  > No.\n" + QUIZ, 2),
    ("right-answers", card("type=choice", "- [x] a\n- [x] b\n" + QUIZ), 2),
    ("right-answers", card("type=multi", "- [ ] a\n  > No.\n- [ ] b\n  > No.\n" + QUIZ), 2),
    ("right-answers", CARD + "= 5\n\n= 6\n" + QUIZ, 5),
    ("item-count", CARD + "- [x] a\n" + QUIZ, 2),
    ("item-count", CARD + OPTIONS + "".join(f"- [ ] {i}\n  > No.\n" for i in "cdefg") + QUIZ, 2),
    ("item-count", card("type=truefalse", OPTIONS + "- [ ] c\n" + QUIZ), 2),
    ("item-count", card("type=order", "1. a\n2. b\n" + QUIZ), 2),
    ("item-count", card("type=match", "| a | b |\n| - | - |\n| 1 | 2 |\n" + QUIZ), 2),
    ("equal-items", card("type=order", "1. a\n2. b\n3. *a*\n" + QUIZ), 5),
    ("equal-items", CARD + OPTIONS + "- [ ]  b\n  > No.\n" + QUIZ, 6),
    ("equal-items", CARD + "- [x] $x^2$\n- [ ] $x^{2}$\n  > No.\n" + QUIZ, 4),
    ("match-cells", card("type=match", TABLE + "| 1 | x |\n| 2 | y |\n| 3 | x |\n" + QUIZ), 7),
    ("match-cells", card("type=match", TABLE + "| 1 | x |\n| 2 | y |\n| *1* | z |\n" + QUIZ), 7),
    ("match-cells", card("type=match", TABLE + "| 1 | x |\n| 2 |\n| 3 | z |\n" + QUIZ), 3),
    ("match-cells", card("type=match", "| a |\n| - |\n| 1 |\n| 2 |\n| 3 |\n" + QUIZ), 3),
    ("no-answer", CARD, 2),
    ("no-answer", CARD + "> [!NOTE]\n> Only an explanation.", 2),
    ("no-answer", card("type=order", "Text."), 2),
    ("no-answer", card("type=match", "Text."), 2),
    ("no-answer", card("type=cloze", "Text."), 2),
    ("no-answer", card("type=choice", "Text."), 2),
    ("no-answer", card("type=numeric", "Text."), 2),
    ("no-front", "##\n<!-- card id=it -->\nText.", 1),
    ("bad-answer", CARD + "= about five\n" + QUIZ, 3),
    ("bad-answer", CARD + '= "a" "b"\n' + QUIZ, 3),
    ("bad-answer", CARD + "= [3, 1]\n" + QUIZ, 3),
    ("bad-answer", card("type=typed", "= 5\n" + QUIZ), 3),
    ("bad-answer", CARD + PARAMS.format("a = pick(x, y)"), 6),
    ("bad-answer", CARD + PARAMS.format("a = [1, 2]"), 6),
    ("bad-answer", CARD + "= 5" + " x" * 300, 3),
    ("undefined-parameter", CARD + "It is @{x}.", 3),
    ("undefined-parameter", CARD + PARAMS.format("a = int(1, 9)") + "> @{b}", 10),
    ("params", CARD + PARAMS.format("a = int(1, 9)\nwhat is this"), 5),
    ("params", CARD + PARAMS.format("a = 1 +"), 4),
    ("params", CARD + PARAMS.format("a = 9**9**9"), 4),
    ("params", CARD + PARAMS.format("a = [[1, 2], [3, 4]]"), 4),
    ("params", CARD + PARAMS.format("a = (" + "-" * 900 + "1)()"), 4),
    ("params", CARD + PARAMS.format("a = int(1, 9)\nrequire a > 9"), 4),
    ("params", CARD + PARAMS.format('a = int(1, 9)\nwrong "same" = a'), 4),
    ("params", CARD + "```params\na = int(1, 9)\n```\nIt is @{a}.", 4),
    ("tolerance", CARD + "= 0.5\n" + QUIZ, 3),
    ("tolerance", CARD + PARAMS.format("a = int(1, 9) / 10"), 6),
    ("unpaired-gap", CARD + "The ==gap has no end.", 3),
    ("two-kinds", CARD + OPTIONS + "\n= 5\n" + QUIZ, 2),
    ("two-kinds", CARD + "The ==gap==.\n\n= 5\n" + QUIZ, 2),
    ("unknown-type", card("type=essay", "Text."), 2),
    ("control-character", CARD + "A bell\a here.", 3),
    ("control-character", CARD + "Clipboard \x1b]52;c;aGk=\x07.", 3),
    ("control-character", CARD + "Right\u202eleft.", 3),
    ("too-long", CARD + "x" * 8_001, 3),
    ("too-long", CARD + ("x" * 2_000 + "\n") * 5, 3),
    ("deep-marks", CARD + "*" * 40 + "a" + "*" * 40, 3),
    ("deep-marks", "## " + "==a " * 17 + "b== " * 17 + "?\n<!-- card id=it -->\nText.", 1),
    ("deep-marks", CARD + OPTIONS.replace("a", "~~a " * 17 + "b~~ " * 17, 1) + QUIZ, 3),
    ("raw-html", CARD + "Text <b>bold</b>.", 3),
    ("raw-html", CARD + "<div>\nText.", 3),
    ("raw-html", CARD + "<script>\nText.", 3),
    ("unknown-math", CARD + "It is $\\nosuchmacro x$.", 3),
    ("unknown-math", CARD + "It is\n$$\na\n\\nosuchmacro x\n$$", 6),
    ("unknown-math", CARD + "It is $a\nb \\nosuchmacro x$.", 4),
    ("unknown-math", CARD + "It is $\\frac{a$.", 3),
    ("raw-latex", CARD + "We set\n$\\alpha = r and go on.", 4),
    ("raw-latex", CARD + "We set \\alpha to 1.", 3),
    ("raw-latex", CARD + "$$ a\n\nText.", 3),
    ("raw-latex", CARD + "| a | b |\n| - | - |\n| $P(A|B)$ |", 5),
    ("gap-in-math", CARD + "Pythagoras: $$ ==c^2== = a^2 $$", 3),
    ("gap-in-math", CARD + "Here $==d==$.", 3),
    ("table-cells", CARD + "| a | b |\n| - | - |\n| 1 | 2 | 3 |", 5),
    ("forgotten-card", "## What is an epoch?\nOne pass over all.", 1),
    ("forgotten-card", CARD + "Text.\n\n### What is an epoch?\nOne pass.", 5),
    ("unread-mark", CARD + "Text[^3].", 3),
    ("unread-mark", CARD + "Text.\n%%never closed", 4),
    ("unread-mark", CARD + "Text.\nSee :cite:`Smith.2020`.", 4),
    ("unread-mark", CARD + "See {ref}`chapter`.", 3),
    ("unread-mark", CARD + "The {{c1::gap}} here.", 3),
    ("unread-mark", CARD + "Text.\n{: .note}", 4),
    ("unread-mark", CARD + "{% raw %}", 3),
    ("unread-mark", CARD + "::: {.note}\nText.", 3),
    ("unread-mark", CARD + "As [@smith2020, p. 3] says.", 3),
    ("unread-mark", CARD + "See @eq-loss and @fig-net.", 3),
    ("unread-mark", CARD + "The loss {#eq-loss} falls.", 3),
    ("unread-mark", CARD + "Water is H~2~O.", 3),
    ("unread-mark", CARD + "As -@smith2020 says.", 3),
    ("unread-mark", CARD + "- [/] half", 3),
    ("unread-mark", CARD + "Rated [stars:: 5] here.", 3),
    ("unread-mark", CARD + "So ^^this^^.", 3),
    ("unread-mark", CARD + "a) one\nb) two", 3),
    ("unread-mark", CARD + "```dataview\nLIST\n```", 3),
    ("unread-mark", CARD + " a   b\n---  ---\n 1   2", 4),
    ("unread-mark", CARD + "It is x^2^ here.", 3),
    ("unread-mark", CARD + "A {++new++} word.", 3),
    ("unread-mark", CARD + "A {~~old~>new~~} word.", 3),
    ("unread-mark", CARD + "{{< figure src=a.png >}}", 3),
    ("unread-mark", CARD + "{{query (and a b)}}", 3),
    ("unread-mark", CARD + "The {{gap}} here.", 3),
    ("unread-mark", CARD + "difficulty:: hard", 3),
    ("unread-mark", CARD + "See ((0123abcd-0000-4000-8000-0123456789ab)).", 3),
    ("unread-mark", CARD + "!!! note", 3),
    ("unread-mark", CARD + "[TOC]", 3),
    ("raw-latex", CARD + "```math\na = b\n```", 3),
    ("picture", CARD + "Text.\n![a curve](x.png)", 4),
    ("picture", CARD + "![[curve.png]]", 3),
    ("unknown-key", card("colour=red", "Text."), 2),
    ("unknown-key", card("loose", "Text."), 2),
    ("unknown-demo", card("demo=nosuch", "Text."), 2),
    ("unknown-knob", card("demo=convolution?stride=1", "Text."), 2),
    ("unknown-knob", card("demo=convolution?padding=9", "Text."), 2),
    ("unknown-knob", card("demo=convolution?weights=1,2/3", "Text."), 2),
    ("unknown-knob", card("demo=convolution?weights=1,2/3,10", "Text."), 2),
    ("unknown-knob", card("demo=convolution?weights=0,0,0/0,0,0/0,0,0", "Text."), 2),
    ("unknown-topic", card("topic=nosuch ref=A", "Text."), 2),
    ("unknown-asks", card("asks=guess", "Text."), 2),
    ("plot", card("", "Text.\n\n```plot\nnothing\n```"), 6),
    ("same-aka", card("aka=last", "Text."), 2),
    ("same-aka", card("aka=x", "Text.") + "## What is that?\n<!-- card id=b aka=x -->\nText.", 5),
    ("needs-cycle", "# A\n<!-- topic id=a needs=b -->\n\n# B\n<!-- topic id=b needs=a -->", 2),
    ("unknown-alert", CARD + "Text.\n\n> [!WARNING]\n> Text.", 5),
    ("unknown-alert", CARD + "Text.\n\n> [!FOO]\n> Text.", 5),
    ("table-bar", CARD + "| a |\n| - |\n| $\\|x\\|$ |", 5),
    ("setext-heading", CARD + "= 5\n---\n" + QUIZ, 3),
    ("false-check", CARD + "Text.\n<!-- check 3 * 4 = 13 -->", 4),
    ("false-check", CARD + "Text.\n<!-- check 3 * 4 -->", 4),
    ("false-check", CARD + "Text.\n<!-- check nosuch = 1 -->", 4),
    ("digits-star", CARD + "It is 784*16 + 16*16.", 3),
    ("digits-star", CARD + "From 3~4 to 5~6.", 3),
    ("long-answer", CARD + "word " * 41, 1),
    ("long-list", CARD + "- item\n" * 6, 3),
    ("yes-no", "## Is it so here?\n<!-- card id=it -->\nText.", 1),
    ("no-explanation", CARD + "= 5", 1),
    ("no-reason", CARD + "- [x] a\n- [ ] b\n" + QUIZ, 1),
    ("same-front", "## first  good Card\n<!-- card id=it -->\nText.", 1),
    ("same-name", "# paddings\n<!-- topic id=a -->\nText.", 1),
    ("same-name", "# Frames\n<!-- topic id=pad-ding -->\nText.", 1),
    ("overrides-nothing", card("overrides=any", "Text."), 2),
    ("unknown-needs", "# A\n<!-- topic id=a needs=nosuch -->\nText.", 2),
]


OBSIDIAN = """---
deck: d
tags:
  - ml
- dl
aliases: [a, b]
created: 2026-01-01
---
"""


def checked(folder: Path, text: str) -> Library:
    (folder / "d.md").write_text(text, encoding="utf-8", newline="")
    return load([folder], None, DEMOS)


@pytest.mark.parametrize(
    ("rule", "snippet", "line"), CASES, ids=[f"{i}-{case[0]}" for i, case in enumerate(CASES)]
)
def test_rule(rule: str, snippet: str, line: int, tmp_path: Path) -> None:
    library = checked(tmp_path, BEFORE + snippet + AFTER)
    found = [p for p in library.problems if p.rule != "no-ref"]
    assert {p.rule for p in found} == {rule}, found
    assert found[0].line == BEFORE.count("\n") + line
    assert {p.level for p in found} == {"advice" if rule in ADVICE else "error"}
    assert {"d/first", "d/last"} <= set(library.entries)
    is_card = "<!-- card" in snippet and "topic id=" not in snippet
    if is_card and rule not in {"duplicate-id", "misplaced-comment"}:
        assert ("d/it" in library.entries) is (rule not in UNUSABLE)


@pytest.mark.parametrize(
    ("rule", "text", "line"),
    [
        ("short-front", "## Bias\n<!-- card id=it ref=A -->\nText.", 1),
        ("no-ref", "## What is it here?\n<!-- card id=it -->\nText.", 1),
        ("front-matter", "---\nnot data\n---\n" + card("ref=A", "Text."), 2),
        ("unread-key", "---\nauthor: me\n---\n" + card("ref=A", "Text."), 2),
        ("unread-key", OBSIDIAN + card("ref=A", "Text."), 3),
        ("front-matter", "---\nchapter: eight\n---\n" + card("ref=A", "Text."), 1),
        ("front-matter", "---\ndeck: x\n" + card("ref=A", "Text."), 1),
    ],
)
def test_rule_of_a_whole_file(rule: str, text: str, line: int, tmp_path: Path) -> None:
    library = checked(tmp_path, text)
    assert [(p.rule, p.line) for p in library.problems if p.rule != "no-deck"] == [(rule, line)]
    assert len(library.entries) == 1
    assert ("no-deck" in {p.rule for p in library.problems}) is ("deck: d\n" not in text)


FOREIGN = {
    "Q: What is an epoch?\nA: One pass.\n": "`Q:` and `A:` lines",
    "step::one update\nepoch::one pass\n": "2 times it has `question::answer` lines",
    "What is a step?\n?\nOne update.\n": "a line of `?`",
    "A {{c1::gap}} here\n": "{{c1::gaps}}",
    "## What is a step? #card\nOne update.\n": "#card",
    "a\tb\nc\td\n": "tab",
    "# Notes\n\n## What is a batch?\nSome examples.\n": "2 headings",
    "front\n---\nback\n---\nfront\n": "2 lines of ---",
}


@pytest.mark.parametrize("text", FOREIGN)
def test_a_file_without_cards_says_what_was_seen(text: str, tmp_path: Path) -> None:
    (problem,) = checked(tmp_path, text).problems
    assert (problem.rule, problem.line, problem.level) == ("no-card", 1, "advice")
    assert FOREIGN[text] in problem.message
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    assert len(load([tmp_path], None).problems) == 1


@pytest.mark.parametrize(
    ("rule", "card"),
    [
        ("more-errors", "## What is it here?\n<!-- card id=NO -->\nText.\n"),
        ("more-advice", "## What is it {n}?\n<!-- card id=c{n} -->\nText.\n"),
    ],
)
def test_a_thousand_problems_are_listed_and_the_rest_counted(
    rule: str, card: str, tmp_path: Path
) -> None:
    library = checked(tmp_path, "".join(card.format(n=n) for n in range(1_010)))
    assert len(library.problems) == 1_001
    last = library.problems[-1]
    assert (last.rule, last.message) == (
        rule,
        f"{10 + (rule == 'more-advice')} more are not listed.",
    )
    assert last.level == ("advice" if rule in ADVICE else "error")


def test_an_unreadable_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    library = load([tmp_path], None)
    assert [p.rule for p in library.problems] == ["unreadable"]


def test_a_folder_that_cannot_be_looked_into_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walk(folder: Path, onerror: Callable[[OSError], None]) -> Iterator[Any]:
        yield str(folder), ["closed"], []
        onerror(PermissionError(13, "Permission denied", str(folder / "closed")))

    (tmp_path / "closed").mkdir()
    monkeypatch.setattr(os, "walk", walk)
    (found,) = load([tmp_path], None).problems
    assert (found.rule, found.file) == ("unreadable", str(tmp_path / "closed"))
    assert "No folder of decks" in found.message


def test_a_deck_that_the_tutor_fails_to_read_takes_no_other_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(data: bytes, file: str, tell: object) -> parse.ParsedFile:
        if file.endswith("bad.md"):
            raise RecursionError("too deep")
        return read(data, file)

    read = parse.parse_bytes
    monkeypatch.setattr(parse, "parse_bytes", fails)
    (tmp_path / "bad.md").write_text(BEFORE)
    (tmp_path / "good.md").write_text(AFTER)
    library = load([tmp_path], None)
    assert list(library.entries) == ["good/last"]
    (found,) = (p for p in library.problems if p.rule == "unreadable")
    assert "RecursionError: too deep" in found.message


def test_another_text_than_the_one_that_is_overridden_is_told(tmp_path: Path) -> None:
    mine = card("overrides=0123456789abcdef ref=A", "Text.")
    (tmp_path / "mine.md").write_text(f"---\ndeck: d\n---\n\n{mine}")
    library = checked(tmp_path, BEFORE + CARD + "Another text." + AFTER)
    told = [(p.rule, Path(p.file).name, p.line) for p in library.problems if p.rule != "no-ref"]
    assert told == [("overridden-changed", "mine.md", 6)]


def test_every_rule_is_tested() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [rule for rule in RULES if f'"{rule}"' not in source] == []


def test_the_table_in_the_documentation_is_the_code() -> None:
    doc = Path(__file__).parents[2] / "docs" / "writing-a-deck.md"
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", doc.read_text(encoding="utf-8"), re.M)
    assert rows == [*UNUSABLE.items(), *REPORTED.items(), *ADVICE.items()]


@pytest.mark.parametrize(
    "text",
    [
        "`784*16 + 16*16` and $784*16 + 16*16$ and 3 * 4 * 5",
        "a == b and `x ==y` and $a ==b$ and ====",
        "<https://example.org> and $a<b$ and 3 < 4 and x<y",
        "> a quote\n\nand text",
        "<!-- a note that nobody sees -->\nText.",
        "Text.\n<!-- check 3*4 = 12 -->\n<!-- check exp(1) = 2.718 ± 0.001 -->",
        "Text.\n<!-- check 2/3 = [0.6, 0.7] -->\n<!-- check 3**2 + 4**2 = 5**2 -->",
        "Text.\n<!-- check 784*16\n + 16 = 12_560 -->",
        "$\\lVert x \\rVert$ costs \\$5 and $6.",
        "$10-$20, $3/$15, A$5/US$6, $1,000,$2,000, 5$/h and 6$/h, $5 and $6, \\$HOME",
        "The loss \\( L = -\\sum_i y_i \\) and $ \\alpha = 1 $.\n\\[\nx\n\n= 2\n\\]",
        "\\begin{align}\na &= b\n\\end{align}\nText.\n$$\nL \\\\\n$$\n$$a$$ $$b$$",
        "| $P(A|B)$ | `x|y` |\n| - | - |\n| $|x|$ | $-2 |\n| $-232 | [$-99, $-87] |",
        "`x {% if a %}` and ``see :ref:`a` `` and `as {{c1::b}}` and `in {{< c >}}`, `a {: .d}`.",
        "Code `over {% if a %}\nlines x^2^` and $S_{::2} \\{: c > 0\\}$, [@bob](https://a.org).",
        "==$ x^2 $== and ==$$ y $$== and ==$a == b$==, $p = 50%$.\n\n> [!NOTE]\n> So.",
    ],
)
def test_fine_text_is_left_in_peace(text: str, tmp_path: Path) -> None:
    library = checked(tmp_path, BEFORE + CARD + text + AFTER)
    assert library.problems == ()
    assert "d/it" in library.entries


def test_a_demo_opens_on_a_square_of_numbers(tmp_path: Path) -> None:
    text = card("demo=convolution?weights=1,-1/1,-1&padding=1", "Text.")
    assert checked(tmp_path, BEFORE + text + AFTER).problems == ()
