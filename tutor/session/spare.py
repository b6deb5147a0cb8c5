"""What the minutes are for that are left once nothing waits, as the learner chose.

Asking cards ahead raises their retention by just so much as the minutes allow, and moves no wish;
of what could come instead nothing is begun unasked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tutor.session.learner import Learner
from tutor.session.plans import StudyPlan
from tutor.text.numerals import plural

# Less than this is no time to begin anything in.
LEAST_MIN = 2
TOLD = {
    "tell": "choose in the settings what they are for",
    "exam": "an exam over what you know",
    "demo": "a demo in the lab",
}


@dataclass(frozen=True, slots=True)
class Spare:
    """Minutes that are left of the day's, and what they are for.

    use: the setting's word; "tell" where the chosen thing cannot be had. plan: of study. told: what
    it comes to.
    """

    minutes: int
    use: str
    told: str
    plan: StudyPlan | None = None


def spare(learner: Learner) -> Spare | None:
    """What to offer now; None while something waits, when the time is over, or if unwanted."""
    chosen, done = learner.settings, learner.summary.history.days.get(learner.now().study_day)
    spent = done.elapsed_ms / 60_000 if done else 0.0
    left = int(chosen.minutes_a_day - spent)
    if chosen.spare_minutes == "nothing" or left < LEAST_MIN or learner.due().waiting:
        return None
    if not any(state.reps for state in learner.states()):
        return None  # nothing was learnt yet
    made = Spare(left, chosen.spare_minutes, TOLD.get(chosen.spare_minutes, ""))
    if made.use == "reviews":
        return _reviews(learner, made)
    return _new(learner, made) if made.use == "new cards" else made


def ahead(learner: Learner, minutes: int) -> tuple[str, ...]:
    """The units that are not due, the longest unseen first, as many as fit.

    Not by risk: where the model is wrong about a card it is so about its risk too, and under three
    of four simulated memories this keeps at least as much (docs/memory.md).
    """
    day, today = learner.now().study_day, learner.today
    open_to = [
        state for state in learner.states()
        if state.phase == "review" and not state.suspended and state.last_day != day
        and (state.buried_until_day or 0) <= day
        and not today.held(state.key)
    ]  # fmt: skip
    open_to.sort(key=lambda state: (state.last_day or 0, state.key))
    pace = learner.summary.pace.seconds(learner.summary.marked_share)
    return tuple(state.key for state in open_to[: int(minutes * 60 / max(pace, 0.1))])


def _reviews(learner: Learner, made: Spare) -> Spare:
    units = ahead(learner, made.minutes)
    if not units:
        return replace(made, use="tell", told="every card was asked today")
    told = f"{plural(len(units), 'card')} ahead, the longest unseen first"
    return replace(made, told=told, plan=StudyPlan(cards=units))


def _new(learner: Learner, made: Spare) -> Spare:
    coming = next(iter(learner.glance().next_topics), None)
    if coming is None:
        return replace(made, use="tell", told="every topic of your decks was begun")
    return replace(made, told=f"new cards: {coming[1]}", plan=StudyPlan(ahead=True))
