"""The table of cards: a row a card, with a cursor, ticks, and columns that sort.

Only the rows in view are laid out, however many there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.deck.format import named
from tutor.memory.labels import days_until
from tutor.session.card_rows import Row
from tutor.ui.keys import bind

GAP = 2
TICKS = 4  # cells before the first column: the cursor's and the tick's
LEAST_FRONT = 24
MARKS = ("suspended", "buried")
# Words without a sign that Markdown or the formulas in it could mean something by.
PLAIN = re.compile(r"(?:[^\n\\`*_~\[\]<&$=:@]|:(?=\s|$))+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is sorted by, its title, its cells, and the table's width from which on
    there is room for it."""

    name: str
    title: str
    width: int = 0
    needs: int = 0


# The first one takes what the others leave.
COLUMNS = (
    Column("front", "card"),
    Column("topic", "topic", 20, 105),
    Column("kind", "kind", 9, 60),
    Column("due", "due", 10),
    Column("stability", "stable", 7, 84),
    Column("difficulty", "hard", 5, 105),
    Column("recall", "recall", 6, 95),
    Column("lapses", "lapses", 6),
)


class CardTable(Widget, can_focus=True):
    """Rows of cards; `ticked` holds keys. Posts `Moved`, `Opened` and `Sorted`."""

    DEFAULT_CSS = "CardTable { height: 1fr; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("open"),
        bind("tick"),
        bind("tick-all", "tick_all", show=False),
        Binding("up", "move(-1)", "up", show=False),
        Binding("down", "move(1)", "down", show=False),
        Binding("pageup", "move(-15)", "page up", show=False),
        Binding("pagedown", "move(15)", "page down", show=False),
        Binding("home", "move(-1000000)", "first", show=False),
        Binding("end", "move(1000000)", "last", show=False),
        Binding("left", "sort(-1)", "sort", key_display="← →", id="sort-1",
                tooltip="Sort by another column, up and down; the first order is by relevance."),
        Binding("right", "sort(1)", "sort", show=False, id="sort-2"),
    ]  # fmt: skip

    rows: reactive[Sequence[Row]] = reactive[Sequence[Row]](())
    cursor: reactive[int] = reactive(0)
    ticked: reactive[frozenset[str]] = reactive(frozenset())
    sorted_by: reactive[tuple[str, bool]] = reactive(("", False))
    top = 0

    @dataclass
    class Moved(Message):
        """The cursor stands on another card, or on none."""

        row: Row | None

    @dataclass
    class Opened(Message):
        """The learner wants to see this card."""

        row: Row

    @dataclass
    class Sorted(Message):
        """The rows are wanted in another order."""

        column: str
        reverse: bool

    @property
    def row(self) -> Row | None:
        """The card under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[Row], *, keep: bool) -> None:
        """Show other rows; `keep` leaves the cursor with its card where that is among them."""
        key = self.row.key if self.row and keep else ""
        self.rows = rows
        self.cursor = next((at for at, row in enumerate(rows) if row.key == key), 0) if key else 0
        self.post_message(self.Moved(self.row))

    def validate_cursor(self, cursor: int) -> int:
        """Stay on a row."""
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_cursor(self) -> None:
        """Keep the cursor in view, and tell where it is."""
        self.post_message(self.Moved(self.row))

    # -- painting -----------------------------------------------------------------------------

    @property
    def columns(self) -> list[tuple[Column, int]]:
        """The columns that there is room for, with their widths."""
        shown = [column for column in COLUMNS if self.size.width >= column.needs]
        taken = sum(column.width + GAP for column in shown if column.width)
        front = max(LEAST_FRONT, self.size.width - TICKS - taken)
        return [(column, column.width or front) for column in shown]

    def render(self) -> Content:
        """The titles of the columns, and the rows in view."""
        room = max(1, self.size.height - 1)
        last = max(0, len(self.rows) - room)
        self.top = min(max(self.top, self.cursor - room + 1), self.cursor, last)
        view = range(self.top, min(self.top + room, len(self.rows)))
        return Content("\n").join([self._titles(), *map(self._line, view)])

    def _titles(self) -> Content:
        name, reverse = self.sorted_by
        parts = [Content(" " * TICKS)]
        for column, width in self.columns:
            chosen = column.name == name
            title = f"{column.title} {'↓' if reverse else '↑'}" if chosen else column.title
            parts.append(_cell(Content.styled(title, "$accent" if chosen else "$quiet"), width))
        return Content("").join(parts).truncate(max(1, self.size.width))

    def _line(self, at: int) -> Content:
        row = self.rows[at]
        here = at == self.cursor
        parts = [
            Content.styled("> " if here and self.has_focus else "  ", "$accent"),
            Content.styled("✓ ", "$good") if row.key in self.ticked else Content("  "),
        ]
        parts += [_cell(_said(column.name, row), width) for column, width in self.columns]
        line = Content("").join(parts).truncate(max(1, self.size.width))
        return line.stylize("bold") if here else line

    # -- keys and mouse -----------------------------------------------------------------------

    def on_focus(self) -> None:
        """The cursor shows only where the keys act."""
        self.refresh()

    def on_blur(self) -> None:
        """The same."""
        self.refresh()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor += by

    def action_open(self) -> None:
        """See the card under the cursor."""
        if self.row is not None:
            self.post_message(self.Opened(self.row))

    def action_tick(self) -> None:
        """Tick the card, or take its tick away, and go on to the next."""
        if self.row is not None:
            self.ticked = self.ticked ^ {self.row.key}
            self.cursor += 1

    def action_tick_all(self) -> None:
        """Tick every card of the table; where all are ticked, none."""
        every = frozenset(row.key for row in self.rows)
        self.ticked = self.ticked - every if every <= self.ticked else self.ticked | every
        self.post_message(self.Moved(self.row))

    def action_sort(self, by: int) -> None:
        """Each column up, then down, then the next."""
        orders = [("", False), *((c.name, way) for c, _ in self.columns for way in (False, True))]
        at = orders.index(self.sorted_by) if self.sorted_by in orders else 0
        self._sort(*orders[(at + by) % len(orders)])

    def _sort(self, column: str, reverse: bool) -> None:
        self.sorted_by = (column, reverse)
        self.post_message(self.Sorted(column, reverse))

    def on_click(self, event: events.Click) -> None:
        """A title sorts, over the ticks ticks all; a row is moved to, a second click opens it."""
        if event.y == 0 and event.x < TICKS:
            self.action_tick_all()
            return
        if event.y == 0:
            self._click_title(event.x)
            return
        at = self.top + event.y - 1
        if at >= len(self.rows):
            return
        again, self.cursor = at == self.cursor, at
        if event.x < TICKS:
            self.ticked = self.ticked ^ {self.rows[at].key}
        elif again:
            self.action_open()

    def _click_title(self, x: int) -> None:
        start = TICKS
        for column, width in self.columns:
            if start <= x < start + width:
                self._sort(column.name, self.sorted_by == (column.name, False))
            start += width + GAP

    def on_mouse_scroll_down(self) -> None:
        """Further down."""
        self.cursor += 3

    def on_mouse_scroll_up(self) -> None:
        """Further up."""
        self.cursor -= 3


def _cell(content: Content, width: int) -> Content:
    cut = content.truncate(width, ellipsis=True)
    return cut.pad_right(width - cut.cell_length + GAP)


def _said(column: str, row: Row) -> Content:
    """What a column says of a card."""
    if column == "front":
        front = _front(row.entry.front)
        return Content.assemble(("! ", "$bad"), front) if row.flagged else front
    if column == "due":
        mark = next((mark for mark in MARKS if getattr(row, mark)), "")
        return Content.styled(mark, "$quiet") if mark else _due(row)
    return Content.styled(_PLAIN[column](row), "$quiet")


def _number(value: float | None, form: str, unit: str = "") -> str:
    return "" if value is None else f"{value:{form}}{unit}"


_PLAIN: dict[str, Callable[[Row], str]] = {
    "topic": lambda row: row.entry.topic or row.entry.deck,
    "kind": lambda row: row.entry.kind,
    "stability": lambda row: _number(row.stability, ",.1f", " d"),
    "difficulty": lambda row: _number(row.difficulty, ".1f"),
    "recall": lambda row: _number(row.recall and row.recall * 100, ".0f", " %"),
    "lapses": lambda row: str(row.lapses or ""),
}


def _due(row: Row) -> Content:
    if row.phase == "new":
        return Content.styled("new", "$quiet")
    if row.days is None:
        return Content("")
    late = f"{-row.days:,} d late" if row.days < 0 else ""
    return Content.styled(late or days_until(row.days), "$accent" if row.days <= 0 else "")


@lru_cache(maxsize=2_000)
def _front(markdown: str) -> Content:
    text = named(markdown).strip()
    if PLAIN.fullmatch(text) and "www." not in text.lower():
        return Content(text)
    # The parser is large: it is imported for the first card that needs it.
    from tutor.ui.widgets.prose_layout import one_line

    return one_line(text)
