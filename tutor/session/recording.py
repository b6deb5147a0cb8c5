"""A session in the journal: its plan, which answers are part of it, and whether it was ended.

So it goes on where it was after a quit, a crash, or on another day. The first answer holds the plan
in its payload, and each further one the id of that first; there is no row beside the answers. What
no answer says is a row of the kind `session` that names that id too: a question left out, an early
end, and all of a drill, whose answers are none of the schedule's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal, get_args, get_type_hints

from tutor.errors import NotFoundError
from tutor.memory.model import Event
from tutor.memory.time import DAY_MS
from tutor.session.payload import named
from tutor.session.plans import RESUMED, QuizPlan, StudyPlan

if TYPE_CHECKING:
    from tutor.quiz.sequence import Draw
    from tutor.session.learner import Learner

Verb = Literal["study", "quiz"]
PLANS: dict[str, type[StudyPlan] | type[QuizPlan]] = {"study": StudyPlan, "quiz": QuizPlan}
OFFERED_DAYS = 7
"""So long a session that was left is offered again."""
MOST_CARDS = 2_000
"""A session of more chosen cards is not written down."""
_LOOKED_AT = 3_000  # of the newest rows of the kind `session`
_ANSWERS = 200  # among which the newest of a session is looked for


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A session that was left before its end: its plan, which goes on with it, and how far it is.

    answered: so many answers. total: of so many, where that is known.
    """

    verb: Verb
    plan: StudyPlan | QuizPlan
    answered: int
    total: int | None
    began_utc_ms: int

    def __str__(self) -> str:
        """`quiz, 4 of 10 answered`."""
        name = "drill" if isinstance(self.plan, StudyPlan) and self.plan.drill else self.verb
        of = f" of {self.total}" if self.total else ""
        return f"{name}, {self.answered}{of} answered"


class Record:
    """One session's place in the journal; one that needs none, as all of a day, leaves nothing."""

    def __init__(self, learner: Learner, plan: StudyPlan | QuizPlan, *, kept: bool = True) -> None:
        self.id = plan.session
        self._learner = learner
        self._plan = replace(plan, session="")
        self._kept = kept and len(plan.cards) <= MOST_CARDS
        self._beginning = ""

    def tagged(self, answer: Sequence[Event]) -> list[Event]:
        """The events of an answer as part of the session; they are to be written at once."""
        if not self._kept:
            return list(answer)
        self._beginning = answer[0].id
        session = self.id or self._beginning
        told = [replace(event, payload=named(event.payload, session)) for event in answer]
        if not self.id:
            told[0] = replace(told[0], payload=_with_plan(self._plan, told[0].payload))
        return told

    def written(self) -> None:
        """Take note that what `tagged` gave is on disk."""
        if self._kept:
            self.id = self.id or self._beginning

    def taken_back(self) -> None:
        """Take note that an answer was taken back; with the first of all the session is gone."""
        if self.id and not self._learner.store.group(self.id, "review"):
            self.id = ""

    def add(self, **what: Any) -> Event:
        """Write a row that says something else of the session. Raises DataError."""

        def rows() -> list[Event]:
            first = []
            if not self.id:
                first = [self._row(_with_plan(self._plan))]
                self._beginning = first[0].id
            said = {"of": self.id or self._beginning} | what
            return [*first, self._row(json.dumps(said, ensure_ascii=False))]

        row = self._learner.append(rows)[-1]
        self.id = self.id or self._beginning
        return row

    def end(self) -> None:
        """Write down that the session is over, so that it is not offered again."""
        if self.id and self._kept:
            self.add(end=True)
            self._kept = False

    def _row(self, payload: str) -> Event:
        return self._learner.event("session", "", payload=payload)


def unfinished(learner: Learner) -> Unfinished | None:
    """The newest session if it was left before its end, and not too long ago. Raises DataError."""
    rows = [(row.id, _said(row)) for row in learner.store.recent(_LOOKED_AT, "session")]
    answers = (_said(row).get("session") for row in learner.store.recent(_ANSWERS))
    newest = next((name for name in answers if isinstance(name, str)), "")
    newest = max(newest, next((name for name, said in rows if "plan" in said), ""))
    ended = (said.get("of") == newest and said.get("end") is True for _, said in rows)
    if not newest or any(ended):
        return None
    try:
        plan, began = resumed(learner, newest)
    except NotFoundError:
        return None
    found = _unfinished(learner, plan, began)
    too_old = began <= learner.now().utc_ms - OFFERED_DAYS * DAY_MS
    over = found.total is not None and found.answered >= found.total
    return None if too_old or over else found


