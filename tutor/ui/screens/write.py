"""The form for a card: a new one, or one that is mended, with the card as it will look below it.

What is typed is kept as a draft; a save writes the card whole and reads the decks again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from tutor.deck.drafting import HOW, Draft, Reading
from tutor.deck.model import KINDS, Source
from tutor.errors import TutorError
from tutor.session import drafts, writing
from tutor.session.plans import StudyPlan
from tutor.session.writing import Written
from tutor.ui import editor
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page, shows_errors
from tutor.ui.start import Start
from tutor.ui.widgets.card import CardView
from tutor.ui.widgets.form import Labelled, OneOf

KEPT_AFTER = 0.4  # seconds without a key
FOLLOWS = "follows from the text"
FREE = "Text, a list with boxes, a line that begins with =, ==gaps==: the kind follows."
DID = {
    "added": "Saved as {}. Write the next one; enter in the empty question studies it now.",
    "changed": "{} is changed.",
    "mended": "Your wording of {} is asked from now on.",
    "restored": "{} is the original again.",
    "same": "{} says that already.",
}


class WriteScreen(Page):
    """Writes a card, or mends the card of a key."""

    CSS_PATH = "write.tcss"
    panes = ("The card", "As it will look")
    BINDINGS: ClassVar[list[BindingType]] = [bind("save"), bind("undo"), bind("editor")]

    def __init__(
        self, key: str = "", topic: str = "", given: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """given: fields that are filled in already, by their names in a draft."""
        super().__init__()
        self.key = key
        self.given = given
        # What the form opens with.
        self.begun = replace(Draft(topic=topic, deck=writing.DECK), **given)
        self.added: list[tuple[Written, Draft]] = []
        self.reading = Reading(None)
        self.typed = self.begun  # as last seen: the fields go before the page does
        self._busy = False
        self._asked: Draft | None = None  # whether it may be put away
        self._timer: Timer | None = None

    def body(self) -> ComposeResult:
        """The fields."""
        kinds = (("", FOLLOWS), *((kind, kind) for kind in KINDS))
        yield OneOf("Kind", kinds)
        yield Labelled("Question", "front", placeholder="a word, or a question")
        yield Labelled("Answer", "answer", 5)
        yield Static(FREE, id="how", classes="quiet", markup=False)
        yield Labelled("Hint", "hint", placeholder="shown before the answer, if asked for")
        yield Labelled("Why", "explanation", 2, "shown after the answer")
        yield Labelled("Topic", "topic", placeholder="a topic of the course, or nothing")
        yield Labelled("Tags", "tags", placeholder="words of yours, with commas")
        if not self.key:
            yield Labelled("Deck", "deck")

    def side(self) -> ComposeResult:
        """The card as it will look, and what is to be said of it."""
        with VerticalScroll(id="side", can_focus=False):
            yield Static(id="words", markup=False)
            yield CardView()

    def on_mount(self) -> None:
        """Open on a draft that was kept, or on the card as it is."""
        self.add_class("two-columns")
        self.head("Mend a card" if self.key else "A new card", self.key)
        if self.key:
            self.key = self.learner.library.unit(self.key)[0].key
            self.begun = writing.draft_for(self.learner, self.key)
        # A field of several lines breaks its text for the width that it has by then.
        self.call_after_refresh(self.begin)

    @shows_errors
    def begin(self) -> None:
        """Fill the form; what was typed before and not saved goes first."""
        kept = drafts.load(self.host.place, self.key)
        self.fill(kept or replace(self.begun, **self.given))
        self.field("front").box.focus()
        self.look()
        if kept is not None and kept != self.begun:
            self._asked = kept
            self.say("This was typed before and not saved; F8 puts it away.")
        elif self.key and writing.changed_since(self.learner, self.key):
            self.say("The original has changed since you mended it; ctrl+s keeps yours.")

    def failed(self, error: TutorError) -> None:
        """What was not written can be saved again; a card that is not there cannot be mended."""
        self._busy = False
        if self.key and not self.begun.front:
            self.action_back()
        super().failed(error)

    # -- the fields ---------------------------------------------------------------------------

    def field(self, name: str) -> Labelled:
        """The field of that name."""
        return next(one for one in self.query(Labelled) if one.field_name == name)

    @property
    def draft(self) -> Draft:
        """What stands in the form."""
        texts = {one.field_name: one.text for one in self.query(Labelled)}
        return Draft(kind=self.query_one(OneOf).word, **{"deck": self.begun.deck, **texts})

    def fill(self, draft: Draft) -> None:
        """Put a draft into the form."""
        self.query_one(OneOf).word = draft.kind
        for one in self.query(Labelled):
            one.text = getattr(draft, one.field_name)

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(OneOf.Turned)
    def _typed(self) -> None:
        self.look()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(KEPT_AFTER, self.keep)

    def keep(self) -> None:
        """Keep what was typed, whatever ends the program."""
        self.stop_keeping()
        if self._busy:
            return
        if self.typed == self.begun:
            drafts.forget(self.host.place, self.key)
        else:
            drafts.keep(self.host.place, self.typed, self.key)

    def on_unmount(self) -> None:
        """The last keys too."""
        if self._timer is not None:
            self.keep()

    @shows_errors
    def look(self) -> None:
        """Show the card as it would be, and what check says of it."""
        self.typed = draft = self.draft
        how = next((how for kind, how in HOW.items() if kind == draft.kind), FREE)
        self.query_one("#how", Static).update(how)
        self.reading = writing.read(self.learner, draft, self.key)
        self.query_one("#words", Static).update(_words(self.reading))
        self.query_one(CardView).show_open(self.reading.card)
        self.refresh_bindings()

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        if self.added and not event.value.strip() and event.input is self.field("front").box:
            self.study()
        else:
            self.focus_next()

    # -- saving -------------------------------------------------------------------------------

    def allows(self, action: str) -> bool:
        """Save what is a card; take back what was saved here, or the draft."""
        match action:
            case "save":
                return self.reading.card is not None and not self._busy
            case "editor":
                return bool(self.key) or self.reading.card is not None
            case "undo":
                return bool(self.added) or self.typed != self.begun
            case "add":
                return False
        return super().allows(action)

    def action_save(self) -> None:
        """Write the card."""
        self.write(self.after_save)

    def write(self, then: Callable[[Written, Draft], None]) -> None:
        """Write what stands in the form, read the decks again, then go on."""
        draft, place, learner, key = self.draft, self.host.place, self.learner, self.key
        self.keep()  # until it is in its file
        self._busy = True

        def job() -> Written:
            written = writing.write(learner, draft, key)
            drafts.forget(place, key)
            learner.reload()
            return written

        def go_on(written: Written) -> None:
            self._busy = False
            then(written, draft)

        self.wait_for(job, go_on, "Writing the card …")

    def after_save(self, written: Written, draft: Draft) -> None:
        """A new card: the form for the next one. A mended one: back to where it was."""
        told = DID[written.did].format(written.key)
        self.begun = draft
        if self.key:
            self.stop_keeping()
            self.action_back()
            self.say_after(told)
            return
        self.added.append((written, draft))
        self.begin_next(draft)
        self.say(told)

    def stop_keeping(self) -> None:
        """What stands in the form is on disk: it is no draft."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def begin_next(self, draft: Draft) -> None:
        """An empty form of the same kind, topic, tags and deck."""
        self.begun = Draft(kind=draft.kind, topic=draft.topic, tags=draft.tags, deck=draft.deck)
        self.fill(self.begun)
        self.stop_keeping()
        self.field("front").box.focus()

    def study(self) -> None:
        """Study what was added here, at once."""
        keys = tuple(written.key for written, _ in self.added)
        self.host.go_instead(Start("study", plan=StudyPlan(cards=keys)))

    def action_undo(self) -> None:
        """Put the draft away; then take the last card back that was saved here."""
        if self.draft not in (self.begun, self._asked):
            self._asked = self.draft
            self.say("F8 again puts away what you typed.")
            return
        if self.draft != self.begun:
            self._asked = None
            self.fill(self.begun)
            self.say("The form is as it was.")
            return
        written, draft = self.added[-1]

        def job() -> None:
            writing.take_back(self.learner, written)
            self.learner.reload()

        def go_on(_: None) -> None:
            self.added.pop()
            self.fill(draft)
            self.say(f"Taken back: {written.key} is out of its file, and here again.")

        self.wait_for(job, go_on, "Taking it back …")

    # -- the editor ---------------------------------------------------------------------------

    def action_editor(self) -> None:
        """Save, then open the card in the learner's editor; on return it is read again."""
        if self.key and self.draft == self.begun:
            if not editor.chosen():
                self.open_editor(self.learner.library.card(self.key).source)
            else:
                self.wait_for(self.own_source, self.open_editor, "Writing the card …")
        elif self.reading.card is not None:
            self.write(self.edit_saved)
        else:
            self.say(self.reading.errors[0])

    def own_source(self) -> Source:
        """Where the card can be edited: of a bundled one that is a card of one's own."""
        return writing.own_copy(self.learner, self.key)

    def edit_saved(self, written: Written, draft: Draft) -> None:
        """Open what was just saved."""
        if not self.key:
            self.added.append((written, draft))
            self.begin_next(draft)
        else:
            self.begun = draft
            self.stop_keeping()
        self.open_editor(written.source)

    def open_editor(self, source: Source) -> None:
        """Step aside for the editor; a mended card is then shown where it was."""
        self.edit(source, then=self.reread)

    def reread(self) -> None:
        """The file may have changed."""

        def job() -> None:
            self.learner.reload()
            if self.key:
                writing.tidy(self.learner, self.key)

        self.wait_for(job, lambda _: self.action_back() if self.key else None, "Reading again …")


def _words(found: Reading) -> Content:
    """What check says, errors first; one line a word."""
    lines = [Content.assemble(("! ", "$bad"), text) for text in found.errors]
    lines += [Content.styled(f"· {text}", "$quiet") for text in found.advice]
    return Content("\n").join([*lines, Content("")]) if lines else Content("")
