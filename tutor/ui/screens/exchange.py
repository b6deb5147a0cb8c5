"""Import and export: choose what, name a file, see what would come in, and only then let it.

Nothing is written before the last enter; escape steps back, and leaves a reading that takes long.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, Static

from tutor import paths
from tutor.errors import TutorError, UsageError
from tutor.session import arriving, leaving
from tutor.session.arriving import Arrival
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page, shows_errors
from tutor.ui.widgets.field import Field, Value
from tutor.ui.widgets.menu import Menu, Row

IMPORT = "import"
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
    job = 0  # counts the readings; one that was left says nothing any more
    share = 0.0

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
        if not event.value.strip():
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
        self.file, self.job = file, self.job + 1
        job, learner = self.job, self.learner

        def show(arrival: Arrival) -> None:
            if job == self.job:
                self.show_arrival(arrival)

        def read() -> Arrival:
            arrival = arriving.look(learner.place, learner, file)
            arrival.foresee()
            return arrival

        self.wait_for(read, show, f"Reading {file.name} …")

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

        def take() -> str:
            arrival.take()
            return "\n".join(arrival.report(arrival.came_in))

        self.wait_for(take, self.done, "Writing …")

    def write(self, target: Path) -> None:
        """Write what goes along."""
        form, learner, self.share = leaving.FORMS[self.doing], self.learner, 0.0
        saying = f"Writing {target.name} …"
        telling = self.set_interval(EVERY, lambda: self.tell_how_far(saying))

        def hear(share: float) -> None:
            self.share = share

        def job() -> str:
            try:
                return form.write(learner, target, hear)
            finally:
                self.app.call_from_thread(telling.stop)

        self.file = Path()
        self.wait_for(job, lambda told: self.done(f"Written: {target}\n{told}"), saying)

    def tell_how_far(self, saying: str) -> None:
        """How much is written, once the wait is told at all."""
        if self.said.startswith(saying) and self.share:
            self.say(f"{saying} {self.share * 100:.0f} %")

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
        if self.doing:
            self.begin_again()
            self.say("Nothing was written.")
        else:
            super().action_back()

    def failed(self, error: TutorError) -> None:
        """Say what is wrong with the file beside its name, so that it can be mended at once."""
        if not isinstance(error, UsageError):
            super().failed(error)
            return
        self.tell(str(error))

    def tell(self, text: str) -> None:
        """What is in the file, or what was done."""
        self.query_one("#told", Static).update(Content(text))
