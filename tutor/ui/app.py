"""The app: one stack of pages over Today, the keys that act everywhere, and the themes.

Today is painted from one prepared row before anything heavy is imported; the learner's answers
and the decks are opened in a thread right after.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual import constants, events
from textual._context import active_message_pump
from textual.app import App
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome
from textual.screen import Screen
from textual.scrollbar import ScrollBar

from tutor import paths
from tutor.errors import TutorError
from tutor.lab.compilation.child import Warmer, wanted
from tutor.paths import Place
from tutor.settings import Settings, own_keys
from tutor.terminals import signs
from tutor.text import glyphs
from tutor.text.sanitize import clean
from tutor.ui import routes, themes
from tutor.ui.hearing import KEYPAD, Hearing, is_field
from tutor.ui.keymap import keymap
from tutor.ui.keys import bind
from tutor.ui.painting import Colourless, HarmlessFilter, InAscii, last_words
from tutor.ui.screens.page import Page
from tutor.ui.screens.today import TodayScreen
from tutor.ui.start import Start
from tutor.ui.widgets.keybar import live_bindings
from tutor.ui.widgets.scroll_bar import ApartBar

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.command import Provider
    from textual.dom import DOMNode
    from textual.timer import Timer

    from tutor.memory.time import Clock
    from tutor.session.learner import Learner
    from tutor.session.predictions import Judgement
    from tutor.store.glance import Glance
    from tutor.ui.widgets.demo_view import DemoView

IDLE_SECONDS = 4.0
WINDOWS = sys.platform == "win32"


def _palette() -> type[Provider]:
    from tutor.ui.palette import Everything

    return Everything


def _driver() -> type[Driver] | None:
    """Our own driver; None, which is Textual's choice, on Windows or where another one is set."""
    if WINDOWS or constants.DRIVER is not None:
        return None
    from tutor.ui.terminal.driver import TerminalDriver

    return TerminalDriver


