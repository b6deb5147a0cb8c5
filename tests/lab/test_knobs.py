"""Knobs from text: what is taken, what is refused and in which words, and how keys turn them."""

from __future__ import annotations

import pytest

from demos import catalog
from demos.base import Choice, Flag, Int, Knob, Real, Value
from tutor.errors import KnobError, NotFoundError
from tutor.lab import knobs, link

WHOLE = Int("n", 3, 1, 5)
RATE = Real("rate", 0.003, 0.0001, 1.0, log=True)
SHARE = Real("share", 0.5, 0.0, 1.0, 0.1)
WORD = Choice("word", "a", ("a", "b", "c"))
SWITCH = Flag("switch", False)


@pytest.mark.parametrize(
    ("knob", "text", "value"),
    [
        (WHOLE, "4", 4),
        (RATE, "1e-3", 0.001),
        (WORD, "c", "c"),
        (SWITCH, "true", True),
        (SWITCH, "Off", False),
    ],
)
def test_texts_that_are_taken(knob: Knob, text: str, value: Value) -> None:
    assert value == knobs.checked(knob, text)


@pytest.mark.parametrize(
    ("knob", "text"),
    [
        (WHOLE, "0"), (WHOLE, "6"), (WHOLE, "2.5"), (WHOLE, ""), (WHOLE, "many"),
        (RATE, "nan"), (RATE, "inf"), (RATE, "0"), (RATE, "-1"),
        (WORD, "d"), (SWITCH, "maybe"),
    ],
)  # fmt: skip
def test_texts_that_are_refused_with_the_range(knob: Knob, text: str) -> None:
    with pytest.raises(KnobError) as refused:
        knobs.checked(knob, text)
    assert knobs.range_of(knob) in str(refused.value)


@pytest.mark.parametrize(
    ("knob", "value", "up", "down"),
    [
        (WHOLE, 3, 4, 2),
        (WHOLE, 5, 5, 4),
        (SHARE, 0.3, 0.4, 0.2),
        (RATE, 0.003, 0.005, 0.002),
        (RATE, 0.001, 0.002, 0.0005),
        (RATE, 1.0, 1.0, 0.5),
        (WORD, "c", "a", "b"),
        (SWITCH, False, True, True),
    ],
)
def test_turning(knob: Knob, value: Value, up: Value, down: Value) -> None:
    assert up == knobs.turned(knob, value, 1)
    assert down == knobs.turned(knob, value, -1)


def test_a_link_names_a_demo_and_its_knobs() -> None:
    name, values = link.parse("convolution?kernel_size=5&padding=2")
    assert name == "convolution"
    assert values["kernel_size"] == 5
    assert values["padding"] == "2"
    assert values["stride"] == 1


def test_what_was_probably_meant() -> None:
    with pytest.raises(NotFoundError, match="Did you mean softmax"):
        link.parse("sofmax")
    with pytest.raises(KnobError, match="Did you mean padding"):
        link.parse("convolution?pading=1")
    with pytest.raises(KnobError, match="no '='"):
        knobs.parse(catalog.spec("ewma"), ["beta"])
