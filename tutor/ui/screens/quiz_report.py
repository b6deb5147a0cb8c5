"""How the quiz went: the score with its uncertainty, topic by topic, and what to review.

From here one can be quizzed again, or study what was wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tutor.quiz.report import Item, Report
from tutor.session.exam_words import calibration_lines
from tutor.session.plans import QuizPlan
from tutor.ui.screens.page import Page
from tutor.ui.start import Start
from tutor.ui.widgets.bars import shares
from tutor.ui.widgets.menu import Menu, Row
from tutor.ui.widgets.prose import MEASURE
from tutor.ui.widgets.prose_layout import Lines, hung, wrapped
from tutor.ui.widgets.signs import sign_of

if TYPE_CHECKING:
    from tutor.session.quiz import QuizSession

AROUND = 10  # cells of the window that the rows below the choices do not have
BETWEEN = "   "


class QuizReportScreen(Page):
    """The end of a quiz."""

    CSS_PATH = "quiz_report.tcss"
    AUTO_FOCUS = "Menu"
    panes = ("Report",)
    BINDINGS: ClassVar[list[BindingType]] = [*Page.SCROLLING]

    def __init__(self, session: QuizSession) -> None:
        super().__init__()
        self.session = session
        self.report = session.report()
        # What is still to be asked of a quiz that was left.
        self.left = 0 if session.question is None else session.total - self.report.asked

    def body(self) -> ComposeResult:
        """Score, what to do next, topics, what to review."""
        yield Static(score(self.report), id="score")
        yield Menu(self.choices())
        yield Static(id="details", markup=False)

    def on_mount(self) -> None:
        """Fill in the details."""
        self.head("Quiz", f"left after {self.report.asked} of {self.session.total}" if self.left
                  else "report")  # fmt: skip
        sure = [Content(f"  {text}") for text in calibration_lines(self.report)]
        lines = [*topics(self.report, self.topic_title, room(self)), *sure, *review(self.report)]
        self.query_one("#details", Static).update(Content("\n").join(lines))

    def topic_title(self, topic: str) -> str:
        """A topic's title; a deck's name is its own."""
        found = self.learner.library.topics.get(topic)
        return found.title if found else topic

    def choices(self) -> tuple[Row, ...]:
        """What to do next."""
        wrong = [item for item in self.report.items if not item.right]
        rows = []
        if self.left:
            some = "1 question is" if self.left == 1 else f"{self.left} questions are"
            rows.append(Row("on", "Go on", f"{some} left; Today offers it too"))
        if wrong:
            count = "the one that was" if len(wrong) == 1 else f"the {len(wrong)} that were"
            rows.append(Row("again", "Ask these again", f"{count} wrong"))
        rows.append(Row("today", "Today", "back to the overview", "esc"))
        if self.left:
            rows.append(Row("end", "End it here", "Today does not offer it any more"))
        return (*rows, Row("quiz", "Another quiz", "choose topics and kinds"))

    @on(Menu.Chosen)
    def _chosen(self, event: Menu.Chosen) -> None:
        match event.row.name:
            case "today":
                self.action_back()
            case "on":
                self.host.go_instead(Start("quiz", plan=self.session.resuming))
            case "end":
                self.session.end()
                self.action_back()
            case "again":
                wrong = dict.fromkeys(item.key for item in self.report.items if not item.right)
                cards = dict.fromkeys(self.learner.library.unit(key)[0].key for key in wrong)
                self.host.go_instead(Start("quiz", plan=QuizPlan(cards=tuple(cards))))
            case "quiz":
                self.host.go_instead(Start("quiz"))


def score(report: Report) -> Content:
    """`7 of 10 right   between 40 % and 89 % (95 %)`."""
    if not report.asked:
        return Content.styled("No question was answered.", "bold")
    low, high = report.interval
    return Content.assemble(
        (f"{report.right} of {report.asked} right", "bold"),
        (f"     your share lies between {low * 100:.0f} and {high * 100:.0f} % (95 %)", "$quiet"),
    )


def room(page: Page) -> int:
    """The cells that a row of a report has."""
    return min(MEASURE, page.app.size.width - AROUND)


def topics(report: Report, title: Callable[[str], str], width: int) -> Lines:
    """Each topic with its share, the weakest first."""
    if not report.topics:
        return []
    marks = [(title(topic), right, asked, Content("")) for topic, right, asked in report.topics]
    return [Content.styled("Topics", "$quiet"), *shares(marks, width)]


def review(report: Report) -> Lines:
    """What to look at again, as it was asked, with what was said and what is right."""
    if not report.to_review:
        return [Content(""), Content("Nothing to review: all right, and none unsure.")] * bool(
            report.asked
        )
    lines: Lines = [Content(""), Content.styled("To review", "$quiet")]
    for item in report.to_review:
        lines += _reviewed(item)
    return lines


def _reviewed(item: Item) -> Lines:
    sign = sign_of(item.right)
    asked = [Content(line) for line in item.question.splitlines()]
    lines = hung(
        [row for line in asked for row in wrapped(line, MEASURE - 4)],
        Content.assemble("  ", sign, " "),
    )
    why = f" ({item.misconception})" if item.misconception else ""
    answers = [f"you: {item.shown or 'no answer'}{why}", f"right: {item.expected}"]
    if item.right:
        answers = [f"right, but unsure: {item.expected}"]
    elif sum(map(len, answers)) + len(BETWEEN) <= MEASURE - 4:
        answers = [BETWEEN.join(answers)]
    return lines + [Content("    ") + line.stylize("$quiet") for text in answers
                    for line in wrapped(Content(text), MEASURE - 4)]  # fmt: skip
