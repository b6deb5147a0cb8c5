"""Nothing that is printed acts on a terminal, whatever it quotes."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from tutor.text import printing
from tutor.text.sanitize import escaped, harmless
from tutor.ui.painting import HarmlessFilter, last_words

NASTY = "a\x1b]0;x\x07b\x9b31mc\u202ed\u2066e\x7ff\udc80g"


@given(st.text())
def test_what_is_harmless_stays_so(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_prose_goes_out_as_it_is(text: str) -> None:
    assert harmless(text) == text


@given(st.text())
def test_escaped_json_means_the_same(text: str) -> None:
    shown = escaped(json.dumps({"name": text}, ensure_ascii=False))
    assert json.loads(shown) == {"name": text}
    assert harmless(shown) == shown


def test_every_way_out_cleans(capsys: pytest.CaptureFixture[str]) -> None:
    printing.say(NASTY)
    printing.tell(NASTY)
    printing.say_json({NASTY: NASTY})
    printing.ask_for(NASTY, on_terminal=True)
    printing.tell_crash(ValueError(NASTY))
    shown = capsys.readouterr()
    for text in shown:
        assert harmless(text) == text
        assert "a]0;xb31mcdef\ufffdg" in text


@given(st.lists(st.text()))
@example(["\ufdd0\uffff", "a\ud800b", "soft\u00adhyphen"])
def test_a_painted_line_is_clean_and_as_wide_as_it_was(texts: list[str]) -> None:
    segments = [Segment(text) for text in texts]
    painted = HarmlessFilter().apply(segments, Color(0, 0, 0))
    for before, after in zip(segments, painted, strict=True):
        assert "\x1b" not in after.text
        assert cell_len(after.text) == cell_len(before.text)


def test_last_words_are_clean() -> None:
    assert "ValueError: a]0;xb31mcdef\ufffdg" in last_words(ValueError(NASTY)).plain