class TutorApp(App[None]):
    """The tutor on a terminal."""

    TITLE = "tutor"
    # Today's sheet stands here: the sheet of a default screen is not read.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", "screens/today.tcss"]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-tiny"),
        (60, "-narrowest"),
        (80, "-narrow"),
        (100, "-framed"),
        (120, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-flat"),
        (15, "-lowest"),
        (24, "-low"),
        (36, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("help"),
        replace(bind("quit"), priority=True),
        bind("palette", "command_palette", show=False),
    ]

    def __init__(
        self,
        place: Place,
        start: Start | None = None,
        *,
        settings: Settings | None = None,
        glance: Glance | None = None,
        clock: Clock | None = None,
        news: Sequence[str] = (),
    ) -> None:
        ScrollBar.renderer = ApartBar
        super().__init__(driver_class=_driver())
        self.place = place
        self.news: Sequence[str] = news
        self.start = start or Start()
        self.settings = settings or Settings()
        self.glance = glance
        self.clock = clock
        self.learner_or_none: Learner | None = None
        self.warmer = Warmer()
        self._harmless = HarmlessFilter()
        self._hearing = Hearing()
        self._idle: Timer | None = None  # there is none before the first paint
        if not self.use_theme(self.settings.theme):
            known = ", ".join(themes.names())
            told = clean(self.settings.theme, 40)
            self.news = [
                *self.news,
                f"No theme is called {told!r}; dark is used. There are {known}.",
            ]
        self.use_glyphs(self.settings.glyphs)
        self.own_keys, complaints = keymap(own_keys(place.settings))
        self.news = [*self.news, *complaints]

    @property
    def learner(self) -> Learner:
        """The opened learner."""
        assert self.learner_or_none is not None, "a page that needs the learner opened too early"
        return self.learner_or_none

    def now_ms(self) -> int:
        """This moment in UTC milliseconds, by the clock that everything goes by."""
        return self.clock() if self.clock else time.time_ns() // 1_000_000

    def use_theme(self, name: str) -> bool:
        """Show a theme by name, else the dark one; whether there is one of that name."""
        found = themes.named(name)
        theme = found or themes.THEMES[0]
        self.register_theme(theme)
        if self.is_running or not theme.dark:
            self.theme = theme.name
        else:
            self._begin_with(theme.name)
        return found is not None

    def _begin_with(self, dark: str) -> None:
        """Set a dark theme before the sheets are read; Textual would read them all once more."""
        self.set_reactive(App.theme, dark)
        self.add_class(f"-theme-{dark}", update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def use_glyphs(self, name: str) -> None:
        """Write with the signs of the setting; `auto` is what the terminal can be trusted with."""
        before = glyphs.now()
        glyphs.use(signs(name, os.environ))
        if glyphs.now() != before and self.is_running:
            self.refresh_css(animate=False)

    def on_load(self) -> None:
        """Before the first page: the learner's own keys."""
        self.set_keymap(self.own_keys)

    def key_q(self) -> None:
        """Many programs end at `q`; here it acts only where the footer says so."""
        self.action_help_quit()

    def action_help_quit(self) -> None:
        """Say how to leave."""
        if isinstance(self.screen, Page):
            leads_back = any(b.id == "back" for b in live_bindings(self.screen))
            back = "esc goes back, " if leads_back else ""
            self.screen.say(f"To leave: {back}ctrl+q quits; every answer is saved already.")

    def use_settings(self, settings: Settings) -> None:
        """Let new settings act here; the learner follows when it counts again."""
        self.settings = settings
        self.use_theme(settings.theme)
        self.use_glyphs(settings.glyphs)
        self.learner.settings = settings

    def get_default_screen(self) -> Screen[None]:
        """Today lies below every other page."""
        self.today = TodayScreen()
        return self.today

    def _load_screen_css(self, screen: Screen[Any]) -> None:
        """Read a page's own sheet, if it has one that was not read before.

        Textual would read all the sheets again and style anew what stands already: a tenth of the
        time that a page takes to open. A page's sheet speaks of that page alone.
        """
        sheets = [path for path in screen.css_path if not self.stylesheet.has_source(str(path))]
        for path in sheets:
            self.stylesheet.read(path)
        if sheets:
            self.stylesheet.parse()

    def go(self, start: Start) -> None:
        """Open the page that `start` names, on top of the present one."""
        self._open(start, self.push_screen)

    def go_instead(self, start: Start) -> None:
        """Open a page instead of the present one."""
        self._open(start, self.switch_screen)

    def _open(self, start: Start, show: Callable[[Screen[Any]], object]) -> None:
        try:
            page = routes.page(start, self)
        except TutorError as error:
            self.failed(error)
        else:
            if page is not None:
                show(page)

    def lender(self, demo: str) -> Callable[[], object] | None:
        """What lends a demo the learner's own reviews, in a thread; None if it asks for none."""
        from tutor.session import lending

        learner = self.learner_or_none
        return lending.lender(learner, demo) if learner is not None else None

    def say_on_today(self, text: str) -> None:
        """Tell a piece of news on the first page."""
        self.today.say(text)

    def failed(self, error: TutorError) -> None:
        """Tell what went wrong, where, and what to press."""
        from tutor.ui.screens.dialog import ErrorDialog

        self.push_screen(ErrorDialog(error))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The palette is closed while a page below forbids it, as an exam does."""
        if action == "command_palette":
            pages = (page for page in self.screen_stack if isinstance(page, Page))
            return all(page.allows("palette") for page in pages)
        return super().check_action(action, parameters)

    def action_command_palette(self) -> None:
        """Find anything by its name."""
        from textual.command import CommandPalette

        if not isinstance(self.screen, CommandPalette):
            placeholder = "A topic, card, demo or screen"
            self.push_screen(CommandPalette(placeholder=placeholder, id="--command-palette"))

    def action_help(self) -> None:
        """Explain the keys that act now."""
        from tutor.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """What a key does; an expected failure is told by the page, which stays as it was."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except TutorError as error:
            page = self.screen
            (page.failed if isinstance(page, Page) else self.failed)(error)
            return True

    def on_demo_view_judged(self, event: DemoView.Judged) -> None:
        """Keep what the learner predicted of a run, or saw in it."""
        self.today.when_open(lambda: self._keep(event.said))

    def _keep(self, said: Judgement) -> None:
        from tutor.session.predictions import keep

        try:
            keep(self.learner, said)
        except TutorError as error:
            self.failed(error)

    def on_demo_view_asked(self, event: DemoView.Asked) -> None:
        """Open what a demo asks for: its reasons, its source, paper to draw on."""
        self.go(Start(event.page, term=event.demo))

    def on_ready(self) -> None:
        """Painted for the first time: compile the demos once nothing has been pressed a while."""
        self._idle = self.set_timer(IDLE_SECONDS, self.warm_up)

    async def on_event(self, event: events.Event) -> None:
        """Any key puts off what waits for a quiet moment; one that is noise does nothing."""
        if isinstance(event, events.Key):
            if self._idle is not None and self.is_running:
                self._idle.reset()
            if not self._hears(event):
                return
        await super().on_event(event)

    def _hears(self, event: events.Key) -> bool:
        """Whether a key counts: on its way in by its burst, on its way back by its page."""
        page = self.screen
        if event.is_forwarded:
            return not isinstance(page, Page) or page.hears(event)
        event.key = KEYPAD.get(event.key, event.key)
        asked = isinstance(page, Page) and page.asks
        return self._hearing.hears(event, asked=asked, writing=asked and is_field(self.focused))

    async def warm_up(self) -> None:
        """Compile the demos' kernels ahead of time, in a child of low priority."""
        if wanted():
            await asyncio.to_thread(paths.use_kernel_cache, self.place.cache)
            if told := await self.warmer.start():
                self.say_on_today(told)

    def _handle_exception(self, error: Exception) -> None:
        """End with the error, unless the end itself met a page half put together.

        Textual mounts no further widget into what it takes apart, be that the app or a page that
        was left, so what such a page still hears finds parts of itself missing.
        """
        if not (isinstance(error, NoMatches) and self._is_leaving()):
            super()._handle_exception(error)
            # Textual's own words quote local variables as they are.
            self._exit_renderables[:] = [last_words(error)]

    def _is_leaving(self) -> bool:
        """Whether the app, or the widget that hears something now, is being taken apart."""
        hears = active_message_pump.get(self)
        return not self.is_running or (isinstance(hears, DOMNode) and hears._pruning)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line that is painted passes: the way out for text, and Textual's own."""
        filters = [*super().get_line_filters()]
        if self.no_color:
            # Textual's own turns colours into shades of grey, which are colours all the same.
            filters = [each for each in filters if not isinstance(each, Monochrome)]
            filters.append(Colourless())
        if glyphs.now() == "plain":
            filters.append(InAscii())
        return [*filters, self._harmless]

    def on_app_focus(self) -> None:
        """Back from another window: the day may have gone on."""
        if self.learner_or_none is not None and self.screen is self.today:
            self.today.recount()

    async def on_unmount(self) -> None:
        """End the child that compiles, keep what was said of a demo, close the learner's file."""
        await self.warmer.stop()
        with suppress(TutorError):  # there is no page left to tell it on
            await asyncio.to_thread(self.today.catch_up)
        if self.learner_or_none is not None:
            self.learner_or_none.close()
