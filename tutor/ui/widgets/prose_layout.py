"""Lays Markdown out for the screen: tokens in, styled lines of a given width out.

It knows what cards and lessons use (prose, lists, code, tables, formulas) and draws it as a page:
space and weight, no boxes. Card text goes into `Content` as it is and is never read as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode as Node
from textual.content import Content

from tutor.text import math
from tutor.text.links import address
from tutor.text.markdown import parser
from tutor.text.pictures import PLOT

Lines = list[Content]
EMPTY = Content("")
ALERTS = {"tip": "Hint", "note": "Note"}
# Stands for the spaces of a short formula while lines are broken: `T < 1` stays together.
GLUE = "\ue000"
LONGEST_GLUED = 24
INLINE_STYLES = {"strong": "bold", "em": "italic", "s": "strike", "mark": "bold underline $accent"}


def layout(markdown: str, width: int, *, raw_math: bool = False) -> Lines:
    """The lines of `markdown`, each at most `width` cells; `raw_math` keeps the LaTeX."""
    root = Node(parser().parse(markdown))
    return Layout(raw_math).blocks(root.children, max(10, width))


def one_line(markdown: str, *, raw_math: bool = False) -> Content:
    """Inline Markdown as one line of content: an option, a title, a cell."""
    root = Node(parser().parseInline(markdown))
    return unglued(Layout(raw_math).inline(root.children))


@dataclass(frozen=True, slots=True)
class Layout:
    """One way of laying out: with formulas drawn, or with their source."""

    raw_math: bool = False

    # -- blocks -------------------------------------------------------------------------------

    def blocks(self, nodes: Iterable[Node], width: int) -> Lines:
        """Blocks one below the other, with one empty line between two of them."""
        lines: Lines = []
        for node in nodes:
            if block := self.block(node, width):
                lines += [EMPTY, *block] if lines else block
        return lines

    def block(self, node: Node, width: int) -> Lines:
        """One block; a comment or front matter has no lines."""
        draw = BLOCKS.get(node.type)
        return draw(self, node, width) if draw else []

    def paragraph(self, node: Node, width: int) -> Lines:
        """Prose, wrapped at words."""
        return wrapped(self.inline(node.children), width)

    def heading(self, node: Node, width: int) -> Lines:
        """A heading inside a lesson: bold, nothing else."""
        return wrapped(self.inline(node.children).stylize("bold"), width)

    def bullets(self, node: Node, width: int) -> Lines:
        """Items behind a dot."""
        return self._items(node, ["• "] * len(node.children), width)

    def numbers(self, node: Node, width: int) -> Lines:
        """Items behind their number."""
        start = int(node.attrs.get("start", 1))
        return self._items(node, [f"{start + i}. " for i in range(len(node.children))], width)

    def _items(self, node: Node, marks: list[str], width: int) -> Lines:
        indent = max(map(len, marks), default=0)
        lines: Lines = []
        for mark, item in zip(marks, node.children, strict=True):
            # A paragraph and the list inside it belong together: no empty line within an item.
            inner = [line for block in item.children for line in self.block(block, width - indent)]
            lines += hung(inner or [EMPTY], Content.styled(mark.rjust(indent), "$quiet"))
        return lines

    def quote(self, node: Node, width: int) -> Lines:
        """A quotation behind a thin line."""
        bar = Content.styled("│ ", "$quiet")
        return [bar + line for line in self.blocks(node.children, width - 2)]

    def alert(self, node: Node, width: int) -> Lines:
        """A tip or a note: its name, and its text below."""
        kind = str(node.meta.get("kind", "note")).lower()
        name = ALERTS.get(kind, kind.capitalize())
        body = [child for child in node.children if child.type != "alert_title"]
        return [Content.styled(name, "$quiet"), *self.blocks(body, width)]

    def code(self, node: Node, width: int) -> Lines:
        """Code, indented, folded where it is too long; a `plot` as its picture."""
        if node.info.strip() == PLOT and (picture := drawn(node.content, width)):
            return picture
        lines = (Content(line or " ") for line in node.content.rstrip("\n").split("\n"))
        return hung([piece for line in lines for piece in line.fold(width - 4)], Content("    "))

    def formula(self, node: Node, width: int) -> Lines:
        """A display formula in two dimensions, broken where it is too wide; or its source."""
        if self.raw_math:
            lines = wrapped(Content(node.content.strip()), width - 4)
        else:
            lines = [Content(line) for line in math.display(node.content, width - 4).lines]
        return hung(lines, Content("    "))

    def table(self, node: Node, width: int) -> Lines:
        """Columns as wide as their cells, shrunk when they do not fit; a line below the heads."""
        rows = [[self.inline(cell.children) for cell in row.children] for row in node.walk()
                if row.type == "tr"]  # fmt: skip
        widths = shrunk([max(c.cell_length for c in column) for column in zip(*rows, strict=False)],
                        width - 3 * (len(rows[0]) - 1))  # fmt: skip
        lines = [line for row in rows for line in beside(row, widths)]
        head = len(beside(rows[0], widths))
        rule = Content.styled("─" * (sum(widths) + 3 * (len(widths) - 1)), "$rule")
        return [line.stylize("bold") for line in lines[:head]] + [rule, *lines[head:]]

    def rule(self, _node: Node, width: int) -> Lines:
        """A break between two thoughts."""
        return [Content.styled("─" * min(12, width), "$rule")]

    def raw(self, node: Node, width: int) -> Lines:
        """Raw HTML as text, as the linter says; a comment has no lines."""
        return [] if is_comment(node.content) else wrapped(Content(node.content.strip()), width)

    # -- inline -------------------------------------------------------------------------------

    def inline(self, nodes: Iterable[Node]) -> Content:
        """Inline tokens as one piece of content."""
        return EMPTY.join([self.span(node) for node in nodes])

    def span(self, node: Node) -> Content:
        """One inline token."""
        if draw := SPANS.get(node.type):
            return draw(self, node)
        inner = self.inline(node.children)
        style = INLINE_STYLES.get(node.type)
        return inner.stylize(style) if style else inner

    def text(self, node: Node) -> Content:
        """Words as they are."""
        return Content(node.content)

    def code_words(self, node: Node) -> Content:
        """Code within a sentence."""
        return Content.styled(node.content, "$accent")

    def picture(self, node: Node) -> Content:
        """What a picture would show, in words."""
        return Content.styled(f"[picture: {node.content}]", "$quiet")

    def inline_math(self, node: Node) -> Content:
        """A formula within a sentence, or its source."""
        latex = node.content
        if self.raw_math:
            return Content.styled(f"${latex}$", "$accent")
        text = math.inline(latex)
        return Content(text.replace(" ", GLUE) if len(text) <= LONGEST_GLUED else text)

    def link(self, node: Node) -> Content:
        """A link with its address, which is seen before anything is opened."""
        text = self.inline(node.children)
        told = address(text.plain, str(node.attrs.get("href", "")))
        shown = text.stylize("underline")
        return Content.assemble(shown, (f" ({told})", "$quiet")) if told else shown


BLOCKS: dict[str, Callable[[Layout, Node, int], Lines]] = {
    "paragraph": Layout.paragraph,
    "heading": Layout.heading,
    "bullet_list": Layout.bullets,
    "ordered_list": Layout.numbers,
    "blockquote": Layout.quote,
    "alert": Layout.alert,
    "fence": Layout.code,
    "code_block": Layout.code,
    "math_block": Layout.formula,
    "math_block_label": Layout.formula,
    "table": Layout.table,
    "hr": Layout.rule,
    "html_block": Layout.raw,
}


SPANS: dict[str, Callable[[Layout, Node], Content]] = {
    "text": Layout.text,
    "softbreak": lambda _layout, _node: Content(" "),
    "hardbreak": lambda _layout, _node: Content("\n"),
    "code_inline": Layout.code_words,
    "math_inline": Layout.inline_math,
    "math_inline_double": Layout.inline_math,
    "link": Layout.link,
    "image": Layout.picture,
    "html_inline": lambda _layout, node: Content("" if is_comment(node.content) else node.content),
}


def drawn(source: str, width: int) -> Lines | None:
    """The picture of a `plot` block in the theme's colours; None when it cannot be drawn."""
    from tutor.plot import DARK, block  # NumPy is loaded where there is something to draw

    inks = {
        DARK.text: "$foreground",
        DARK.quiet: "$quiet",
        DARK.accent: "$accent",
        DARK.good: "$good",
        DARK.bad: "$bad",
    }
    rows = block.rows(source, width)
    if rows is None:
        return None
    return [
        Content.assemble(
            *((text, inks.get(style.color.name, "") if style and style.color else "")
              for text, style, _ in row)
        ).rstrip()
        for row in rows
    ]  # fmt: skip


