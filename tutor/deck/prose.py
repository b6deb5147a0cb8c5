"""Lints the text itself: raw HTML, formulas, styled digits, stray comments, false checks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from tutor.deck.checks import check
from tutor.deck.comments import Comment, comment
from tutor.deck.foreign import lint_foreign
from tutor.deck.formulas import lint_formula, lint_raw, texts, with_lines
from tutor.deck.plots import lint
from tutor.deck.rules import Findings
from tutor.deck.sections import Block, Section, inline
from tutor.text.markdown import PARAGRAPH_LIMIT
from tutor.text.nesting import DEEPEST, TOO_DEEP
from tutor.text.pictures import PLOT

_DIGITS = re.compile(r"\d[*~]\d")
_VERBATIM = re.compile(r"(`+).*?\1|\$[^$]*\$|\\.", re.DOTALL)
_TABLE_BAR = re.compile(r"\$[^$]*\\\|[^$]*\$")
# A text, or a question, with none of the signs that the rules below look for.
_PLAIN = re.compile(r"[^*~_=\[%:;{}@^$<\\(!?|+#]*\??")
_COUNTED = re.compile(r"--|\n[a-z]{1,4}[.)] ")
# What inline text must hold for a formula, raw LaTeX, raw HTML or a picture to be in it.
_MARKED = re.compile(r"[$<\\]|!\[")
_ALERTS = frozenset({"TIP", "NOTE"})
# Each mark begins with one of these, and a run of n of them opens at most n marks.
_MARKS = re.compile(r"[*_~=\[]")
_UNKNOWN_ALERT = re.compile(r"\[!(\w+)\]")


def lint_section(section: Section, lines: list[str], findings: Findings) -> None:
    """Report what stands wrong in the text of one section, whether card or lesson."""
    if section.heading is not None:
        _lint_inline(section.heading, lines, findings)
    for block in section.blocks:
        if block.kind != "paragraph_open":
            _lint_block(block, lines, findings)
        for token in block.inlines:
            _lint_inline(token, lines, findings)
    first = True
    for found in comments(section):
        if found is not section.opener:
            _lint_comment(found, first, findings)
        if found.after:
            message = f"`{found.after[:40]}` after --> is lost: start a new line."
            findings.add(found.line, "text-after-comment", message)
        first = False


def comments(section: Section) -> Iterator[Comment]:
    """Every comment of a section, wherever it stands, in order."""
    for block in section.blocks:
        if block.comment:
            yield block.comment
        elif block.kind != "paragraph_open" or "<!--" in block.inlines[0].content:
            yield from _nested_comments(block)


def _nested_comments(block: Block) -> Iterator[Comment]:
    for token in block.tokens:
        if token.type == "html_block":
            sources = [token]
        elif token.type == "inline" and "<!--" in token.content:
            sources = [child for child in inline(token) if child.type == "html_inline"]
        else:
            continue
        line = (token.map or (block.start,))[0] + 1
        for source in sources:
            if found := comment(source.content, line):
                yield found


def _lint_comment(found: Comment, first: bool, findings: Findings) -> None:
    if found.word == "check":
        check(found, findings)
    elif found.opens:
        message = f"This {found.word} comment does nothing here: put it right under its heading."
        findings.add(found.line, "misplaced-comment", message)
    elif first and re.search(r"\bid\s*=", found.rest):
        message = f"`{found.word}` is not read: write card or topic."
        findings.add(found.line, "misplaced-comment", message)


def _lint_block(block: Block, lines: list[str], findings: Findings) -> None:
    if block.comment:
        return
    line = block.start + 1
    for token in block.tokens:
        if token.type not in _LINTED:
            continue
        if token.map:
            line = token.map[0] + 1
        if token.type == "math_block":
            lint_formula(token.content, lines[slice(*token.map or (0, 0))], line, findings)
        elif token.type == "table_open":
            for row in token.meta["overfull"]:
                findings.add(line + row, "table-cells", _OVERFULL)
        elif token.type == "fence":
            _lint_fence(token, line, findings)
        elif token.type == "hr" and _COLUMNS.fullmatch(lines[line - 1]):
            message = "A table of Pandoc is shown as text: write it with bars."
            findings.add(line, "unread-mark", message)
        elif token.type == "html_block" and not comment(token.content, 0):
            findings.add(line, "raw-html", "Raw HTML is shown as text: write Markdown.")
        elif token.type in {"alert_open", "blockquote_open"}:
            _lint_quote(token, lines[line - 1], line, findings)
    if block.kind == "table_open":
        _lint_bars(block, lines, findings)


def _lint_bars(block: Block, lines: list[str], findings: Findings) -> None:
    for i in range(block.start, block.end):
        if _TABLE_BAR.search(lines[i]):
            message = "`\\|` in a table is a bar for Markdown: write \\lVert or \\lvert."
            findings.add(i + 1, "table-bar", message)


_LINTED = frozenset(
    {"math_block", "table_open", "fence", "html_block", "alert_open", "blockquote_open", "hr"}
)
# What Pandoc rules its columns with.
_COLUMNS = re.compile(r" *-{2,}(?: +-{2,})+ *")


def _lint_fence(token: Token, line: int, findings: Findings) -> None:
    name = token.info.strip().strip("{}")
    if name == PLOT:
        lint(token.content, line + 1, findings)
    elif name == "math":
        message = "This formula is shown as code: put it between two lines of $$."
        findings.add(line, "raw-latex", message)
    elif name in _DRAWN:
        findings.add(line, "picture", f"A terminal shows the source of this {name} picture.")
    elif _QUERY.fullmatch(name):
        findings.add(line, "unread-mark", f"A terminal shows the source of this {name} block.")
    elif _DIRECTIVE.match(token.info):
        message = f"`{token.info.strip()[:20]}` is a directive, and what it holds is shown as code."
        findings.add(line, "unread-mark", message)


_DRAWN = frozenset({"mermaid", "dot", "graphviz", "plantuml", "tikz", "d2"})
# Blocks that plugins of Obsidian fill or draw.
_QUERY = re.compile(r"dataview(?:js)?|tasks|query|base|chart|excalidraw|ad-[\w-]+")
# MyST's boxes, and the chunks of Quarto and R Markdown.
_DIRECTIVE = re.compile(r"\s*\{[\w-]+[^}]*\}")


_OVERFULL = (
    "More cells than the table has columns, and the last are left out: "
    "take bars away, or write \\| for one that is text."
)


def _lint_quote(token: Token, text: str, line: int, findings: Findings) -> None:
    if token.type == "alert_open":
        kind = token.meta.get("kind", "")
    else:
        found = _UNKNOWN_ALERT.match(text.lstrip(" >"))
        kind = found[1] if found else "NOTE"
    if kind in _ALERTS:
        return
    message = f"[!{kind[:20]}] is shown as a quote: use [!TIP] for a hint, [!NOTE] to explain."
    findings.add(line, "unknown-alert", message)


def _lint_inline(token: Token, lines: list[str], findings: Findings) -> None:
    if len(token.content) <= PARAGRAPH_LIMIT and _PLAIN.fullmatch(token.content):
        if _COUNTED.search(token.content):
            lint_foreign(token.content, (token.map or (0,))[0] + 1, findings)
        return
    first, last = token.map or (0, 1)
    line = first + 1
    if _DIGITS.search(token.content) and _DIGITS.search(_VERBATIM.sub("", token.content)):
        message = "`*` or `~` between digits styles the text: write ×, or math in dollars."
        findings.add(line, "digits-star", message)
    _lint_limits(token, line, findings)
    lint_foreign(token.content, line, findings)
    if not _MARKED.search(token.content):
        return
    children = inline(token)
    for child, at in with_lines(children, line):
        if child.type.startswith("math_inline"):
            lint_formula(child.content, lines[at - 1 : last], at, findings)
        elif child.type == "image":
            message = (
                f"A terminal shows `[picture: {child.content[:40]}]`: say in words what it shows."
            )
            findings.add(at, "picture", message)
        elif child.type == "html_inline" and comment(child.content, 0) is None:
            message = f"`{child.content[:30]}` is raw HTML and is shown as text."
            findings.add(at, "raw-html", message)
    for text, at in texts(children, line):
        lint_raw(text, at, findings)


def _lint_limits(token: Token, line: int, findings: Findings) -> None:
    length = len(token.content)
    if length > PARAGRAPH_LIMIT and "\n" in token.content:  # a long line was reported as such
        message = f"A paragraph of {length:,} characters, {PARAGRAPH_LIMIT:,} are read: split it."
        findings.add(line, "too-long", message)
    if length <= DEEPEST or len(_MARKS.findall(token.content)) <= DEEPEST:
        return
    if inline(token) and TOO_DEEP in token.meta:
        message = f"Marks stand more than {DEEPEST} deep in one another: the inner ones are text."
        findings.add(line, "deep-marks", message)
