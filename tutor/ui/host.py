"""What a page knows of the app: its host.

A page asks the host for the learner and the settings, and for other pages by their names, so
that it can be shown, and tested, by anything that answers to this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from tutor.paths import Place
from tutor.settings import Settings
from tutor.ui.start import Start

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    from tutor.errors import TutorError
    from tutor.memory.time import Clock
    from tutor.session.learner import Learner
    from tutor.store.glance import Glance


class Host(Protocol):
    """The app, as its pages and the palette see it.

    place: where the learner's files are. settings: in force now. start: what the command line
    asked for. glance: the numbers of Today, painted before the learner is opened. news: what the
    learner should be told at the start. learner_or_none: the learner, once opened.
    """

    place: Place
    settings: Settings
    start: Start
    glance: Glance | None
    clock: Clock | None
    news: Sequence[str]
    learner_or_none: Learner | None

    @property
    def screen(self) -> Screen[Any]:
        """The page that is seen."""

    @property
    def learner(self) -> Learner:
        """The opened learner."""

    def now_ms(self) -> int:
        """This moment in UTC milliseconds, by the clock that everything goes by."""

    def use_settings(self, settings: Settings) -> None:
        """Let new settings act."""

    def go(self, start: Start) -> None:
        """Open the page that `start` names, on top of the present one."""

    def go_instead(self, start: Start) -> None:
        """Open a page instead of the present one."""

    def failed(self, error: TutorError) -> None:
        """Tell what went wrong, where, and what to press."""

    def lender(self, demo: str) -> Callable[[], object] | None:
        """What lends a demo the learner's own reviews, in a thread; None if it asks for none."""

    def say_on_today(self, text: str) -> None:
        """Tell a piece of news on the first page."""


def host_of(app: App[Any]) -> Host:
    """The app as a host."""
    return cast(Host, app)
