"""Every page as it looks, to be looked at: `python -m tools.gallery FOLDER [--only NAME ...]`.

Each page is opened on the first day and on the hundredth day of a made-up learner, and is then
shown in four sizes, dark and light. A picture (SVG; `rsvg-convert` makes a PNG of it) and the bare
text of each go into FOLDER, and what a program can see is told: words that are hard to read on
their ground, and words that touch a scroll bar. Ends with 1 if there was any.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tools.pictures import NOW, Clock, live
from tutor import paths
from tutor.deck.library import Library
from tutor.deck.model import MARKED
from tutor.luminance import contrast
from tutor.paths import Place
from tutor.session.learner import Learner
from tutor.session.plans import ExamPlan, QuizPlan, StudyPlan
from tutor.store.glance import read_glance
from tutor.ui import themes
from tutor.ui.app import TutorApp
from tutor.ui.start import Start

SIZES = ((60, 15), (80, 24), (120, 40), (200, 60))
DAYS = {"first": 0, "later": 100}
READABLE, KEY = 4.5, 0.35  # the contrast that text needs; seconds before a key counts
WAIT = "wait"  # stands among the keys for the time that a demo needs


@dataclass(frozen=True, slots=True)
class Page:
    """How to get to a page: where to start, what to press there, and in which window."""

    start: Start
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = (80, 24)


def _card_pages(library: Library) -> dict[str, Page]:
    """Each kind of card, asked and answered, in a session and in a quiz."""
    pages: dict[str, Page] = {}
    for kind, (key, answer) in _one_of_each_kind(library).items():
        plan = StudyPlan(cards=(key,), drill=True)
        pages[f"study-{kind}"] = Page(Start("study", plan=plan))
        pages[f"study-{kind}-told"] = Page(Start("study", plan=plan), answer)
        if kind not in MARKED:  # a quiz asks only what it can mark
            continue
        quiz = Start("quiz", plan=QuizPlan(cards=(key,), seed=3))
        pages[f"quiz-{kind}"] = Page(quiz)
        pages[f"quiz-{kind}-told"] = Page(quiz, answer)
    return pages


def _one_of_each_kind(library: Library) -> dict[str, tuple[str, tuple[str, ...]]]:
    """A card of the course for each kind, and the keys of an answer that is mostly wrong."""
    answers = {
        "choice": ("enter", "1"), "truefalse": ("enter", "1"), "multi": ("enter", "1", "enter"),
        "numeric": ("7", "enter"), "cloze": ("x", "enter"), "order": ("1", "2", "3", "enter"),
        "match": ("1", "2", "3", "enter"),
    }  # fmt: skip
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for entry in library.entries.values():
        found.setdefault(entry.kind, (entry.key, answers.get(entry.kind, ("enter",))))
    return found


def pages(library: Library) -> dict[str, Page]:
    """Every page of the app by a name."""
    ewma, two = Start("lab", term="ewma"), ("enter", "1", "enter") * 2
    exam = Start("exam", plan=ExamPlan(kinds=("choice", "truefalse"), count=3, seed=3, minutes=9))
    quiz = Start("quiz", plan=QuizPlan(kinds=("choice",), count=2, seed=3))
    return {
        "today": Page(Start(), ("escape",)),
        "welcome": Page(Start("welcome")),
        "first-lesson": Page(Start("welcome"), ("enter",)),
        "first-demo": Page(Start("lab", term="fit", first=True), (WAIT,)),
        "study-end": Page(Start("study", plan=StudyPlan(limit=1, drill=True)),
                          ("enter", "enter", "enter")),
        "lesson": Page(Start("topic", term="softmax")),
        "study-setup": Page(Start("study-setup")),
        "quiz-setup": Page(Start("quiz")),
        "quiz-report": Page(quiz, two),
        "exam-setup": Page(Start("exam")),
        "exam": Page(exam, ("1",)),
        "exam-list": Page(exam, ("1", "end")),
        "exam-report": Page(exam, ("1", "end", *["up"] * 4, "enter", "enter")),
        "browse": Page(Start("browse")),
        "browse-nothing": Page(Start("browse", term="kind:numeric zzz")),
        "browse-ticked": Page(Start("browse", term="softmax"), ("down", "space", "down", "space")),
        "browse-menu": Page(Start("browse", term="softmax"), ("down", "space", "x")),
        "card": Page(Start("card", term="activations/softmax-add-five")),
        "form": Page(Start("add")),
        "mend": Page(Start("mend", term="activations/softmax-add-five")),
        "progress": Page(Start("progress"), (WAIT,)),
        "progress-rows": Page(Start("progress"), (WAIT, "tab", "down", "down")),
        "lab": Page(Start("lab")),
        "demo": Page(ewma, (WAIT,)),
        "demo-run": Page(ewma, (WAIT, "2", WAIT, "enter", WAIT)),
        "demo-optimizers": Page(Start("lab", term="optimizers"), (WAIT, "1", WAIT, "enter", WAIT)),
        "demo-fit": Page(Start("lab", term="fit"), (WAIT, "1", WAIT, "enter", WAIT)),
        "demo-digits": Page(Start("lab", term="digits"), (WAIT, "1", WAIT)),
        "beside": Page(Start("quiz", plan=QuizPlan(cards=("activations/softmax-add-five",))),
                       ("enter", "d", WAIT), size=(120, 40)),
        "why": Page(Start("why", term="ewma")),
        "code": Page(Start("code", term="ewma"), (WAIT,)),
        "crowd": Page(ewma, (WAIT, "space", "c", WAIT)),
        "crowd-map": Page(ewma, (WAIT, "space", "c", WAIT, "3", WAIT, "tab")),
        "draw": Page(Start("lab", term="digits"), (WAIT, "space", "f", WAIT)),
        "settings": Page(Start("settings"), ("down",)),
        "exchange": Page(Start("exchange")),
        "help": Page(Start(), ("escape", "question_mark")),
        "help-demo": Page(ewma, (WAIT, "question_mark")),
        "glossary": Page(Start("glossary")),
        "glossary-found": Page(Start("glossary", term="softmax")),
        "palette": Page(Start(), ("escape", "ctrl+p", "s", "o", "f", "t", WAIT)),
        "more": Page(Start("study", plan=StudyPlan(limit=3)), ("enter", "x")),
        **_card_pages(library),
    }  # fmt: skip


# -- what a program can see ---------------------------------------------------------------------


def lines(screen: Screen[object]) -> list[Strip]:
    """The screen's rows, in pieces of one style each."""
    return screen._compositor.render_strips()


