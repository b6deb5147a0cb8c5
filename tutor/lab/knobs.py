"""Knobs in the learner's hand: parsed from `name=value`, checked against their range, turned.

Every refusal is a KnobError that names the range, so that the next try can be right.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable

from demos.base import Cells, Choice, Flag, Int, Knob, Line, Real, Spec, Value, is_line, square
from tutor.errors import KnobError, did_you_mean

ON, OFF = frozenset({"on", "true", "yes", "1"}), frozenset({"off", "false", "no", "0"})


def parse(spec: Spec, settings: Iterable[str]) -> dict[str, Value]:
    """All knobs of a demo: the defaults, changed by `name=value` texts. Raises KnobError."""
    knobs = spec.defaults()
    for text in settings:
        name, equals, value = text.partition("=")
        if not equals:
            raise KnobError("Not a knob setting", f"{text!r} has no '='.", "Write knob=value.")
        knobs[name] = checked(knob_of(spec, name), value)
    return knobs


def knob_of(spec: Spec, name: str) -> Knob:
    """The knob called `name`. Raises KnobError with the names that there are."""
    try:
        return spec.knob(name)
    except KeyError:
        names = [knob.name for knob in spec.knobs]
        close = difflib.get_close_matches(name, names, n=1)
        hint = did_you_mean(close, f"Knobs: {', '.join(names)}.")
        raise KnobError("No such knob", f"{spec.name} has no knob {name!r}.", hint) from None


def checked(knob: Knob, value: Value) -> Value:
    """`value` (or its text) as the knob's type and inside its range. Raises KnobError."""
    parsed = _parsed(knob, value)
    if parsed is None:
        shown = shown_value(value)
        raise KnobError(
            "Knob out of range", f"{knob.name} cannot be {shown!r}.", f"It takes {range_of(knob)}."
        )
    return parsed


def range_of(knob: Knob) -> str:
    """What a knob takes, in words: `a whole number from 0 to 2`."""
    match knob:
        case Int():
            return f"a whole number from {knob.min} to {knob.max}"
        case Real():
            return f"a number from {knob.min:g} to {knob.max:g}"
        case Choice():
            return f"one of {', '.join(knob.choices)}"
        case Flag():
            return "on or off"
        case Cells():
            ends = f"from {knob.min:g} to {knob.max:g}"
            return f"rows such as 0,1/-1,0, up to {knob.most} x {knob.most}, {ends}"
        case Line():
            return f"a line of up to {knob.most} characters"


def shown_value(value: Value) -> str:
    """A knob's value as it is written and read."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def turned(knob: Knob, value: Value, direction: int) -> Value:
    """The next value up (+1) or down (-1); at the end of its range a number stays there.

    The numbers of `Cells` are turned one by one: see `tutor.lab.cells`; a `Line` is typed.
    """
    match knob:
        case Flag():
            return not value
        case Choice():
            place = knob.choices.index(str(value)) + direction
            return knob.choices[place % len(knob.choices)]
        case Int():
            return min(knob.max, max(knob.min, int(value) + direction * knob.step))
        case Cells() | Line():
            return value
        case Real():
            number = float(value)
            moved = _climbed(number, direction) if knob.log else number + direction * knob.step
            return min(knob.max, max(knob.min, round(moved, 10)))


def _climbed(value: float, direction: int) -> float:
    """The next rung of the ladder 1, 2, 5, 10, 20, 50 ..."""
    exponent = math.floor(math.log10(value) + 1e-9)
    rungs = [m * 10.0**e for e in range(exponent - 1, exponent + 2) for m in (1, 2, 5)]
    if direction > 0:
        return min(rung for rung in rungs if rung > value * (1 + 1e-9))
    return max(rung for rung in rungs if rung < value * (1 - 1e-9))


def _parsed(knob: Knob, value: Value) -> Value | None:
    """The value as the knob's type, or None when it is not one of those it takes."""
    match knob:
        case Flag():
            word = shown_value(value).lower()
            return True if word in ON else False if word in OFF else None
        case Choice():
            return value if value in knob.choices else None
        case Cells():
            return _square(knob, str(value))
        case Line():
            return str(value) if is_line(str(value), knob.most) else None
    try:
        number = int(value) if isinstance(knob, Int) else float(value)
    except (ValueError, OverflowError):
        return None
    whole = not isinstance(value, float) or number == value
    return number if whole and knob.min <= number <= knob.max else None


def _square(knob: Cells, text: str) -> str | None:
    try:
        rows = square(text) if text else ()
    except ValueError:
        return None
    inside = all(knob.min <= number <= knob.max for row in rows for number in row)
    return text if inside and len(rows) <= knob.most else None
