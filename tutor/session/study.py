"""One session of study: the next card with what each button would do, and answers saved at once.

Plain sessions and the Study screen drive the same object.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from tutor.deck.expr import seed_of
from tutor.deck.model import Card, Entry, Topic
from tutor.errors import DataError
from tutor.memory.model import CardState, Event, EventKind, Outcome, Rating
from tutor.memory.waiting import Waiting
from tutor.quiz.asking import UNASKABLE, make_question
from tutor.quiz.fading import Example, example
from tutor.quiz.question import WORDED, Question
from tutor.session.accepting import Accepted, accept_last
from tutor.session.answers import Saved, ceiling
from tutor.session.choosing import accepted
from tutor.session.earlier import Earlier
from tutor.session.learner import MAX_ELAPSED_MS, Learner
from tutor.session.length import Length
from tutor.session.payload import revised
from tutor.session.plans import StudyPlan
from tutor.session.promising import outcomes
from tutor.session.queues import AnyQueue, Choice
from tutor.session.recording import Record, answers_of
from tutor.session.several import Claims
from tutor.session.tally import Tally
from tutor.session.turn import Turn


@dataclass(frozen=True)
class StudyItem:
    """One card as it is asked now.

    unit: what is scheduled; gap: which gap of a cloze. position, total: how far the session is,
    from 1, in cards, or in answers where the plan limits them. waiting: what is left in parts,
    with this card. outcomes: what each button does. state: what is remembered before the answer.
    """

    unit: str
    entry: Entry
    card: Card
    gap: int | None
    question: Question
    position: int
    total: int
    waiting: Waiting
    outcomes: dict[Rating, Outcome]
    state: CardState
    answered_hash: Callable[[], str]

    @property
    def forgotten(self) -> int:
        """How often a leech was forgotten; 0 for any other card."""
        return self.state.lapses if self.state.leech else 0

    @property
    def example(self) -> Example | None:
        """What is shown before the answer to one who has not yet solved such a task."""
        return example(self.question, self.state.phase)

    @cached_property
    def changed(self) -> bool:
        """Whether the card's text is another than at its last review."""
        before = self.answered_hash() if self.state.reps else ""
        return bool(before) and before != self.card.content_hash