def hard_to_read(rows: Sequence[Strip]) -> Iterator[str]:
    """Words whose contrast with their ground is below what WCAG 2 asks of text."""
    for segment in (segment for row in rows for segment in row):
        style, words = segment.style, segment.text.strip()
        if style is None or not any(map(str.isalnum, words)) or not style.color:
            continue
        if style.bgcolor is None or style.color.triplet is None or style.bgcolor.triplet is None:
            continue
        ratio = contrast(style.color.triplet.hex, style.bgcolor.triplet.hex)
        if ratio < READABLE:
            yield f"contrast {ratio:.1f}: {words}"


def touching(screen: Screen[object], texts: Sequence[str]) -> Iterator[str]:
    """Words that stand right beside a scroll bar."""
    for widget in screen.walk_children(Widget):
        if not widget.is_on_screen or not widget.show_vertical_scrollbar:
            continue
        bar = widget.vertical_scrollbar.region
        for y in range(bar.y, min(bar.bottom, len(texts))):
            if texts[y].ljust(bar.right)[bar.right - 2 : bar.right - 1].strip():
                yield f"touches the scroll bar: {texts[y].strip()}"


# -- making them --------------------------------------------------------------------------------


async def settle(pilot: Pilot[None], seconds: float = 0.0) -> None:
    """Wait until no thread works and everything is painted."""
    await pilot.pause(seconds)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(20):
            while list(pilot.app.workers):
                await pilot.app.workers.wait_for_complete()
                await pilot.pause()
    await pilot.app.screen.wait_for_refresh()
    await pilot.pause()


async def look(place: Place, name: str, page: Page, folder: Path) -> list[str]:
    """Open one page and keep how it looks at each size in each theme; what was seen is told."""
    app = TutorApp(place, page.start, glance=read_glance(place.database), clock=Clock(NOW))
    told: list[str] = []
    async with app.run_test(size=page.size) as pilot:
        await settle(pilot, KEY)
        for key in page.keys:
            if key != WAIT:
                await pilot.press(key)
            await settle(pilot, 2.0 if key == WAIT else KEY)
        for theme in themes.ALIASES:
            app.use_theme(theme)
            for size in SIZES:
                await pilot.resize_terminal(*size)
                await settle(pilot, 0.2)
                label = f"{name}-{size[0]}x{size[1]}-{theme}"
                told += [f"{folder.name} {label}: {fault}" for fault in keep(app, folder / label)]
    return told


def keep(app: TutorApp, target: Path) -> list[str]:
    """Write the picture and the text of what is shown; what a program can see wrong with it."""
    rows = lines(app.screen)
    # Below a dialog and below Textual's palette all is dim on purpose.
    box = "#--container" if isinstance(app.screen, CommandPalette) else ".dialog"
    ground = next(iter(app.screen.query(box)), app.screen).region
    seen = [row.crop(ground.x, ground.right) for row in rows[ground.y : ground.bottom]]
    texts = ["".join(segment.text for segment in row).rstrip() for row in rows]
    target.with_suffix(".svg").write_text(app.export_screenshot(), encoding="utf-8")
    target.with_suffix(".txt").write_text("\n".join(texts) + "\n", encoding="utf-8")
    return list(dict.fromkeys((*hard_to_read(seen), *touching(app.screen, texts))))


def lived(folder: Path, days: int) -> Place:
    """The data folder of a learner of so many days, made once."""
    place = paths.settle(data_dir=str(folder))
    if not folder.exists():
        live(place, days=days)
    return place


def main() -> int:
    """Make all pictures; tell what looks wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[], help="these pages")
    parser.add_argument("--days", choices=DAYS, nargs="*", default=list(DAYS))
    options = parser.parse_args()
    os.environ["TZ"] = "UTC"
    time.tzset()
    told: list[str] = []
    for day in options.days:
        folder, own = options.folder / day, options.folder / "data" / day
        folder.mkdir(parents=True, exist_ok=True)
        learner = Learner.open(lived(own, DAYS[day]), clock=Clock(NOW))
        found = pages(learner.library)
        learner.close()
        for name, page in found.items():
            if not options.only or name in options.only:
                with tempfile.TemporaryDirectory() as data:
                    shutil.copytree(own, data, dirs_exist_ok=True)
                    place = paths.settle(data_dir=data)
                    told += asyncio.run(look(place, name, page, folder))
    print("\n".join(told))
    print(f"{len(told)} faults that a program can see")
    return bool(told)


if __name__ == "__main__":
    sys.exit(main())
