"""Painted rows as an SVG picture: what stands on the terminal, drawn so that any viewer shows it.

Blocks and braille are drawn as shapes, for no two fonts agree on them; words stay text, each run
stretched to the cells that it takes. The picture asks nothing of the network: no fonts, no links.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment

from tutor.plot.canvas import Rows
from tutor.plot.palette import Palette

# A cell is twice as high as wide, as the painters take it to be; units are pixels.
WIDTH, HEIGHT = 8, 16
MARGIN = 16
_SIZE, _BASE = 13, 12
_DOT = 1.1
# The part of a cell that a block covers: left, top, width, height.
_BLOCKS: dict[str, tuple[float, float, float, float]] = {
    "█": (0, 0, 1, 1), "▀": (0, 0, 1, 0.5), "▄": (0, 0.5, 1, 0.5), "▐": (0.5, 0, 0.5, 1),
    **{sign: (0, 0, (7 - at) / 8, 1) for at, sign in enumerate("▉▊▋▌▍▎▏")},
}  # fmt: skip
_BRAILLE = range(0x2800, 0x2900)
# Column and row of the dot of each bit of a braille sign.
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))


def svg(rows: Rows, palette: Palette, title: str) -> str:
    """The rows as one picture. title: what a screen reader says of it."""
    across = max((sum(cell_len(segment.text) for segment in row) for row in rows), default=0)
    width, height = across * WIDTH + 2 * MARGIN, len(rows) * HEIGHT + 2 * MARGIN
    page = palette.background or "#ffffff"
    parts = [part for y, row in enumerate(rows) for part in _row(row, y, palette)]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' width="{width}" height="{height}" font-family="monospace" font-size="{_SIZE}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="{page}"/>',
        *parts,
        "</svg>",
        "",
    ])  # fmt: skip


def beside(left: Rows, right: Rows, gap: int) -> Rows:
    """Two pictures side by side, the shorter one filled up."""
    width = sum(cell_len(segment.text) for segment in left[0]) if left else 0
    tall = max(len(left), len(right))
    rows = []
    for y in range(tall):
        start = left[y] if y < len(left) else [Segment(" " * width)]
        end = right[y] if y < len(right) else []
        rows.append([*start, Segment(" " * gap), *end])
    return rows


def _row(row: list[Segment], y: int, palette: Palette) -> Iterator[str]:
    """The grounds of a row, then what stands on them."""
    yield from _grounds(row, y)
    x = 0
    for text, style, _ in row:
        ink = _hex(style.color if style else None) or palette.text
        bold = bool(style and style.bold)
        for run in _runs(text):
            yield from _drawn(run, x, y, ink, bold)
            x += cell_len(run)


def _grounds(row: list[Segment], y: int) -> Iterator[str]:
    x = 0
    for text, style, _ in row:
        cells = cell_len(text)
        if ground := _hex(style.bgcolor if style else None):
            yield _rect(x, y, (0, 0, cells, 1), ground)
        x += cells


def _runs(text: str) -> Iterator[str]:
    """Each drawn sign by itself, words between them whole, blanks by themselves."""
    run = ""
    for char in text:
        if char in _BLOCKS or ord(char) in _BRAILLE or char == " ":
            yield from filter(None, (run, char))
            run = ""
        else:
            run += char
    if run:
        yield run


def _drawn(run: str, x: int, y: int, ink: str, bold: bool) -> Iterable[str]:
    """A run of words, or one sign, from cell (x, y)."""
    if run == " ":
        return ()
    if run in _BLOCKS:
        return (_rect(x, y, _BLOCKS[run], ink),)
    if ord(run[0]) in _BRAILLE:
        return _dots(ord(run) - _BRAILLE.start, x, y, ink)
    left, base = MARGIN + x * WIDTH, MARGIN + y * HEIGHT + _BASE
    weight = ' font-weight="bold"' if bold else ""
    length = cell_len(run) * WIDTH
    return (
        f'<text x="{left}" y="{base}" fill="{ink}"{weight} textLength="{length}"'
        f' lengthAdjust="spacingAndGlyphs">{escape(run)}</text>',
    )


def _dots(bits: int, x: int, y: int, ink: str) -> Iterator[str]:
    left, top = MARGIN + x * WIDTH, MARGIN + y * HEIGHT
    for bit, (across, down) in enumerate(_DOTS):
        if bits >> bit & 1:
            at_x, at_y = left + WIDTH * (across + 0.5) / 2, top + HEIGHT * (down + 0.5) / 4
            yield f'<circle cx="{at_x:g}" cy="{at_y:g}" r="{_DOT}" fill="{ink}"/>'


def _rect(x: int, y: int, part: tuple[float, float, float, float], fill: str) -> str:
    left, top, across, down = part
    return (
        f'<rect x="{MARGIN + (x + left) * WIDTH:g}" y="{MARGIN + (y + top) * HEIGHT:g}"'
        f' width="{across * WIDTH:g}" height="{down * HEIGHT:g}" fill="{fill}"/>'
    )


def _hex(colour: Color | None) -> str:
    """`#rrggbb`; empty for no colour of its own."""
    return "" if colour is None or colour.is_default else colour.get_truecolor().hex
