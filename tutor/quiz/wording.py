"""Typed answers: which wordings are the same, and why.

Two wordings are the same if one form stands for both: the form without case, quotation marks,
articles, accents, with Greek letters by their names, one spelling, one number, no joints.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tutor.deck.model import Tolerance
from tutor.quiz.number import Number, read
from tutor.quiz.number_words import DIGITS
from tutor.quiz.spelling import american, singular
from tutor.quiz.verdict import UnreadableError

_JOINTS = re.compile(r"[\s_\-‐-―−]+")
_QUOTES = re.compile('["“”„‟«»‹›`‚‛]')
_OPENING = "\"“„‟«‹`‚‛'‘( "
_APOSTROPHE = re.compile("(?:['’‘ʼ′´＇]s(?![^\\W_]))|['’‘ʼ′´＇]")
_INITIALS = re.compile(r"(?<![^\W_])(?:[^\W\d_]\. ?){2,}")
_ENDS = " .,;:…"
_RAISED = re.compile("[⁺⁻]?[⁰¹²³⁴-⁹ᵀᵐᵗᵏⁿⁱ]+")
_PRIMES = re.compile(r"(?<![^\W_])([^\W\d_])(['’′´]+|″)(?![^\W_])")
# A letter in single quotation marks: the last of them is no prime.
_QUOTED_LETTER = re.compile(r"(?<![^\W_])['‘‚‛]([^\W\d_]['’′´]*?)['’‘](?![^\W_]|['’‘])")
# Python's sign for a power; where it stands at one side only, it marks bold.
_POWER = re.compile(r"(?<=[\w)])( ?)\*\*\1(?=[\w(+-])")
# A dash that is a minus and no joint: -x, n-1, n - 1, x⁻¹. In L-2 and k-d tree it is a joint.
_LEADING = re.compile(r"[-‐‑–−]\s?(?=\d|\.\d|[^\W\d_](?![^\W_]))")
_MINUS = re.compile(
    r"(?:^|[(=^])[-‐‑–−](?=\w)|(?<![^\W_])[a-z][-‐‑–−]\d|−|⁻"
    r"|(?<![^\W_])(?:[^\W\d_]|\d+) [-‐‑–] (?:[^\W\d_]|\d+)(?![^\W_])"
)
_DASH = re.compile("[-‐‑–−⁻]|minus|negative", re.IGNORECASE)
_TRANSLITERATED = {
    ord(umlaut): f"{vowel}e" for umlaut, vowel in zip("äöüÄÖÜ", "aouAOU", strict=True)
}
_WITH_SHORT = re.compile(r"(.+?) ?\(([A-Z][A-Za-z0-9-]*)\)")
# The kind of thing that a name may have behind it. Behind a word that is no name it makes another
# thing of it: a step function is no step. A capital inside marks a name, or one of these is it.
_KINDS = (
    (
        re.compile(r"(?:the |an? )?(\S+) ((?:activation )?functions?|activations?)"),
        re.compile(
            r"\w+[A-Z]\w*|sigmoid|softmax|tanh|softplus|softsign|swish|mish|maxout", re.ASCII
        ),
    ),
    (
        re.compile(r"(?:the |an? )?(\S+) (optimi[sz]ers?|algorithms?)"),
        re.compile(r"\w*[A-Z]\w*|k-means|backprop(?:agation)?"),
    ),
)
_LATEX = re.compile(r"\\(?=[a-z])|[${}]")
_ARTICLE = re.compile(
    r"(?:^|(?<= of)|(?<= in)|(?<= to)|(?<= for)|(?<= by)|(?<= with)|(?<= on)|(?<= from)"
    r"|(?<= and)|(?<= or)) ?(?:the|an?) (?=\S)"
)
_ANY_ARTICLE = re.compile(r"\b(?:the|an?)\b")
# What needs none of the rules for signs.
_PLAIN = re.compile(r"(?!.*(?:square|cube|var))[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")
_GREEK: Final = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
         "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi",
         "chi", "psi", "omega"],
        strict=True,
    )
)  # fmt: skip
_SPELT_POWER = re.compile(
    rf"(?<![^\W_])(a(?= \w+$)|(?!a )[^\W\d_]|{'|'.join(_GREEK.values())}) (square|cube)d?(?![^\W_])"
)
_SIGNS: Final = {
    **_GREEK, "ς": "sigma", "ϑ": "theta", "ϕ": "phi", "ϵ": "epsilon", "∇": "nabla",
    "∂": "partial", "∞": "infinity", "&": "and", "%": "percent", "≤": "<=", "≥": ">=", "≠": "!=",
    "→": "->", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i",
}  # fmt: skip
_VARIANTS: Final = {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "+": "plus"}


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted wording that an answer is the same as, and the differences forgiven."""

    wording: str
    reasons: tuple[str, ...] = ()

    def note(self, answer: str) -> str:
        """What was accepted and why; nothing for what is written alike."""
        if not self.reasons:
            return ""
        answer = " ".join(answer.split())
        return f"“{answer}” counts as “{self.wording}”: {', '.join(self.reasons)}"


