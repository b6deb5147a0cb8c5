"""Today's numbers in words: the headline, the things to do, what comes next, the chapters.

Plain functions of the prepared row; without one they say 0, never nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tutor.memory.waiting import Waiting
from tutor.text.numerals import plural
from tutor.ui.widgets.menu import Row

if TYPE_CHECKING:
    from tutor.session.outlook import Outlook
    from tutor.session.recording import Unfinished
    from tutor.store.glance import Glance

NEXT, GAP = 72, 4  # cells of what comes next, and between two numbers
LONGEST_GAP = 200  # days without a look after which the calendar is empty anyway
BACKLOG = "your minutes"


def headline(glance: Glance | None, now_ms: int) -> Content:
    """`23 due    3 learning    5 new    about 18 min`."""
    waiting = glance.waiting_at(now_ms) if glance else Waiting()
    parts: list[Content] = [
        Content.assemble((f"{waiting.due:,}", "bold $accent"), (" due", "bold"))
    ]
    if glance:
        parts.append(Content.assemble((f"{waiting.learning:,}", "bold"), " learning"))
        parts.append(Content.assemble((f"{waiting.new:,}", "bold"), " new"))
        if glance.minutes:
            parts.append(Content(f"about {glance.minutes} min"))
    return Content(" " * GAP).join(parts)


def rows(
    glance: Glance | None,
    now_ms: int,
    minutes: int | None = None,
    left: Unfinished | None = None,
    outlook: Outlook | None = None,
) -> tuple[Row, ...]:
    """The things to do, most likely first.

    minutes: how long to study. left: a session to go on with. outlook: a backlog's days, and the
    minutes that are left.
    """
    spare = outlook.spare if outlook else None
    over = (Row("spare", f"{spare.minutes} min left", spare.told),) if spare else ()
    plan = f"{minutes} min: nearest to being forgotten" if minutes else _plan(glance, now_ms)
    if outlook and outlook.told and not minutes:
        plan += f", {outlook.days or 'many'} days' worth at {BACKLOG}"
    again = (Row("resume", "Go on", str(left)),) if left else ()
    return (
        Row("study", "Start today", plan, "enter"),
        *again,
        *over,
        Row("study-setup", "Other sessions", "a chapter, what you missed, a mix, a drill"),
        Row("quiz", "Quiz", "questions over what you know", "q"),
        Row("lab", "Lab", "live demos: predict, run, be judged by the numbers", "l"),
        Row("glossary", "Glossary", _known(glance), "/"),
        Row("browse", "Browse", "find any card, mend it, see how it stands", "b"),
        Row("progress", "Progress", _retention(glance), "p"),
    )


def _plan(glance: Glance | None, now_ms: int) -> str:
    if glance is None:
        return ""
    waiting = glance.waiting_at(now_ms)
    parts = [str(waiting)] if waiting else []
    if glance.demos:
        parts.append(plural(glance.demos, "demo"))
    return ", ".join(parts) or "all done; learn ahead if you like"


def _known(glance: Glance | None) -> str:
    return f"{glance.known} of {plural(glance.topics, 'topic')} known" if glance else ""


def _retention(glance: Glance | None) -> str:
    kept = glance.retention if glance else None
    if kept is None or not kept.n:
        return "what you know and what is coming"
    low, high = round(kept.low * 100), round(kept.high * 100)
    return f"true retention {round(kept.value * 100)} % ({low}–{high})"


def last_days(glance: Glance | None, today: int) -> tuple[int, ...]:
    """The answers of each of the last study days until today."""
    if glance is None:
        return ()
    since = min(LONGEST_GAP, max(0, today - glance.study_day))
    return (*glance.days, *[0] * since)


def habit(glance: Glance | None) -> str:
    """`2,400 answers, 5 days in a row`."""
    if glance is None or not glance.answers:
        return "A square a day, from the first on."
    row = f", {glance.streak} days in a row" if glance.streak > 1 else ""
    return plural(glance.answers, "answer") + row


def next_up(glance: Glance | None) -> Content:
    """`Next up   Stride → Padding → Pooling`."""
    if not glance or not glance.next_topics:
        return Content("")
    path = " → ".join(title for _, title in glance.next_topics[:3])
    return Content.assemble(("Next up   ", "$quiet"), path).truncate(NEXT, ellipsis=True)
