"""Takes the unit of a card off what a learner wrote: 13,002 parameters, 60 MB, $5."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

_MONEY = "$€£¥"
# Other words for a unit; the plural, if it is a word, is understood.
_ALIASES = {
    "$": ("dollar", "USD"), "€": ("euro", "EUR"), "£": ("pound", "GBP"), "¥": ("yen", "JPY"),
    "%": ("percent",), "B": ("byte",), "kB": ("kilobyte",), "MB": ("megabyte",),
    "GB": ("gigabyte",), "TB": ("terabyte",), "ms": ("millisecond", "msec"),
    "s": ("second", "sec"), "min": ("minute", "min"), "h": ("hour", "hr"), "d": ("day",),
    "parameters": ("param",),
}  # fmt: skip
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
_WORD = re.compile(r"[^\W\d_]+")
_POWERS = {
    "": 0, "n": -9, "μ": -6, "u": -6, "m": -3, "k": 3, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15
}  # fmt: skip
# What is counted has no thousandth parts: mB is no unit.
_PREFIXED = re.compile(
    "([kKMGTP]?)(B|B/s|bits?|bit/s|bps|FLOPs?|FLOPS|FLOP/s)|([nμumkMGT]?)(s|m|g|Hz|W|Wh|J|V|A|eV)"
)
_MEASURE = re.compile(r"(.*[0-9)]) ?([^\W\d_]\S*)")


def without(text: str, unit: str) -> str:
    """`text` without `unit` behind it, or before it if it is a currency; else as it is."""
    if not unit:
        return text
    if unit in _MONEY and text.startswith(unit):
        return text[len(unit) :].strip()
    text = text.rstrip(" .,;")
    # A share is a number of percent; what it is of may be left out.
    wanted = [unit, unit.removeprefix("%").strip(), "%"] if unit.startswith("%") else [unit]
    for each in (*filter(None, wanted), *_ALIASES.get(_symbol(unit), ())):
        number = _cut(text, each.split())
        if number is not None:
            return number
    return text


def converted(text: str, unit: str) -> tuple[str, Fraction] | None:
    """`text` without a unit of the same kind as `unit`, and how many of that one it is.

    0.06 GB is 0.06 and 1000 where MB are asked for, 1 h is 1 and 3600 where seconds are. None if
    there is no such unit.
    """
    found = _MEASURE.fullmatch(text.rstrip(" .,;"))
    own, written = _size(_symbol(unit)), _size(_symbol(found[2]) if found else "")
    if found is None or own is None or written is None or own[1] != written[1]:
        return None
    return found[1], written[0] / own[0]


def _symbol(unit: str) -> str:
    """The symbol of a unit that is written out: s of seconds; else the unit."""
    for symbol, names in _ALIASES.items():
        if any(_same(unit, name) for name in names if len(name) > 1):
            return symbol
    return unit


def _size(unit: str) -> tuple[Fraction, str] | None:
    """How many of the bare unit a unit is, and that one: 1000 of B is kB, 60 of s is min."""
    if unit in _SECONDS:
        return Fraction(_SECONDS[unit]), "s"
    found = _prefixed(unit)
    return (Fraction(10) ** _POWERS[found[0]], found[1]) if found else None


def _prefixed(unit: str) -> tuple[str, str] | None:
    """A unit's prefix and what it stands before."""
    found = _PREFIXED.fullmatch(unicodedata.normalize("NFKC", unit))
    return (found[1] or found[3] or "", found[2] or found[4]) if found else None


def _cut(text: str, unit: list[str]) -> str | None:
    words = text.split()
    if len(words) < len(unit):
        return None
    *before, first = words[: len(words) - len(unit) + 1]
    rest = words[len(words) - len(unit) + 1 :]
    if not all(_same(*pair) for pair in zip(rest, unit[1:], strict=True)):
        return None
    number = _detached(re.sub("(?<=[0-9])-(?=[^\\W\\d_])", "", first), unit[0])  # 8-bit
    return None if number is None else " ".join([*before, number]).strip()


def _detached(word: str, unit: str) -> str | None:
    """What stands before `unit` in `word`, which may be nothing."""
    if word.endswith(unit):
        number = word[: -len(unit)]
        return number if not number or not number[-1].isalpha() else None
    found = re.fullmatch(r"(.*?)([^\W\d_]+)", word)
    return found[1] if found and _same(found[2], unit) else None


def _same(written: str, unit: str) -> bool:
    # In a symbol a capital has a meaning of its own: Mb is not MB. A word is only a word.
    if len(unit) <= 2 or not unit[1:].islower() or not _WORD.fullmatch(unit):
        return written == unit
    return _singular(written.casefold()) == _singular(unit.casefold())


def _singular(word: str) -> str:
    return re.sub(r"(?<=[sxz])es$|(?<=[cs]h)es$|(?<!s)s$", "", word)
