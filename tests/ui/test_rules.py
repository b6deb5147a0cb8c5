"""Every kind of card keeps to what a screen may say, at two sizes; demos: test_predictions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.conftest import HandClock, press, screen_text, settled
from tests.ui.drivers import CARDS, UNREADABLE, deck, right, wrong
from tutor import paths
from tutor.quiz.question import CHOSEN, LETTERS, Question
from tutor.session.plans import StudyPlan
from tutor.ui.app import TutorApp
from tutor.ui.screens.study import StudyScreen
from tutor.ui.start import Start
from tutor.ui.widgets.line import Head

KINDS = tuple(CARDS)
ASKS = {
    "choice": "Answer in your head first; enter opens the options.",
    "multi": "Answer in your head first; enter opens the options.",
    "truefalse": "Choose one.",
    "term": "Say what it means, then enter.",
    "formula": "Answer in your head, then enter.",
    "cloze": "missing word",
    "numeric": "a number", "typed": "a word or a few",
    "order": "2,3,1", "match": "1b,2a",
}  # fmt: skip
"""What a card of each kind asks for, before anything is pressed."""

NEVER = {
    "a path": r"\S+\.md\b|/(?:home|tmp|root|work)\b",
    "a hyphen for a minus": r"(?<![\w)\]\d])-\d",
    "digits without commas": r"(?<![\d,.])\d{5,}(?!\d*[,.])",
    "a mark of another shape": r"^\s*(?:x|X|v|V|\[x\]|✘|✔)\s{2}",
    "LaTeX": r"\\[a-z]{2,}|\$[^$ ]+\$",
    "a template": r"@\{",
    "markup": r"\[/?(?:bold|dim|\$)",
}


def app_of(folder: Path) -> TutorApp:
    (folder / "rules.md").write_text(deck("rules", KINDS), encoding="utf-8")
    place = paths.settle(
        data_dir=str(folder / "data"), content=(str(folder / "rules.md"),), bundled=False
    )
    keys = tuple(f"rules/{kind}" for kind in KINDS)
    return TutorApp(place, Start("study", plan=StudyPlan(cards=keys)), clock=HandClock())


def faults(text: str) -> list[str]:
    """What the screen says that no screen may say."""
    return [name for name, form in NEVER.items() if re.search(form, text, re.MULTILINE)]


def page_of(pilot: Pilot[None]) -> StudyScreen:
    page = pilot.app.screen
    assert isinstance(page, StudyScreen) and page.question is not None
    return page


async def missed(pilot: Pilot[None], question: Question) -> None:
    """Answer wrongly, after a word that cannot be read where there is one."""
    page = page_of(pilot)
    if question.kind in CHOSEN:
        if not page.choosing:
            await press(pilot, "enter")
        await press(pilot, str(LETTERS.index(wrong(question)) + 1))
        if question.kind == "multi":
            await press(pilot, "enter")
    elif question.marked:
        unread = UNREADABLE[question.kind] if not question.gaps else ""
        for answer in filter(None, (unread, wrong(question).split(";")[0])):
            page.query_one(Input).value = answer
            await press(pilot, "enter")
            if page.view.revealed:
                break
    else:
        await press(pilot, "enter")


def crossed_out(text: str, question: Question) -> list[str]:
    """Lines with a cross that hold what is right."""
    rows = [line.split("✗", 1)[1].strip() for line in text.splitlines() if "✗" in line]
    truths = {f"{at}. {question.items[place]}" for at, place in enumerate(question.places, 1)}
    truths |= {
        f"{left} → {question.rights[place]}"
        for left, place in zip(question.lefts, question.pairs, strict=True)
    }
    options = [option.text for option in question.options if option.right]
    return [row for row in rows if row in truths or any(row.endswith(f") {o}") for o in options)]


def card_text(page: StudyScreen, text: str) -> str:
    """What stands in the card's pane; beside it are the answers before, with their marks."""
    pane = page.query_one("#main").region
    return "\n".join(line[pane.x : pane.right].strip("┃ ") for line in text.splitlines())


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_kind_of_card_keeps_the_rules(tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_of(tmp_path)
    seen = set()
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for _ in range(2 * len(KINDS)):
            page = page_of(pilot)
            question = page.question
            assert question is not None
            kind = question.key.split("/")[1]
            text = screen_text(pilot)
            assert faults(text) == [], kind
            assert ASKS[kind] in text and "esc back" in text, kind
            assert page.query_one(Head).right.plain.rstrip().endswith(question.kind)
            assert page.said == "", "what was said went with its card"
            text = card_text(page, text)
            assert "Again" not in text and "✗" not in text and "✓" not in text
            if question.marked and question.kind not in CHOSEN:
                assert not re.search(rf"^\s*{re.escape(right(question))}\s*$", text, re.MULTILINE)
            await missed(pilot, question)
            text = screen_text(pilot)
            assert page.view.revealed and faults(text) == [], kind
            text = card_text(page, text)
            assert crossed_out(text, question) == [], kind
            if question.marked:
                assert "✗  Wrong." in text and "Again 1m: saved" in text, kind
            else:
                assert "1 Again" in text and "> 3 Good" in text, kind
            seen.add(kind)
            if seen == set(KINDS):
                break
            await press(pilot, "enter")
        assert seen == set(KINDS)


def test_the_rules_can_be_broken() -> None:
    broken = ["see /tmp/deck.md", "it is -3", "13002 of them", " x  wrong", r"\frac12", "@{n}"]
    assert all(faults(line) for line in broken)
    assert faults("it is −3, 13,002 of them, x = 2, 3-layer, 1998-2004") == []
