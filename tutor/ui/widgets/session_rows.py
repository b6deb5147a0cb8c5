"""How a session stands, in rows: what is left, what was done, each answer with its mark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.deck.format import named
from tutor.errors import NotFoundError
from tutor.memory.model import Rating
from tutor.text.numerals import plural
from tutor.ui.widgets.links import Link
from tutor.ui.widgets.prose_layout import one_line
from tutor.ui.widgets.signs import sign_of

if TYPE_CHECKING:
    from tutor.deck.library import Library
    from tutor.quiz.report import Report
    from tutor.session.exam import ExamSession
    from tutor.session.tally import Tally

MOST = 50  # answers that are listed


def studied(tally: Tally, left: str, library: Library) -> Iterator[Link]:
    """A session of study, its last answer first: that is the one that undo takes back."""
    yield _fact("Left", left)
    yield _fact("Done", tally.words() if tally.answers else "nothing yet")
    for answer in reversed(tally.answers[-MOST:]):
        name = Content.styled(answer.rating.name.capitalize(), "$quiet")
        yield _marked(_front(library, answer.key), answer.rating > Rating.AGAIN, name)


def asked(report: Report, total: int) -> Iterator[Link]:
    """A quiz, its last answer first."""
    yield _fact("Left", plural(total - report.asked, "question"))
    yield _fact("Right", f"{report.right} of {report.asked}")
    for item in reversed(report.items[-MOST:]):
        sure = Content.styled(item.confidence or "", "$quiet")
        yield _marked(one_line(item.question), item.right, sure)


def examined(session: ExamSession) -> Iterator[Link]:
    """An exam in the order of its questions, without a word on what is right."""
    for at in range(session.total):
        state = "kept" if session.answer_at(at) else "open"
        flag = "flagged, " if session.is_flagged(at) else ""
        here = ("> ", "$accent") if at == session.at else "  "
        number = Content.assemble(here, f"{at + 1:>2}")
        yield Link(number, Content.styled(f"{flag}{state}", "$quiet"))


def _fact(label: str, text: str) -> Link:
    return Link(Content.styled(label, "$quiet"), Content(text))


def _marked(text: Content, right: bool, behind: Content) -> Link:
    return Link(Content.assemble(sign_of(right), " ", text), behind)


def _front(library: Library, unit: str) -> Content:
    """The question of a card; its key where the decks hold it no more."""
    try:
        return one_line(named(library.unit(unit)[0].front))
    except NotFoundError:
        return Content(unit)
