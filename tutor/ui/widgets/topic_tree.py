"""The tree of chapters and topics; what is known carries a mark.

Its nodes hold the topics themselves; a chapter holds none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby

from rich.style import Style
from rich.text import Text
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from tutor.deck.model import Topic

KNOWN = "✓"


class TopicTree(Tree[Topic | None]):
    """Chapters that unfold into topics."""

    DEFAULT_CSS = """
    TopicTree {
        background: $background;
        &:focus { background-tint: transparent; }
        & > .tree--cursor { background: $background; text-style: none; }
        &:focus > .tree--cursor { background: $panel; text-style: bold; }
        & > .tree--highlight-line { background: $background; }
    }
    """

    def __init__(self) -> None:
        super().__init__("Topics")
        self.show_root = False
        self.show_guides = False
        self.guide_depth = 2
        self.auto_expand = True
        self.known: set[str] = set()

    @property
    def topic(self) -> Topic | None:
        """The topic under the cursor."""
        return self.cursor_node.data if self.cursor_node else None

    def fill(self, topics: Iterable[Topic], known: Collection[str], *, unfold: bool) -> None:
        """Show these topics by chapter; `unfold` opens every chapter, else the first open one."""
        self.known = set(known)
        self.clear()
        ordered = sorted(topics, key=lambda t: (t.chapter, t.order))
        first = True
        for (number, title), group in groupby(ordered, lambda t: (t.chapter, t.chapter_title)):
            members = list(group)
            some_left = any(topic.id not in known for topic in members)
            label = f"{number:>2} {title}"
            opened = unfold or (first and some_left)
            first = first and not opened
            chapter = self.root.add(label, expand=opened)
            for topic in members:
                chapter.add_leaf(topic.title, topic)
        self.root.expand()
        if unfold:
            self.call_after_refresh(self._to_first)

    def _to_first(self) -> None:
        """Put the cursor on the first topic, below its chapter's title."""
        self.cursor_line = 1

    def go_to(self, topic_id: str) -> None:
        """Put the cursor on a topic, its chapter unfolded."""
        for chapter in self.root.children:
            for node in chapter.children:
                if node.data is not None and node.data.id == topic_id:
                    chapter.expand()
                    self.call_after_refresh(self.move_cursor, node)

    def mark(self, topic_id: str, known: bool) -> None:
        """Show that a topic is known, or no longer."""
        (self.known.add if known else self.known.discard)(topic_id)
        self._invalidate()
        self.refresh()

    def render_label(self, node: TreeNode[Topic | None], base_style: Style, style: Style) -> Text:
        """Topic titles behind their mark; chapter titles with how many of theirs are known."""
        label = str(node.label)
        if node.data is None:
            topics = [child.data for child in node.children if child.data is not None]
            known = sum(topic.id in self.known for topic in topics)
            arrow = "▾ " if node.is_expanded else "▸ "
            text = Text.assemble((arrow, base_style), label, f"   {known} of {len(topics)}")
        else:
            mark = KNOWN if node.data.id in self.known else " "
            text = Text.assemble((f"  {mark} ", base_style), label)
        text.stylize(style)
        return text
