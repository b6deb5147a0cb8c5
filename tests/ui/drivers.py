"""One learner twice, in the app and on a pipe, given the same cards and the same steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import HandClock, press, settled
from tutor import paths
from tutor.memory.model import Event
from tutor.paths import Place
from tutor.quiz.question import CHOSEN, Question
from tutor.session.learner import Learner
from tutor.session.plans import QuizPlan, StudyPlan
from tutor.session.quiz import QuizSession
from tutor.session.study import StudySession
from tutor.store.database import open_store
from tutor.ui.app import TutorApp
from tutor.ui.screens.card_page import CardPage
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.screens.study import StudyScreen
from tutor.ui.start import Start
from tutor.verbs.quiz import PlainQuiz
from tutor.verbs.study import PlainStudy

HINTS = "\n> [!TIP]\n> The first hint.\n\n> [!TIP]\n> The second hint.\n"
CARDS = {
    "choice": "- [ ] 1\n- [x] 2\n- [ ] 4\n",
    "multi": "- [x] Padding\n- [x] Stride\n- [ ] The weather\n",
    "truefalse": "- [x] True\n- [ ] False\n",
    "numeric": "```params\nn = int(8, 32)\nans = n * 3\n```\n= @{ans} cells\n",
    "typed": '= "ReLU" | "rectified linear unit"\n',
    "order": "1. Forward\n2. Loss\n3. Backward\n",
    "match": "| A | B |\n| --- | --- |\n| one | 1 |\n| two | 2 |\n| three | 3 |\n",
    "cloze": "The ==chain rule== goes from the ==loss== to the weights.\n",
    "formula": "Its formula is ==$e^{s_i}$==.\n",
    "term": "The meaning of it.\n",
}
TYPES = {"truefalse", "order", "match"}
# What the program marks and is answered in a field.
FIELDS = ("numeric", "typed", "order", "match", "cloze")
# Of whose misses a learner may say that they were right.
WRITTEN_KINDS = ("numeric", "typed", "cloze")
MARKED = ("choice", "multi", "truefalse", *FIELDS)
THOUGHT = 1.5  # seconds before each step


def deck(name: str, kinds: Sequence[str]) -> str:
    parts = [f"---\ndeck: {name}\ntitle: {name}\nlicense: CC0-1.0\n---\n"]
    for kind in kinds:
        typed = f" type={kind}" if kind in TYPES else ""
        parts.append(f"## About {kind} in {name}\n<!-- card id={kind}{typed} -->\n{CARDS[kind]}")
        parts.append(HINTS)
    return "\n".join(parts)


def right(question: Question) -> str:
    if question.typed_gaps:
        return "; ".join(gap.text for gap in question.typed_gaps)
    return question.labels or (question.accepted or (question.expected.split()[0],))[0]


def wrong(question: Question) -> str:
    match question.kind:
        case "choice" | "multi" | "truefalse":
            return next("abcdef"[i] for i, o in enumerate(question.options) if not o.right)
        case "order":
            return ",".join(reversed(question.labels.split(",")))
        case "match":
            pairs = question.labels.split(",")
            letters = [pair[1] for pair in pairs]
            return ",".join(f"{i}{x}" for i, x in enumerate([*letters[1:], letters[0]], 1))
        case "cloze":
            return "nothing; nothing"
    return "7"


UNREADABLE = {
    "numeric": "many", "typed": "rectified liner unit", "order": "1,1", "match": "1",
    "cloze": "chain rule",
}  # fmt: skip


# Lines of which the question does not matter; there may be none any more.
LINES = {
    "hint": "hint", "?": "?", "undo": "u", "accept": "o", "reveal": "", "yes": "y", "no": "n",
}  # fmt: skip


def said(step: str, question: Question | None) -> str:
    """A step as the line that a pipe writes."""
    if step in LINES:
        return LINES[step]
    assert question is not None
    match step.split():
        case ["right"]:
            return right(question)
        case ["wrong"]:
            return wrong(question)
        case ["sure", "right"]:
            return f"{right(question)} !" if question.kind not in CHOSEN else f"{right(question)}!"
        case ["unreadable"]:
            return UNREADABLE[question.kind] if len(question.gaps) != 1 else "chian rule"
        case ["rate", rating]:
            return rating
    raise ValueError(step)


NAMES = {
    " ": "space", ",": "comma", ";": "semicolon", ".": "full_stop", "-": "minus",
    "?": "question_mark",
}  # fmt: skip
KEYS = {
    "hint": ["f2"], "undo": ["f8"], "accept": ["o"], "reveal": ["enter"], "yes": ["1"], "no": ["2"],
}  # fmt: skip
# Said of a miss while it is on the page; a pipe says it at the next prompt.
OF_A_MISS = ("accept", "undo")


async def done(step: str, then: str, pilot: Pilot[None]) -> None:
    """A step as the keys that a learner presses, with the step after it in mind."""
    page = pilot.app.screen
    assert isinstance(page, CardPage) and page.question is not None
    if step.startswith("sure"):
        await press(pilot, "f3")
    if step.startswith("rate"):
        await press(pilot, step[-1])
    elif step in KEYS:
        await press(pilot, *KEYS[step])
    elif page.question.kind in CHOSEN:
        if not page.view.options:
            await press(pilot, "enter")
        letters = said(step.removeprefix("sure "), page.question).split(",")
        await press(pilot, *(str("abcdef".index(letter) + 1) for letter in letters))
        if page.question.kind == "multi":
            await press(pilot, "enter")
    else:
        line = said(step.removeprefix("sure "), page.question)
        await pilot.press("ctrl+u", *(NAMES.get(letter, letter) for letter in line))
        await press(pilot, "enter")
    if "accept" not in (step, then) or then not in OF_A_MISS:
        await go_on(pilot)


async def go_on(pilot: Pilot[None]) -> None:
    """A pipe goes on by itself after an answer; in the app that is one more key."""
    page = pilot.app.screen
    quizzed = isinstance(page, QuizScreen) and page.turn is not None and page.turn.mark is not None
    if quizzed or (isinstance(page, StudyScreen) and page.saved):
        await press(pilot, "enter")


class World:
    """One learner in a folder of its own, with decks and a clock; two of them are alike."""

    def __init__(self, folder: Path, seconds: list[float], kinds: Sequence[str]) -> None:
        self.seconds = seconds
        self.decks = folder / "decks"
        self.decks.mkdir(parents=True)
        (self.decks / "d.md").write_text(deck("d", kinds), encoding="utf-8")
        (self.decks / "gone.md").write_text(deck("gone", ["typed"]), encoding="utf-8")
        self.folder = folder

    def place(self, *names: str) -> Place:
        content = tuple(str(self.decks / name) for name in names) or (str(self.decks),)
        return paths.settle(data_dir=str(self.folder / "data"), content=content, bundled=False)

    def think(self, step: str) -> bool:
        """Let time pass; whether the step was one of the world's own, such as a lost file."""
        self.seconds[0] += THOUGHT
        if step == "lose":
            (self.decks / "gone.md").unlink()
        return step == "lose"

    def journal(self) -> list[dict[str, Any]]:
        where = self.place()
        with open_store(where.database, where.backups) as store:
            return list(rows(store.events()))


