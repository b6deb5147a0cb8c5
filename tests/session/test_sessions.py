"""Sessions that fit: minutes, drills, what was missed, chapters and tags; left and gone on with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.decks import DECK, Clock, learner, many, place
from tutor.errors import NotFoundError
from tutor.memory.model import CardState, Event, Rating
from tutor.memory.time import DAY_MS, MINUTE_MS
from tutor.paths import settle
from tutor.session.browsing import Browser
from tutor.session.choosing import missed
from tutor.session.drill import session_of
from tutor.session.exam import ExamSession
from tutor.session.learner import Learner
from tutor.session.plans import RESUMED, ExamPlan, QuizPlan, StudyPlan
from tutor.session.quiz import QuizSession
from tutor.session.recording import unfinished
from tutor.session.study import StudyItem, StudySession
from tutor.session.turn import Turn
from tutor.store.rows import event_row

TAGGED = (
    DECK.replace("<!-- card id=before -->", "<!-- card id=before tags=exam -->")
    + """
## How many letters come after alpha, up to it?
<!-- card id=after -->
= 2 letters

## How many are there up to it?
<!-- card id=up-to -->
= 3 letters
"""
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def one(tmp_path: Path, clock: Clock) -> Iterator[Learner]:
    with closing(Learner.open(place(tmp_path, TAGGED), clock)) as opened:
        yield opened


def answered(
    session: StudySession, *ratings: Rating, clock: Clock | None = None, ms: int = 0
) -> list[str]:
    """Answer so many cards, or all with Good; the units in the order of asking."""
    units: list[str] = []
    for rating in ratings or [Rating.GOOD] * 1000:
        item = session.next()
        if item is None:
            break
        units.append(item.unit)
        if clock is not None:
            clock.utc_ms += ms
        turn = rated(item)
        session.settle(item, turn, rating)
    return units


def rated(item: StudyItem) -> Turn:
    turn = Turn(item.question, rated=True)
    turn.reveal()
    return turn


def states(one: Learner) -> dict[str, CardState]:
    return {state.key: state for state in one.states()}


def rows(one: Learner, kind: str) -> list[Event]:
    return [event for event in one.store.events() if event.kind == kind]


# -- minutes -----------------------------------------------------------------------------------


def test_minutes_end_on_time(tmp_path: Path, clock: Clock) -> None:
    with closing(learner(tmp_path, clock, many(60))) as one:
        session = StudySession(one, StudyPlan(minutes=3, new=60))
        units = answered(session, clock=clock, ms=20_000)
        assert len(units) in (8, 9), "nine answers of 20 s are three minutes"
        assert session.over_time
        assert unfinished(one) is None, "a session that ended is not offered again"


def test_in_few_minutes_what_is_most_at_risk_comes_first(one: Learner, clock: Clock) -> None:
    session = StudySession(one)
    for rating in [Rating.GOOD, Rating.EASY] * 10:
        answered(session, rating)
    clock.utc_ms += 400 * DAY_MS
    day = one.now().study_day
    states = {unit: one.state(unit) for unit in one.today.due_today()}
    session = StudySession(one, StudyPlan(minutes=20))
    found = answered(session, *[Rating.EASY] * 4)
    risks = [one.scheduler.retrievability(states[unit], day) for unit in found]
    assert len(found) == 4 and len(set(risks)) > 1
    assert risks == sorted(risks)


# -- which cards -------------------------------------------------------------------------------


def test_a_tag_and_a_chapter_choose_the_cards(one: Learner) -> None:
    session = StudySession(one, StudyPlan(tags=("EXAM",)))
    item = session.next()
    assert item is not None and (item.unit, item.waiting.new) == ("d/before", 1)
    assert set(answered(session)) == {"d/before"}
    assert StudySession(one, StudyPlan(chapters=("1",))).next() is not None
    for plan in (StudyPlan(tags=("nix",)), StudyPlan(chapters=("9",)), StudyPlan(chapters=("q",))):
        with pytest.raises(NotFoundError):
            StudySession(one, plan)


BARE = "---\ndeck: tales\n{}---\n\n## Who tells?\n<!-- card id=who -->\n= {} people\n"


@pytest.mark.parametrize(
    ("front", "words"),
    [("", ("tales", "Tale")), ("title: Old myths\nchapter: 15\n", ("15", "myths", "old", "tales"))],
)
def test_a_deck_without_topics_is_a_chapter(
    tmp_path: Path, clock: Clock, front: str, words: tuple[str, ...]
) -> None:
    """The course map shows it as one, so sessions, quizzes, exams and queries take it as one."""
    where = place(tmp_path, TAGGED)
    (where.data / "decks").mkdir(parents=True)
    (where.data / "decks" / "tales.md").write_text(BARE.format(front, 3), encoding="utf-8")
    where = settle(data_dir=str(where.data), content=(str(where.content[0]),), bundled=False)
    with closing(Learner.open(where, clock)) as one, closing(Browser(one)) as browser:
        for word in words:
            item = StudySession(one, StudyPlan(chapters=(word,))).next()
            assert item is not None and item.entry.key == "tales/who"
            assert QuizSession(one, QuizPlan(chapters=(word,))).plan.cards == ("tales/who",)
            assert ExamSession(one, ExamPlan(chapters=(word,))).total == 1
            assert [row.key for row in browser.find(f"chapter:{word}")] == ["tales/who"]
        answered(StudySession(one, StudyPlan(chapters=words[:1])))
        drill = session_of(one, StudyPlan(chapters=words[:1], drill=True)).next()
        assert drill is not None and drill.unit == "tales/who"
        both = StudySession(one, StudyPlan(chapters=("1", words[0])))
        assert set(answered(both)) > {"d/alpha"}
        with pytest.raises(NotFoundError, match=r"Known: .*(ales|myths)"):
            StudySession(one, StudyPlan(chapters=("nowhere",)))


def test_missed_is_what_was_not_known_on_a_later_day(one: Learner, clock: Clock) -> None:
    session = StudySession(one)
    item = session.next()
    assert item is not None
    session.settle(item, rated(item), Rating.AGAIN)
    assert missed(one) == (item.unit,)
    clock.utc_ms += 2 * DAY_MS
    again = StudySession(one, StudyPlan(cards=(item.unit,)))
    answered(again, Rating.GOOD)
    assert missed(one) == ()
    with pytest.raises(NotFoundError, match="missed"):
        session_of(one, StudyPlan(pick="missed"))


# -- drill -------------------------------------------------------------------------------------


def test_a_drill_moves_no_date_and_asks_until_each_was_known(one: Learner) -> None:
    answered(StudySession(one))
    before, day = states(one), one.glance().answers
    session = session_of(one, StudyPlan(drill=True))
    assert session.drill
    asked = answered(session, Rating.AGAIN, Rating.GOOD)
    rest = answered(session)
    assert rest.count(asked[0]) == 1, "what was missed comes again"
    assert asked[1] not in rest
    assert states(one) == before and one.glance().answers == day
    assert unfinished(one) is None
    one.refresh()
    assert states(one) == before


def test_undo_in_a_drill_takes_back_only_the_drill(one: Learner) -> None:
    answered(StudySession(one))
    before = states(one)
    session = session_of(one, StudyPlan(drill=True))
    assert session.undo() is None, "the answers before it stay"
    (unit,) = answered(session, Rating.GOOD)
    assert session.undo() == unit
    item = session.next()
    assert item is not None and item.unit == unit
    assert session.tally.answers == [] and states(one) == before


def test_nothing_met_is_nothing_to_drill(one: Learner) -> None:
    with pytest.raises(NotFoundError, match="met none"):
        session_of(one, StudyPlan(drill=True))


# -- left and gone on with ---------------------------------------------------------------------


def again(one: Learner, tmp_path: Path, clock: Clock) -> Learner:
    """The same learner in another process: nothing but the file is left."""
    one.close()
    return Learner.open(place(tmp_path, TAGGED), clock)


@pytest.mark.parametrize("drill", [False, True])
def test_a_session_goes_on_after_a_crash(
    tmp_path: Path, clock: Clock, one: Learner, drill: bool
) -> None:
    if drill:
        answered(StudySession(one))
    session = session_of(one, StudyPlan(limit=4, drill=drill))
    first = answered(session, Rating.GOOD, Rating.AGAIN, Rating.GOOD)
    assert session.undo() == first[2]
    there = again(one, tmp_path, clock)
    with closing(there):
        left = unfinished(there)
        assert left is not None and left.answered == 2
        back = session_of(there, StudyPlan(session=RESUMED))
        assert back.drill is drill
        assert len(back.tally.answers) == 2
        item = back.next()
        assert item is not None and (item.position, item.total) == (3, 4)
        assert len(answered(back)) == 2
        assert unfinished(there) is None
        with pytest.raises(NotFoundError):
            session_of(there, StudyPlan(session=RESUMED))


def test_the_minutes_go_on_too(tmp_path: Path, clock: Clock, one: Learner) -> None:
    session = StudySession(one, StudyPlan(minutes=2))
    answered(session, Rating.GOOD, clock=clock, ms=MINUTE_MS)
    answered(session, Rating.GOOD, clock=clock, ms=MINUTE_MS // 2)
    clock.utc_ms += 60 * MINUTE_MS
    with closing(again(one, tmp_path, clock)) as there:
        back = session_of(there, StudyPlan(session=RESUMED))
        assert back.next() is not None
        left = back.length.left_ms(there.now().utc_ms)
        assert left == 2 * MINUTE_MS - MINUTE_MS // 2


def test_a_quiz_goes_on_with_its_questions_and_answers(
    tmp_path: Path, clock: Clock, one: Learner
) -> None:
    session = QuizSession(one, QuizPlan(count=4))
    say(session, "?")
    session.skip()
    session.another()
    say(session, "a" if session.question and session.question.options else "1")
    report, question = session.report(), session.question
    assert question is not None
    with closing(again(one, tmp_path, clock)) as there:
        left = unfinished(there)
        assert left is not None and str(left) == f"quiz, 2 of {session.total} answered"
        back = QuizSession(there, QuizPlan(session=RESUMED))
        assert (back.position, back.total, back.seed) == (3, session.total, session.seed)
        assert back.question is not None and back.question.text == question.text
        for mine, before in zip(back.report().items, report.items, strict=True):
            assert (mine.key, mine.right, mine.question) == (
                before.key,
                before.right,
                before.question,
            )
        while back.question is not None:
            say(back, "?")
        assert unfinished(there) is None


def say(session: QuizSession, answer: str) -> None:
    question = session.question
    assert question is not None
    turn = Turn(question)
    if question.marked:
        turn.reply(answer)
    if not turn.over:
        turn.reveal()
    if turn.mark is None:
        turn.judge(False)
    session.settle(turn)
    session.advance()


def test_all_that_the_day_brings_needs_no_row(one: Learner) -> None:
    answered(StudySession(one), Rating.GOOD)
    assert rows(one, "session") == [] and unfinished(one) is None


@pytest.mark.parametrize(
    "payload",
    ["", "[]", '{"verb": "quiz"}', '{"verb": "quiz", "plan": []}',
     '{"verb": "study", "plan": {"minutes": "x"}}', '{"verb": "study", "plan": {"cards": 3}}',
     '{"verb": "study", "plan": {"pick": "all"}}', '{"of": []}', '{"of": {}, "end": true}'],
)  # fmt: skip
def test_a_row_that_means_nothing_is_no_session(one: Learner, payload: str) -> None:
    one.store.append_rows([event_row(one.event("session", "", payload=payload))])
    assert unfinished(one) is None


@pytest.mark.parametrize("quiz", [False, True])
def test_a_note_that_means_nothing_is_passed_over(one: Learner, quiz: bool) -> None:
    if quiz:
        say(QuizSession(one, QuizPlan(count=3)), "?")
        id = rows(one, "review")[0].id
    else:
        answered(StudySession(one))
        answered(session_of(one, StudyPlan(drill=True)), Rating.GOOD)
        id = rows(one, "session")[0].id
    notes = ['"turns": 3', '"turns": [3]', '"turns": [["x"]]', '"key": []', '"rating": []']
    for note in notes:
        payload = f'{{"of": "{id}", {note}}}'
        one.append(lambda: [one.event("session", "", payload=payload)])  # noqa: B023 - called at once
    assert unfinished(one) is not None
    again = (
        QuizSession(one, QuizPlan(session=id)) if quiz else session_of(one, StudyPlan(session=id))
    )
    assert isinstance(again, QuizSession) or again.next() is not None


def test_a_session_is_offered_for_a_week(one: Learner, clock: Clock) -> None:
    answered(StudySession(one, StudyPlan(limit=3)), Rating.GOOD)
    clock.utc_ms += 6 * DAY_MS
    assert unfinished(one) is not None
    clock.utc_ms += DAY_MS
    assert unfinished(one) is None


def test_the_first_answer_holds_the_plan(one: Learner) -> None:
    session = StudySession(one, StudyPlan(limit=3))
    session.next()
    assert rows(one, "session") == [], "a session without an answer leaves nothing"
    answered(session, Rating.GOOD)
    (answer,) = one.store.events()
    said = json.loads(answer.payload)
    assert said == {"session": answer.id, "verb": "study", "plan": {"limit": 3}}
    assert session.undo() == answer.card_key
    assert unfinished(one) is None
    answered(session, Rating.GOOD)
    left = unfinished(one)
    assert left is not None and left.answered == 1


# -- a quiz that is short -----------------------------------------------------------------------


def test_fewer_questions_than_asked_are_told(one: Learner) -> None:
    session = QuizSession(one, QuizPlan(count=50))
    assert session.short == f"You asked for 50 questions: only {session.total} fit what you chose."
    assert QuizSession(one, QuizPlan(count=1)).short == ""
    assert QuizSession(one, QuizPlan()).short == ""
