"""Takes the unit of a card off what a learner wrote: 13,002 parameters, 60 MB, $5."""

from __future__ import annotations

import re

_MONEY = "$€£¥"
_WORD = re.compile(r"[^\W\d_]+")


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
