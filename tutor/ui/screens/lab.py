"""The lab: the list of live demos, and the page of one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.widgets import Input, Static

from demos import catalog
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page
from tutor.ui.start import Start
from tutor.ui.widgets.chips import chips
from tutor.ui.widgets.demo_view import DemoView
from tutor.ui.widgets.field import Field, Search
from tutor.ui.widgets.keybar import KeyBar
from tutor.ui.widgets.knobs import words
from tutor.ui.widgets.menu import Menu, Row
from tutor.ui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from demos.base import Spec
    from tutor.session.predictions import Seen


class LabScreen(Page):
    """All demos in course order, with what was predicted of each; enter opens one."""

    AUTO_FOCUS = "Menu"
    panes = ("Demos", "About")
    BINDINGS: ClassVar[list[BindingType]] = [bind("back"), bind("find")]
    CSS_PATH = "lab.tcss"

    def __init__(self, *, fps: int | None = None) -> None:
        super().__init__()
        self.fps = fps
        self._specs: list[Spec] = []
        self._seen: Mapping[str, Seen] = {}

    def body(self) -> ComposeResult:
        """The demos, each with the line that says what to look for."""
        yield Field("find a demo, a topic or a chapter", kind=Search)
        with VerticalScroll(id="demos", can_focus=False):
            yield Menu()
        yield Static(id="demo-about", markup=False)

    def side(self) -> ComposeResult:
        """What one meets in the demo under the cursor."""
        with VerticalScroll(id="side", can_focus=False):
            yield Static(id="demo-card", markup=False)

    def _read(self) -> None:
        """Read what there is and list it; without a learner in the order of names."""
        from tutor.session import predictions

        learner = self.host.learner_or_none
        names = catalog.names()
        if learner is not None:
            names = predictions.in_course_order(names, learner.library.topics.values())
            self._seen = predictions.seen(learner)
        self._specs = list(map(catalog.spec, names))
        self.head("Lab", _told(len(names), self._seen))
        self._list()

    def _list(self) -> None:
        """List the demos that are sought."""
        self.query_one(Menu).rows = tuple(
            Row(spec.name, spec.name, spec.title, str(self._seen.get(spec.name, "")))
            for spec in self._specs
            if self._is_sought(spec)
        )

    def _is_sought(self, spec: Spec) -> bool:
        """Whether a demo has all the words that were typed, or the titles of its topics do."""
        learner = self.host.learner_or_none
        told = [spec.name, spec.title, spec.about, *spec.topics]
        if learner is not None:
            topics = [learner.library.topics.get(name) for name in spec.topics]
            told += [f"{t.title} {t.chapter} {t.chapter_title}" for t in topics if t]
        text = " ".join(told).casefold()
        return all(word in text for word in self.query_one(Field).input.value.casefold().split())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._list()
        menu = self.query_one(Menu)
        menu.cursor = 0
        self._about(0)
        self.say("" if menu.rows else f"No demo is about {event.value.strip()!r}.")

    @on(Input.Submitted)
    def _found(self, event: Input.Submitted) -> None:
        event.stop()
        if self.query_one(Menu).rows:
            self.query_one(Menu).focus()

    def key_down(self, event: events.Key) -> None:
        """Down from the field goes into the list."""
        if self.query_one(Field).input.has_focus:
            event.stop()
            self.query_one(Menu).focus()

    def action_find(self) -> None:
        """Type a name."""
        self.query_one(Field).input.focus()

    def action_back(self) -> None:
        """From a search to all demos, from there away."""
        field = self.query_one(Field).input
        if field.value:
            field.value = ""
            self.query_one(Menu).focus()
        else:
            super().action_back()

    def on_screen_resume(self) -> None:
        """Back from a demo: something may have been predicted."""
        self._read()

    def on_mount(self) -> None:
        """Say what the one under the cursor is about."""
        self.add_class("two-columns")
        self._read()
        self.watch(self.query_one(Menu), "cursor", self._about)

    def _about(self, cursor: int) -> None:
        menu = self.query_one(Menu)
        if menu.rows:
            spec = catalog.spec(menu.rows[cursor].name)
            topics = chips(map(self._title, spec.topics))
            self.query_one("#demo-about", Static).update(Content.assemble(spec.about, "\n", topics))
            self.query_one("#demo-card", Static).update(Content("\n").join(_card(spec, topics)))
            # The row under the cursor stays in sight, however many demos there are.
            self.query_one("#demos").scroll_to_region(Region(0, cursor, 1, 1), animate=False)

    def _title(self, topic: str) -> str:
        """A topic by its title, or by its name where the decks have none of it."""
        learner = self.host.learner_or_none
        found = learner.library.topics.get(topic) if learner is not None else None
        return found.title if found else topic

    @on(Menu.Chosen)
    def _open(self, event: Menu.Chosen) -> None:
        self.host.go(Start("lab", term=event.row.name, fps=self.fps))


def _card(spec: Spec, topics: Content) -> Iterator[Content]:
    """A demo before it is opened: what it is about, its knobs, what it will ask."""
    yield Content.styled(spec.title, "bold")
    yield Content.assemble(spec.about, "\n")
    yield Content.assemble(topics, "\n")
    for knob in spec.knobs:
        yield Content.assemble((f"{words(knob.name)}  ", "$accent"), knob.about)
    yield Content.assemble("\n", ("It asks  ", "$quiet"), spec.predict.question)


def _told(count: int, seen: Mapping[str, Seen]) -> str:
    """How many demos there are, and how many of them were predicted rightly at least once."""
    right = sum(one.right > 0 for one in seen.values())
    return f"{count} live demos" + (f" · {len(seen)} seen · {right} foretold" if seen else "")


class DemoScreen(Page):
    """One demo over the whole terminal."""

    asks = True
    AUTO_FOCUS = "DemoView"
    BINDINGS: ClassVar[list[BindingType]] = [bind("back")]
    CSS_PATH = "demo.tcss"

    def __init__(
        self, link: str, *, seed: int = 0, fps: int | None = None, first: bool = False
    ) -> None:
        """first: it is the second part of the first run.

        Raises NotFoundError or KnobError for a link that leads nowhere.
        """
        super().__init__()
        self.view = DemoView(link, seed=seed, fps=fps)
        self.view.part = "2 of 4: " * first

    def say(self, text: str) -> None:
        """Tell one piece of news; in a low window its row is the picture's while there is none."""
        super().say(text)
        self.query_one("#say").set_class(not text, "silent")

    def on_key(self) -> None:
        """What was said goes with the next key."""
        self.say("")

    @on(DemoView.Told)
    def _told(self, event: DemoView.Told) -> None:
        """Say what enter waits for; where it waits for nothing, go back."""
        self.say(event.word)
        if not event.word:
            self.action_back()

    def compose(self) -> ComposeResult:
        """The demo, one line for news, and the keys."""
        with Vertical(id="page"):
            yield self.view
            yield Static(id="say", classes="silent", markup=False)
            yield KeyBar()
        yield TooSmall()
