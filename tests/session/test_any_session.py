"""Whatever a learner does, in any order: journal, states, counts and first screen agree."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.session.decks import Clock, learner
from tests.session.test_learner import assert_one
from tutor.memory.model import Rating
from tutor.quiz.asking import make_question
from tutor.quiz.marking import give_up, mark
from tutor.session.answers import record_quiz
from tutor.session.plans import StudyPlan
from tutor.session.study import StudyItem, StudySession

TOPICS = st.sampled_from(["alpha", "beta", "gamma"])


class AnySession(RuleBasedStateMachine):
    """One learner, who studies, takes back, sleeps, travels through time and restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.learner = learner(self.folder, self.clock)
        self.session = StudySession(self.learner)
        self.item: StudyItem | None = None

    @rule()
    def ask_next(self) -> None:
        self.item = self.session.next()
        if self.item is not None:
            assert 1 <= self.item.position <= self.item.total
            if self.session.whole:
                today = self.learner.glance().waiting_at(self.clock())
                assert self.item.waiting == self.learner.due().waiting == today, "one count"
            self.session.prepare()

    @precondition(lambda self: self.item is not None)
    @rule(rating=st.sampled_from(list(Rating)), hints=st.integers(0, 2))
    def answer(self, rating: Rating, hints: int) -> None:
        assert self.item is not None
        shown = self.item.outcomes[min(rating, Rating.HARD) if hints else rating]
        saved = self.session.answer(self.item, rating, hints=hints, elapsed_ms=3000)
        state = self.learner.state(self.item.unit)
        assert state.due_utc_ms == saved.due_utc_ms
        assert state.phase == shown.state.phase
        self.item = None

    @rule()
    def undo(self) -> None:
        self.learner.refresh()
        answers = self.learner.glance().answers
        key = self.session.undo()
        assert self.learner.glance().answers <= answers
        if key is None:
            assert answers == 0
        self.item = None

    @precondition(lambda self: self.item is not None)
    @rule(what=st.sampled_from(["suspend", "bury", "flag"]))
    def set_aside(self, what: str) -> None:
        getattr(self.session, what)(self.item)
        self.item = None

    @rule(key=st.sampled_from(["d/second", "d/row", "d/before"]), right=st.booleans())
    def quiz(self, key: str, right: bool) -> None:
        question = make_question(self.learner.library.card(key), 1)
        answer = {"d/second": question.labels, "d/row": "alpha; beta", "d/before": "1"}[key]
        saved = record_quiz(
            self.learner, question, mark(question, answer) if right else give_up(question)
        )
        assert saved.key == key
        self.item = None

    @rule(topic=TOPICS, known=st.booleans())
    def mark_topic(self, topic: str, known: bool) -> None:
        (self.learner.mark_known if known else self.learner.mark_unknown)([topic])

    @rule(minutes=st.sampled_from([1, 11, 700, 1440, 9 * 1440, -90]))
    def wait(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)
        self.item = None

    @rule(new=st.sampled_from([None, 0, 3]), topics=st.lists(TOPICS, max_size=1))
    def restart(self, new: int | None, topics: list[str]) -> None:
        self.learner.close()
        self.learner = learner(self.folder, self.clock)
        self.session = StudySession(self.learner, StudyPlan(new=new, topics=tuple(topics)))
        self.item = None

    @rule()
    def answer_elsewhere(self) -> None:
        """Another program on the same file."""
        with closing(learner(self.folder, self.clock)) as other:
            item = StudySession(other, StudyPlan(new=1)).next()
            if item is not None:
                StudySession(other).answer(item, Rating.GOOD)
        self.item = None

    @invariant()
    def everything_agrees(self) -> None:
        self.learner.refresh()
        self.learner.store.put_glance(self.learner.glance())
        assert_one(self.learner)

    def teardown(self) -> None:
        self.learner.close()
        shutil.rmtree(self.folder)


TestAnySession = AnySession.TestCase
TestAnySession.settings = settings(max_examples=6, stateful_step_count=20, deadline=None)
