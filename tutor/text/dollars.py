r"""The rules for formulas in Markdown: `$x$`, `$$x$$`, `\(x\)`, `\[x\]` and bare environments.

Prices stay prices. The rule for one dollar is pandoc's (no blank inside the dollars, no digit
behind the closing one, no other dollar between), but where the inside is LaTeX beyond doubt:
`2$\times$3` and `$ \alpha = 1 $` are formulas, `$10-$20` and `5 $ or 6 $` are money.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_COMMAND = re.compile(r"\\[A-Za-z]")
_TEX = re.compile(r"\\[A-Za-z]|[_^]")
# Two words or more that no formula has, and a number that words follow: `5 or 6`, `20 a month`.
_WORD = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{2,}(?![A-Za-z}])")
_PRICE = re.compile(
    r"\d[\d.,]*\s*(?:[kKMB]|bn|m)?(?:\b|(?=[/–-])).*(?:\b[A-Za-z]{3,}|\s(?:or|to|a|an|in|is|at|by)\b)",
    re.DOTALL,
)
# What stands between two figures with their dollars behind them: `5$-10$`, `5$, 6$`.
_FIGURE = re.compile(r"[-–—/,;:+]\s?\d[\d.,]*(?:[kKMB]|bn|m)?")
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_POINT = re.compile(r"[.,;:](?=\s|$)")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*(?=\S)")
ENVIRONMENTS = (
    "align|aligned|alignat|alignedat|array|bmatrix|Bmatrix|cases|dcases|rcases|displaymath|"
    "eqnarray|equation|flalign|gather|gathered|math|matrix|multline|multlined|pmatrix|smallmatrix|"
    "split|subequations|vmatrix|Vmatrix|IEEEeqnarray"
)
_BEGIN = re.compile(rf"\\begin\{{((?:{ENVIRONMENTS})\*?)\}}")
# Jekyll and other sites need the backslash twice, because Markdown takes one of them away.
_PAIRS = {r"\(": r"\)", r"\[": r"\]", r"\\(": r"\\)", r"\\[": r"\\]"}
# GitHub's form: the backticks belong to the dollars.
_TICKED = re.compile("`[^`]+`")


def math_plugin(md: MarkdownIt) -> None:
    """Teach `md` tokens `math_inline`, `math_inline_double` and `math_block`.

    A display within a paragraph parts it in a core rule, so that both renderings draw it alone.
    """
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    md.inline.ruler.before("escape", "math_inline", _inline)
    md.block.ruler.before("fence", "math_block", _block, interrupts)
    md.core.ruler.push("displays", _part_displays)


# -- within a line ----------------------------------------------------------------------------


def _inline(state: StateInline, silent: bool) -> bool:
    char = state.src[state.pos]
    if char == "$":
        found = dollars(state.src, state.pos)
    elif char == "\\":
        found = _bracketed(state.src, state.pos)
    else:
        return False
    if found is None:
        return False
    kind, start, end, after = found
    if not silent:
        token = state.push(kind, "math", 0)
        token.content = state.src[start:end]
        token.markup = state.src[state.pos : start] or "\\begin"
    state.pos = after
    return True


def dollars(src: str, at: int) -> tuple[str, int, int, int] | None:
    """The formula whose dollars open at `at`: token, start and end of its inside, what is after."""
    width = 2 if src.startswith("$$", at) else 1
    start = at + width
    end = _next_dollar(src, start)
    if width == 2:
        while end >= 0 and not src.startswith("$$", end):
            end = _next_dollar(src, end + 1)
        if end < 0 or not src[start:end].strip():
            return None
        return "math_inline_double", start, end, end + 2
    if end < 0 or not _is_formula(src[start:end], src[at - 1 : at], src[end + 1 : end + 2]):
        return None
    ticks = 1 if _TICKED.fullmatch(src, start, end) else 0
    return "math_inline", start + ticks, end - ticks, end + 1


def _next_dollar(src: str, at: int) -> int:
    """The next dollar that no backslash escapes; -1 without one."""
    while (found := src.find("$", at)) >= 0:
        slashes = found - len(src[:found].rstrip("\\"))
        if slashes % 2 == 0:
            return found
        at = found + 1
    return -1


def _is_formula(inside: str, before: str, after: str) -> bool:
    """Whether what two single dollars hold is a formula and no money."""
    if not inside.strip():
        return False
    edges = inside[0].isspace() + inside[-1].isspace()
    if edges == 2:
        return bool(_COMMAND.search(inside)) or not (before.isdigit() or _WORD.search(inside))
    if edges or after.isdigit() or (inside[-1] in "/-–:," and after.isalnum()):
        return bool(_COMMAND.search(inside)) or (not edges and _is_power(inside))
    if _TEX.search(inside):
        return True
    if before.isalnum() and after.isalnum() and _WORD.search(inside):  # `A$AP and B$C`
        return False
    return not _is_price(inside, before)


def _is_price(inside: str, before: str) -> bool:
    """Whether dollars around `inside`, which has no LaTeX, belong to the figures beside them."""
    if before and before in "-–—/" and inside[0].isdigit() and " " in inside:  # `$1M–$2M, 5$`
        return True
    if before.isdigit() and (inside[0] == "/" or _WORD.search(inside)):  # `5$/h and 6$`
        return True
    if re.match("[0-9kKMBm]", before) and _FIGURE.fullmatch(inside):
        return True
    return bool(_PRICE.match(inside))


def _is_power(inside: str) -> bool:
    return bool(_TEX.search(inside)) and " " not in inside


def _bracketed(src: str, at: int) -> tuple[str, int, int, int] | None:
    r"""The formula that `\(`, `\[` or `\begin{...}` opens; escaped brackets around words stay."""
    if begin := _BEGIN.match(src, at):
        end = src.find(f"\\end{{{begin[1]}}}", begin.end())
        if end < 0:
            return None
        after = end + len(begin[1]) + 6
        return "math_inline_double", at, after, after
    opening = next((opening for opening in _PAIRS if src.startswith(opening, at)), "")
    if not opening or src[at - 1 : at].isalnum():
        return None
    start, close = at + len(opening), _PAIRS[opening]
    end = src.find(close, start)
    if end < 0 or not _reads_as_math(src[start:end]):
        return None
    kind = "math_inline" if close[-1] == ")" else "math_inline_double"
    return kind, start, end, end + len(close)


def _reads_as_math(inside: str) -> bool:
    r"""Whether escaped brackets hold a formula: `\(n\)` does, `\[1\]` and `\(so there\)` do not."""
    if _TEX.search(inside) or "=" in inside:
        return True
    return any(map(str.isalpha, inside)) and not _WORD.search(inside)


# -- on lines of its own ----------------------------------------------------------------------


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line):
        return False
    start = state.bMarks[start_line] + state.tShift[start_line]
    line = state.src[start : state.eMarks[start_line]]
    if line.startswith("$$") and (inside := _on_one_line(line)):
        return silent or _push(state, start_line, start_line, inside)
    bounds = _bounds(line)
    found = _closing_line(state, start_line, end_line, *bounds[:2]) if bounds else None
    if bounds is None or found is None:
        return False
    opening, close, keep = bounds
    last, lines = found
    text = "\n".join(lines)
    if not text.strip() or (close == r"\]" and last == start_line and not _reads_as_math(text)):
        return False
    return silent or _push(state, start_line, last, [f"{opening}{text}{close}" if keep else text])


def _on_one_line(line: str) -> list[str]:
    """The displays of a line that holds nothing else: `$$a$$ $$b$$`."""
    pieces = re.split(r"(?<!\\)\$\$", line.rstrip())
    between, inside = pieces[::2], pieces[1::2]
    if len(pieces) % 2 == 0 or any(map(str.strip, between)) or not all(map(str.strip, inside)):
        return []
    return inside


def _bounds(line: str) -> tuple[str, str, bool] | None:
    """What opens a display in `line`, what closes it, and whether both belong to the LaTeX."""
    if line.startswith("$$"):
        return "$$", "$$", False
    if line.startswith(r"\["):
        return r"\[", r"\]", False
    begin = _BEGIN.match(line)
    return (begin[0], f"\\end{{{begin[1]}}}", True) if begin else None


def _closing_line(
    state: StateBlock, first: int, end_line: int, opening: str, close: str
) -> tuple[int, list[str]] | None:
    """The line that closes a display, and the lines of its inside; None if text follows there."""
    lines: list[str] = []
    for number in range(first, end_line):
        begin = state.bMarks[number] + (state.tShift[number] if number == first else 0)
        if number > first and state.sCount[number] < state.blkIndent and not state.isEmpty(number):
            return None
        line = state.src[begin : state.eMarks[number]]
        if number == first:
            line = line[len(opening) :]
        at = line.find(close)
        if at < 0:
            lines.append(line)
            continue
        rest = line[at + len(close) :].strip()
        if rest.strip(".,;:"):
            return None
        return number, [*lines, line[:at] + (rest if close[0] != "\\" or not rest else "")]
    return None


def _push(state: StateBlock, first: int, last: int, inside: list[str]) -> bool:
    state.line = last + 1
    for content in inside:
        token = state.push("math_block", "math", 0)
        token.block = True
        token.content = _with_rows(content)
        token.markup = "$$"
        token.map = [first, state.line]
    return True


def _with_rows(latex: str) -> str:
    """What blank lines part in a display are rows."""
    if "\\begin" in latex or r"\\" in latex:
        return latex
    return _BLANK_LINE.sub(lambda _: " \\\\\n", latex.strip("\n"))


# -- displays within paragraphs ---------------------------------------------------------------


def _part_displays(state: StateCore) -> None:
    """Give each display of a paragraph a block of its own, as it stands in print."""
    done: list[Token] = []
    tokens = iter(state.tokens)
    for token in tokens:
        if token.type != "paragraph_open":
            done.append(token)
            continue
        inline, closing = next(tokens), next(tokens)
        for part in _parts(inline):
            done += [token, part, closing] if part.type == "inline" else [part]
    state.tokens = done


def _parts(token: Token) -> list[Token]:
    """An inline token cut at the displays that stand in no gap, link or emphasis."""
    children = token.children or []
    parts: list[Token] = []
    start = depth = 0
    for at, child in enumerate(children):
        depth += child.nesting
        if child.type == "math_inline_double" and depth == 0:
            display = Token("math_block", "math", 0, content=child.content, markup="$$", block=True,
                            level=token.level - 1, map=token.map)  # fmt: skip
            if at + 1 < len(children):
                _take_point(display, children[at + 1])
            parts += [*_prose(token, children[start:at]), display]
            start = at + 1
    return [*parts, *_prose(token, children[start:])] if parts else [token]


def _take_point(display: Token, following: Token) -> None:
    """A full stop or comma behind a display belongs to it."""
    if following.type == "text" and (point := _POINT.match(following.content)):
        display.content += point[0]
        following.content = following.content[point.end() :]


def _prose(token: Token, children: list[Token]) -> Iterator[Token]:
    """What stands beside a display, without the line breaks next to it."""
    while children and _is_space(children[0]):
        children = children[1:]
    while children and _is_space(children[-1]):
        children = children[:-1]
    if children:
        if children[0].type == "text":
            children[0].content = children[0].content.lstrip()
        yield Token("inline", "", 0, content=token.content, children=children, block=True,
                    level=token.level, map=token.map)  # fmt: skip


def _is_space(token: Token) -> bool:
    return token.type in {"softbreak", "hardbreak"} or (
        token.type == "text" and not token.content.strip()
    )
