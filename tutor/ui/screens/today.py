"""Today: what waits, what is new, what to do next, and one key to start.

It is painted from one prepared row, and again with fresh numbers once the answers are open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widgets import Static

from tutor.errors import TutorError
from tutor.memory.labels import day_name
from tutor.memory.time import now
from tutor.session import lending
from tutor.text.numerals import plural
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page
from tutor.ui.start import Start
from tutor.ui.widgets.coming import Coming
from tutor.ui.widgets.course_map import CourseMap
from tutor.ui.widgets.links import Links
from tutor.ui.widgets.menu import Menu
from tutor.ui.widgets.pane import Pane
from tutor.ui.widgets.today_lines import habit, headline, last_days, next_up, rows
from tutor.ui.widgets.weeks import Weeks

if TYPE_CHECKING:
    from tutor.session.learner import Learner
    from tutor.session.outlook import Outlook
    from tutor.session.progress import Facts
    from tutor.session.recording import Unfinished
    from tutor.store.glance import Glance


Counted = tuple["Glance", "Unfinished | None", "Outlook"]
Opened = tuple["Learner", Counted | None, str]
LENGTHS: tuple[int | None, ...] = (None, 3, 10, 20)
COUNTING = "Counting what waits …"
OPENING = "Opening your answers and the decks …"
FITTING = f"{OPENING} The memory model is fitted to them."
# By what the minutes that are left are for: the page.
SPARE = {
    "tell": "settings", "reviews": "study", "new cards": "study", "exam": "exam", "demo": "lab",
}  # fmt: skip
BEHIND = 1.0  # seconds that a demo has for its first frame, before the answers are opened
EVERY = 0.2  # seconds between two words on how far the reading is


class TodayScreen(Page):
    """The first page, below all others."""

    DEFAULT_CLASSES = "edged"
    AUTO_FOCUS = "Menu"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("study", "open('study')"),
        bind("quiz", "open('quiz')", show=False),
        bind("lab", "open('lab')", show=False),
        bind("find", "open('glossary')"),
        bind("browse", "open('browse')", show=False),
        bind("progress", "open('progress')", show=False),
        bind("settings", "open('settings')"),
        Binding("right", "minutes(1)", "minutes", key_display="← →", id="minutes-1",
                tooltip="Study for 3, 10 or 20 minutes, or all that the day brings."),
        Binding("left", "minutes(-1)", "minutes", show=False, id="minutes-2"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.waiting: Start | None = None
        self.opening = False
        self.asked = Start()  # on the command line: what to go to once all is open
        self.acts: list[Callable[[], None]] = []  # what is done then
        self.minutes: int | None = None  # how long to study; None is all
        self.left: Unfinished | None = None  # a session to go on with
        self.outlook: Outlook | None = None  # a backlog's days, minutes that are left
        self.far = ""  # what the thread that opens them has reached, in words

    def body(self) -> ComposeResult:
        """The page's parts, unless a demo stands over them at once."""
        if not needs_no_answers(self.host.start):
            yield self.parts()

    def parts(self) -> Container:
        """Numbers, things to do, what comes next, the chapters; and what there is room for."""
        glance, now = self.host.glance, self.host.now_ms()
        numbers, menu = Static(headline(glance, now), id="headline"), Menu(rows(glance, now))
        coming = Static(next_up(glance), id="next")
        chapters = CourseMap(glance.chapters if glance else (), id="chapters")
        left = [
            Pane("Now", numbers, menu, classes="bare"),
            Pane("The course", coming, chapters, classes="bare"),
        ]
        beside = [_beside()] if self.wide else []
        left += [_coming()] if self.wide else []
        return Container(Vertical(*left, id="left"), *beside, id="parts")

    def on_mount(self) -> None:
        """Once the prepared row is painted, open the rest in a thread."""
        self.paint_head()
        self.paint_weeks()
        self.say(" ".join(self.host.news))
        self.asked = self.host.start
        if needs_no_answers(self.asked):
            self.open_demo()
        else:
            self.call_after_refresh(self.furnish)

    async def furnish(self) -> None:
        """Put up what does not stand there yet, then open the answers."""
        if not self.query(Menu):
            await self.query_one("#body").mount(self.parts())
            self.query_one(Menu).focus(scroll_visible=False)
        if not self.query(Weeks):
            await self.query_one("#left").mount(_coming())
            await self.query_one("#parts").mount(_beside())
            self.paint_weeks()
        self.open_learner()

    def on_screen_resume(self) -> None:
        """Show fresh numbers whenever the learner comes back here."""
        if self.app.screen is self and not self.query(Menu):
            self.call_later(self.furnish)
        self.recount()

    def recount(self) -> None:
        """Count what waits now, in a thread."""
        if self.host.learner_or_none is not None:
            self.wait_for(self.counted, self.repaint, COUNTING, news=False)

    def counted(self) -> Counted:
        """The numbers as they are now, under settings that may have changed."""
        learner = self.learner
        if learner.summary.settings != learner.settings:
            learner.refresh()
        return _counted(learner)

    # -- painting -----------------------------------------------------------------------------

    def repaint(self, counted: Counted) -> None:
        """Show a fresh glance."""
        self.host.glance, self.left, self.outlook = counted
        self.paint()
        self.wait_for(self.looked, self.show_look, COUNTING, news=False)

    def looked(self) -> Facts:
        """What needs a look and what is coming, in a thread."""
        from tutor.session.progress import gather

        return gather(self.learner)

    def show_look(self, facts: Facts) -> None:
        """Rows that lead there, and what comes in the next days."""
        from tutor.ui.widgets.attention_rows import attention

        self.query_one("#look", Links).rows = tuple(attention(facts))
        self.query_one(Coming).show(facts.stats.forecast, self.today)

    def paint(self) -> None:
        """Put the glance's numbers on the page."""
        glance, now = self.host.glance, self.host.now_ms()
        self.paint_head()
        self.query_one("#headline", Static).update(headline(glance, now))
        self.query_one(Menu).rows = rows(glance, now, self.minutes, self.left, self.outlook)
        self.query_one("#next", Static).update(next_up(glance))
        self.query_one(CourseMap).chapters = glance.chapters if glance else ()
        self.paint_weeks()

    def paint_weeks(self) -> None:
        """The calendar up to this study day."""
        if not self.query(Weeks):
            return
        glance, today = self.host.glance, self.today
        self.query_one(Weeks).show(last_days(glance, today), today)
        self.query_one("#habit", Static).update(habit(glance))

    @property
    def today(self) -> int:
        """The study day."""
        return now(self.host.now_ms, self.host.settings.rollover_hour).study_day

    def paint_head(self) -> None:
        """The date of the study day, and on how many days there was an answer."""
        glance = self.host.glance
        days = f" · {glance.study_days} of the last 30 days" if glance else ""
        self.head("tutor", f"{day_name(self.today)}{days}")

    # -- opening ------------------------------------------------------------------------------

    def open_demo(self) -> None:
        """Show the demo that was asked for, and open the answers behind it."""
        start, self.asked = self.asked, Start()
        self.host.go(start)
        self.set_timer(BEHIND, self.furnish)

    def when_open(self, act: Callable[[], None]) -> None:
        """Do something that needs the answers, at once or when they are open."""
        if self.host.learner_or_none is not None:
            act()
        else:
            self.acts.append(act)
            self.call_later(self.furnish)

    def catch_up(self) -> None:
        """Do what still waits for the answers when the program ends. Raises DataError."""
        from tutor.session.learner import Learner

        if self.acts and self.host.learner_or_none is None:
            self.host.learner_or_none = Learner.open(self.host.place, self.host.clock)
        while self.acts:
            self.acts.pop(0)()

    def open_learner(self) -> None:
        """Open answers and decks in a thread; what is pressed meanwhile is done after it."""
        if self.opening or self.host.learner_or_none is not None:
            return
        self.opening, self.far = True, ""
        telling: Timer = self.set_interval(EVERY, lambda: self.tell_how_far(telling))

        def tell(share: float) -> None:
            self.far = f"{OPENING} {share * 100:.0f} %"

        def tell_of_answers(share: float) -> None:
            self.far = f"{OPENING} Your answers take their new form: {share * 100:.0f} %"

        def job() -> Opened:
            from tutor.session.learner import Learner

            learner = Learner.open(self.host.place, self.host.clock, tell, tell_of_answers)
            news = [*learner.warnings, *deck_news(learner), self.refitted(learner)]
            # Under another page nobody sees the numbers; whoever comes back sees fresh ones.
            seen = self.app.screen is self and self.leading_on() is None
            counted = _counted(learner) if seen else None
            return learner, counted, " ".join(filter(None, news))

        self.wait_for(job, self.on_opened, OPENING)

    def refitted(self, learner: Learner) -> str:
        """Fit the memory model if it is time; what to tell of it."""
        from tutor.session import refitting

        if not refitting.is_due(learner):
            return ""
        self.far = FITTING
        return refitting.refit(learner)

    def tell_how_far(self, telling: Timer) -> None:
        """Say how far the reading is, once the wait is long enough to be told at all."""
        if not self.opening:
            telling.stop()
        elif self.said.startswith(OPENING) and self.far:
            self.say(self.far)

    def on_opened(self, result: Opened) -> None:
        """Everything is there: go on to what was asked for, or to the first minute."""
        learner, counted, news = result
        self.opening = False
        self.host.learner_or_none = learner
        self.refresh_bindings()
        if counted is not None:
            self.repaint(counted)
        self.say(news)
        acts, self.acts = self.acts, []
        for act in acts:
            act()
        start, self.waiting = self.leading_on(), None
        if start is not None:
            self.host.go(start)
        elif self.app.screen is self and counted is not None and not counted[0].answers:
            self.host.go(Start("welcome"))

    def leading_on(self) -> Start | None:
        """The page that opens once all is there, if another one does."""
        start = self.waiting or self.asked
        return start if start.screen != "today" else None

    def failed(self, error: TutorError) -> None:
        """The answers cannot be opened: say why, and what can be done; nothing was changed."""
        from tutor.ui.screens.dialog import ErrorDialog

        self.opening, self.waiting = False, None
        self.say(f"Your answers are not open: {error.title.lower()}. Any of the above tries again.")
        self.app.push_screen(ErrorDialog(error))

    # -- keys ---------------------------------------------------------------------------------

    @on(Menu.Chosen)
    def _chosen(self, event: Menu.Chosen) -> None:
        self.action_open(event.row.name)

    @on(Menu.Beyond)
    def _beyond(self) -> None:
        self.focus_next()

    @on(Links.Opened)
    def _opened(self, event: Links.Opened) -> None:
        self.open(event.start)

    def allows(self, action: str) -> bool:
        """Nothing lies below this page."""
        return action != "back" and super().allows(action)

    def action_open(self, name: str) -> None:
        """Open the page of a row."""
        asked = self.host.start  # on the command line, perhaps with topics and limits
        early = self.host.learner_or_none is None and asked.screen == name
        self.open(asked if early else self.start_of(name))

    def open(self, start: Start) -> None:
        """Open a page, or remember to while the answers are still being opened."""
        if self.host.learner_or_none is None:
            self.waiting = start
            self.call_later(self.furnish)
        else:
            self.say("")  # what was said belongs to what is left now
            self.host.go(start)

    def start_of(self, name: str) -> Start:
        """The page of a row, with what was chosen here."""
        if name == "resume" and self.left is not None:
            return Start(self.left.verb, plan=self.left.plan)
        if name == "study":
            from tutor.session.plans import StudyPlan

            return Start(name, plan=StudyPlan(minutes=self.minutes))
        if name == "spare" and self.outlook and self.outlook.spare:
            use, plan = self.outlook.spare.use, self.outlook.spare.plan
            return Start(SPARE[use], plan=plan)
        return Start(name)

    def action_minutes(self, by: int) -> None:
        """Turn through how long to study."""
        at = LENGTHS.index(self.minutes) + by
        self.minutes = LENGTHS[at % len(LENGTHS)]
        self.query_one(Menu).cursor = 0
        self.paint()


def _coming() -> Pane:
    return Pane("What is coming", Coming(), id="coming")


def _beside() -> Vertical:
    return Vertical(
        Pane("The last weeks", Weeks(), Static(id="habit", classes="quiet")),
        Pane("Worth a look", Links(id="look"), id="worth"),
        id="right",
    )


def needs_no_answers(start: Start) -> bool:
    """Whether it asks for a demo that learns from nothing of the learner's own."""
    return start.screen == "lab" and start.term.partition("?")[0] not in {"", lending.BORROWER}


def _counted(learner: Learner) -> Counted:
    """The numbers of the page, a session that was left, and what lies ahead."""
    from tutor.session.outlook import outlook
    from tutor.session.recording import unfinished

    return learner.glance(), unfinished(learner), outlook(learner)


def deck_news(learner: Learner) -> list[str]:
    """One sentence if cards were set aside because they cannot be used; the rest is studied."""
    errors = sum(problem.level == "error" for problem in learner.library.problems)
    if not errors:
        return []
    return [f"{plural(errors, 'problem')} in the decks; tutor check lists them."]
