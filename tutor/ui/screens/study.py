"""Study: the front, the learner's recall, the answer, the rating; saved before the next card shows.

What the program can mark it marks; the rest the learner rates, with the real interval on each
button.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from tutor.errors import TutorError
from tutor.memory.model import EventKind, Rating
from tutor.quiz.question import CHOSEN
from tutor.session.earlier import question
from tutor.session.tally import Tally
from tutor.session.turn import Turn
from tutor.ui.hearing import CONSIDERED, is_meant
from tutor.ui.keys import bind, digits
from tutor.ui.screens.card_page import CardPage
from tutor.ui.screens.page import Rules, shows_errors
from tutor.ui.start import Start
from tutor.ui.widgets.card_lines import View
from tutor.ui.widgets.line import Line
from tutor.ui.widgets.rating import RATINGS_MEAN, TOO_HIGH, RatingBar
from tutor.ui.widgets.session_rows import studied

if TYPE_CHECKING:
    from tutor.session.study import StudyItem, StudySession


class StudyScreen(CardPage):
    """One session of study."""

    name_of_session = "This session"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("tick"),
        bind("go"),
        Binding("left", "mark(-1)", "rating", show=False, id="mark-1", key_display="← →",
                tooltip="Move to a rating; enter gives it."),
        Binding("right", "mark(1)", "rating", show=False, id="mark-2"),
        *digits("rate", "rate"),
        *digits("digit", "choose"),
        bind("undo"),
        bind("accept"),
        bind("more"),
    ]  # fmt: skip

    def __init__(self, start: Start) -> None:
        super().__init__()
        self.start = start
        self.session: StudySession | None = None
        self.item: StudyItem | None = None
        self.saved = False  # the program has rated this answer itself
        self._went = 0.0  # when enter was pressed last

    def foot(self) -> ComposeResult:
        """The buttons, or what the program did instead."""
        yield RatingBar()
        yield Line(id="foot")

    def on_mount(self) -> None:
        """Choose the cards in a thread."""
        self.head("Study")
        self.query_one(RatingBar).display = False

        def job() -> StudySession:
            from tutor.session.drill import session_of

            return session_of(self.learner, self.start.study)

        self.wait_for(job, self.begin, "Choosing the cards …")

    def failed(self, error: TutorError) -> None:
        """Nothing fits what was asked for: back, with a word."""
        if self.session is None:
            self.action_back()
        super().failed(error)

    def begin(self, session: StudySession) -> None:
        """The cards are chosen: show the first."""
        self.session = session
        session.read.update(self.start.read)
        self.set_interval(session.length.tick_s, self.paint_head, pause=not session.length.minutes)
        self.advance()

    def on_unmount(self) -> None:
        """Let another program ask the card that stood here."""
        if self.session is not None:
            self.session.end()

    def advance(self) -> None:
        """Show the next card, or the end."""
        assert self.session is not None
        item = self.session.next()
        if item is None:
            self.finish()
        elif topic := self.session.lesson_before(item):
            self.open_lesson(topic.id)
        else:
            self.show_item(item)

    def open_lesson(self, topic: str) -> None:
        """Show the lesson of a new topic, then go on to its card."""
        from tutor.ui.screens.topic import LessonScreen

        assert self.session is not None
        self.session.read.add(topic)
        self.app.push_screen(LessonScreen(topic), lambda _: self.advance())

    def show_item(self, item: StudyItem, view: View | None = None) -> None:
        """Put a card on the page, as far as `view` says."""
        self.item, self.saved = item, False
        self.paint_head()
        self.foot_shows(None)
        turn = Turn(item.question, self.learner.library, rated=True)
        fresh = View(changed=item.changed, lapses=item.forgotten, example=item.example)
        self.show_question(turn, view or fresh)
        self.foot_shows(self.cue() or None)
        if self.session is not None:
            self.call_after_refresh(self.session.prepare)

    def paint_head(self) -> None:
        """What is left, which topic, what kind; beside the card what was done."""
        if (item := self.item) is None:
            return
        far = self.far(item)
        name = Content.assemble((self.name_of_it, "bold"), (f"   {far}", "$quiet"))
        self.head_card(name, item.card)
        self.second.tell(studied(self.tally, far, self.learner.library))

    @property
    def name_of_it(self) -> str:
        """What kind of session it is."""
        return "Drill" if self.session is not None and self.session.drill else "Study"

    def far(self, item: StudyItem) -> str:
        """How far the session is: minutes left, a count, or what is left in parts."""
        assert self.session is not None
        if left := self.session.length.left(self.learner.now().utc_ms):
            return left
        if self.session.drill or self.session.limit is not None:
            count = f"{item.position} of {item.total}"
            return f"3 of 4: card {count}" if self.start.first else count
        return str(item.waiting)

    def foot_shows(self, what: Content | str | None) -> None:
        """Buttons (`None` hides both), or a line of text instead of them."""
        self.query_one(RatingBar).display = False
        line = self.query_one("#foot", Line)
        line.display = what is not None
        line.show(what or "")

    # -- answering ----------------------------------------------------------------------------

    def allows(self, action: str) -> bool:
        """Each key only in its part of the card."""
        rules: Rules = {
            "rate": lambda: self.rating,
            "mark": lambda: self.rating,
            "choose": lambda: self.choosing,
            "go": lambda: not self.rating or self.query_one(RatingBar).cursor is not None,
            "undo": lambda: self.session is not None and self.session.earlier.undoable,
            "accept": lambda: self.saved and self.missed,
            "more": lambda: self.item is not None,
        }
        if action == "move" and self.rating:  # what is longer than the page scrolls
            return not super().allows("scroll")
        return rules[action]() if action in rules else super().allows(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only the ratings that this answer may have."""
        if action == "rate" and self.rating and not self.in_demo:
            return parameters[0] in self.query_one(RatingBar).outcomes
        return super().check_action(action, parameters)

    def hears(self, event: events.Key) -> bool:
        """Enter rates what was read: not within a moment of the enter that showed it."""
        acts = self.active_bindings.get(event.key)
        if acts is None or acts.binding.id != "go":
            return super().hears(event)
        before, self._went = self._went, event.time
        return not self.rating or is_meant(event, max(before, self.painted), CONSIDERED)

    def on_key(self, event: events.Key) -> None:
        """Say why a rating is not offered."""
        if event.key in "1234" and self.rating and not self.in_demo:
            offered = map(str, map(int, self.query_one(RatingBar).outcomes))
            self.say("" if event.key in offered else TOO_HIGH)

    @property
    def rating(self) -> bool:
        """Whether the learner's rating is awaited."""
        return self.view.revealed and not self.saved

    def action_go(self) -> None:
        """Open the options, show the answer, or go to the next card."""
        if self.item is None:
            return
        if self.rating:
            self.give(self.query_one(RatingBar).cursor)
        elif self.saved:
            self.advance()
        elif self.item.question.kind in CHOSEN and not self.view.options:
            self.update(options=True)
            self.foot_shows(self.cue())
        elif self.choosing:
            self.take_chosen()
        else:
            self.take("")

    def action_choose(self, digit: int) -> None:
        """Choose an option."""
        self.choose(digit)

    def take(self, answer: str) -> None:
        """Answer; an empty answer shows the right one and leaves the rating to the learner."""
        assert self.turn is not None
        mark = self.turn.reply(answer)
        if not self.turn.over:
            self.say(mark.message if mark else "")
        elif self.turn.correct is False:
            with self.turn.kept_open():
                self.forgot()
        else:
            self.offer_ratings()

    def offer_ratings(self) -> None:
        """Show the answer, and the ratings that it may have."""
        assert self.turn is not None and self.item is not None
        self.show_answer()
        self.foot_shows(None)
        bar, turn = self.query_one(RatingBar), self.turn
        outcomes = {r: o for r, o in self.item.outcomes.items() if r <= turn.highest}
        bar.offer(outcomes, marked=self.host.settings.enter_rates == "good")
        bar.display = True
        if self.start.first and not self.tally.answers:
            self.say(RATINGS_MEAN)
        self.refresh_bindings()

    def forgot(self) -> None:
        """A wrong answer is Again; that is saved at once and not asked."""
        self.save(Rating.AGAIN)
        self.show_forgotten()

    def show_forgotten(self) -> None:
        """The answer below a miss that is saved."""
        self.show_answer()
        label = self.item.outcomes[Rating.AGAIN].label if self.item else ""
        self.foot_shows(Content.assemble(("Again", "bold $bad"), f" {label}: saved"))

    def action_rate(self, value: int) -> None:
        """Save the rating, then show the next card."""
        self.give(Rating(value))

    def give(self, rating: Rating | None) -> None:
        """Save a rating that the bar offers, then show the next card."""
        if rating is not None and rating in self.query_one(RatingBar).outcomes:
            self.save(rating)
            self.advance()

    def action_mark(self, by: int) -> None:
        """Move to another rating."""
        self.query_one(RatingBar).move(by)
        self.refresh_bindings()

    def action_move(self, by: int) -> None:
        """Up and down move over the ratings too."""
        if self.rating:
            self.action_mark(by)
        else:
            super().action_move(by)

    @on(RatingBar.Taken)
    @shows_errors
    def _taken(self, event: RatingBar.Taken) -> None:
        event.stop()
        if self.rating:
            self.give(event.rating)

    def save(self, rating: Rating) -> None:
        """Commit the answer; it is on disk when this returns."""
        assert self.session is not None and self.item is not None and self.turn is not None
        self.session.settle(self.item, self.turn, rating)
        self.saved = True
        self.second.tell(studied(self.tally, self.far(self.item), self.learner.library))
        self.refresh_bindings()

    # -- the other keys -----------------------------------------------------------------------

    def action_accept(self) -> None:
        """Let the miss on the page count as right."""
        assert self.session is not None and self.turn is not None and self.item is not None
        accepted = self.session.accept()
        if accepted is not None:
            self.turn.accept()
            self.show_answer()
            label = self.item.outcomes[accepted.rating].label
            word = accepted.rating.name.title()
            self.foot_shows(Content.assemble((word, "bold $good"), f" {label}: saved"))

    def action_undo(self) -> None:
        """Take the last answer back and show its card again; what was accepted is a miss again."""
        assert self.session is not None
        if (earlier := self.session.earlier.asks()) is not None:
            self.say(question(earlier))
            return
        key = self.session.undo()
        if key is None:
            self.say("There is no answer to take back.")
            return
        if self.turn is not None and self.turn.take_back_accept():
            self.show_forgotten()
            self.say(f"Taken back: {key} counts as wrong again")
            return
        self.advance()
        self.say(f"Taken back: {key}")

    def action_more(self) -> None:
        """What else can be done with this card."""
        from tutor.ui.screens.more import MoreMenu

        assert self.item is not None
        state = self.learner.state(self.item.unit)
        self.app.push_screen(MoreMenu(state, self.item.card.source), self.do_more)

    @shows_errors
    def do_more(self, chosen: EventKind | None) -> None:
        """Suspend, bury or flag; the first two go on to the next card."""
        from tutor.ui.screens.more import AFTERWARDS

        if chosen is None or self.session is None or self.item is None:
            return
        match chosen:
            case "suspend":
                self.session.suspend(self.item)
            case "bury":
                self.session.bury(self.item)
            case _:
                self.session.flag(self.item)
        if chosen in ("suspend", "bury"):
            self.advance()
        self.say(AFTERWARDS[chosen])

    def reread(self) -> None:
        """Read the decks again and show this card as it is now, as far as one was."""
        again = partial(self.session.refresh, self.item) if self.session and self.item else None
        if again is not None:
            self.wait_for(again, self.show_again, "Reading the decks again …")

    def show_again(self, item: StudyItem | None) -> None:
        """The card after its file was edited; it may be gone."""
        if item is None:
            self.advance()
            self.say("This card is no longer in its file.")
            return
        before, options = self.turn, self.view.options
        self.show_item(item, View(options=options))
        if before is not None and self.turn is not None:
            self.turn.resume(before)
            self.update()
            if before.over:
                self.offer_ratings()

    def action_back(self) -> None:
        """Leave; what was done is said where one comes back to, and goes on from Today."""
        super().action_back()
        if self.session is None or self.start.first or not self.tally.answers:
            return
        saved = "Drilled" if self.session.drill else "Saved"
        again = " Today goes on with it." if self.session.plan.counted else ""
        self.say_after(f"{saved}: {self.tally.words()}.{again}")

    @property
    def tally(self) -> Tally:
        """What was done in this session."""
        return self.session.tally if self.session else Tally()

    def finish(self) -> None:
        """The visible end; after the first lesson that is Today."""
        if self.start.first:
            super().action_back()
            self.host.say_on_today(f"4 of 4. Your first lesson: {self.tally.words()}. Well begun.")
            return
        from tutor.ui.screens.study_end import StudyEndScreen

        assert self.session is not None
        self.app.switch_screen(StudyEndScreen(self.session, self.start))
