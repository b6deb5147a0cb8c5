r"""The numbers and units of the package siunitx: `\num{1.3e4}`, `\unit{\kilo\gram\per\second}`.

Source: the package's manual, chapter "Unit macros".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tutor.text.builders import BLANK, joined
from tutor.text.formula import Atom, Node, Script

_PREFIXES: Final = {
    "femto": "f", "pico": "p", "nano": "n", "micro": "µ", "milli": "m", "centi": "c", "deci": "d",
    "deca": "da", "hecto": "h", "kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P",
    "exa": "E", "kibi": "Ki", "mebi": "Mi", "gibi": "Gi", "tebi": "Ti",
}  # fmt: skip
_UNITS: Final = {
    "meter": "m", "metre": "m", "gram": "g", "second": "s", "ampere": "A", "kelvin": "K",
    "mole": "mol", "candela": "cd", "hertz": "Hz", "newton": "N", "pascal": "Pa", "joule": "J",
    "watt": "W", "coulomb": "C", "volt": "V", "farad": "F", "ohm": "Ω", "siemens": "S",
    "weber": "Wb", "tesla": "T", "henry": "H", "lumen": "lm", "lux": "lx", "becquerel": "Bq",
    "gray": "Gy", "sievert": "Sv", "radian": "rad", "steradian": "sr", "degreeCelsius": "°C",
    "celsius": "°C", "degree": "°", "arcminute": "′", "arcsecond": "″", "minute": "min",
    "hour": "h", "day": "d", "liter": "L", "litre": "L", "tonne": "t", "electronvolt": "eV",
    "dalton": "Da", "bit": "bit", "byte": "B", "bel": "B", "decibel": "dB", "neper": "Np",
    "percent": "%", "hectare": "ha", "angstrom": "Å", "bar": "bar", "kg": "kg", "km": "km",
    "cm": "cm", "mm": "mm", "ms": "ms", "us": "µs", "ns": "ns", "GHz": "GHz", "MHz": "MHz",
    "kHz": "kHz", "Hz": "Hz", "kB": "kB", "MB": "MB", "GB": "GB", "TB": "TB",
}  # fmt: skip
_POWERS: Final = {"square": "²", "cubic": "³", "squared": "²", "cubed": "³"}
_RAISED: Final = re.compile(r"\^([-−]?\d+)")
_SMALL: Final = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_POWER: Final = re.compile(r"([+-]?[\d.,]*)[eEdD]([+-]?\d+)")


def unit(tokens: Iterable[str], unknown: list[str]) -> str:
    """The unit that tokens of LaTeX write; macros that siunitx does not have go to `unknown`."""
    text, power, apart = "", "", False
    for token in tokens:
        name = token[1:] if token[0] == "\\" and token[1:].isalpha() else ""
        if name == "per":
            text, apart = f"{text}/", False
        elif name in _PREFIXES:
            text, apart = text + "·" * apart + _PREFIXES[name], False
        elif name in _UNITS:
            text, power, apart = text + "·" * apart + _UNITS[name] + power, "", True
        elif name in _POWERS and name.endswith("d"):
            text += _POWERS[name]
        elif name in _POWERS:
            power = _POWERS[name]
        elif name:
            unknown.append(token)
            text, apart = text + "·" * apart + name, True
        else:
            text, apart = (
                text + {"~": "·", ".": "·", "\\,": "·"}.get(token, token.strip("{}")),
                False,
            )
    return _RAISED.sub(lambda found: found[1].translate(_SMALL), text.strip())


def number(written: str) -> Node:
    """`1.3e4` as a power of ten, any other number as it is written."""
    found = _POWER.fullmatch(written.replace(" ", ""))
    if found is None:
        return Atom(written)
    power = Script(Atom("10"), None, Atom(found[2].lstrip("+").replace("-", "−")))
    return joined(Atom(found[1]), Atom("×", "bin"), power) if found[1] else power


def quantity(written: str | Node, of: str | None) -> Node:
    """A number with its unit behind it."""
    amount = number(written) if isinstance(written, str) else written
    return amount if of is None else joined(amount, BLANK, Atom(of))


def span(low: str, high: str, of: str = "") -> Node:
    """From one number to another: 1 to 2 ms."""
    ends = joined(number(low), Atom(" to "), number(high))
    return joined(ends, BLANK, Atom(of)) if of else ends
