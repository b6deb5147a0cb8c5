"""Makes the pictures of the documentation with the app itself: `python -m tools.pictures`.

A made-up learner of a hundred days, the bundled decks and a fixed clock, so that they can be made
again; pictures of screens that changed then show up in the diff.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from pathlib import Path

from tutor import paths
from tutor.memory.model import Rating
from tutor.paths import Place
from tutor.session.learner import Learner
from tutor.session.plans import QuizPlan, StudyPlan
from tutor.session.study import StudySession
from tutor.store.glance import read_glance
from tutor.ui.app import TutorApp
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.start import Start

PICTURES_FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
DAY_MS = 86_400_000
NOW = 1_795_163_400_000  # Friday 2026-11-20, 08:30 UTC
RATINGS, WEIGHTS = list(Rating), (1, 1, 7, 1)
SLIP = "slip"  # stands for typing the number that the first misconception gives
PICTURES: dict[str, tuple[Start, tuple[int, int], tuple[str, ...]]] = {
    "today": (Start(), (80, 24), ()),
    "card": (
        Start("study", plan=StudyPlan(topics=("softmax",)), read=("softmax",)),
        (80, 24),
        ("enter",),
    ),
    "beside": (
        Start("quiz", plan=QuizPlan(cards=("activations/softmax-add-five",), seed=3)),
        (120, 40),
        ("enter", "d"),
    ),
    "quiz": (
        Start("quiz", plan=QuizPlan(cards=("networks/count-two-layers",), seed=3)),
        (80, 24),
        (SLIP, "enter"),
    ),
    "progress": (Start("progress"), (80, 40), ()),
}


class Clock:
    """A clock that the made-up learner moves."""

    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> int:
        """The moment in UTC milliseconds."""
        return self.at


def live(place: Place, days: int) -> None:
    """Study up to 30 cards on four of five days."""
    clock, rng = Clock(NOW - days * DAY_MS), random.Random(4)
    learner = Learner.open(place, clock=clock)
    for day in range(days):
        clock.at = NOW - (days - day) * DAY_MS
        if rng.random() < 0.2:
            continue
        session = StudySession(learner, StudyPlan(limit=30))
        while item := session.next():
            elapsed = rng.randint(3000, 12000)
            session.answer(item, rng.choices(RATINGS, WEIGHTS)[0], elapsed_ms=elapsed)
            clock.at += elapsed
    clock.at = NOW
    learner.refresh()
    learner.store.put_glance(learner.glance())
    learner.close()


async def picture(place: Place, name: str) -> None:
    """Open the page, press the keys, and keep what stands there."""
    start, size, keys = PICTURES[name]
    app = TutorApp(place, start, glance=read_glance(place.database), clock=Clock(NOW))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        while list(app.workers):
            await app.workers.wait_for_complete()
            await pilot.pause()
        for key in keys:
            await pilot.press(*(slip(app) if key == SLIP else [key]))
            await pilot.pause(1.0)
        (PICTURES_FOLDER / f"{name}.svg").write_text(app.export_screenshot(), encoding="utf-8")


def slip(app: TutorApp) -> str:
    """The number that the first misconception of the question gives."""
    assert isinstance(app.screen, QuizScreen) and app.screen.question is not None
    return f"{app.screen.question.slips[0][1]}"


def main() -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        place = paths.settle(data_dir=folder)
        live(place, days=100)
        for name in PICTURES:
            asyncio.run(picture(place, name))


if __name__ == "__main__":
    main()
