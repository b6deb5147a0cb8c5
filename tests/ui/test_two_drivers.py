"""The same cards and the same answers, in the app and on a pipe: the same journal, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.drivers import (
    FIELDS,
    MARKED,
    THOUGHT,
    WRITTEN_KINDS,
    World,
    both,
    in_the_app,
    on_a_pipe,
)
from tutor.quiz.question import CHOSEN
from tutor.session import turn as turns
from tutor.session.plans import QuizPlan, StudyPlan


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that a turn goes by."""
    now = [100.0]
    monkeypatch.setattr(turns, "monotonic", lambda: now[0])
    return now


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


ACCEPTED = {
    "a miss": ("wrong", "accept"),
    "a miss after a hint": ("hint", "wrong", "accept"),
    "taken back": ("wrong", "accept", "undo"),
    "accepted twice": ("wrong", "accept", "undo", "accept"),
    "taken back with its answer": ("wrong", "accept", "undo", "undo", "wrong"),
}


@pytest.mark.parametrize("name", ACCEPTED)
@pytest.mark.parametrize("kind", WRITTEN_KINDS)
async def test_quiz_what_is_accepted(
    name: str, kind: str, tmp_path: Path, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [*ACCEPTED[name], "right"]
    plan = quiz_of(kind, "choice")
    found = await both(plan, steps, tmp_path, seconds, monkeypatch, [kind, "choice"])
    assert sum(row["kind"] == "accept" for row in found) >= steps.count("accept")
    assert found[-1]["key"] == "d/choice"


@pytest.mark.parametrize("name", ACCEPTED)
@pytest.mark.parametrize("kind", WRITTEN_KINDS)
async def test_study_what_is_accepted(
    name: str, kind: str, tmp_path: Path, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = StudyPlan(limit=2, new=2)
    steps = ACCEPTED[name]
    found = await both(plan, steps, tmp_path, seconds, monkeypatch, [kind])
    assert sum(row["kind"] == "accept" for row in found) >= steps.count("accept")
    ratings = {row["rating"] for row in found if row["kind"] == "accept"}
    assert ratings == {2 if "hint" in steps else 3}


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
