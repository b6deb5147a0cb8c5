"""Progress in rows: each says its number in words and opens what it tells of.

Plain functions of the counts (`Facts`) and of what the answers say (`Past`), part by part.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from tutor.memory.stats import Share
from tutor.session.past import INTERVALS, WORK_DAYS, Past, interval_name
from tutor.session.progress import Facts
from tutor.text.numerals import plural
from tutor.ui.start import Start
from tutor.ui.widgets.attention_rows import browse, quiet
from tutor.ui.widgets.bars import bar
from tutor.ui.widgets.links import Link

BAR, SHARE = 8, 6  # cells of a bar, and of `100 %` with blanks before it
MOST = 8
SPANS = (7, 30, 365)


def year(facts: Facts) -> Iterator[Link]:
    """Answers and days."""
    stats = facts.stats
    whole = stats.over(SPANS[-1], facts.today)
    yield browse(
        f"{plural(whole.reviews, 'answer')} on {plural(whole.studied, 'day')} of the last year",
        f"{plural(stats.streak, 'day')} in a row",
        "answered:365",
    )


def time(facts: Facts) -> Iterator[Link]:
    """Minutes, and answers with them."""
    for days in SPANS:
        span = facts.stats.over(days, facts.today)
        told = f"{_time(span.seconds)}, {plural(span.reviews, 'answer')}"
        yield browse(f"In the last {days} days", told, f"answered:{days}")


def known(facts: Facts) -> Iterator[Link]:
    """What is remembered, and the cards by how far they are."""
    cards, stats = facts.stats.cards, facts.stats
    begun = sum(cards[phase] for phase in ("learning", "review", "suspended"))
    yield browse("Probably remembered today", f"{stats.knowledge:,.0f} of {begun:,}", "reps>0")
    for phase, label in (("review", "In review"), ("learning", "Being learnt"), ("new", "New")):
        query = "phase:learning,relearning" if phase == "learning" else f"phase:{phase}"
        yield browse(label, plural(cards[phase], "card"), query)


def chapters(facts: Facts, past: Past | None) -> Iterator[Link]:
    """The course map: known topics of each chapter, and its true retention."""
    kept = {row.name: row.kept.remembered for row in past.chapters} if past else {}
    heads = "topics known, or cards begun" + (", remembered" if kept else "")
    yield Link(Content(""), Content.styled(heads, "$quiet"))
    for chapter in facts.glance.chapters:
        share = kept.get(str(chapter.number))
        yield Link(
            Content.assemble((f"{chapter.number or '':>2} ", "$quiet"), chapter.title),
            Content.assemble(
                bar(chapter.known / chapter.topics if chapter.topics else 0, BAR),
                f"{chapter.known:>4} of {chapter.topics:<3}",
                _short(share) if share else " " * (SHARE if kept else 0),
            ),
            Start("browse", term=chapter.query),
        )


def remembered(facts: Facts, past: Past | None) -> Iterator[Link]:
    """True retention against the wish, and by interval beside what was foretold."""
    share = facts.stats.true_retention
    if share is None:
        yield quiet("It is known after the first reviews on a later day.")
        return
    wish = f", wished {past.wish * 100:.0f} %" if past else ""
    yield browse("True retention", f"{shared(share)} of {share.n:,}{wish}", "lapses>0")
    if past is None:
        return
    places = {interval_name(place): place for place in range(len(INTERVALS) + 1)}
    for row in past.intervals:
        share = row.kept.remembered
        told = f"{shared(share)}, foretold {row.kept.foretold * 100:.0f} %"
        yield browse(f"After {row.name}", told, _stable(places[row.name]))


def coming(facts: Facts) -> Iterator[Link]:
    """The cards that fall due."""
    due = facts.stats.forecast
    if not any(due):
        yield quiet("Nothing falls due in the next 365 days: learn something new.")
        return
    rows = (("Today", 1, "due:today"), ("Tomorrow", 2, "due:tomorrow"))
    for label, end, query in rows:
        yield browse(label, plural(due[end - 1], "card"), query)
    for days in SPANS:
        yield browse(f"In {days} days", plural(sum(due[:days]), "card"), f"due:{days - 1}")


def judged(past: Past) -> Iterator[Link]:
    """Sure and unsure answers against what was right, and predictions of demos."""
    rows = (
        ("When you were sure", past.sure, "quiz"),
        ("When you were unsure", past.unsure, "quiz"),
        ("Your predictions of demos", past.predictions, "lab"),
    )
    for label, share, page in rows:
        if share.n:
            told = f"  right {share.value * 100:.0f} %, {plural(share.n, 'time')}"
            yield Link(Content(label), bar(share.value, BAR) + Content(told), Start(page))
    if not any(share.n for _, share, _ in rows):
        yield quiet("Press F3 in a quiz before you answer, and predict in the lab.")


def model(past: Past) -> Iterator[Link]:
    """How well the weights in force foretell."""
    found = past.model
    if found is None:
        yield quiet("It is tested by reviews on a later day.")
        return
    fitted = f"fitted on {found.fitted:%d %b %Y}" if found.fitted else "the usual ones"
    settings = Start("settings")
    yield Link(Content("Weights"), Content(fitted), settings)
    kept = found.kept
    told = f"{kept.foretold * 100:.1f} %, came {kept.remembered.value * 100:.1f} %"
    yield Link(Content("Foretold"), Content(told), settings)
    errors = f"log loss {found.log_loss:.3f}, RMSE {found.rmse_bins * 100:.1f} %"
    yield Link(Content("Error"), Content(errors), settings)
    if not found.fitted:
        yield quiet("tutor fit fits them to your answers, if that helps.")


def work(past: Past) -> Iterator[Link]:
    """What other wishes would cost."""
    if not past.work:
        yield quiet("It is known after the first answers.")
        return
    yield Link(Content(""), Content.styled("all cards learnt in a year", "$quiet"))
    for run in past.work:
        known = f"{run.remembered:,.0f} of {run.introduced:,} remembered"
        told = f"{run.minutes / WORK_DAYS:.1f} min a day, {known}"
        yield Link(Content(f"{run.retention * 100:.0f} %"), Content(told), Start("settings"))


def shared(share: Share) -> str:
    """`91 % (86–94)`."""
    return f"{share.value * 100:.0f} % ({share.low * 100:.0f}–{share.high * 100:.0f})"


def _short(share: Share) -> str:
    return f"{share.value * 100:.0f} %".rjust(SHARE)


def _stable(place: int) -> str:
    """The query for the cards whose stability lies in a row of intervals."""
    low = f"s>{INTERVALS[place - 1]}" if place else ""
    high = f"s<={INTERVALS[place]}" if place < len(INTERVALS) else ""
    return f"{low} {high}".strip()


def _time(seconds: float) -> str:
    """`63 min`, `4 h 10 min`."""
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60:,} h {minutes % 60} min" if minutes < 6000 else f"{minutes // 60:,} h"
