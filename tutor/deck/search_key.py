"""Folds the words that people search by, so that spellings of one term meet.

Case, accents, hyphens, plurals and -ise/-ize make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NO_WORD = re.compile(r"[\W_]+")
_IZE = re.compile(r"iz(?=(?:e|es|ed|er|ers|ing|ation|ations)$)")
# Compiled by the first search only: so large a set takes milliseconds, and every start reads this.
_IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u9fff]"
# Words in -s that are no plurals: loss, bias, basis, calculus, chaos.
_SINGULAR = ("ss", "as", "is", "us", "os")
_LONG_PLURAL = ("ses", "xes", "zes", "ches", "shes")


@lru_cache(maxsize=65_536)
def search_key(term: str) -> str:
    """The form in which equal terms are equal: `Regularizations` and `regularisation`."""
    return " ".join(_stem(word) for word in _NO_WORD.split(_plain(term)) if word)


def search_words(text: str) -> str:
    """The same of a whole text; writing without spaces is cut into its signs."""
    plain = re.sub(_IDEOGRAPH, r" \g<0> ", _plain(text))
    return " ".join(_stem(word) for word in _NO_WORD.split(plain) if word)


def _plain(text: str) -> str:
    """`text` without case and accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def compact(name: str) -> str:
    """A folded name without spaces: over-fitting is overfitting."""
    return search_key(name).replace(" ", "")


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    word = _IZE.sub("is", word)
    if len(word) > 3 and word.endswith("s") and not word.endswith(_SINGULAR):
        if word.endswith("ies"):
            return word[:-3] + "y"
        word = word[:-2] if word.endswith(_LONG_PLURAL) else word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word
