"""Takes the unit of a card off what a learner wrote: 13,002 parameters, 60 MB, $5."""

from __future__ import annotations

import re
import unicodedata

_MONEY = "$€£¥"
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
    for each in filter(None, wanted):
        number = _cut(text, each.split())
        if number is not None:
            return number
    return text


def converted(text: str, unit: str) -> tuple[str, int] | None:
    """`text` without a unit that is `unit` with another prefix, and the power of ten between them.

    0.06 GB is 0.06 and 3 where MB are asked for. None if there is no such unit.
    """
    found = _MEASURE.fullmatch(text.rstrip(" .,;"))
    own, written = _prefixed(unit), _prefixed(found[2] if found else "")
    if found is None or own is None or written is None or own[1] != written[1]:
        return None
    return found[1], _POWERS[written[0]] - _POWERS[own[0]]


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
