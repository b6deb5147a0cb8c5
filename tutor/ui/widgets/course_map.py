"""The course map: each chapter with how much of it is known, read down the columns.

The arrows go through it, enter shows the cards of a chapter, a click does too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

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
TITLE, BAR, GAP = 22, 8, 1  # cells of a chapter's title and bar, and between two columns
# The cursor's mark, the chapter's number, title and bar with blanks between them.
CELL = 2 + 3 + TITLE + 1 + BAR


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

    def down_in(self, width: int) -> int:
        """The rows that the chapters take in so many cells."""
        columns = max(1, min(MOST, (width + GAP) // (CELL + GAP)))
        return -(-len(self.chapters) // columns)

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
        title = Content(chapter.title).truncate(TITLE, ellipsis=True)
        line = Content.assemble(
            ("> " if here else "  ", "$accent"),
            (f"{chapter.number or '':>2} ", "$quiet"),
            title.pad_right(TITLE - title.cell_length + 1),
            bar(chapter.known / chapter.topics if chapter.topics else 0, BAR),
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
        at = event.y + event.x // (CELL + GAP) * self.down_in(self.size.width)
        if at < len(self.chapters):
            self.cursor = at
            self.action_open()
