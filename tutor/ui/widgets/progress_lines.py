"""Progress as a page to read: each chart has its numbers in words beside it.

From top to bottom: what you know, what is coming, where you are weak, how well you judge yourself.
"""

from __future__ import annotations

from textual.content import Content

from tutor.session.progress import Day, Facts
from tutor.ui.widgets import bars
from tutor.ui.widgets.prose_layout import Lines, hung, one_line, wrapped
from tutor.ui.widgets.today_lines import plural

BAR, CHART, TITLE = 16, 28, 32
MOST = 8


def progress_lines(facts: Facts, width: int) -> Lines:
    """The whole page at `width` cells."""
    parts = [
        section("What you know", known(facts)),
        section("What you did", did(facts)),
        section("What is coming", coming(facts)),
        section("Where you are weak", weak(facts, width)),
        section("How well you judge yourself", judged(facts, width)),
    ]
    return [line for part in parts for line in part]


def section(title: str, body: Lines) -> Lines:
    """A heading, its body, and space after it."""
    return [Content.styled(title, "bold"), *body, Content("")]


def known(facts: Facts) -> Lines:
    """Topics by chapter, and the cards by how far they are."""
    glance = facts.glance
    cards = (
        f"{facts.review:,} cards in review, {facts.learning:,} being learnt, {facts.new:,} new"
        + (f", {facts.suspended:,} suspended" if facts.suspended else "")
    )
    lines: Lines = [Content(f"{glance.known} of {plural(glance.topics, 'topic')}. {cards}.")]
    for chapter in glance.chapters:
        title = Content(f"{chapter.number:>2} {chapter.title}").truncate(TITLE, ellipsis=True)
        lines.append(
            Content.assemble(
                title.pad_right(TITLE - title.cell_length + 2),
                bars.bar(chapter.known / chapter.topics if chapter.topics else 0, BAR),
                f"  {chapter.known} of {chapter.topics}",
            )
        )
    return lines


def did(facts: Facts) -> Lines:
    """Answers a day, days in a row, true retention."""
    glance, kept = facts.glance, facts.glance.retention
    total = sum(day.count for day in facts.past)
    lines: Lines = [
        Content(
            f"{plural(total, 'answer')} in the last {len(facts.past)} days; "
            f"{glance.study_days} of the last 30 days, {plural(glance.streak, 'day')} in a row."
        ),
        *chart(facts.past),
    ]
    if kept is None or not kept.n:
        return [*lines, Content("True retention is known after the first reviews on a later day.")]
    return [*lines, Content(f"True retention {shared(kept.value, kept.low, kept.high)} "
                            f"over {plural(kept.n, 'review')}.")]  # fmt: skip


def coming(facts: Facts) -> Lines:
    """Cards due a day."""
    total = sum(day.count for day in facts.coming)
    words = f"{plural(total, 'card')} fall due in the next {len(facts.coming)} days."
    if not total:
        words = f"Nothing falls due in the next {len(facts.coming)} days: learn something new."
    return [Content(words), *chart(facts.coming)]


def chart(days: tuple[Day, ...]) -> Lines:
    """One bar a day; none at all when every day is empty."""
    if not any(day.count for day in days):
        return []
    return bars.rows([(day.name, day.count, f"{day.count:,}") for day in days], CHART)


def weak(facts: Facts, width: int) -> Lines:
    """Topics likely forgotten, leeches, flagged cards."""
    lines: Lines = []
    for title, recall, cards in facts.weak:
        name = Content(title).truncate(TITLE, ellipsis=True)
        lines.append(
            Content.assemble(
                name.pad_right(TITLE - name.cell_length + 2), bars.bar(recall, BAR),
                f"  {recall * 100:.0f} % likely known, {plural(cards, 'card')}",
            )
        )  # fmt: skip
    for text, lapses in facts.leeches[:MOST]:
        lines += hung(wrapped(one_line(text), width - 24), Content.styled("forgotten ", "$bad")
                      + Content(f"{lapses} times: "))  # fmt: skip
    for text in facts.flagged[:MOST]:
        lines += hung(wrapped(one_line(text), width - 9), Content.styled("flagged: ", "$accent"))
    for text in facts.set_aside[:MOST]:
        lines += hung(wrapped(one_line(text), width - 11), Content.styled("suspended: ", "$quiet"))
    return lines or [Content.styled("Nothing yet: it shows after the first reviews.", "$quiet")]


def judged(facts: Facts, width: int) -> Lines:
    """Sure and unsure answers against what was right, and predictions of demos."""
    rows = (
        ("When you were sure", facts.sure),
        ("When you were unsure", facts.unsure),
        ("Your predictions of demos", facts.predictions),
    )
    lines = [
        Content.assemble(
            label.ljust(TITLE + 2), bars.bar(share.value, BAR),
            f"  right {share.value * 100:.0f} %, {share.n} times",
        )
        for label, share in rows
        if share.n
    ]  # fmt: skip
    if not lines:
        text = "Press F3 in a quiz before you answer, and predict in the lab: then it shows here."
        return [line.stylize("$quiet") for line in wrapped(Content(text), width)]
    return lines


def shared(value: float, low: float, high: float) -> str:
    """`91 % (86–94)`."""
    return f"{value * 100:.0f} % ({low * 100:.0f}–{high * 100:.0f})"