def _unfinished(learner: Learner, plan: StudyPlan | QuizPlan, began_utc_ms: int) -> Unfinished:
    answers, notes = answers_of(learner, plan.session), notes_of(learner, plan.session)
    if isinstance(plan, QuizPlan):
        draws = draws_of(learner, plan.session)
        keys, library = [draw.key for draw in draws] or plan.cards, learner.library
        total = sum(library.resolve(key) in library.entries for key in keys)
        return Unfinished("quiz", plan, len(answers), total, began_utc_ms)
    drilled = [note for _, note in notes if isinstance(note.get("key"), str)]
    done = len(drilled) if plan.drill else len(answers)
    return Unfinished("study", plan, done, plan.limit, began_utc_ms)


def resumed(learner: Learner, session: str) -> tuple[StudyPlan | QuizPlan, int]:
    """The plan of a session as it was drawn up, and when it began. Raises NotFoundError.

    session: its id, or `RESUMED` for the one that was left.
    """
    if session == RESUMED:
        found = unfinished(learner)
        if found is None:
            raise NotFoundError("Nothing to go on with", "Every session has come to its end.")
        return found.plan, found.began_utc_ms
    rows = [*learner.store.group(session, "review"), *learner.store.recent(_LOOKED_AT, "session")]
    first = next((row for row in rows if row.id == session), None)
    plan = _plan(first) if first else None
    if first is None or plan is None:
        raise NotFoundError("No such session", "The session to go on with is not in the journal.")
    return plan, first.at_utc_ms


def answers_of(learner: Learner, session: str) -> list[list[Event]]:
    """The answers of a session in order, the gaps of a cloze asked as a whole together."""
    groups: dict[str, list[Event]] = {}
    for event in learner.store.group(session, "review"):
        said = _said(event)
        if said.get("session") == session:
            groups.setdefault(str(said.get("together", event.id)), []).append(event)
    return list(groups.values())


def notes_of(learner: Learner, session: str) -> list[tuple[Event, dict[str, Any]]]:
    """What else was written of a session, in order."""
    rows = ((row, _said(row)) for row in learner.store.group(session, "session"))
    return [(row, said) for row, said in rows if said.get("of") == session]


def draws_of(learner: Learner, session: str) -> tuple[Draw, ...]:
    """The questions as they stood when a quiz was left; none if they are those of its plan."""
    for _, said in reversed(notes_of(learner, session) if session else []):
        if isinstance(said.get("turns"), list):
            with suppress(TypeError, ValueError):
                return tuple(_draw(*turn) for turn in said["turns"])
    return ()


def _draw(key: object, draw: object, gap: object) -> Draw:
    # Today looks for a session that was left, and asks nothing.
    from tutor.quiz.sequence import Draw

    if not (isinstance(key, str) and isinstance(draw, int) and isinstance(gap, int | None)):
        raise ValueError("this is no question of a quiz")
    return Draw(key, draw, gap)


def _with_plan(plan: StudyPlan | QuizPlan, payload: str = "") -> str:
    """A payload with a plan, but for what is as in every plan."""
    usual = asdict(type(plan)())
    told = {name: value for name, value in asdict(plan).items() if value != usual[name]}
    verb = "quiz" if isinstance(plan, QuizPlan) else "study"
    said = json.loads(payload or "{}") | {"verb": verb, "plan": told}
    return json.dumps(said, ensure_ascii=False)


def _said(row: Event) -> dict[str, Any]:
    """What a row carries; the journal may come from elsewhere, so nothing else is believed."""
    try:
        said = json.loads(row.payload or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _plan(row: Event) -> StudyPlan | QuizPlan | None:
    """The plan of a session's first row; None for what is none."""
    said = _said(row)
    kind = PLANS.get(str(said.get("verb")))
    told = said.get("plan")
    if kind is None or not isinstance(told, dict):
        return None
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in fields(kind):
        if field.name in told:
            value = told[field.name]
            value = tuple(value) if isinstance(value, list) else value
            if not _fits(value, hints[field.name]):
                return None
            values[field.name] = value
    return kind(**values | {"session": row.id})


def _fits(value: object, hint: Any) -> bool:
    """Whether a value is one of a plan's fields: a number, a switch, a word, or several words."""
    if isinstance(value, bool):
        return hint is bool
    if isinstance(value, int):
        return hint == (int | None) and abs(value) < 2**53
    if isinstance(value, tuple):
        return hint == tuple[str, ...] and all(isinstance(word, str) for word in value)
    return isinstance(value, str) and (hint is str or value in get_args(hint))
