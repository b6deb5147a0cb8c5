"""The course map: each chapter with how much of it is known, read down the columns.

The arrows go through it, enter shows the cards of a chapter, a click does too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tutor.ui.keys import bind
from tutor.ui.start import Start
from tutor.ui.widgets.bars import bar
from tutor.ui.widgets.links import Links

if TYPE_CHECKING:
    from tutor.store.glance import ChapterGlance

MOST = 3  # columns
TITLE, BAR, GAP = 22, 8, 1  # least cells of a chapter's title and bar, and between two columns
# The cursor's mark and the chapter's number before the title, and the blank before the bar.
AROUND = 2 + 3 + 1
CELL = AROUND + TITLE + BAR
SHORT_BAR = 4  # of a long title's chapter, which matters more


class CourseMap(Widget, can_focus=True):
    """Chapters in columns; posts `Links.Opened`."""

    DEFAULT_CSS = "CourseMap { height: auto; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("go", "open", "cards"),
        Binding("up", "move(-1)", "up", show=False),
        Binding("down", "move(1)", "down", show=False),
        Binding("left", "across(-1)", "left", show=False),
        Binding("right", "across(1)", "right", show=False),
    ]

    cursor: reactive[int] = reactive(0)
    chapters: reactive[tuple[ChapterGlance, ...]] = reactive((), layout=True)

    def __init__(self, chapters: tuple[ChapterGlance, ...], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(CourseMap.chapters, chapters)
        self.can_focus = bool(chapters)

    def watch_chapters(self) -> None:
        """Nothing to go to, nothing to focus."""
        self.can_focus = bool(self.chapters)
        self.cursor = min(self.cursor, max(0, len(self.chapters) - 1))

    @staticmethod
    def columns_in(width: int) -> int:
        """The columns that fit in so many cells."""
        return max(1, min(MOST, (width + GAP) // (CELL + GAP)))

    def down_in(self, width: int) -> int:
        """The rows that the chapters take in so many cells."""
        return -(-len(self.chapters) // self.columns_in(width))

    @property
    def cell(self) -> int:
        """The cells of a column: no more than the longest title can use."""
        longest = max((cell_len(chapter.title) for chapter in self.chapters), default=TITLE)
        columns = self.columns_in(self.size.width)
        room = (self.size.width + GAP) // columns - GAP
        return min(room, AROUND + max(TITLE, longest) + BAR)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the longest column has."""
        return self.down_in(width)

    def render(self) -> Content:
        """All chapters, the current one marked where the keys act."""
        cells = [self._cell(at, chapter) for at, chapter in enumerate(self.chapters)]
        down = self.down_in(self.size.width)
        return Content("\n").join(
            [Content(" " * GAP).join(cells[at::down]) for at in range(down)] if down else []
        )

    def _cell(self, at: int, chapter: ChapterGlance) -> Content:
        here = self.has_focus and at == self.cursor
        room = self.cell - AROUND  # for the title and the bar, which gives way to it
        wide = max(SHORT_BAR, min(BAR, room - cell_len(chapter.title)))
        title = Content(chapter.title).truncate(room - wide, ellipsis=True)
        line = Content.assemble(
            ("> " if here else "  ", "$accent"),
            (f"{chapter.number or '':>2} ", "$quiet"),
            title.pad_right(room - wide - title.cell_length + 1),
            bar(chapter.known / chapter.topics if chapter.topics else 0, wide),
        )
        return line.stylize("bold") if here else line

    # -- keys and mouse -----------------------------------------------------------------------

    def on_focus(self) -> None:
        """The cursor shows only where the keys act."""
        self.refresh()
        self.scroll_visible(animate=False)

    def on_blur(self) -> None:
        """The same."""
        self.refresh()

    def action_move(self, by: int) -> None:
        """Up and down; before the first chapter and behind the last lies the next part."""
        at = self.cursor + by
        if at < 0:
            self.screen.focus_previous()
        elif at < len(self.chapters):
            self.cursor = at
        else:
            self.screen.focus_next()

    def action_across(self, by: int) -> None:
        """To the other column."""
        at = self.cursor + by * self.down_in(self.size.width)
        if 0 <= at < len(self.chapters):
            self.cursor = at

    def action_open(self) -> None:
        """See the cards of the chapter."""
        if self.cursor < len(self.chapters):
            self.post_message(Links.Opened(Start("browse", term=self.chapters[self.cursor].query)))

    def on_click(self, event: events.Click) -> None:
        """Open the chapter under the mouse."""
        at = event.y + event.x // (self.cell + GAP) * self.down_in(self.size.width)
        if at < len(self.chapters):
            self.cursor = at
            self.action_open()
