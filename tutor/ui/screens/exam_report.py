"""How an exam went: the score with its interval, the chapters, each question with its answer."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tutor.quiz.report import Item
from tutor.session.exam_result import Result
from tutor.session.exam_words import answer_lines, calibration_lines, chapter_name
from tutor.session.plans import QuizPlan
from tutor.ui.screens.page import Page
from tutor.ui.screens.quiz_report import room, score
from tutor.ui.start import Start
from tutor.ui.widgets.bars import shares
from tutor.ui.widgets.menu import Menu, Row
from tutor.ui.widgets.prose import MEASURE
from tutor.ui.widgets.prose_layout import Lines, hung, wrapped
from tutor.ui.widgets.signs import sign_of


class ExamReportScreen(Page):
    """The end of an exam."""

    CSS_PATH = "quiz_report.tcss"
    AUTO_FOCUS = "Menu"
    panes = ("Report",)
    BINDINGS: ClassVar[list[BindingType]] = [*Page.SCROLLING]

    def __init__(self, result: Result, why: str = "") -> None:
        """why: it is over, if the learner did not hand it in on the page before."""
        super().__init__()
        self.result = result
        self.why = why

    def body(self) -> ComposeResult:
        """Score, what to do next, chapters, questions."""
        yield Static(score(self.result.report), id="score")
        yield Menu(self.choices())
        yield Static(id="details", markup=False)

    def on_mount(self) -> None:
        """Say what it is."""
        self.head("Exam", "report")
        self.query_one("#details", Static).update(
            Content("\n").join(details(self.result, room(self)))
        )
        # The focus of the menu has scrolled the score away before it was laid out.
        self.call_after_refresh(self.read.scroll_home, animate=False)
        if self.why:
            self.say(self.why)

    def choices(self) -> tuple[Row, ...]:
        """What to do next, the missed questions first."""
        rows = [Row("today", "Today", "back to the overview", "esc")]
        if wrong := sum(not item.right for item in self.result.report.items):
            count = "the one that was" if wrong == 1 else f"the {wrong} that were"
            rows.insert(0, Row("again", "Ask these again", f"{count} wrong, as a quiz"))
        return (*rows, Row("exam", "Another exam", "choose chapters and kinds"))

    @on(Menu.Chosen)
    def _chosen(self, event: Menu.Chosen) -> None:
        if event.row.name == "today":
            self.action_back()
        elif event.row.name == "exam":
            self.host.go_instead(Start("exam"))
        else:
            library = self.learner.library
            keys = (item.key for item in self.result.report.items if not item.right)
            cards = tuple(key for key in keys if library.resolve(key) in library.entries)
            self.host.go_instead(Start("quiz", plan=QuizPlan(cards=cards)))


def details(result: Result, width: int) -> Lines:
    """The chapters, how well the learner knew what was known, and each question."""
    marks = [
        (chapter_name(mark.number, mark.title), mark.right, mark.asked,
         Content.styled("   passed" if mark.passed else "", "$good"))
        for mark in result.chapters
    ]  # fmt: skip
    lines: Lines = [Content.styled("Chapters", "$quiet"), *shares(marks, width)]
    lines += [Content(f"  {text}") for text in calibration_lines(result.report)]
    lines += [Content(""), Content.styled("Questions", "$quiet")]
    for number, item in enumerate(result.report.items, 1):
        lines += _question(number, item, flagged=item.key in result.flagged)
    return lines


def _question(number: int, item: Item, *, flagged: bool) -> Lines:
    text = [Content(f"{number}. {' '.join(item.question.split())}")]
    lines = hung(
        [row for line in text for row in wrapped(line, MEASURE - 4)],
        Content.assemble("  ", sign_of(item.right), " "),
    )
    first, *others = answer_lines(item)
    told = [f"{first}   {round(item.seconds)} s{', flagged' if flagged else ''}", *others]
    return lines + [
        Content("    ") + row.stylize("$quiet")
        for line in told
        for row in wrapped(Content(line), MEASURE - 4)
    ]