class StudySession:
    """The cards that are due and new ones, one after the other; without a plan, whatever waits.

    Raises NotFoundError for a topic, a chapter, a tag or a card of the plan.
    """

    drill = False
    """Whether the answers leave the schedule as it is."""

    def __init__(self, learner: Learner, plan: StudyPlan | None = None) -> None:
        self.plan = plan = plan or StudyPlan()
        self.learner = learner
        self.limit = plan.limit
        self.whole = plan.whole
        self.length = Length(plan.minutes)
        self._choice = Choice(learner, plan)
        self.read = set[str]()
        """Topics whose lesson was shown in this session."""
        self.tally = Tally()
        self.earlier = Earlier(learner)
        self._answered: dict[str, str] = {}  # of this session: row -> unit
        self._introduced = 0
        self._again: str | None = None
        self._ready: dict[str, Question] = {}
        self._claims = Claims(learner.place.database)
        self._elsewhere: set[str] = set()
        self._record = Record(learner, plan, kept=plan.counted)
        self._today = learner.today
        if plan.session:
            self._take_up(plan.session)
        self._build()

    def next(self) -> StudyItem | None:
        """The card to ask now; None at the end. Asks the same until it is answered.

        What other programs have answered is taken in, and what one asks now is passed over.
        """
        while (item := self._free_item()) is None and self._elsewhere:
            if not any(map(self._claims.take, self._elsewhere)):
                break  # all that is left is asked by others
            self._elsewhere.clear()
            self._build()
        if item is None:
            self._claims.give_back()
            if self.limit is None or len(self._answered) < self.limit:
                self._record.end()  # with less than its plan, so that no count says so
        return item

    @property
    def over_time(self) -> bool:
        """Whether the minutes of the plan are over."""
        pace = self.learner.summary.pace.seconds(self.learner.summary.marked_share)
        return self.length.over(self.learner.now().utc_ms, pace * 1000)

    def lesson_before(self, item: StudyItem) -> Topic | None:
        """The topic whose lesson comes before this card: a new one, not read in this session."""
        name, library = item.card.topic, self.learner.library
        if name is None or name in self.read or self.learner.today.begun(name):
            return None
        topic = library.topics.get(name)
        return topic if topic and topic.lesson else None

    def end(self) -> None:
        """Let other programs ask the card that is asked here."""
        self._claims.give_back()

    def prepare(self) -> None:
        """Read what may come next, while the learner thinks about this card."""
        self._ready.clear()
        for unit in self._queue.coming():
            with suppress(*UNASKABLE):
                self._ready[unit] = self._ask(unit)
        if any(question.kind in WORDED for question in self._ready.values()):
            from tutor.quiz.terms import terms_of

            terms_of(self.learner.library)

    def settle(self, item: StudyItem, turn: Turn, rating: Rating = Rating.AGAIN) -> Saved:
        """Save what came of a turn; it is on disk when this returns. Raises DataError.

        A wrong answer is Again, whatever the rating.
        """
        elapsed = turn.elapsed_ms
        rating = min(rating, turn.highest)
        saved = self.answer(
            item,
            rating,
            answer=turn.answer or None,
            correct=turn.correct,
            hints=turn.hints,
            elapsed_ms=elapsed,
            slip=turn.mark.misconception if turn.mark else None,
        )
        self.tally.add(item.unit, rating, elapsed, review=item.state.phase == "review")
        return saved

    def answer(
        self,
        item: StudyItem,
        rating: Rating,
        *,
        answer: str | None = None,
        correct: bool | None = None,
        hints: int = 0,
        elapsed_ms: int = 0,
        slip: str | None = None,
    ) -> Saved:
        """Save the answer; it is on disk when this returns. Raises DataError.

        A rating higher than the answer may have is lowered; the interval is the one that the
        item showed for it. slip: the misconception that it shows.
        """
        learner = self.learner
        rating = min(rating, ceiling(item.question, correct, hints))

        def review() -> list[Event]:
            events = [
                learner.event(
                    "review", item.unit, rating=rating, source="review", answer=answer,
                    correct=correct, hints=hints,
                    elapsed_ms=min(elapsed_ms, MAX_ELAPSED_MS),
                    content_hash=item.card.content_hash, model=learner.scheduler.model.id,
                    due_utc_ms=self._promised(item, rating),
                    payload=revised(item.card.rev, slip),
                )
            ]  # fmt: skip
            return self._record.tagged(events)

        event = learner.append(review)[0]
        self._record.written()
        self._answered[event.id] = item.unit
        self._introduced += not item.state.reps
        self._again = None
        self._settle(item.unit, asked=True)
        return Saved(item.unit, event.due_utc_ms or 0)

    def undo(self) -> str | None:
        """Take back the last answer, also of an earlier session; its card is the next one.

        Returns its key; None when there is nothing to take back.
        """
        last = self.learner.store.last_undoable()
        key = self.learner.undo()
        if key is None or last is None:
            return None
        unit = self.learner.renames.key(last.card_key)
        if last.kind == "accept":
            self.tally.rerate(unit, Rating.AGAIN)
            return key
        if last.kind == "review":  # a flag that was taken back leaves the answers as they are
            self.tally.take_back(unit)
        if last.id in self._answered:
            del self._answered[last.id]
            self._introduced -= not self.learner.state(unit).reps
            self._record.taken_back()
        if unit in self.learner.course.entry_of:
            self._settle(unit, asked=False)
            self._again = unit
        return key

    def accept(self) -> Accepted | None:
        """Let the last answer count as right if it was a written miss; None if it was not."""
        accepted = accept_last(self.learner)
        if accepted is not None:
            self.tally.rerate(accepted.key, accepted.rating)
        return accepted

    def suspend(self, item: StudyItem) -> None:
        """Do not ask the card any more."""
        self._note("suspend", item)

    def bury(self, item: StudyItem) -> None:
        """Do not ask the card before tomorrow."""
        self._note("bury", item)

    def flag(self, item: StudyItem) -> None:
        """Flag the card, or unflag it."""
        self._note("unflag" if self.learner.state(item.unit).flagged else "flag", item)

    def refresh(self, item: StudyItem) -> StudyItem | None:
        """Read the decks again and give the same card as it is now; None when it is gone."""
        self.learner.reload()
        self._build()
        self._again = self.learner.renames.key(item.unit)
        if self._again not in self.learner.course.entry_of:
            self._again = None
            return None
        return self.next()

    def _still_so(self, item: StudyItem) -> bool:
        """Whether nobody has answered the card before it was claimed here."""
        with suppress(DataError):  # the answer will tell
            self.learner.catch_up()
        if self.learner.state(item.unit) == item.state:
            return True
        self._again = None
        return False

    def _free_item(self) -> StudyItem | None:
        """The next card that can be shown and that no other program asks; None if there is none."""
        while (unit := self._unit()) is not None:
            with suppress(*UNASKABLE):
                item = self._item(unit)
                if not self._claims.take(item.entry.key):
                    self._elsewhere.add(item.entry.key)
                elif self._still_so(item):
                    return item
                else:
                    continue
            # It must not stand in the way of the others.
            self._again = None
            self._queue.drop(unit)
        return None

    def _build(self) -> None:
        self._today = self.learner.today
        self._queue = self._made_queue()

    def _made_queue(self) -> AnyQueue:
        return self._choice.queue(self._today, self._answered.values(), self._introduced)

    def _take_up(self, session: str) -> None:
        """Go on where the session was left: its answers count."""
        answers = [event for group in answers_of(self.learner, session) for event in group]
        forgiven = accepted(self.learner) if answers else ()
        for event in answers:
            unit = self.learner.renames.key(event.card_key)
            first_day, rating = self.learner.state(unit).first_day, event.rating or Rating.AGAIN
            self._answered[event.id] = unit
            self._introduced += first_day == event.study_day
            rating = Rating.GOOD if event.id in forgiven else rating
            review = first_day is not None and first_day < event.study_day
            self.tally.add(unit, rating, event.elapsed_ms or 0, review=review)
        if answers:
            first = answers[0].at_utc_ms - (answers[0].elapsed_ms or 0)
            self.length.spent_ms = answers[-1].at_utc_ms - first

    def _unit(self) -> str | None:
        if self.limit is not None and len(self._answered) >= self.limit:
            return None
        if self.over_time:
            return None
        now = self.learner.now()
        if self._today is not self.learner.today:
            self._build()
        return self._again or self._queue.next(now)

    def _item(self, unit: str) -> StudyItem:
        learner = self.learner
        entry, gap = learner.library.unit(unit)
        state, question = learner.state(unit), self._question(unit)
        done, left = self._done(), max(1, self._queue.left)
        if self.limit is not None:
            # A new card comes at least twice, so that the total does not grow by that.
            left = min(left + self._queue.new_left, self.limit - done)
        return StudyItem(
            unit=unit,
            entry=entry,
            card=question.card,
            gap=gap,
            question=question,
            position=done + 1,
            total=done + left,
            waiting=self._queue.waiting,
            outcomes=self._outcomes(state),
            state=state,
            answered_hash=lambda: self._last_hash(unit),
        )

    def _outcomes(self, state: CardState) -> dict[Rating, Outcome]:
        """What each button does."""
        return outcomes(self.learner, state)

    def _done(self) -> int:
        """Answers where they are limited; else cards that are done, so that no total grows."""
        if self.limit is not None:
            return len(self._answered)
        return sum(not self._queue.waits(unit) for unit in set(self._answered.values()))

    def _question(self, unit: str) -> Question:
        """The question, read ahead if its card is still the same."""
        ready = self._ready.pop(unit, None)
        if ready and ready.seed == self._seed(unit):
            entry, _ = self.learner.library.unit(unit)
            if ready.card is self.learner.library.card(entry.key):
                return ready
        return self._ask(unit)

    def _ask(self, unit: str) -> Question:
        entry, gap = self.learner.library.unit(unit)
        return make_question(self.learner.library.card(entry.key), self._seed(unit), gap=gap)

    def _seed(self, unit: str) -> int:
        return seed_of(unit, self.learner.state(unit).reps)

    def _promised(self, item: StudyItem, rating: Rating) -> int:
        """When the card comes back: the interval on the button, counted from now.

        Another program may have answered the card meanwhile: then what holds now.
        """
        scheduler, now = self.learner.scheduler, self.learner.now()
        state = self.learner.state(item.unit)
        shown = item.outcomes if state == item.state else outcomes(self.learner, state)
        return scheduler.due(shown[rating].state.phase, shown[rating].interval_ms, now)

    def _last_hash(self, unit: str) -> str:
        events = self.learner.renames.history(unit, self.learner.store)
        reviews = [event for event in events if event.kind == "review"]
        return reviews[-1].content_hash if reviews else ""

    def _note(self, kind: EventKind, item: StudyItem) -> None:
        self.learner.append(lambda: [self.learner.event(kind, item.unit)])
        if kind in ("suspend", "bury"):
            self._again = None
        self._settle(item.unit, asked=False)

    def _settle(self, unit: str, asked: bool) -> None:
        """Let the queue follow a changed state, unless it is to be built anew anyway."""
        if self._today is self.learner.today:
            self._queue.put(unit, asked)
