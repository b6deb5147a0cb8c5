"""A knob that holds a typed line: what it takes, how it is shown, and that no key turns it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demos import catalog
from demos.base import Line
from tutor.errors import KnobError
from tutor.lab import headless, knobs
from tutor.lab.controls import Controls
from tutor.lab.listing import demo_facts
from tutor.ui.widgets.knobs import LONGEST, knob_rows

KNOB = Line("text", "some words", 20)


@pytest.mark.parametrize("text", ["a", "two words", "é 漢 🙂", "=&?[b]", "x" * 20])
def test_lines_are_taken_as_they_are(text: str) -> None:
    assert knobs.checked(KNOB, text) == text


@pytest.mark.parametrize("text", ["", "   ", "x" * 21, "a\nb", "a\x1b[2J", "a\tb", "\u202eabc"])
def test_no_line_is_refused_with_what_it_takes(text: str) -> None:
    with pytest.raises(KnobError) as refused:
        knobs.checked(KNOB, text)
    assert "up to 20 characters" in refused.value.hint


def test_a_default_that_is_no_line_is_refused() -> None:
    with pytest.raises(ValueError, match="default"):
        Line("text", "")


def test_it_is_not_turned_but_typed() -> None:
    assert knobs.turned(KNOB, "abc", 1) == "abc"
    controls = Controls("tokeniser?word=rhythm")
    assert controls.typed
    assert controls.type("rhythms") == {"word": "rhythms"}
    assert controls.type("rhythms") == {}
    with pytest.raises(KnobError):
        controls.type("x" * 100)
    assert controls.values["word"] == "rhythms"


@given(st.text(min_size=1, max_size=300).filter(lambda t: t.isprintable() and not t.isspace()))
def test_a_run_takes_any_line(text: str) -> None:
    assert headless.run("tokeniser", [f"text={text}"])["measured"]["joined_differs"] == 0


def test_a_long_line_is_shortened_in_the_row_and_its_numbers_are_left() -> None:
    spec = catalog.spec("tokeniser")
    values = {**spec.defaults(), "word": "12345 -1"}
    rows = " ".join(row.plain for row in knob_rows(spec.knobs, values, 0, 200))
    assert "12345 -1" in rows
    assert f"‹{str(values['text'])[: LONGEST - 1]}…›" in rows


def test_a_deck_may_link_to_any_text() -> None:
    allowed = demo_facts()["tokeniser"].knobs["word"]
    assert allowed.takes("rhythm")
    assert not allowed.takes("x" * 41)
    assert "text of up to 40" in str(allowed)