def rows(events: Iterator[Event] | Sequence[Event]) -> Iterator[dict[str, Any]]:
    """The rows of a journal as they can be compared: ids by their place."""
    places: dict[str | None, int | None] = {None: None, "": None}
    for place, event in enumerate(events):
        places[event.id] = place
        yield {
            "kind": event.kind, "key": event.card_key, "rating": event.rating,
            "source": event.source, "answer": event.answer, "correct": event.correct,
            "confidence": event.confidence, "hints": event.hints,
            "elapsed_ms": event.elapsed_ms, "at": event.at_utc_ms, "due": event.due_utc_ms,
            "hash": event.content_hash, "undoes": places[event.undoes], "model": event.model,
            "together": "together" in (event.payload or ""),
        }  # fmt: skip


class Lines:
    """What a program at the other end of the pipe writes, step by step."""

    def __init__(
        self, world: World, session: QuizSession | StudySession, steps: Sequence[str]
    ) -> None:
        self.world, self.session, self.steps = world, session, list(steps)

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        while self.steps and self.world.think(self.steps[0]):
            self.steps.pop(0)
        if not self.steps:
            return ""
        if isinstance(self.session, QuizSession):
            question = self.session.question
        else:
            item = self.session.next()
            question = item.question if item else None
        return said(self.steps.pop(0), question) + "\n"


Plan = QuizPlan | StudyPlan


def on_a_pipe(
    world: World, plan: Plan, steps: Sequence[str], monkeypatch: pytest.MonkeyPatch, *decks: str
) -> None:
    learner = Learner.open(world.place(*decks), clock=HandClock())
    with closing(learner), monkeypatch.context() as patch:
        if isinstance(plan, QuizPlan):
            quiz = QuizSession(learner, plan)
            patch.setattr("sys.stdin", Lines(world, quiz, steps))
            PlainQuiz(quiz).run()
        else:
            study = StudySession(learner, plan)
            patch.setattr("sys.stdin", Lines(world, study, steps))
            PlainStudy(learner, study).run()


async def in_the_app(world: World, plan: Plan, steps: Sequence[str], *decks: str) -> None:
    name = "quiz" if isinstance(plan, QuizPlan) else "study"
    app = TutorApp(world.place(*decks), Start(name, plan=plan), clock=HandClock())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for step, then in zip(steps, [*steps[1:], ""], strict=True):
            if not world.think(step):
                await done(step, then, pilot)


async def both(
    plan: Plan, steps: Sequence[str], tmp_path: Path, seconds: list[float],
    monkeypatch: pytest.MonkeyPatch, kinds: Sequence[str],
) -> list[dict[str, Any]]:  # fmt: skip
    """Drive both; the rows of the journal, which are the same."""
    pipe = World(tmp_path / "pipe", seconds, kinds)
    on_a_pipe(pipe, plan, steps, monkeypatch)
    seconds[0] = 100.0
    app = World(tmp_path / "app", seconds, kinds)
    await in_the_app(app, plan, steps)
    found = app.journal()
    assert found == pipe.journal()
    return found
