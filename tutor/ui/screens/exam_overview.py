"""All questions of an exam: which have an answer, which are flagged; from here it is handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from tutor.ui.screens.page import Page, shows_errors
from tutor.ui.widgets.menu import Menu, Row

if TYPE_CHECKING:
    from tutor.session.exam import ExamSession

_HAND_IN, _BACK = "hand-in", "back"


class ExamOverviewScreen(Page):
    """Hand in, or look at a question again."""

    AUTO_FOCUS = "Menu"
    panes = ("Questions",)
    BINDINGS: ClassVar[list[BindingType]] = [*Page.SCROLLING]

    def __init__(
        self, session: ExamSession, hand_in: Callable[[], None], look_at: Callable[[int], None]
    ) -> None:
        """hand_in, look_at: what the page below does when that was chosen."""
        super().__init__()
        self.session = session
        self._hand_in = hand_in
        self._look_at = look_at

    def body(self) -> ComposeResult:
        """One row a question."""
        session = self.session
        open_ = session.total - session.answered
        told = f"{open_} without an answer: wrong, if left so" if open_ else "all are answered"
        rows = [Row(_HAND_IN, "Hand in", told), Row(_BACK, "Go on", "with the exam", "esc")]
        yield Menu((*rows, *map(self._row, range(session.total))))

    def _row(self, at: int) -> Row:
        session = self.session
        question, given = session.question_at(at), session.answer_at(at)
        state = "gone" if question is None else "answered" if given else "open"
        flag = ", flagged" if session.is_flagged(at) else ""
        text = " ".join(question.text.split()) if question else ""
        return Row(str(at), f"{at + 1:>3}  {state}{flag}", text)

    def on_mount(self) -> None:
        """Say where one is; begin at what is open."""
        self.head("Exam", f"{self.session.answered} of {self.session.total} answered")
        if self.session.answered < self.session.total:
            self.query_one(Menu).cursor = 2 + self.session.first_open()

    def allows(self, action: str) -> bool:
        """Nothing that leads to the answers."""
        return action not in {"find", "browse", "add", "palette"} and super().allows(action)

    @on(Menu.Chosen)
    @shows_errors
    def _chosen(self, event: Menu.Chosen) -> None:
        event.stop()
        self.action_back()
        name = event.row.name
        if name == _HAND_IN:
            self._hand_in()
        elif name != _BACK:
            self._look_at(int(name))