def is_comment(html: str) -> bool:
    """Whether raw HTML is a comment, which carries a deck's ids and is not shown."""
    return html.lstrip().startswith("<!--")


def wrapped(content: Content, width: int) -> Lines:
    """`content` wrapped at words, without blanks at the ends of lines."""
    return [unglued(line.rstrip()) for line in content.wrap(max(1, width))]


def unglued(content: Content) -> Content:
    """`content` with plain spaces again, its styles where they were."""
    return Content(content.plain.replace(GLUE, " "), list(content.spans))


def hung(lines: Lines, first: Content) -> Lines:
    """`lines` with `first` before the first of them and as much space before the others."""
    rest = Content(" " * first.cell_length)
    return [(rest if at else first) + line for at, line in enumerate(lines)]


def shrunk(widths: list[int], room: int) -> list[int]:
    """Column widths that fit into `room`, taking from the widest first."""
    fitted = list(widths)
    while sum(fitted) > room and max(fitted) > 1:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def beside(cells: list[Content], widths: list[int]) -> Lines:
    """One table row as lines: each cell wrapped in its own column."""
    columns = [wrapped(cell, width) for cell, width in zip(cells, widths, strict=False)]
    lines = []
    for at in range(max(map(len, columns), default=0)):
        parts = [
            (column[at] if at < len(column) else EMPTY).pad_right(
                width - (column[at].cell_length if at < len(column) else 0)
            )
            for column, width in zip(columns, widths, strict=False)
        ]
        lines.append(Content("   ").join(parts).rstrip())
    return lines
