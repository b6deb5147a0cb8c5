"""The same cards and the same answers, in the app and on a pipe: the same journal, row by row."""

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
from tutor.session import turn as turns
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


def said(step: str, question: Question) -> str:
    """A step as the line that a pipe writes."""
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
    return {"hint": "hint", "?": "?", "undo": "u", "reveal": "", "yes": "y", "no": "n"}[step]


NAMES = {
    " ": "space", ",": "comma", ";": "semicolon", ".": "full_stop", "-": "minus",
    "?": "question_mark",
}  # fmt: skip
KEYS = {"hint": ["f2"], "undo": ["f8"], "reveal": ["enter"], "yes": ["1"], "no": ["2"]}


async def done(step: str, pilot: Pilot[None]) -> None:
    """A step as the keys that a learner presses."""
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
        await press(pilot, "ctrl+u", *(NAMES.get(letter, letter) for letter in line), "enter")
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
        assert question is not None
        return said(self.steps.pop(0), question) + "\n"


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that a turn goes by."""
    now = [100.0]
    monkeypatch.setattr(turns, "monotonic", lambda: now[0])
    return now


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
        for step in steps:
            if not world.think(step):
                await done(step, pilot)


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


def quiz_of(*kinds: str) -> QuizPlan:
    return QuizPlan(cards=tuple(k if "/" in k else f"d/{k}" for k in kinds), seed=5)


ANSWERS = [("right",), ("wrong",), ("hint", "right"), ("hint", "hint", "wrong"), ("sure right",)]


@pytest.mark.parametrize("kind", MARKED)
async def test_quiz_each_kind(
    kind: str, tmp_path: Path, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [step for answer in ANSWERS for step in answer]
    plan = quiz_of(*[kind] * len(ANSWERS))
    found = await both(plan, steps, tmp_path, seconds, monkeypatch, [kind])
    answers = found[:: len(found) // len(ANSWERS)]
    assert [row["correct"] for row in answers] == [True, False, True, False, True]
    assert [row["hints"] for row in answers] == [0, 0, 1, 2, 0]
    assert answers[-1]["confidence"] == "sure"


@pytest.mark.parametrize("kind", FIELDS)
async def test_quiz_what_cannot_be_read_and_what_is_not_known(
    kind: str, tmp_path: Path, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = ["unreadable", "unreadable", "right", "reveal", "?"]
    found = await both(quiz_of(kind, kind), steps, tmp_path, seconds, monkeypatch, [kind])
    each = len(found) // 2
    assert (found[0]["correct"], found[each]["correct"]) == (True, False)
    assert found[each]["confidence"] == "unsure"
    spent = [sum(row["elapsed_ms"] for row in found[i : i + each]) for i in (0, each)]
    assert spent == [3 * THOUGHT * 1000, 2 * THOUGHT * 1000]


@pytest.mark.parametrize("judged", ["yes", "no"])
async def test_quiz_what_the_learner_judges(
    judged: str, tmp_path: Path, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Knowing it is the learner's to say; reading the answer takes no time of the question's."""
    steps = ["reveal", judged]
    found = await both(quiz_of("formula"), steps, tmp_path, seconds, monkeypatch, ["formula"])
    assert [(row["correct"], row["elapsed_ms"]) for row in found] == [(judged == "yes", 1500)]


async def test_quiz_undo(
    tmp_path: Path, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = ["undo", "wrong", "undo", "hint", "right", "undo", "wrong", "right"]
    kinds = ["typed", "numeric"]
    found = await both(quiz_of(*kinds), steps, tmp_path, seconds, monkeypatch, kinds)
    assert [row["kind"] for row in found] == [
        "review",
        "undo",
        "review",
        "undo",
        "review",
        "review",
    ]


async def test_quiz_a_card_whose_file_is_gone_is_left_out(
    tmp_path: Path, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = ["lose", "right", "right"]
    plan = quiz_of("typed", "gone/typed", "choice")
    found = await both(plan, steps, tmp_path, seconds, monkeypatch, ["typed", "choice"])
    assert [row["key"] for row in found] == ["d/typed", "d/choice"]


async def test_quiz_undo_of_a_card_that_the_decks_no_longer_have(
    tmp_path: Path, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = [World(tmp_path / name, seconds, ["typed"]) for name in ("pipe", "app")]
    for world in worlds:
        on_a_pipe(world, quiz_of("gone/typed"), ["right"], monkeypatch)
    pipe, app = worlds
    seconds[0] = 100.0
    on_a_pipe(pipe, quiz_of("typed"), ["undo", "right"], monkeypatch, "d.md")
    seconds[0] = 100.0
    await in_the_app(app, quiz_of("typed"), ["undo", "right"], "d.md")
    assert app.journal() == pipe.journal()
    assert [row["kind"] for row in app.journal()] == ["review", "undo", "review"]


STUDIED: dict[str, tuple[str, ...]] = {
    "right": ("right", "rate 2"),
    "wrong": ("wrong",),
    "hints": ("hint", "hint", "right", "rate 2"),
    "revealed": ("reveal", "rate 1"),
    "revealed after a hint": ("hint", "reveal", "rate 2"),
    "undone": ("undo", "reveal", "rate 1"),
}


# In the app enter opens the options before it reveals: there the two are not the same keys.
CASES = [
    (name, kind)
    for name, steps in STUDIED.items()
    for kind in (*MARKED, "formula", "term")
    if not (kind in CHOSEN and "reveal" in steps)
]


@pytest.mark.parametrize(("name", "kind"), CASES)
async def test_study_each_kind(
    name: str, kind: str, tmp_path: Path, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = list(STUDIED[name])
    if kind in ("formula", "term"):  # nothing to be marked
        steps = [{"right": "reveal", "wrong": "reveal"}.get(step, step) for step in steps]
        steps += ["rate 1"] * (name == "wrong")
    plan = StudyPlan(limit=1, new=1)
    found = await both(plan, steps, tmp_path, seconds, monkeypatch, [kind])
    assert [row["kind"] for row in found] == ["review"]
    thought = sum(step not in ("undo",) and not step.startswith("rate") for step in steps)
    assert found[0]["elapsed_ms"] >= thought * THOUGHT * 1000


@pytest.mark.parametrize("kind", FIELDS)
async def test_study_what_cannot_be_read_and_what_is_not_known(
    kind: str, tmp_path: Path, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await both(
        StudyPlan(limit=1, new=1), ["unreadable", "?"], tmp_path, seconds, monkeypatch, [kind]
    )
    assert [(row["correct"], row["rating"]) for row in found] == [(False, 1)]
