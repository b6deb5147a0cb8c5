"""What every screen shares: head, body, one line for news, the keys, and patience.

A page runs what may take long in a thread and goes on in the event loop, so that no worker ever
touches a widget and a wait longer than 0.3 s says what it is for.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from tutor.errors import TutorError
from tutor.ui.hearing import is_field
from tutor.ui.host import Host, host_of
from tutor.ui.keys import bind, shown
from tutor.ui.screens.newest_size import NewestSize
from tutor.ui.sizes import by_size
from tutor.ui.start import Start
from tutor.ui.terminal.updates import SpanCompositor
from tutor.ui.widgets.body import Body
from tutor.ui.widgets.clicks import key_under, press
from tutor.ui.widgets.keybar import KeyBar, live_bindings
from tutor.ui.widgets.line import Head
from tutor.ui.widgets.stack import Stack
from tutor.ui.widgets.too_small import COMPACT, TooSmall

if TYPE_CHECKING:
    from tutor.deck.library import Library
    from tutor.deck.model import Source
    from tutor.session.learner import Learner
    from tutor.ui.widgets.field import Answer

T = TypeVar("T")
P = ParamSpec("P")
# Which action acts now; asked for each key of a page, so only the one in question is worked out.
Rules = dict[str, Callable[[], bool]]
PATIENCE = 0.3  # seconds without a word
WIDE = 120
ALWAYS = frozenset({"quit", "app.quit"})
# What the framework calls by itself; an exception there ends the app.
MOUNTING = {"on_mount", "on_screen_resume", "on_resize", "on_unmount"}


def shows_errors(method: Callable[P, None]) -> Callable[P, None]:
    """A message handler or callback of a page whose TutorError becomes a dialog."""

    @wraps(method)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            method(*args, **kwargs)
        except TutorError as error:
            page = args[0]
            assert isinstance(page, Page)
            if method.__name__ == "on_screen_resume" and str(error) == page.told:
                page.say(error.title)  # the dialog that told it is being closed
            else:
                page.told = str(error)
                page.failed(error)

    return run


class Page(NewestSize, Screen[None]):
    """A screen with the common parts; subclasses fill `body()` and set their bindings."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("back"),
        bind("find", show=False),
        bind("browse", show=False),
        bind("add", show=False),
    ]
    AUTO_FOCUS: ClassVar[str | None] = ""  # none, unless a page names it
    # For pages that are read rather than answered.
    SCROLLING: ClassVar[list[BindingType]] = [
        Binding("down", "scroll(1)", "more", key_display="↓", id="down", tooltip="Read on."),
        Binding("up", "scroll(-1)", "up", show=False),
        Binding("pagedown", "scroll(15)", "page down", show=False),
        Binding("pageup", "scroll(-15)", "page up", show=False),
    ]

    asks: bool = False  # a question stands here: one burst of keys acts once
    hugs: bool = False  # what stands below the body follows its last line
    # From 100 columns on the body and what stands beside it are panes with these titles.
    panes: ClassVar[tuple[str, ...]] = ()
    smallest: ClassVar[tuple[int, int]] = COMPACT  # the terminal that the page needs
    said = ""  # the news shown now
    told = ""  # the error that a dialog told last
    _read_from: Library | None = None  # the decks as the form found them
    _was_in: Widget | None = None  # what had the focus before the page was too small

    @dataclass
    class Done(Message):
        """A thread has finished; `then` is what comes next, run in the event loop."""

        timer: Timer
        saying: str
        then: Callable[[], None]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._compositor = SpanCompositor()
        # Nothing is styled yet, so nothing needs it anew.
        self.set_class(self.smallest == COMPACT, "compact", update=False)
        self.set_class(bool(self.panes), "paned", update=False)

    def __init_subclass__(cls, **options: Any) -> None:
        """Let no page end the app when it is mounted: an exception there would."""
        super().__init_subclass__(**options)
        for name in MOUNTING & vars(cls).keys():
            setattr(cls, name, shows_errors(vars(cls)[name]))

    def on_mount(self) -> None:
        """Name the panes; a page's own `on_mount` is called besides."""
        self.title_panes(*self.panes)

    @property
    def host(self) -> Host:
        """The app, as a page knows it."""
        return host_of(self.app)

    @property
    def learner(self) -> Learner:
        """The opened learner; pages that need one are only shown once there is one."""
        return self.host.learner

    def compose(self) -> ComposeResult:
        """Head, body and what stands beside and below it, news and keys, in one measure."""
        self.update_classes(by_size(self.app), update=False)
        with Vertical(id="page"):
            yield Head()
            with Horizontal(id="columns"):
                with Stack(id="main", hugs=self.hugs):
                    with Body(id="body", can_focus=False):
                        yield from self.composed(self.body())
                    yield from self.composed(self.foot())
                yield from self.composed(self.side())
            yield Static(id="say", markup=False)
            yield KeyBar()
        yield TooSmall()

    def composed(self, parts: ComposeResult) -> ComposeResult:
        """Parts of the page; where one cannot be made, that is told once the rest is there."""
        try:
            yield from parts
        except TutorError as error:
            self.call_after_refresh(self.failed, error)

    def body(self) -> ComposeResult:
        """What stands between head and keys."""
        yield from ()

    def side(self) -> ComposeResult:
        """What stands beside the body where there is room."""
        yield from ()

    def foot(self) -> ComposeResult:
        """What stays in view below a body that scrolls, and belongs to it."""
        yield from ()

    @property
    def wide(self) -> bool:
        """Whether there is room for a second column."""
        return self.app.size.width >= WIDE

    def title_panes(self, *titles: str) -> None:
        """Name the panes: the body's first, then the one beside it."""
        for name, title in zip(("#main", "#side"), titles, strict=False):
            for pane in self.query(name):
                pane.border_title = title

    def head(self, left: Content | str, right: Content | str = "") -> None:
        """Set the first row: where one is, and how far."""
        left = Content.styled(left, "bold") if isinstance(left, str) else left
        right = Content.styled(right, "$quiet") if isinstance(right, str) else right
        self.query_one(Head).show(left, right)

    def say(self, text: str) -> None:
        """Tell one piece of news in the rows that it needs; the next one replaces it."""
        if text != self.said:
            line, before = self.query_one("#say", Static), self.said
            self.said = text
            longest = max(cell_len(before), cell_len(text))
            line.update(Content(text), layout=longest > line.size.width)

    def on_answer_joined(self, event: Answer.Joined) -> None:
        """A paste is not sent off by itself, so that it can be read first."""
        event.stop()
        self.say(f"The {event.lines} lines that you pasted are one now; enter gives the answer.")

    # -- keys ---------------------------------------------------------------------------------

    @property
    def too_small(self) -> bool:
        """Whether the terminal is too small for the page."""
        return self.app.size.width < self.smallest[0] or self.app.size.height < self.smallest[1]

    def hears(self, event: events.Key) -> bool:
        """Whether a key that no field has taken counts; only pages that ask are ever deaf."""
        return True

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember where the keys go."""
        self._was_in = event.widget

    def on_descendant_blur(self) -> None:
        """Forget it if the focus was taken away on purpose."""
        if not self.too_small:
            self._was_in = None

    def refocus_if_seen(self) -> None:
        """Large enough again: the keys go where they went before."""
        was_in = self._was_in
        if was_in is not None and not self.too_small and self.focused is None and was_in.display:
            self.set_focus(was_in)

    def on_resize(self) -> None:
        """Wait until the page is laid out at its new size."""
        self.call_after_refresh(self.refocus_if_seen)

    def on_click(self, event: events.Click) -> None:
        """Press the key that the cells under the mouse stand for; in a field it would be text."""
        if key := key_under(event):
            if is_field(self.focused):
                self.set_focus(None)
            press(self.app, key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key acts on a page that cannot be seen but those that leave; else it decides."""
        if self.too_small and action != "back":
            return action in ALWAYS
        return self.allows(action)

    def allows(self, action: str) -> bool:
        """Whether `action` makes sense now; a key whose action does not is not shown."""
        return action != "scroll" or (self.is_mounted and self.read.max_scroll_y > 0)

    def action_back(self) -> None:
        """Go back to the page below; the first page stays."""
        if len(self.app.screen_stack) > 1:
            self.app.pop_screen()

    def action_find(self) -> None:
        """Find a topic, over this page."""
        if self.host.learner_or_none is not None:
            self.host.go(Start("glossary"))

    def action_browse(self) -> None:
        """Find any card."""
        if self.host.learner_or_none is not None:
            self.host.go(Start("browse"))

    @property
    def about(self) -> str:
        """The topic that the page is about, if it is about one."""
        return ""

    def action_add(self) -> None:
        """Write a card, about what is read here."""
        if self.host.learner_or_none is not None:
            self.host.go(Start("add", term=self.about))

    def mend(self, key: str) -> None:
        """Open a card in the form; with another text it is read again on return."""
        self._read_from = self.learner.library
        self.host.go(Start("mend", term=key))

    def on_screen_resume(self) -> None:
        """Back from the form: another text may stand here."""
        before, self._read_from = self._read_from, None
        if before is not None and before is not self.learner.library:
            self.reread()

    def reread(self) -> None:
        """Show what is in the files now; pages that show a card do."""

    def action_scroll(self, lines: int) -> None:
        """Move what is read up or down by so many lines."""
        self.read.scroll_relative(y=lines, animate=False)

    def paged(self) -> bool:
        """Show the next page of what is read; whether there was one."""
        read = self.read
        if read.scroll_offset.y >= read.max_scroll_y:
            return False
        read.scroll_relative(y=max(1, read.size.height - 2), animate=False)
        return True

    @property
    def read(self) -> Widget:
        """What the arrows scroll."""
        return self.query_one("#body")

    # -- what several pages do -----------------------------------------------------------------

    def toggle_known(self, topic: str) -> None:
        """Mark a topic as known already, or take that back, and say which."""
        learner = self.learner
        title = learner.library.topic(topic).title
        key = next((shown(b) for b in live_bindings(self) if b.id == "known"), "the same key")
        if topic in learner.marked():
            learner.mark_unknown([topic])
            self.say(f"{title} is no longer marked as known.")
        else:
            learner.mark_known([topic])
            self.say(f"{title} is known, its cards come when due; {key} takes it back.")

    def edit(self, source: Source, then: Callable[[], None]) -> None:
        """Open a deck file in the learner's editor at its line; on return call `then`.

        Without an editor, or where the app cannot step aside, the place is told instead.
        """
        from tutor.ui import editor

        name, place = editor.chosen(), f"{source.file}:{source.line}"
        if not name:
            self.say(f"{place}   (set EDITOR to open it from here)")
            return
        try:
            command = editor.command(name, source)
        except ValueError as error:
            self.say(f"EDITOR is no command: {error}. The card is at {place}")
            return
        try:
            with self.app.suspend():
                code = subprocess.call(command)
        except SuspendNotSupported:
            self.say(f"{place}   (this terminal cannot step aside for an editor)")
            return
        except OSError as error:
            self.say(f"{command[0]} cannot be started: {error.strerror}. The card is at {place}")
            return
        self.say("" if code == 0 else f"{command[0]} ended with status {code}.")
        then()

    def say_after(self, text: str) -> None:
        """Tell a piece of news on the page that is seen now that this one was left."""
        if isinstance(below := self.app.screen, Page):
            below.say(text)

    # -- waiting ------------------------------------------------------------------------------

    def wait_for(
        self, job: Callable[[], T], then: Callable[[T], None], saying: str, *, news: bool = True
    ) -> None:
        """Run `job` in a thread, then `then(result)` here; say what it is when it takes long.

        news: also in place of what was said before. A TutorError of the job is shown as a dialog.
        """

        def patience() -> None:
            if news or not self.said:
                self.say(saying)

        timer = self.set_timer(PATIENCE, patience)

        def run() -> None:
            try:
                result = job()
            except TutorError as error:
                failure = error
                self.post_message(self.Done(timer, saying, lambda: self.failed(failure)))
            else:
                self.post_message(self.Done(timer, saying, lambda: then(result)))

        self.run_worker(run, thread=True, name=saying)

    @on(Done)
    def _go_on(self, event: Done) -> None:
        event.stop()
        event.timer.stop()
        # Whoever left meanwhile has taken the page apart.
        if self.app.is_running and self in self.app.screen_stack:
            if self.said == event.saying:
                self.say("")
            self.go_on(event.then)

    @shows_errors
    def go_on(self, then: Callable[[], None]) -> None:
        """What follows a wait; where it fails, that is told."""
        then()

    def failed(self, error: TutorError) -> None:
        """Show what went wrong; pages that can do better override it."""
        self.host.failed(error)
