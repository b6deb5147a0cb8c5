"""Import and export: choose what, name a file, see what would come in, and only then let it.

Nothing is written before the last enter; escape steps back, and stops what takes long: a file that
is being read, decks and answers that are coming in, or a file that is being written.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from tutor import paths
from tutor.deck.load_progress import OnProgress, StoppedError, part
from tutor.errors import TutorError, UsageError
from tutor.session import arriving, leaving
from tutor.session.arriving import Arrival
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page, shows_errors
from tutor.ui.widgets.field import Field, Value
from tutor.ui.widgets.menu import Menu, Row

T = TypeVar("T")
IMPORT = "import"
NOTHING = "Nothing was written."
EVERY = 0.2
TITLE = "Import and export"
INTRO = "Decks and answers of other programs come in here, and yours go along from here."
IN_A_BROWSER = (
    "In a browser no file is read or written by its name.\n"
    "In a terminal: tutor import FILE, tutor export FORMAT FILE.\n"
    "Or start the server with: tutor serve --allow-files"
)
ROWS = (
    Row(IMPORT, "Import a file", "Anki, text, Obsidian, Moodle, ... and review logs"),
    *(Row(name, form.label, form.about) for name, form in leaving.FORMS.items()),
)


class ExchangeScreen(Page):
    """Bring a file in, or take one along."""

    AUTO_FOCUS = "Menu"
    BINDINGS: ClassVar[list[BindingType]] = [bind("go", "take", "let it come in", show=False)]

    doing = ""  # the row that was chosen
    file = Path()
    arrival: Arrival | None = None  # what was looked at and not taken yet
    job = 0  # counts what was begun in a thread; one that was left is stopped
    busy = False  # whether something is being written
    share = 0.0
    telling: Timer | None = None

    def body(self) -> ComposeResult:
        """What can be done, the file's name, and what is in it."""
        may = paths.may_use_paths()
        yield Static(INTRO if may else IN_A_BROWSER, id="intro", classes="gap", markup=False)
        if may:
            yield Menu(ROWS)
            yield Field("a file, such as ~/Downloads/deck.apkg", kind=Value, id="file")
        yield Static(id="told", markup=False)

    def on_mount(self) -> None:
        """Begin with the menu."""
        self.head(TITLE)
        for field in self.query(Field):
            field.display = False

    # -- one step after the other --------------------------------------------------------------

    @on(Menu.Chosen)
    def _chosen(self, event: Menu.Chosen) -> None:
        self.doing = event.row.name
        form = leaving.FORMS.get(self.doing)
        self.head(TITLE, event.row.label)
        self.query_one(Menu).display = False
        field = self.query_one(Field)
        field.display = True
        box = field.query_one(Input)
        box.value = f"~/{form.file}" if form else ""
        box.focus()
        self.tell("")
        self.say("Name the file, then enter.")

    @on(Input.Submitted)
    @shows_errors
    def _named(self, event: Input.Submitted) -> None:
        if self.busy or not event.value.strip():
            return
        named = Path(event.value.strip()).expanduser()
        if self.doing == IMPORT:
            self.look(named)
        elif named.exists() and named != self.file:
            self.file = named
            self.say(f"{named.name} is there already: enter again writes over it.")
        else:
            self.write(named)

    def look(self, file: Path) -> None:
        """Read the file in a thread and show what would come in."""
        self.file, learner = file, self.learner

        def read(on_progress: OnProgress) -> Arrival:
            wish = arriving.Wish()
            half = part(on_progress, 0, 0.7)
            arrival = arriving.look(learner.place, learner, file, None, wish, half)
            arrival.foresee(part(on_progress, 0.7, 1))
            return arrival

        self.work(read, self.show_arrival, f"Reading {file.name} …")

    def show_arrival(self, arrival: Arrival) -> None:
        """What would come in; the next enter lets it."""
        self.arrival = arrival
        self.tell("\n".join(["", *arrival.lines()]))
        self.set_focus(None)
        self.say("Enter lets it come in, esc leaves it.")

    def action_take(self) -> None:
        """Let it come in."""
        if self.arrival is None:
            return
        arrival, self.arrival = self.arrival, None

        def take(on_progress: OnProgress) -> str:
            arrival.take(on_progress)
            return "\n".join(arrival.report(arrival.came_in))

        self.busy = True
        self.work(take, self.done, "Writing …")

    def write(self, target: Path) -> None:
        """Write what goes along."""
        form, learner = leaving.FORMS[self.doing], self.learner

        def write(on_progress: OnProgress) -> str:
            return f"Written: {target}\n{form.write(learner, target, on_progress)}"

        self.file, self.busy = Path(), True
        self.work(write, self.done, f"Writing {target.name} …")

    # -- what takes long -----------------------------------------------------------------------

    def work(self, job: Callable[[OnProgress], T], then: Callable[[T], None], saying: str) -> None:
        """Do it in a thread and tell how far it is; what was stopped before its end says so."""
        self.job, self.share = self.job + 1, 0.0
        number = self.job
        self.telling = self.set_interval(EVERY, lambda: self.tell_how_far(saying))

        def hear(share: float) -> None:
            if number != self.job:
                raise StoppedError
            self.share = share

        def run() -> T | None:
            try:
                return job(hear)
            except StoppedError:
                return None

        def ended(result: T | None) -> None:
            was_busy = self.rest()
            if result is not None and (was_busy or number == self.job):
                then(result)
            elif was_busy:
                self.begin_again()
                self.say(NOTHING)

        self.wait_for(run, ended, saying)

    def tell_how_far(self, saying: str) -> None:
        """How much is done, once the wait is told at all."""
        if self.said.startswith(saying) and self.share:
            self.say(f"{saying} {self.share * 100:.0f} %, esc stops it")

    def rest(self) -> bool:
        """Nothing is done any more; whether something was being written."""
        if self.telling:
            self.telling.stop()
        was_busy, self.busy = self.busy, False
        return was_busy

    def on_unmount(self) -> None:
        """Whoever leaves the page leaves what is being done there."""
        self.job += 1

    def done(self, told: str) -> None:
        """It is done: say what, and begin again."""
        self.begin_again()
        self.tell(told)
        self.say("")

    # -- back and forth -----------------------------------------------------------------------

    def begin_again(self) -> None:
        """The menu, with nothing chosen; a reading that goes on is left."""
        self.doing, self.arrival, self.file, self.job = "", None, Path(), self.job + 1
        self.head(TITLE)
        self.query_one(Field).display = False
        menu = self.query_one(Menu)
        menu.display = True
        menu.focus()
        self.tell("")

    def action_back(self) -> None:
        """One step back; from the menu, to the page below."""
        if self.busy:
            self.job += 1
            self.say("Stopping …")
        elif self.doing:
            self.begin_again()
            self.say(NOTHING)
        else:
            super().action_back()

    def failed(self, error: TutorError) -> None:
        """Say what is wrong with the file beside its name, so that it can be mended at once."""
        self.rest()
        if not isinstance(error, UsageError):
            super().failed(error)
            return
        self.tell(str(error))

    def tell(self, text: str) -> None:
        """What is in the file, or what was done."""
        self.query_one("#told", Static).update(Content(text))
