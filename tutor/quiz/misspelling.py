"""Which words are only misspelt, and which are other words.

A slip of the pen is asked again. What is itself a term is never called a misspelling: BART is no
misspelt BERT, and exploitation no misspelt exploration.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from tutor.quiz.spelling import american, singular
from tutor.quiz.wording import plain

# From this length on a word is long enough to be recognised with one letter wrong, or with two.
_ONE_SLIP = 4
_TWO_SLIPS = 11
_ABBREVIATION = re.compile(r"(?=(?:.*[A-Z]){2})[A-Za-z]{2,6}")
# Beginnings and endings that make another word of one stem: macro-, micro-; -tor, -tion.
_BEGINNINGS = frozenset(
    {"macro", "micro", "inter", "intra", "hyper", "hypo", "over", "under", "pre", "post", "maxi",
     "mini", "max", "min", "homo", "hetero", "mono", "multi", "uni", "up", "down", "in", "out",
     "en", "de", "ex", "im", "bi", "tri", "semi", "sub", "super", "pro", "para", "meta", "beta"}
)  # fmt: skip
_ENDINGS = frozenset(
    {"or", "er", "ion", "ions", "ive", "able", "ness", "ity", "ance", "ence", "ator", "ation",
     "ment", "ative", "ism", "ist", "ous", "less", "ful"}  # codespell:ignore
)  # fmt: skip


def confused(answer: str, accepted: Iterable[str], known: Collection[str]) -> str:
    """The one word of `answer` that is another known one, near the one of an accepted wording.

    Of "micro average" for "macro average" it is "micro"; nothing where there is no such word.
    """
    for wording in accepted:
        pairs = _pairs(answer, wording)
        if len(pairs) == 1 and pairs[0][0] in known:
            word, right = pairs[0]
            if _derived(word, right) or (word[0] == right[0] and distance(word, right) <= 2):
                return word
    return ""


def nearly(answer: str, accepted: Iterable[str], known: Collection[str] = ()) -> bool:
    """Whether `answer` is an accepted wording but for its spelling.

    known: words, in the form of `spelling`, that are words of their own and no slips.
    """
    return any(_misspelt(answer, wording, known) for wording in accepted)


def _misspelt(answer: str, wording: str, known: Collection[str]) -> bool:
    short = _abbreviations(wording)
    pairs = _pairs(answer, wording)
    return bool(pairs) and all(_slip(a, b, known, short) for a, b in pairs)


def _pairs(answer: str, wording: str) -> list[tuple[str, str]]:
    """The words that differ, each with the right one; none if there are more or fewer words."""
    given, right = plain(answer).split(), plain(wording).split()
    if len(given) != len(right):
        return []
    return [(a, b) for a, b in zip(given, right, strict=True) if a != b]


def _abbreviations(wording: str) -> set[str]:
    return {
        word.casefold() for word in re.split(r"[\W_]+", wording) if _ABBREVIATION.fullmatch(word)
    }


def _slip(word: str, right: str, known: Collection[str], short: Collection[str]) -> bool:
    """Whether `word` is a slip of the pen for `right`, and not another word.

    The beginning must agree, because opposites differ there (encoder, decoder); `layer2` is never
    a misspelt `layer1`; and one letter of an abbreviation makes another one, so that only
    neighbours may have changed places (LTSM).
    """
    word, right = singular(american(word)), singular(american(right))
    if word == right:
        return True
    if len(right) < _ONE_SLIP or any(c.isdigit() for c in word + right) or not word:
        return False
    if word in known or _derived(word, right):
        return False
    if right in short:
        return sorted(word) == sorted(right) and distance(word, right) == 1
    slips = 2 if len(right) >= _TWO_SLIPS and word[:2] == right[:2] else 1
    near = abs(len(word) - len(right)) <= slips and word[0] == right[0]
    return near and distance(word, right) <= slips


def _derived(word: str, right: str) -> bool:
    """Whether the two share a stem with different beginnings or endings, each a usual one."""
    return _differ(word, right, _BEGINNINGS, 1) or _differ(word, right, _ENDINGS, -1)


def _differ(word: str, right: str, parts: Collection[str], way: int) -> bool:
    for part in parts:
        rest = word.removeprefix(part) if way > 0 else word.removesuffix(part)
        if rest == word or not (right.endswith(rest) if way > 0 else right.startswith(rest)):
            continue
        other = right[: len(right) - len(rest)] if way > 0 else right[len(rest) :]
        if other != part and other in parts:
            return True
    return False


def distance(a: str, b: str) -> int:
    """How many letters to insert, delete, replace or swap with a neighbour to turn a into b.

    Optimal string alignment (Boytsov 2011, section 2.2), O(len(a) len(b)).
    """
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
