"""Typed answers: which wordings are the same, and which are only misspelt.

A near miss is never marked: the learner is told that it is the spelling, and asked again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_JOINTS = re.compile(r"[\s_\-‐-―−]+")
# From this length on a word is long enough to be recognised with one letter wrong, or with two.
_ONE_SLIP = 4
_TWO_SLIPS = 11


def normalized(text: str) -> str:
    """`text` without what makes no difference: case, width, code marks, the kind of joint."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _JOINTS.sub(" ", text.replace("`", "")).strip()


def same(answer: str, accepted: Iterable[str]) -> bool:
    """Whether `answer` is one of the accepted wordings."""
    return normalized(answer) in {normalized(text) for text in accepted}


def nearly(answer: str, accepted: Iterable[str]) -> bool:
    """Whether `answer` is an accepted wording but for its spelling."""
    return any(_misspelt(normalized(answer), normalized(text)) for text in accepted)


def _misspelt(answer: str, right: str) -> bool:
    if answer.replace(" ", "") == right.replace(" ", ""):
        return answer != right
    pairs = list(zip(answer.split(), right.split(), strict=False))
    if len(answer.split()) != len(right.split()):
        return False
    return answer != right and all(a == b or _slip(a, b) for a, b in pairs)


def _slip(word: str, right: str) -> bool:
    """Whether `word` is a slip of the pen for `right`, and not another word.

    Opposites differ early (un-, in-, de-; mini-, maxi-), so the beginning must agree, and
    `layer2` is never a misspelt `layer1`.
    """
    if len(right) < _ONE_SLIP or any(c.isdigit() for c in word + right):
        return False
    slips = 2 if len(right) >= _TWO_SLIPS and word[:2] == right[:2] else 1
    return word[0] == right[0] and distance(word, right) <= slips


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