def normalized(text: str) -> str:
    """`text` without what makes no difference: case, width, code marks, the kind of joint."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _JOINTS.sub(" ", text.replace("`", "")).strip()


def match(answer: str, accepted: Iterable[str]) -> Accepted | None:
    """The accepted wording that `answer` is the same as; None if there is none."""
    accepted = tuple(w for text in accepted for w in _spelled(text) if _same_signs(answer, w))
    for wording in accepted:
        if (plain(answer) or normalized(answer)) == (plain(wording) or normalized(wording)):
            return Accepted(wording)
    for wording in accepted:
        if _alike(answer, wording):
            return Accepted(wording, _reasons(answer, wording))
        if same_number(answer, wording):
            return Accepted(wording, ("the same number",))
    return _match_named(answer, accepted)


def _match_named(answer: str, accepted: tuple[str, ...]) -> Accepted | None:
    """The name that `answer` is but for the kind of thing said behind it: ReLU function."""
    for pattern, names in _KINDS:
        found = pattern.fullmatch(plain(answer))
        for wording in accepted if found else ():
            if found and names.fullmatch(wording) and _alike(found[1], wording):
                return Accepted(wording, (f"“{found[2]}” is understood",))
    return None


def _spelled(wording: str) -> Iterator[str]:
    """A wording, what it is without umlauts, and each of `gradient descent (GD)` by itself."""
    yield wording
    if (other := wording.translate(_TRANSLITERATED)) != wording:
        yield other
    if found := _WITH_SHORT.fullmatch(wording):
        name, short = found.groups()
        initials = "".join(word[0] for word in re.findall(r"[^\W_]+", name)).casefold()
        if short.casefold() == initials:
            yield name
            yield short


def _same_signs(answer: str, wording: str) -> bool:
    """Whether no minus was left out or put in front: x is not -x, and n1 is not n-1."""
    if _MINUS.search(wording):
        return _DASH.search(answer) is not None
    return _LEADING.match(answer.lstrip(_OPENING)) is None


def _primes(marks: str) -> int:
    return 2 * marks.count("″") + len(marks.replace("″", ""))


def same(answer: str, accepted: Iterable[str]) -> bool:
    """Whether `answer` is one of the accepted wordings."""
    return match(answer, tuple(accepted)) is not None


def form(text: str) -> str:
    """The form that stands for every wording that counts as `text`."""
    return _form(text)


def _alike(answer: str, wording: str) -> bool:
    return _way(answer, wording) is not None


def _way(answer: str, wording: str) -> tuple[str, ...] | None:
    """The rules to spare for the two to be alike; None if they are not."""
    for way in _WAYS:
        if _form(answer, *way) == _form(wording, *way) != "":
            return way
    return None


def _reasons(answer: str, wording: str) -> tuple[str, ...]:
    """The rules without which the two would differ."""
    spared = _way(answer, wording) or ()
    names = [name for name, _ in _RULES if name not in spared]
    ways = ((name, (*spared, name)) for name in names)
    return tuple(name for name, way in ways if _form(answer, *way) != _form(wording, *way))


@lru_cache(maxsize=8192)
def _form(text: str, *without: str) -> str:
    """`text` by every rule but those named in `without`."""
    text = plain(text)
    for name, rule in _RULES:
        if name not in without:
            text = rule(text)
    return text


def plain(text: str) -> str:
    """`text` in small letters, without quotation marks, apostrophes, LaTeX, stops at its ends."""
    if _PLAIN.fullmatch(text):
        return _JOINTS.sub(" ", text.casefold()).strip()
    text = _POWER.sub("^", text)
    text = _RAISED.sub(lambda found: "^" + unicodedata.normalize("NFKC", found[0]), text)
    text = _QUOTED_LETTER.sub(r"\1", text)
    text = _PRIMES.sub(lambda found: found[1] + " prime" * _primes(found[2]), text)
    text = _QUOTES.sub("", _APOSTROPHE.sub("", text))
    text = _JOINTS.sub(" ", unicodedata.normalize("NFKC", text.casefold()).casefold())
    text = _LATEX.sub("", text).replace(", ", " ")
    text = _SPELT_POWER.sub(lambda f: f"{f[1]}^{2 if f[2] == 'square' else 3}", text)
    text = _INITIALS.sub(lambda found: found[0].replace(".", "").replace(" ", "") + " ", text)
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1]
    return text.strip(_ENDS).removesuffix("**").removeprefix("**")


def _without_accents(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    spelled = (f" {_SIGNS[char]} " if char in _SIGNS else char for char in text)
    words = _JOINTS.sub(" ", "".join(spelled)).strip().split(" ")
    return " ".join(_VARIANTS.get(word, word) for word in words)


def _without_articles(text: str) -> str:
    if not _ANY_ARTICLE.search(text):
        return text
    return _ARTICLE.sub(lambda found: " " if found.start() else "", text).replace("  ", " ")


def _by_word(rule: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: " ".join(map(rule, text.split(" ")))


def _in_digits(word: str) -> str:
    return str(DIGITS[word]) if word in DIGITS else word


def _together(text: str) -> str:
    """Without blanks; `colour/color`, two spellings of one word, is that word."""
    sides = text.split("/")
    return (sides[0] if len(set(sides)) == 1 else text).replace(" ", "")


_NUMBERS: Final = "numbers in words"
# In this order. The names say in a marking note what was forgiven.
_RULES: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("accents or signs", _without_accents),
    ("the article", _without_articles),
    ("British or American spelling", _by_word(american)),
    ("singular or plural", _by_word(singular)),
    (_NUMBERS, _by_word(_in_digits)),
    ("written together or apart", _together),
)
# "onehot" is "one-hot", in which the one is no number; in "noiselevel" no word can be changed.
_WAYS: Final[tuple[tuple[str, ...], ...]] = (
    (),
    (_NUMBERS,),
    (_NUMBERS, "British or American spelling", "singular or plural"),
)


def same_number(answer: str, wording: str) -> bool:
    """Whether both are numbers, in whatever form, and the same one: 0,9 and 0.9, 50 % and 50%."""
    found = _number_of(wording)
    if found is None:
        return False
    value, unit = found
    exact = Tolerance()
    for name in {unit, ""}:
        try:
            readings = read(answer, unit=name).values
        except UnreadableError:
            continue
        wanted = value * 100 if name == "%" else value
        if any(exact.accepts(wanted, reading) for reading in readings):
            return True
    return False


@lru_cache(maxsize=1024)
def _number_of(wording: str) -> tuple[Number, str] | None:
    """The number that a wording is, with its unit; None for words and for arithmetic."""
    number, unit = wording, ""
    if found := re.fullmatch(r"(\S+) ([a-zµ]{1,20}|[A-Zk]?B)", wording):
        number, unit = found.groups()
    try:
        reading = read(number)
    except UnreadableError:
        return None
    if not reading.literal and not number.replace("-", "").isalpha():
        return None
    return reading.values[0], "%" if number.endswith("%") else unit
