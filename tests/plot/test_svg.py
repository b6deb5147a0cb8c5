"""Painted rows as a picture: every cell in its place, hostile words harmless, nothing fetched."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
from rich.segment import Segment
from rich.style import Style

from demos.views import Curves, Series, Text
from tutor.plot import paint
from tutor.plot.palette import LIGHT
from tutor.plot.svg import HEIGHT, MARGIN, WIDTH, beside, svg

PAGE = replace(LIGHT, background="#ffffff")
SVG = "{http://www.w3.org/2000/svg}"


def parsed(rows: list[list[Segment]]) -> ElementTree.Element:
    return ElementTree.fromstring(svg(rows, PAGE, "A <picture> & more"))


def test_words_stay_words_however_hostile() -> None:
    words = '<script>alert("1")</script> & ]]>'
    root = parsed(paint(Text(words, ((words, "good"),)), 60, 3, PAGE))
    texts = [each.text or "" for each in root.iter(f"{SVG}text")]
    assert "".join(texts[: len(texts) // 2]) == words.replace(" ", "")
    assert {each.tag for each in root} == {f"{SVG}title", f"{SVG}rect", f"{SVG}text"}
    assert root.findtext(f"{SVG}title") == "A <picture> & more"


def test_a_curve_is_drawn_dot_by_dot() -> None:
    rows = paint(Curves("", (Series("", np.array([0.0, 1.0, 4.0])),)), 40, 10, PAGE)
    signs = "".join(segment.text for row in rows for segment in row)
    dots = sum((ord(sign) - 0x2800).bit_count() for sign in signs if "\u2800" <= sign <= "\u28ff")
    root = parsed(rows)
    circles = list(root.iter(f"{SVG}circle"))
    assert len(circles) == dots > 20
    assert root.attrib["viewBox"] == f"0 0 {40 * WIDTH + 2 * MARGIN} {10 * HEIGHT + 2 * MARGIN}"
    assert all(0 < float(c.attrib["cx"]) < 40 * WIDTH + 2 * MARGIN for c in circles)


def test_blocks_and_grounds_are_rectangles() -> None:
    style = Style(color="#ff0000", bgcolor="#00ff00")
    root = parsed([[Segment("▄a", style), Segment("  ")]])
    page, ground, block = root.findall(f"{SVG}rect")
    assert ground.attrib["fill"] == "#00ff00" and ground.attrib["width"] == str(2 * WIDTH)
    assert block.attrib["fill"] == "#ff0000" and block.attrib["y"] == str(MARGIN + HEIGHT // 2)
    assert page.attrib["fill"] == "#ffffff"


def test_two_pictures_stand_side_by_side() -> None:
    rows = beside([[Segment("ab")]], [[Segment("c")], [Segment("d")]], 3)
    assert ["".join(segment.text for segment in row) for row in rows] == ["ab   c", "     d"]


def test_nothing_is_fetched() -> None:
    text = svg(paint(Text("x", ()), 10, 2, PAGE), PAGE, "t")
    assert text.count("http") == 1 and "url(" not in text and "href" not in text
